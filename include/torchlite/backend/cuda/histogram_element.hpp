// SPDX-License-Identifier: BSD-3-Clause
// Counting values in bins, without the launch: the values are sorted by their bins, and a team adds up what each bin has.
#pragma once
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/backend/histogram.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// The bin of each point as a key to sort by; points outside come last, as bin `total`.
template <class T>
struct PointKeys {
  const T* points;
  int dims;
  const BinEdges* bins;
  std::int64_t total;
  std::uint64_t* keys;
  std::int64_t* numbers;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t bin = bin_of_point(points + i * dims, dims, bins);
    keys[i] = static_cast<std::uint64_t>(bin < 0 ? total : bin);
    numbers[i] = i;
  }
};
/// Numbers from 0 on are their own bins.
template <class T>
struct NumberKeys {
  const T* x;
  std::uint64_t* keys;
  std::int64_t* numbers;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    keys[i] = static_cast<std::uint64_t>(x[i]);
    numbers[i] = i;
  }
};
/// out[bin]: the weights of its values, or their number.
template <class V, class W>
struct SumOfBin {
  const std::uint64_t* keys;
  const std::int64_t* numbers;
  std::int64_t n;
  const W* weights;
  V* out;

  template <int, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t bin) const {
    const std::int64_t first = count_below<false>(keys, n, static_cast<std::uint64_t>(bin)),
                       last = count_below<true>(keys, n, static_cast<std::uint64_t>(bin));
    V sum = static_cast<V>(last - first);
    if (weights != nullptr)
      sum = team.template fold<SumState<V>>(last - first,
                                            [&](std::int64_t j) { return SumState<V>{static_cast<V>(weights[numbers[first + j]])}; })
                .sum;
    team.once([&] { out[bin] = sum; });
  }
};

/// The smallest and the largest number, NaN if one is NaN.
struct ValueRange {
  double low, high;
  TORCHLITE_HOST_DEVICE static ValueRange identity() {
    constexpr double infinity = __builtin_huge_val();
    return {infinity, -infinity};
  }
  TORCHLITE_HOST_DEVICE static ValueRange combine(const ValueRange& a, const ValueRange& b) {
    return {a.low != a.low || a.low < b.low ? a.low : b.low, a.high != a.high || a.high > b.high ? a.high : b.high};
  }
};
/// ranges[r]: that of x[r], x[r + count], ...
template <class T>
struct RangeOfPart {
  const T* x;
  std::int64_t n, step, count;
  ValueRange* ranges;

  template <int, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const ValueRange range = team.template fold<ValueRange>((n - r + count - 1) / count, [&](std::int64_t i) {
      const double v = static_cast<double>(x[(r + i * count) * step]);
      return ValueRange{v, v};
    });
    team.once([&] { ranges[r] = range; });
  }
};
/// That of all parts.
struct RangeOfParts {
  std::int64_t count;
  const ValueRange* ranges;
  ValueRange* out;

  template <int, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t) const {
    const ValueRange range = team.template fold<ValueRange>(count, [&](std::int64_t i) { return ranges[i]; });
    team.once([&] { *out = range; });
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
