// SPDX-License-Identifier: BSD-3-Clause
// The blocks of attention's kernels on Cuda, played on the host: every tile, every fragment and every row, with mma.sync as its manual
// describes it, compared with the definition in double.
#include <support/catch.hpp>

#include <torchlite/backend/cuda/attention_backward_element.hpp>
#include <torchlite/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend;

// --- a block whose threads are played one after the other --------------------------------------------------------------
/// Factor a of a unit's instruction, [16, depth], from the registers of a warp; PTX ISA, "Matrix Fragments for mma.m16n8k16" and "m16n8k8".
template <class T>
void take_a(const typename cuda::MatrixUnit<T>::A* lanes, float (&a)[16][16]) {
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 8; ++i) {
      const int group = lane >> 2, in_group = lane % 4;
      const int row = (i < 2 || (i >= 4 && i < 6)) ? group : group + 8, column = in_group * 2 + (i & 1) + (i >= 4 ? 8 : 0);
      a[row][column] = static_cast<float>(T::from_bits(static_cast<std::uint16_t>(lanes[lane].word[i / 2] >> (16 * (i % 2)))));
    }
}
template <class T>
void take_b(const typename cuda::MatrixUnit<T>::B* lanes, float (&b)[16][8]) {
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 4; ++i) {
      const int group = lane >> 2, in_group = lane % 4, row = in_group * 2 + (i & 1) + (i >= 2 ? 8 : 0);
      b[row][group] = static_cast<float>(T::from_bits(static_cast<std::uint16_t>(lanes[lane].word[i / 2] >> (16 * (i % 2)))));
    }
}
float as_float(std::uint32_t u) { return __builtin_bit_cast(float, u); }
/// The instruction does not look at the 13 lowest bits: they have to be rounded before, and a test sees if they were not.
float as_tf32(std::uint32_t u) { return (u & 0x1fffu) == 0 ? as_float(u) : NAN; }
void take_a(const cuda::Tf32Unit::A* lanes, float (&a)[16][8]) {
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 4; ++i) a[(lane >> 2) + (i & 1) * 8][lane % 4 + (i >= 2 ? 4 : 0)] = as_tf32(lanes[lane].word[i]);
}
void take_b(const cuda::Tf32Unit::B* lanes, float (&b)[8][8]) {
  for (int lane = 0; lane < 32; ++lane)
    for (int i = 0; i < 2; ++i) b[lane % 4 + 4 * i][lane >> 2] = as_tf32(lanes[lane].word[i]);
}

template <int Threads>
struct HostBlock {
  static constexpr int threads = Threads;

  template <class X>
  struct Each {
    using value_type = X;
    std::vector<X> all = std::vector<X>(Threads);
    X& operator[](int t) { return all[static_cast<std::size_t>(t)]; }
  };
  template <class F>
  void each(F f) const {
    for (int t = 0; t < Threads; ++t) f(t);
  }
  void barrier() const {}
  void warp_barrier() const {}
  template <class Op, class R, int M>
  void fold_rows(Each<cuda::RowValues<R, M>>& values) const {
    for (const int step : {1, 2}) {
      auto before = values;
      for (int t = 0; t < Threads; ++t)
        for (int i = 0; i < M; ++i) values[t].v[i] = Op::combine(before[t].v[i], before[t ^ step].v[i]);
    }
  }
  template <class Unit, class Parts>
  void multiply(Parts& c, int n, Each<typename Unit::A>& left, Each<typename Unit::B>& right) const {
    for (int warp = 0; warp < Threads / 32; ++warp) {
      float a[16][Unit::depth], b[Unit::depth][8];
      if constexpr (std::is_same_v<Unit, cuda::Tf32Unit>) {
        take_a(&left[32 * warp], a);
        take_b(&right[32 * warp], b);
      } else {
        take_a<typename Unit::Element>(&left[32 * warp], a);
        take_b<typename Unit::Element>(&right[32 * warp], b);
      }
      for (int lane = 0; lane < 32; ++lane)
        for (int i = 0; i < 4; ++i) {  // c0 ... c3
          const int row = (lane >> 2) + (i < 2 ? 0 : 8), column = lane % 4 * 2 + (i & 1);
          float sum = 0;
          for (int k = 0; k < Unit::depth; ++k) sum += a[row][k] * b[k][column];
          c[32 * warp + lane].v[n][i / 2][i % 2] += sum;
        }
    }
  }
};

