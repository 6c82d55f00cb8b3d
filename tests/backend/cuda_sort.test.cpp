// SPDX-License-Identifier: BSD-3-Clause
// Scans and orders on Cuda, played on the host and compared with the Cpu's kernels.
#include <support/catch.hpp>
#include <support/vectors.hpp>

#include <torchlite/backend/cpu/index.hpp>
#include <torchlite/backend/cpu/scan.hpp>
#include <torchlite/backend/cpu/sort.hpp>
#include <torchlite/backend/cpu/unique.hpp>
#include <torchlite/backend/cuda/sort_element.hpp>
#include <torchlite/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend;
using vectors::difference;
using vectors::numbers;

template <class Scan>
void play_scan(const RowLayout& rows, bool reverse, const Scan& scan) {
  const cuda::ScanRows<Scan> task{rows, reverse, scan};
  switch (cuda::team_size(rows.n, rows.inner, 1)) {
    case 1: return cuda::play_rows<1, 1>(task, rows.count());
    case 32: return cuda::play_rows<32, 1>(task, rows.count());
    default: return cuda::play_rows<256, 1>(task, rows.count());
  }
}
}  // namespace

TEST_CASE("scans by teams are the Cpu's", "[backend][cuda]") {
  for (const RowLayout& rows : {RowLayout{2, 1, 1}, RowLayout{3, 31, 1}, RowLayout{2, 100, 1}, RowLayout{1, 1000, 1}, RowLayout{2, 9, 5}}) {
    INFO(rows.outer << " x " << rows.n << " x " << rows.inner);
    const std::int64_t count = rows.count() * rows.n;
    auto x = numbers<float>(count, 1, 1);
    std::vector<float> y(x.size()), expected(x.size());
    for (const bool reverse : {false, true}) {
      play_scan(rows, reverse, cuda::CumulativeSum<float, float>{x.data(), y.data()});
      cumulative_sum(Cpu{}, rows, reverse, x.data(), expected.data());
      CHECK(difference(y, expected) <= 1e-6);
      const auto b = numbers<float>(count, 2, 1);
      play_scan(rows, reverse, cuda::LinearRecurrence<float>{x.data(), b.data(), y.data()});
      linear_recurrence(Cpu{}, rows, reverse, x.data(), b.data(), expected.data());
      CHECK(difference(y, expected) <= 1e-6);
    }
    play_scan(rows, false, cuda::CumulativeLogsumexp<float>{x.data(), y.data()});
    cumulative_logsumexp(Cpu{}, rows, x.data(), expected.data());
    CHECK(difference(y, expected) <= 1e-6);
    for (float& v : x) v = v > 0 ? 1.01f : 0.99f;
    play_scan(rows, false, cuda::CumulativeProduct<float, float>{x.data(), y.data()});
    cumulative_product(Cpu{}, rows, x.data(), expected.data());
    CHECK(difference(y, expected) <= 1e-6);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * i * 7 % 11);
    x[x.size() / 2] = NAN;
    std::vector<std::int64_t> index(x.size()), expected_index(x.size());
    play_scan(rows, false, cuda::CumulativeExtreme<true, float>{x.data(), index.data()});
    cumulative_extreme<true>(Cpu{}, rows, x.data(), expected_index.data());
    CHECK(index == expected_index);
    play_scan(rows, false, cuda::CumulativeExtreme<false, float>{x.data(), index.data()});
    cumulative_extreme<false>(Cpu{}, rows, x.data(), expected_index.data());
    CHECK(index == expected_index);
  }
}

TEST_CASE("scans of complex numbers by teams are the Cpu's", "[backend][cuda]") {
  using C = std::complex<float>;
  using N = math::DeviceComplex<float>;
  const RowLayout rows{2, 100, 1};
  std::vector<C> x, b, y(200), expected(200);
  for (int i = 0; i < 200; ++i)
    x.push_back(std::polar(i % 3 == 0 ? 1.02f : 0.99f, 0.3f * static_cast<float>(i))), b.emplace_back(1, i % 5 - 2);
  const auto parts = [](std::vector<C>& v) { return reinterpret_cast<N*>(v.data()); };
  const auto apart = [&] {
    float most = 0;
    for (std::size_t i = 0; i < y.size(); ++i) most = std::max(most, std::abs(y[i] - expected[i]) / (1 + std::abs(expected[i])));
    return most;
  };
  play_scan(rows, true, cuda::CumulativeSum<N, N>{parts(x), parts(y)});
  cumulative_sum(Cpu{}, rows, true, x.data(), expected.data());
  CHECK(apart() <= 1e-6f);
  play_scan(rows, false, cuda::CumulativeProduct<N, N>{parts(x), parts(y)});
  cumulative_product(Cpu{}, rows, x.data(), expected.data());
  CHECK(apart() <= 1e-6f);
  play_scan(rows, false, cuda::LinearRecurrence<N>{parts(x), parts(b), parts(y)});
  linear_recurrence(Cpu{}, rows, false, x.data(), b.data(), expected.data());
  CHECK(apart() <= 1e-5f);
}

