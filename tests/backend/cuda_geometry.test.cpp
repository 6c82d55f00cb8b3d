// SPDX-License-Identifier: BSD-3-Clause
// Everything of the Cuda kernels but their launch, on the host: each test plays the grid, thread by thread.
#include <support/catch.hpp>

#include <torchlite/backend/cuda/map_element.hpp>
#include <torchlite/backend/cuda/reduce_element.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend;

struct Multiply {
  template <class T>
  static T value(T a, T b) {
    return a * b;
  }
  template <class T>
  static Partials<T, 2> derivative(T a, T b) {
    return {{b, a}};
  }
};
struct Plus {
  static constexpr unsigned depends = 0;
  template <class T>
  static T value(T a, T b) {
    return a + b;
  }
  template <class T>
  static Partials<T, 2> derivative(T, T) {
    return {{T(1), T(1)}};
  }
};
/// a * b + c with the dtypes A, B, C, computed in float.
template <class A, class B, class C>
using Fused = Apply<Plus, float, float, Apply<Multiply, float, float, Leaf<0, A>, Leaf<1, B>>, Leaf<2, C>>;

template <class T>
StridedMemory memory(std::vector<T>& v, const Shape& sizes, const Shape& strides) {
  return {v.data(), &sizes, &strides, static_cast<int>(sizeof(T))};
}
template <class T>
std::vector<T> numbers(std::int64_t n, int seed) {
  std::vector<T> v(static_cast<std::size_t>(n));
  std::uint32_t state = static_cast<std::uint32_t>(seed);
  for (T& x : v) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<T>(static_cast<float>(static_cast<int>(state >> 24) % 17 - 8));
  }
  return v;
}
std::int64_t offset_of(std::int64_t i, const Shape& sizes, const Shape& strides) {
  std::int64_t offset = 0;
  for (int d = sizes.rank() - 1; d >= 0; --d) {
    offset += i % sizes[d] * strides[d];
    i /= sizes[d];
  }
  return offset;
}

struct Layouts {
  Shape sizes;
  Shape a_sizes, a_strides, b_sizes, b_strides, c_sizes, c_strides, out_strides;
  bool rows;
};