/// All blocks of a kernel; shared memory is NaN where nothing was written.
template <class Task>
void play_attention(const Task& task) {
  using T = typename Task::T;
  struct alignas(16) Sixteen {
    T v[16 / sizeof(T)];
  };
  for (std::int64_t block = 0; block < task.blocks(); ++block) {
    Sixteen nothing;
    for (T& x : nothing.v) x = static_cast<T>(std::numeric_limits<float>::quiet_NaN());
    std::vector<Sixteen> shared(static_cast<std::size_t>(Task::shared_elements) * sizeof(T) / 16 + 1, nothing);
    task.run(HostBlock<Task::threads>{}, block, shared[0].v);
  }
}

// --- heads in memory ---------------------------------------------------------------------------------------------------
struct Case {
  std::int64_t heads, group, queries, keys, width, value_width;
};

/// [count, rows, width] as a dense tensor, or with rows and heads exchanged, columns that are not used and an odd beginning.
template <class T>
struct Heads {
  std::int64_t count, rows, width, row, step, first;
  std::vector<T> memory;

  Heads(std::int64_t c, std::int64_t r, std::int64_t w, bool odd) : count(c), rows(r), width(w) {
    row = odd ? c * (w + 3) : w, step = odd ? w + 3 : r * w, first = odd ? 1 : 0;
    // Vectors begin at multiples of 16 bytes, as tensors do.
    memory.assign(static_cast<std::size_t>(odd ? c * r * (w + 3) + 1 : c * r * w), static_cast<T>(77.0f));
  }
  T& at(std::int64_t head, std::int64_t r, std::int64_t c) { return memory[static_cast<std::size_t>(first + head * step + r * row + c)]; }
  double operator()(std::int64_t head, std::int64_t r, std::int64_t c) const {
    return static_cast<double>(memory[static_cast<std::size_t>(first + head * step + r * row + c)]);
  }
  void fill(std::uint32_t seed, float range) {
    std::uint64_t i = 0;
    for (std::int64_t h = 0; h < count; ++h)
      for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < width; ++c)
          at(h, r, c) = static_cast<T>((RandomStream{seed, 0}.template uniform<float>(i++) * 2.0f - 1.0f) * range);
  }
  template <class U = T>
  HeadStrides<U> strides() {
    return {memory.data() + first, count > 1 && count % 2 == 0 ? count / 2 : count, (count % 2 == 0 ? count / 2 : count) * step, step, row};
  }
  /// Elements that belong to no row must be as they were.
  bool rest_is_untouched() const {
    std::size_t others = 0;
    for (const T x : memory) others += static_cast<float>(x) == 77.0f;
    return others >= memory.size() - static_cast<std::size_t>(count * rows * width);
  }
};

template <class T>
struct Numbers {
  Heads<T> q, k, v, out, gradient, dq, dk, dv;
  Numbers(const Case& c, bool odd)
      : q(c.heads * c.group, c.queries, c.width, odd),
        k(c.heads, c.keys, c.width, odd),
        v(c.heads, c.keys, c.value_width, odd),
        out(c.heads * c.group, c.queries, c.value_width, odd),
        gradient(c.heads * c.group, c.queries, c.value_width, odd),
        dq(q),
        dk(k),
        dv(v) {}
};