TEST_CASE("running log-sums of infinities and NaN are the Cpu's", "[backend][cuda]") {
  const float inf = INFINITY;
  const RowLayout row{1, 5, 1};
  for (const std::vector<float>& x :
       {std::vector<float>{-inf, -inf, 1, 2, -inf}, {1, inf, 2, inf, -inf}, {1, NAN, 2, inf, 3}, {NAN, 1, 2, 3, 4}}) {
    std::vector<float> y(5), expected(5);
    cuda::play_rows<32, 1>(cuda::ScanRows<cuda::CumulativeLogsumexp<float>>{row, false, {x.data(), y.data()}}, 1);
    cumulative_logsumexp(Cpu{}, row, x.data(), expected.data());
    CHECK(difference(y, expected) <= 1e-6);
  }
}

namespace {
/// The radix sort of the device: by the lowest bits, stable.
void sort_pairs(std::vector<std::uint64_t>& keys, std::vector<std::int64_t>& numbers, int bits) {
  const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  std::vector<std::pair<std::uint64_t, std::int64_t>> pairs;
  for (std::size_t i = 0; i < keys.size(); ++i) pairs.emplace_back(keys[i], numbers[i]);
  std::stable_sort(pairs.begin(), pairs.end(), [=](const auto& a, const auto& b) { return (a.first & mask) < (b.first & mask); });
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = pairs[i].first, numbers[i] = pairs[i].second;
}
template <class T>
void sort_rows(const std::vector<T>& x, std::int64_t rows, std::int64_t n, bool descending, std::vector<std::uint64_t>& keys,
               std::vector<std::int64_t>& numbers) {
  keys.resize(x.size()), numbers.resize(x.size());
  cuda::play_each(cuda::RowKeys<T>{x.data(), n, descending, keys.data(), numbers.data()}, rows * n);
  if constexpr (cuda::RowKeys<T>::with_row) {
    sort_pairs(keys, numbers, rows > 1 ? 32 + cuda::bits_for(rows) : cuda::key_bits<T>);
  } else {
    sort_pairs(keys, numbers, cuda::key_bits<T>);
    cuda::play_each(cuda::RowOfNumbers{n, numbers.data(), keys.data()}, rows * n);
    sort_pairs(keys, numbers, cuda::bits_for(rows));
  }
}

template <class T>
std::vector<T> sortable(std::int64_t n, std::uint32_t seed) {
  std::vector<T> v(static_cast<std::size_t>(n));
  const RandomStream stream{seed, 0};
  for (std::size_t i = 0; i < v.size(); ++i)
    v[i] = static_cast<T>(static_cast<int>(stream.integer(i, 13)) - (std::is_unsigned_v<T> ? 0 : 6));
  if constexpr (floating<T>) {
    if (n > 8) v[2] = static_cast<T>(NAN), v[7] = static_cast<T>(-0.0f), v[5] = static_cast<T>(-INFINITY), v[6] = static_cast<T>(NAN);
  }
  return v;
}

template <class T>
void check_sorts() {
  for (const auto& [rows, n] : {std::pair<std::int64_t, std::int64_t>{1, 1}, {1, 40}, {5, 30}, {3, 9}}) {
    const auto x = sortable<T>(rows * n, 1);
    std::vector<std::uint64_t> keys;
    std::vector<std::int64_t> order;
    const auto size = static_cast<std::size_t>(rows);
    for (const bool descending : {false, true})
      for (const std::int64_t keep : {n, std::min<std::int64_t>(n, 3)}) {
        sort_rows(x, rows, n, descending, keys, order);
        std::vector<std::int64_t> got(static_cast<std::size_t>(rows * keep)), expected(got.size());
        cuda::play_each(cuda::FirstOfRows{n, keep, order.data(), got.data()}, rows * keep);
        argsort(Cpu{}, x.data(), rows, n, keep, descending, expected.data());
        CHECK(got == expected);
      }
    sort_rows(x, rows, n, false, keys, order);
    std::vector<std::int64_t> got(size), expected(size);
    for (const Rank rank : {Rank::kth, Rank::median, Rank::nanmedian}) {
      cuda::play_each(cuda::RankedOfRows<T>{x.data(), n, n / 2, rank != Rank::kth, rank == Rank::nanmedian, order.data(), got.data()},
                      rows);
      ranked_position(Cpu{}, x.data(), rows, n, rank, n / 2, expected.data());
      CHECK(got == expected);
    }
    cuda::play_each(cuda::ModeOfRows<T>{x.data(), n, order.data(), got.data()}, rows);
    mode_position(Cpu{}, x.data(), rows, n, expected.data());
    CHECK(got == expected);
  }
}
}  // namespace

