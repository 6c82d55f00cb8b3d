// SPDX-License-Identifier: BSD-3-Clause
// Histograms, bags, segments and sums of neighbours on Cuda, played on the host and compared with the Cpu's kernels.
#include <support/catch.hpp>

#include <torchlite/backend/cpu/embedding_bag.hpp>
#include <torchlite/backend/cpu/histogram.hpp>
#include <torchlite/backend/cpu/segment.hpp>
#include <torchlite/backend/cpu/window_sum.hpp>
#include <torchlite/backend/cuda/bag_element.hpp>
#include <torchlite/backend/cuda/histogram_element.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace {
using namespace torchlite;
using namespace torchlite::backend;

std::vector<float> numbers(std::int64_t n) {
  std::vector<float> v(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<float>(static_cast<int>(i * 7919 % 2003) - 1001) / 500.0f;
  return v;
}

/// The device's way: keys, a stable sort, a team for each bin.
template <int Lanes, class V, class W, class Keys>
std::vector<V> play_bins(std::int64_t n, std::int64_t bins, const W* weights, Keys make_keys) {
  std::vector<std::uint64_t> keys(static_cast<std::size_t>(n)), ordered;
  std::vector<std::int64_t> places(keys.size()), order(keys.size());
  cuda::play_each(make_keys(keys.data(), places.data()), n);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return keys[static_cast<std::size_t>(a)] < keys[static_cast<std::size_t>(b)]; });
  for (const std::int64_t i : order) ordered.push_back(keys[static_cast<std::size_t>(i)]);
  std::vector<V> out(static_cast<std::size_t>(bins));
  cuda::play_rows<Lanes, 1>(cuda::SumOfBin<V, W>{ordered.data(), order.data(), n, weights, out.data()}, bins);
  return out;
}
}  // namespace

TEST_CASE("histograms on Cuda count as on the Cpu", "[backend][cuda]") {
  const std::int64_t n = 1500;
  auto x = numbers(2 * n);
  x[3] = std::nanf(""), x[8] = 2.0f;  // outside, and on the last edge
  const std::vector<double> even{-1.5, 0, 0, 0, 2.0}, uneven{-2, -0.25, 0.125, 2};
  for (const int dims : {1, 2}) {
    const BinEdges bins[2] = {{even.data(), 4, true, false}, {uneven.data(), 3, false}};
    const std::int64_t total = dims == 1 ? 4 : 12;
    std::vector<double> expected(static_cast<std::size_t>(total)), weighted(expected.size());
    histogram(Cpu{}, x.data(), n, dims, bins, static_cast<const float*>(nullptr), expected.data());
    histogram(Cpu{}, x.data(), n, dims, bins, x.data() + 20, weighted.data());
    const auto keys = [&](std::uint64_t* k, std::int64_t* at) { return cuda::PointKeys<float>{x.data(), dims, bins, total, k, at}; };
    CHECK(play_bins<1, double>(n, total, static_cast<const float*>(nullptr), keys) == expected);
    const auto sums = play_bins<32, double>(n, total, static_cast<const float*>(x.data() + 20), keys);
    for (std::size_t i = 0; i < sums.size(); ++i) CHECK(std::abs(sums[i] - weighted[i]) <= 1e-9);
  }
}

TEST_CASE("bincount on Cuda counts as on the Cpu, empty bins included", "[backend][cuda]") {
  std::vector<std::int32_t> x;
  for (int i = 0; i < 777; ++i) x.push_back(i * i % 23);
  const auto w = numbers(777);
  const auto n = static_cast<std::int64_t>(x.size());
  std::vector<std::int64_t> counts(30);
  std::vector<float> sums(30);
  bincount(Cpu{}, x.data(), n, static_cast<const std::int64_t*>(nullptr), 30, counts.data());
  bincount(Cpu{}, x.data(), n, w.data(), 30, sums.data());
  const auto keys = [&](std::uint64_t* k, std::int64_t* at) { return cuda::NumberKeys<std::int32_t>{x.data(), k, at}; };
  CHECK(play_bins<1, std::int64_t>(n, 30, static_cast<const std::int64_t*>(nullptr), keys) == counts);
  const auto own = play_bins<256, float>(n, 30, w.data(), keys);
  for (std::size_t i = 0; i < own.size(); ++i) CHECK(std::abs(own[i] - sums[i]) <= 1e-4f);
}

TEST_CASE("the range of values on Cuda is the Cpu's, NaN included", "[backend][cuda]") {
  for (const std::int64_t n : {1, 5, 700}) {
    auto x = numbers(2 * n);
    for (const bool hole : {false, true}) {
      if (hole) x[static_cast<std::size_t>(n / 2 * 2)] = std::nanf("");
      const std::int64_t count = std::min<std::int64_t>(n, 256);
      std::vector<cuda::ValueRange> ranges(static_cast<std::size_t>(count) + 1);
      cuda::play_rows<256, 1>(cuda::RangeOfPart<float>{x.data(), n, 2, count, ranges.data()}, count);
      cuda::play_rows<256, 1>(cuda::RangeOfParts{count, ranges.data(), ranges.data() + count}, 1);
      double low = 0, high = 0;
      value_range(Cpu{}, x.data(), n, 2, &low, &high);
      const auto [own_low, own_high] = ranges.back();
      CHECK(((own_low == low && own_high == high) || (hole && std::isnan(own_low) && std::isnan(own_high) && std::isnan(low))));
    }
  }
}

TEST_CASE("bags, segments and windows on Cuda are the Cpu's", "[backend][cuda]") {
  const std::int64_t width = 5, rows = 9;
  const auto table = numbers(rows * width), factors = numbers(40);
  std::vector<std::int64_t> picked;
  for (int i = 0; i < 40; ++i) picked.push_back(i * i % rows);
  const std::vector<std::int64_t> ends{0, 7, 7, 30, 40};
  BagArguments<float> a;
  a.bags = 4, a.width = width, a.padding = 4;
  a.table = table.data(), a.numbers = picked.data(), a.ends = ends.data();
  for (const float* f : {static_cast<const float*>(nullptr), factors.data()})
    for (const bool mean : {false, true}) {
      a.factors = f;
      std::vector<float> own(20), expected(20);
      cuda::play_each(cuda::SumBags<float>{a, mean, own.data()}, 20);
      sum_bags(Cpu{}, a, mean, expected.data());
      CHECK(own == expected);
    }
  std::vector<std::int64_t> own_rows(20), expected_rows(20);
  cuda::play_each(cuda::LargestInBags<float>{a, own_rows.data()}, 20);
  largest_in_bags(Cpu{}, a, expected_rows.data());
  CHECK(own_rows == expected_rows);

  const std::vector<std::int64_t> first{0, 3, 3, 8}, length{3, 0, 5, 1};
  std::vector<float> own(20), expected(20);
  cuda::play_each(cuda::SegmentExtreme<false, float>{table.data(), width, first.data(), length.data(), 0.5f, own.data()}, 20);
  segment_extreme<false>(Cpu{}, table.data(), width, first.data(), length.data(), 4, 0.5, expected.data());
  CHECK(own == expected);

  const RowLayout layout{2, 6, 3};
  const auto x = numbers(36);
  for (const auto& [before, after] : {std::pair<std::int64_t, std::int64_t>{2, 1}, {0, 9}, {7, 0}}) {
    std::vector<float> sums(36), wanted(36);
    cuda::play_each(cuda::WindowSum<float>{layout, before, after, x.data(), sums.data()}, 36);
    window_sum(Cpu{}, layout, before, after, x.data(), wanted.data());
    CHECK(sums == wanted);
  }
}