template <class T>
void run_kernels(const Case& c, double scale, bool causal, bool matrix, Numbers<T>& n, std::vector<torchlite::register_t<T>>& logs) {
  using R = torchlite::register_t<T>;
  AttentionArguments<T, HeadStrides> a;
  a.heads = c.heads, a.group = c.group, a.queries = c.queries, a.keys = c.keys, a.width = c.width, a.value_width = c.value_width;
  a.scale = static_cast<R>(scale), a.causal = causal;
  a.q = n.q.template strides<const T>(), a.k = n.k.template strides<const T>(), a.v = n.v.template strides<const T>();
  const std::int64_t rows = c.heads * c.group * c.queries;
  logs.assign(static_cast<std::size_t>(rows), R(-7));
  std::vector<R> inner(static_cast<std::size_t>(rows));
  const auto widest = std::max(c.width, c.value_width);
  cuda::with_attention_unit<T>(widest, matrix, [&](auto unit, auto width) {
    using Task = cuda::AttentionForward<decltype(unit), decltype(width)::value>;
    play_attention(Task{cuda::attention_task(a), cuda::head_matrix(n.out.strides(), c.value_width), logs.data()});
  });
  const auto out = n.out.template strides<const T>(), gradient = n.gradient.template strides<const T>();
  const cuda::AttentionInner<T> products{c.queries, c.value_width, out, gradient, inner.data()};
  constexpr int packet = cuda::row_width<T>;
  if (cuda::head_matrix(out, c.value_width).packets) cuda::play_rows<32, packet>(products, rows);
  else cuda::play_rows<32, 1>(products, rows);
  const cuda::AttentionSlopes<T> in{cuda::attention_task(a), cuda::head_matrix(gradient, c.value_width), logs.data(), inner.data(),
                                    a.scale};
  cuda::with_attention_unit<T>(widest, matrix, [&](auto unit, auto width) {
    using U = decltype(unit);
    constexpr int columns = decltype(width)::value;
    play_attention(cuda::AttentionBackwardQueries<U, columns>{in, cuda::head_matrix(n.dq.strides(), c.width)});
    play_attention(cuda::AttentionBackwardKeys<U, columns>{in, cuda::head_matrix(n.dk.strides(), c.width),
                                                           cuda::head_matrix(n.dv.strides(), c.value_width)});
  });
}

/// Largest difference of a result from its definition, relative to the largest number of the definition.
struct Errors {
  double most = 0, scale = 1e-3;
  void add(double got, double expected) {
    scale = std::max(scale, std::abs(expected));
    most = std::isfinite(got) ? std::max(most, std::abs(got - expected)) : INFINITY;
  }
  double relative() const { return most / scale; }
};

template <class T>
void check_attention(const Case& c, bool causal, bool odd, bool matrix, double tolerance, double scale, float range = 2.0f) {
  INFO("heads " << c.heads << " x " << c.group << ", queries " << c.queries << ", keys " << c.keys << ", width " << c.width << " and "
                << c.value_width << (causal ? ", causal" : "") << (odd ? ", odd" : "") << (matrix ? ", matrix units" : ""));
  Numbers<T> n(c, odd);
  n.q.fill(1, range), n.k.fill(2, range), n.v.fill(3, range), n.gradient.fill(4, 1.0f);
  std::vector<torchlite::register_t<T>> logs;
  run_kernels<T>(c, scale, causal, matrix, n, logs);

  const auto size = [](std::int64_t i) { return static_cast<std::size_t>(i); };
  Errors out, log, dq, dk, dv;
  for (std::int64_t source = 0; source < c.heads; ++source) {
    std::vector<double> want_dk(size(c.keys * c.width)), want_dv(size(c.keys * c.value_width));
    for (std::int64_t h = source * c.group; h < (source + 1) * c.group; ++h)
      for (std::int64_t i = 0; i < c.queries; ++i) {
        const std::int64_t seen = causal ? std::min(c.keys, i + 1) : c.keys;
        std::vector<double> p(size(seen)), slope(size(seen));
        double top = -INFINITY, sum = 0, inner = 0;
        for (std::int64_t j = 0; j < seen; ++j) {
          for (std::int64_t e = 0; e < c.width; ++e) p[size(j)] += n.q(h, i, e) * n.k(source, j, e);
          top = std::max(top, p[size(j)] *= scale);
        }
        for (double& x : p) sum += x = std::exp(x - top);
        for (double& x : p) x /= sum;
        log.add(static_cast<double>(logs[size(h * c.queries + i)]), (top + std::log(sum)) / std::log(2.0));
        for (std::int64_t e = 0; e < c.value_width; ++e) {
          double y = 0;
          for (std::int64_t j = 0; j < seen; ++j) y += p[size(j)] * n.v(source, j, e);
          out.add(n.out(h, i, e), y);
          inner += y * n.gradient(h, i, e);
          for (std::int64_t j = 0; j < seen; ++j) {
            want_dv[size(j * c.value_width + e)] += p[size(j)] * n.gradient(h, i, e);
            slope[size(j)] += n.v(source, j, e) * n.gradient(h, i, e);
          }
        }
        for (std::int64_t j = 0; j < seen; ++j) slope[size(j)] = p[size(j)] * (slope[size(j)] - inner) * scale;
        for (std::int64_t e = 0; e < c.width; ++e) {
          double x = 0;
          for (std::int64_t j = 0; j < seen; ++j) {
            x += slope[size(j)] * n.k(source, j, e);
            want_dk[size(j * c.width + e)] += slope[size(j)] * n.q(h, i, e);
          }
          dq.add(n.dq(h, i, e), x);
        }
      }
    for (std::int64_t j = 0; j < c.keys; ++j) {
      for (std::int64_t e = 0; e < c.width; ++e) dk.add(n.dk(source, j, e), want_dk[size(j * c.width + e)]);
      for (std::int64_t e = 0; e < c.value_width; ++e) dv.add(n.dv(source, j, e), want_dv[size(j * c.value_width + e)]);
    }
  }
  // Differences cancel in the slopes: with one key they are all 0.
  dq.scale = std::max(dq.scale, 1.0), dk.scale = std::max(dk.scale, 1.0);
  CHECK(out.relative() <= tolerance);
  CHECK(log.relative() <= tolerance);
  CHECK(dq.relative() <= 4 * tolerance);
  CHECK(dk.relative() <= 4 * tolerance);
  CHECK(dv.relative() <= 4 * tolerance);
  for (const Heads<T>* h : {&n.q, &n.k, &n.v, &n.out, &n.gradient, &n.dq, &n.dk, &n.dv}) CHECK(h->rest_is_untouched());
}