TEST_CASE("keys put rows in the Cpu's order", "[backend][cuda]") {
  check_sorts<float>();
  check_sorts<double>();
  check_sorts<half>();
  check_sorts<bfloat16>();
  check_sorts<std::int64_t>();
  check_sorts<std::int32_t>();
  check_sorts<std::int8_t>();
  check_sorts<std::uint8_t>();
}

TEST_CASE("values are looked up among boundaries as on the Cpu", "[backend][cuda]") {
  const std::vector<double> boundaries{-1, 0, 0, 2, NAN}, values{-2, -1, -0.0, 0, 1, 2, 3, NAN, INFINITY, -INFINITY};
  const std::vector<std::int64_t> sorter{0, 1, 2, 3, 4};
  for (const bool right : {false, true})
    for (const std::int64_t* order : {static_cast<const std::int64_t*>(nullptr), sorter.data()}) {
      std::vector<std::int64_t> got(values.size()), expected(values.size());
      cuda::play_each(cuda::SearchSorted<double, std::int64_t>{boundaries.data(), order, 5, 0, values.data(), 10, right, got.data()}, 10);
      search_sorted(Cpu{}, boundaries.data(), order, 5, 0, values.data(), 1, 10, right, expected.data());
      CHECK(got == expected);
    }
}

namespace {
template <class Flag, class After>
std::int64_t number_flags(std::int64_t n, const Flag& flag, const After& after) {
  const std::int64_t chunks = (n + cuda::flag_chunk - 1) / cuda::flag_chunk;
  std::vector<std::int64_t> counts(static_cast<std::size_t>(chunks));
  cuda::play_rows<256, 1>(cuda::CountFlags<Flag>{flag, n, counts.data()}, chunks);
  using Sums = cuda::CumulativeSum<std::int64_t, std::int64_t>;
  cuda::play_rows<256, 1>(cuda::ScanRows<Sums>{{1, chunks, 1}, false, {counts.data(), counts.data()}}, 1);
  cuda::play_rows<256, 1>(cuda::NumberFlags<Flag, After>{flag, after, n, counts.data()}, chunks);
  return counts.back();
}
}  // namespace

TEST_CASE("true elements are counted and found in order", "[backend][cuda]") {
  for (const Shape& sizes : {Shape{7}, Shape{20000}, Shape{90, 3, 101}}) {
    const std::int64_t n = sizes.numel();
    const std::unique_ptr<bool[]> mask(new bool[static_cast<std::size_t>(n)]);
    for (std::int64_t i = 0; i < n; ++i) mask[static_cast<std::size_t>(i)] = i * i % 7 == 2;
    const std::int64_t count = count_true(Cpu{}, mask.get(), n);
    CHECK(number_flags(n, cuda::IsTrue{mask.get()}, cuda::Ignore{}) == count);
    std::vector<std::int64_t> got(static_cast<std::size_t>(count * sizes.rank())), expected(got.size());
    number_flags(n, cuda::IsTrue{mask.get()}, cuda::WritePosition(sizes, got.data()));
    write_true_positions(Cpu{}, mask.get(), sizes, expected.data());
    CHECK(got == expected);
  }
}

TEST_CASE("equal slices are grouped as on the Cpu", "[backend][cuda]") {
  for (const bool sort : {false, true})
    for (const std::int64_t width : {1, 3}) {
      const std::int64_t n = 50;
      auto x = sortable<float>(n * width, 3);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = i == 4 ? NAN : std::trunc(x[i] / 5);
      const auto size = static_cast<std::size_t>(n);
      std::vector<std::int64_t> order(size), group(size), first(size), count(size), begins(size), expected_group(size),
          expected_first(size), expected_count(size);
      std::vector<std::uint64_t> keys(size);
      cuda::play_each(cuda::CountUp{order.data()}, n);
      for (std::int64_t k = sort ? width - 1 : -1; k >= 0; --k) {
        cuda::play_each(cuda::SliceKeys<float>{x.data(), width, k, order.data(), keys.data()}, n);
        sort_pairs(keys, order, cuda::key_bits<float>);
      }
      const std::int64_t groups = number_flags(n, cuda::BeginsGroup<float>{x.data(), width, order.data()},
                                               cuda::WriteGroup{order.data(), group.data(), first.data(), begins.data()});
      cuda::play_each(cuda::SizesOfGroups{n, groups, begins.data(), count.data()}, groups);
      CHECK(groups == group_slices(Cpu{}, x.data(), n, width, sort, expected_group.data(), expected_first.data(), expected_count.data()));
      CHECK(group == expected_group);
      CHECK(first == expected_first);
      CHECK(count == expected_count);
    }
}