/// a * b + c through the strided kernel, forward and backward, against offsets computed one by one.
template <class T>
void check_strided(const Layouts& l) {
  using F = Fused<T, T, T>;
  constexpr int width = cuda::packet_width<F, T>();
  const std::int64_t n = l.sizes.numel();
  auto a = numbers<T>(4096, 1), b = numbers<T>(4096, 2), c = numbers<T>(4096, 3);
  std::vector<T> out(4096, T(99.0f));
  const StridedMemory leaves[] = {memory(a, l.a_sizes, l.a_strides), memory(b, l.b_sizes, l.b_strides), memory(c, l.c_sizes, l.c_strides)};
  const StridedMemory result = memory(out, l.sizes, l.out_strides);
  LoopPlan plan(l.sizes);
  for (const auto& m : leaves) plan.add(m);
  plan.add(result);
  plan.merge();
  const Shape as = broadcast_strides(l.a_sizes, l.a_strides, l.sizes), bs = broadcast_strides(l.b_sizes, l.b_strides, l.sizes),
              cs = broadcast_strides(l.c_sizes, l.c_strides, l.sizes);

  const void* data[] = {a.data(), b.data(), c.data(), out.data()};
  const int element_sizes[] = {sizeof(T), sizeof(T), sizeof(T), sizeof(T)};
  cuda::StridedMap<F> map(plan);
  for (int k = 0; k < 3; ++k) map.in.leaves[k] = data[k];
  map.out = out.data();
  map.rows = cuda::takes_rows(plan, data, element_sizes, 4, 3, width);
  CHECK(map.rows == l.rows);
  for (std::int64_t p = 0; p < cuda::packet_count<width>(n); ++p) cuda::strided_map_packet<F, T, width>(map, static_cast<std::uint32_t>(p));
  std::size_t wrong = 0, written = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto at = [&](std::vector<T>& v, const Shape& strides) {
      return static_cast<float>(v[static_cast<std::size_t>(offset_of(i, l.sizes, strides))]);
    };
    if (at(out, l.out_strides) != at(a, as) * at(b, bs) + at(c, cs)) ++wrong;
  }
  for (const T x : out) written += static_cast<float>(x) != 99.0f ? 1 : 0;
  CHECK(wrong == 0);
  CHECK(written <= static_cast<std::size_t>(n));

  // Backward: gradients of a and b at every element; c's, which nobody reads, is left out, and b's is added to what was there.
  auto grad = numbers<T>(4096, 4);
  std::vector<T> da(4096), db(4096, T(3.0f));
  cuda::GradientTargets<F> targets;
  targets.of[0] = {da.data(), false, false};
  targets.of[1] = {db.data(), true, false};
  map.out = grad.data();
  map.in.leaves[2] = nullptr;
  data[3] = grad.data(), data[2] = nullptr;
  map.rows = cuda::takes_rows(plan, data, element_sizes, 4, -1, width);
  for (std::int64_t p = 0; p < cuda::packet_count<width>(n); ++p)
    cuda::strided_backward_packet<F, T, width>(map, targets, static_cast<std::uint32_t>(p));
  wrong = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto at = [&](std::vector<T>& v, const Shape& strides) {
      return static_cast<float>(v[static_cast<std::size_t>(offset_of(i, l.sizes, strides))]);
    };
    const float g = at(grad, l.out_strides);
    if (static_cast<float>(da[static_cast<std::size_t>(i)]) != g * at(b, bs)) ++wrong;
    if (static_cast<float>(db[static_cast<std::size_t>(i)]) != g * at(a, as) + 3) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(static_cast<float>(da[static_cast<std::size_t>(n)]) == 0);
  CHECK(static_cast<float>(db[static_cast<std::size_t>(n)]) == 3);
}

/// The threads of a reduction's blocks, one after the other.
template <class R, class F, class Out, template <int> class L>
void play_reduce(const ReduceArguments& a, const LoopPlan& plan, Out* out) {
  const cuda::KeptDimensions kept(plan, a.leaf_count + 1);
  REQUIRE(kept.simple);
  std::int64_t results = 1;
  for (int d = kept.first; d < kept.last; ++d) results *= plan.sizes[d];
  const cuda::ReduceGeometry g(results, plan.numel / results, kept.last < plan.rank || results == 1);
  REQUIRE(g.lanes * g.outputs == cuda::block_threads);
  cuda::ReduceKernelArguments<F, L> k(plan, kept.first, kept.last, g);
  for (int i = 0; i < a.leaf_count; ++i) k.in.leaves[i] = a.leaves[i].data;
  k.result = out;
  for (std::int64_t block = 0; block < g.blocks(results); ++block) {
    std::vector<typename R::State> total(static_cast<std::size_t>(g.outputs), R::identity());
    std::vector<int> threads(static_cast<std::size_t>(g.outputs));
    for (std::int64_t split = 0; split < g.splits; ++split) {
      for (int thread = 0; thread < cuda::block_threads; ++thread) {
        REQUIRE(g.thread(g.lane(thread), g.output(thread)) == thread);
        const std::int64_t o = block * g.outputs + g.output(thread);
        auto& t = total[static_cast<std::size_t>(g.output(thread))];
        if (o < results) t = R::combine(t, cuda::reduce_lane<R, F, L>(k, o, split, g.lane(thread)));
      }
    }
    for (int o = 0; o < g.outputs; ++o)
      if (block * g.outputs + o < results) cuda::store_result<Out, Out>(k, block * g.outputs + o, total[static_cast<std::size_t>(o)]);
  }
}
}  // namespace