template <class T>
void check_sizes(bool matrix, double tolerance) {
  // One of each; tails of tiles of queries and keys on both sides of 16, 32 and 64; fewer and more keys than queries; one and two heads
  // of queries for each of keys; all three widths, filled up and full.
  const Case cases[] = {{1, 1, 1, 1, 1, 1},     {1, 1, 1, 1, 16, 16},   {2, 1, 3, 5, 16, 16},    {1, 1, 1, 70, 32, 32},
                        {1, 1, 70, 1, 24, 8},   {2, 2, 33, 31, 32, 24}, {1, 1, 65, 63, 64, 64},  {1, 1, 64, 64, 48, 64},
                        {1, 3, 40, 97, 40, 17}, {1, 1, 130, 70, 33, 3}, {1, 1, 17, 66, 128, 96}, {1, 2, 65, 35, 80, 128}};
  for (const Case& c : cases)
    for (const bool causal : {false, true})
      for (const bool odd : {false, true})
        check_attention<T>(c, causal, odd, matrix, tolerance, 1 / std::sqrt(static_cast<double>(c.width)));
}
}  // namespace

TEST_CASE("blocks of threads compute attention and its gradients for all sizes, by ordinary units", "[backend][cuda][attention]") {
  check_sizes<float>(false, 4e-6);
  check_sizes<double>(false, 1e-14);
}

TEST_CASE("blocks of threads compute attention and its gradients by tensor cores", "[backend][cuda][attention]") {
  check_sizes<half>(true, 2e-3);
  check_sizes<bfloat16>(true, 1.6e-2);
  check_sizes<float>(true, 2e-3);  // TF32
}

TEST_CASE("tiles of attention: those that are left out have nothing to see, those without a mask see all", "[backend][cuda][attention]") {
  for (const bool causal : {false, true})
    for (const std::int64_t queries : {1, 15, 16, 17, 40})
      for (const std::int64_t keys : {1, 15, 16, 17, 40}) {
        const cuda::AttentionView view{queries, keys, causal};
        const auto expected = [&](std::int64_t i, std::int64_t j) { return i < queries && j < keys && (!causal || j <= i); };
        CAPTURE(queries, keys, causal);
        bool fine = true;
        for (const int rows : {8, 16, 32})
          for (const int columns : {8, 16, 32}) {
            for (std::int64_t first = 0; first < queries; first += rows)
              for (std::int64_t j = 0; j < keys; j += columns) {
                bool some = false, all = true;
                for (std::int64_t i = first; i < std::min(first + rows, queries); ++i)
                  for (std::int64_t k = j; k < j + columns; ++k) {
                    fine = fine && view.sees(i, k) == expected(i, k);
                    some = some || expected(i, k), all = all && expected(i, k);
                  }
                fine = fine && some == (j < view.end_of_keys(first, rows)) && all == view.whole(first, j, columns);
              }
            for (std::int64_t j = 0; j < keys; j += rows) {
              const std::int64_t start = view.first_query(j, columns);
              fine = fine && start % columns == 0;
              for (std::int64_t i = 0; i < std::min(start, queries); ++i) fine = fine && !expected(i, j);
              if (start < queries) fine = fine && expected(std::min(start + columns, queries) - 1, j) == (!causal || j < queries);
            }
          }
        CHECK(fine);
      }
  std::vector<bool> seen(3 * 4);
  for (std::int64_t block = 0; block < 12; ++block) {
    const cuda::AttentionPlace last(block, 50, 16, true), first(block, 50, 16, false);
    CHECK(last.head == block / 4);
    CHECK(last.first == 48 - first.first);
    seen[static_cast<std::size_t>(first.head * 4 + first.first / 16)] = true;
  }
  CHECK(std::count(seen.begin(), seen.end(), true) == 12);
}

TEST_CASE("a row of scores, a tile at a time: rising scores, none at all, infinite ones", "[backend][cuda][attention]") {
  const double inf = INFINITY;
  cuda::RunningSum<double> row;
  CHECK(row.raise(-inf) == 0);  // a tile in which nothing is seen
  CHECK(row.base() == 0);
  CHECK(std::isinf(row.log()));
  CHECK(row.raise(3.0) == 0);
  row.sum += 1;
  CHECK(row.raise(1.0) == 1);
  CHECK(row.raise(-inf) == 1);
  CHECK(row.raise(5.0) == 0.25);
  row.sum += 1;
  CHECK(row.sum == 1.25);
  CHECK(row.log() == Approx(5 + std::log2(1.25)));
  CHECK(row.raise(NAN) == 1);  // the weights that follow are NaN
}

namespace {
/// Attention of one query with scores for 200 keys, in several tiles, and the keys' numbers as values.
template <class T>
std::vector<double> attend(const std::vector<double>& scores, bool matrix) {
  const auto keys = static_cast<std::int64_t>(scores.size());
  Numbers<T> n({1, 1, 1, keys, 1, 1}, false);
  n.q.at(0, 0, 0) = static_cast<T>(1.0f), n.gradient.at(0, 0, 0) = static_cast<T>(1.0f);
  for (std::int64_t j = 0; j < keys; ++j) {
    n.k.at(0, j, 0) = static_cast<T>(static_cast<float>(scores[static_cast<std::size_t>(j)]));
    n.v.at(0, j, 0) = static_cast<T>(static_cast<float>(j % 7) - 3.0f);
  }
  std::vector<torchlite::register_t<T>> logs;
  run_kernels<T>({1, 1, 1, keys, 1, 1}, 1.0, false, matrix, n, logs);
  std::vector<double> result{n.out(0, 0, 0)};
  for (std::int64_t j = 0; j < keys; ++j) result.push_back(n.dv(0, j, 0));
  return result;
}
template <class T>
void check_infinite(bool matrix) {
  const double inf = INFINITY;
  for (const int only : {0, 63, 64, 150, 199}) {
    CAPTURE(only);
    std::vector<double> scores(200, -inf);
    scores[static_cast<std::size_t>(only)] = 2;
    const std::vector<double> got = attend<T>(scores, matrix);
    CHECK(got[0] == only % 7 - 3);
    for (int j = 0; j < 200; ++j) CHECK(got[static_cast<std::size_t>(j + 1)] == (j == only ? 1 : 0));
  }
  std::vector<double> scores(200, 1.0);
  scores[70] = NAN;
  CHECK(std::isnan(attend<T>(scores, matrix)[0]));
  CHECK(std::isnan(attend<T>(std::vector<double>(200, -inf), matrix)[0]));
  // Far beyond what e^x takes.
  for (int j = 0; j < 200; ++j) scores[static_cast<std::size_t>(j)] = 300.0 * (j % 2) + (j == 131 ? 16 : 0);
  CHECK(attend<T>(scores, matrix)[0] == Approx(131 % 7 - 3).margin(2e-3));
}
}  // namespace

TEST_CASE("blocks of threads: scores of -infinity weigh nothing, NaN shows, large scores do not overflow", "[backend][cuda][attention]") {
  check_infinite<double>(false);
  check_infinite<float>(false);
  check_infinite<float>(true);
  check_infinite<half>(true);
  check_infinite<bfloat16>(true);
}

TEST_CASE("blocks of threads: sharp weights and a negative scale", "[backend][cuda][attention]") {
  check_attention<double>({1, 1, 40, 70, 16, 16}, true, false, false, 1e-13, 3.0, 4.0f);
  check_attention<float>({1, 1, 40, 70, 16, 16}, true, false, false, 2e-4, -1.0, 4.0f);
  check_attention<half>({1, 1, 70, 40, 64, 64}, false, false, true, 2e-3, -0.1);
}