TEST_CASE("a division by multiplication is exact below 2^31", "[backend][cuda_geometry]") {
  std::size_t wrong = 0;
  for (std::uint32_t d :
       {1u, 2u, 3u, 5u, 7u, 10u, 28u, 255u, 256u, 257u, 641u, 65535u, 65536u, 65537u, 1000003u, 715827883u, 1073741824u, 2147483647u}) {
    const cuda::Divider divider(d);
    for (std::uint32_t q : {0u, 1u, 2u, 3u, 1000u, 46340u, 2147483647u / d})
      for (int delta = -2; delta <= 2; ++delta) {
        const std::int64_t n = static_cast<std::int64_t>(q) * d + delta;
        if (n < 0 || n > 2147483647) continue;
        wrong += divider.divide(static_cast<std::uint32_t>(n)) != static_cast<std::uint32_t>(n / d) ? 1u : 0u;
      }
    for (std::uint64_t n = 0; n <= 2147483647; n += 1048573)
      wrong += divider.divide(static_cast<std::uint32_t>(n)) != static_cast<std::uint32_t>(n / d) ? 1u : 0u;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a plan that is too large for 32-bit indices is cut into parts that cover it once, in order", "[backend][cuda_geometry]") {
  const Shape sizes{6, 5, 7}, strides{700, 1, 10}, out_strides{35, 7, 1};
  LoopPlan plan(sizes);
  plan.add({nullptr, &sizes, &strides, 1});
  plan.add({nullptr, &sizes, &out_strides, 1});
  plan.merge();
  CHECK(cuda::fits(plan));
  CHECK_FALSE(cuda::fits(plan, 100));
  for (const std::int64_t limit : {100, 40, 8}) {
    std::int64_t next = 0, parts = 0;
    std::size_t wrong = 0;
    cuda::for_each_part(
        {plan},
        [&](const cuda::LoopPart& part) {
          ++parts;
          CHECK(part.first == next);
          const cuda::Loops<2> loops(part.plan, 0, part.plan.rank);
          for (std::uint32_t i = 0; i < loops.numel; ++i) {
            std::int32_t at[2];
            loops.offsets(i, at);
            const std::int64_t flat = part.first + i;
            if (part.offsets[0] + at[0] != offset_of(flat, sizes, strides) || part.offsets[1] + at[1] != flat) ++wrong;
          }
          next += loops.numel;
        },
        limit);
    CHECK(parts > 1);
    CHECK(wrong == 0);
    CHECK(next == sizes.numel());
  }
}

TEST_CASE("wide loops and 32-bit loops find the same offsets", "[backend][cuda_geometry]") {
  const Shape sizes{3, 4, 5}, strides{1, 3, 12};
  LoopPlan plan(sizes);
  plan.add({nullptr, &sizes, &strides, 1});
  plan.merge();
  const cuda::Loops<1> loops(plan, 0, plan.rank);
  const cuda::WideLoops<1> wide(plan, 0, plan.rank);
  std::size_t wrong = 0;
  for (std::uint32_t i = 0; i < 60; ++i) {
    std::int32_t a[1];
    std::int64_t b[1];
    loops.offsets(i, a);
    wide.offsets(i, b);
    wrong += a[0] != b[0] || a[0] != offset_of(i, sizes, strides) ? 1u : 0u;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a dense formula is computed for every element, whatever the length and the alignment", "[backend][cuda_geometry]") {
  using F = Fused<float, half, bfloat16>;
  constexpr int width = cuda::packet_width<F, float>();
  STATIC_REQUIRE(width == 4);
  STATIC_REQUIRE(cuda::packet_width<Fused<half, half, half>, half>() == 8);
  STATIC_REQUIRE(cuda::packet_width<Leaf<0, double>, float>() == 2);
  auto a = numbers<float>(64, 1);
  auto b = numbers<half>(64, 2);
  auto c = numbers<bfloat16>(64, 3);
  for (const std::int64_t n : {1, 3, 4, 5, 37})
    for (const bool aligned : {true, false}) {
      alignas(16) float out[64];
      for (float& x : out) x = 99;
      alignas(16) float a_copy[64];
      std::copy(a.begin(), a.end(), a_copy);
      cuda::DenseMap<F> map{};
      map.in.leaves[0] = a_copy, map.in.leaves[1] = b.data(), map.in.leaves[2] = c.data();
      map.out = out, map.n = n, map.aligned = aligned;
      for (std::int64_t p = 0; p < 20; ++p) cuda::dense_map_packet<F, float, width>(map, p);
      for (std::int64_t i = 0; i < 64; ++i) {
        const auto k = static_cast<std::size_t>(i);
        if (out[k] != (i < n ? a[k] * static_cast<float>(b[k]) + static_cast<float>(c[k]) : 99.0f)) FAIL("element " << i << " of " << n);
      }
      // Backward into the gradient that came in, and half gradients into a temporary of floats.
      alignas(32) float grad[64], dense[64], db[64] = {};
      const auto g = numbers<float>(64, 4);
      std::copy(g.begin(), g.end(), grad);
      std::copy(g.begin(), g.end(), dense);
      std::vector<bfloat16> dc(64, bfloat16(1.0f));
      cuda::GradientTargets<F> targets;
      targets.of[0] = {grad, false, false};
      targets.of[1] = {db, false, true};
      targets.of[2] = {dc.data(), true, false};
      map.out = grad;
      for (std::int64_t p = 0; p < 20; ++p) cuda::dense_backward_packet<F, float, width>(map, targets, p);
      for (std::int64_t i = 0; i < 64; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const bool in = i < n;
        if (grad[k] != (in ? dense[k] * static_cast<float>(b[k]) : dense[k])) FAIL("da " << i << " of " << n);
        if (db[k] != (in ? dense[k] * a[k] : 0.0f)) FAIL("db " << i << " of " << n);
        if (static_cast<float>(dc[k]) != (in ? dense[k] + 1 : 1.0f)) FAIL("dc " << i << " of " << n);
      }
    }
}

TEST_CASE("strided and broadcast operands are read where they are", "[backend][cuda_geometry]") {
  // A bias along rows, a constant per row, a transposed operand, a strided result, a row length that packets do not divide.
  const Layouts bias{{12, 16}, {12, 16}, {16, 1}, {16}, {1}, {12, 1}, {1, 1}, {16, 1}, true};
  const Layouts transposed{{12, 16}, {12, 16}, {1, 12}, {12, 16}, {16, 1}, {12, 16}, {16, 1}, {16, 1}, false};
  const Layouts odd{{3, 5, 7}, {3, 5, 7}, {35, 7, 1}, {5, 1}, {1, 1}, {7}, {1}, {35, 7, 1}, false};
  const Layouts strided_result{{12, 16}, {12, 16}, {16, 1}, {16}, {1}, {12, 16}, {16, 1}, {40, 2}, false};
  const Layouts padded_rows{{6, 32}, {6, 32}, {64, 1}, {6, 1}, {1, 1}, {32}, {1}, {32, 1}, true};
  const Layouts many{{2, 3, 2, 3, 2, 3},
                     {2, 1, 2, 1, 2, 1},
                     {4, 4, 2, 2, 1, 1},
                     {3, 1, 3, 1, 3},
                     {9, 9, 3, 3, 1},
                     {1},
                     {1},
                     {108, 36, 18, 6, 3, 1},
                     false};
  for (const Layouts& l : {bias, transposed, odd, strided_result, padded_rows, many}) {
    check_strided<float>(l);
    check_strided<half>(l);
  }
}

TEST_CASE("packets of a kernel cover each element once", "[backend][cuda_geometry]") {
  for (const bool consecutive : {true, false})
    for (const std::int64_t n : {1, 255, 256, 1024, 1025, 5000}) {
      std::vector<int> seen(8192);
      for (std::int64_t p = 0; p < cuda::packet_count<4>(n); ++p) {
        const cuda::PacketPosition<4> at(static_cast<std::uint32_t>(p), consecutive);
        for (int k = 0; k < 4; ++k) ++seen[at[k]];
      }
      std::size_t wrong = 0;
      for (std::int64_t i = 0; i < n; ++i) wrong += seen[static_cast<std::size_t>(i)] != 1 ? 1u : 0u;
      CHECK(wrong == 0);
    }
  CHECK(cuda::grid_blocks(1, 100) == 1);
  CHECK(cuda::grid_blocks(257, 100) == 2);
  CHECK(cuda::grid_blocks(std::int64_t{1} << 40, 100) == 800);
}

TEST_CASE("a reduction over any dimensions adds every element to its result once", "[backend][cuda_geometry]") {
  const Shape sizes{5, 6, 70}, strides{420, 70, 1}, column{6, 1}, column_strides{1, 1};
  auto x = numbers<float>(sizes.numel(), 1), y = numbers<float>(6, 2);
  using F = Apply<Multiply, float, float, Leaf<0, float>, Leaf<1, float>>;
  for (int kept = 0; kept < 8; ++kept) {
    Shape out_strides{0, 0, 0};
    const Shape index_strides = strides;
    std::int64_t results = 1;
    for (int d = 2; d >= 0; --d)
      if ((kept >> d) & 1) out_strides[d] = results, results *= sizes[d];
    const StridedMemory leaves[] = {memory(x, sizes, strides), memory(y, column, column_strides)};
    ReduceArguments a;
    a.sizes = &sizes, a.out_strides = &out_strides, a.index_strides = &index_strides, a.out_numel = results;
    a.leaves = leaves, a.leaf_count = 2;
    std::vector<double> expected(static_cast<std::size_t>(results));
    std::vector<float> largest(static_cast<std::size_t>(results), -1e9f);
    std::vector<std::int64_t> where(static_cast<std::size_t>(results));
    for (std::int64_t i = 0; i < sizes.numel(); ++i) {
      const auto o = static_cast<std::size_t>(offset_of(i, sizes, out_strides));
      const float v = x[static_cast<std::size_t>(i)] * y[static_cast<std::size_t>(i / 70 % 6)];
      expected[o] += v;
      if (v > largest[o]) largest[o] = v, where[o] = i;
    }
    const LoopPlan plan = cuda::reduce_plan(a);
    std::vector<float> sums(static_cast<std::size_t>(results), 99.0f), wide_sums = sums;
    play_reduce<SumReducer<float>, F, float, cuda::Loops>(a, plan, sums.data());
    play_reduce<SumReducer<float>, F, float, cuda::WideLoops>(a, plan, wide_sums.data());
    std::vector<std::int64_t> found(static_cast<std::size_t>(results), -7);
    play_reduce<ArgMaxReducer<float>, F, std::int64_t, cuda::Loops>(a, plan, found.data());
    std::size_t wrong = 0;
    for (std::size_t o = 0; o < sums.size(); ++o)
      wrong += sums[o] != expected[o] || wide_sums[o] != expected[o] || found[o] != where[o] ? 1u : 0u;
    INFO("dimensions kept: " << kept);
    CHECK(wrong == 0);
  }
}

TEST_CASE("a long reduction is split among blocks by its sizes alone", "[backend][cuda_geometry]") {
  const cuda::ReduceGeometry whole(1, 1 << 24, true);
  CHECK(whole.lanes == 256);
  CHECK(whole.splits == 1024);
  const cuda::ReduceGeometry rows(100000, 64, true);
  CHECK(rows.lanes == 64);
  CHECK(rows.outputs == 4);
  CHECK(rows.splits == 1);
  const cuda::ReduceGeometry columns(512, 65536, false);
  CHECK(columns.lanes == 8);
  CHECK(columns.outputs == 32);
  CHECK(columns.outputs_first);
  CHECK(columns.splits == 64);
}
