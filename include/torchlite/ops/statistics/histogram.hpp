// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/histogram.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/shape/view.hpp>

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

/// How many elements (or how much weight) each bin has, and between which edges it lies.
template <class T, class D>
struct Histogram {
  Tensor<T, D> hist;
  Tensor<T, D> bin_edges;
};
template <class T, class D>
struct HistogramDd {
  Tensor<T, D> hist;
  std::vector<Tensor<T, D>> bin_edges;
};

/// weight: of each element. density: the histogram is divided by its sum and by the volume of each bin, so that its integral is 1. range: the
/// outer edges of bins of equal width, along each dimension in turn for histogramdd; none given: those of the data.
template <class T, class D>
struct HistogramOptions {
  std::vector<std::pair<double, double>> range = {};
  Tensor<T, D> weight = {};
  bool density = false;
};

namespace ops {

template <class T>
inline constexpr bool histogram_dtype = std::is_same_v<T, float> || std::is_same_v<T, double>;

/// The outer edges of bins: as given, or the smallest and the largest value, moved apart if they are equal.
template <class T, class D>
std::pair<double, double> outer_edges(const char* op, const Tensor<T, D>& points, int dims, int d, const std::pair<double, double>* given) {
  double low = 0, high = 0;
  if (given != nullptr) {
    low = given->first, high = given->second;
  } else if (points.numel() == 0) {
    high = 1;
  } else {
    value_range(D{}, static_cast<const T*>(points.data()) + d, points.numel() / dims, dims, &low, &high);
  }
  check<Error>(std::isfinite(low) && std::isfinite(high), "{}: the range [{}, {}] is not finite", op, low, high);
  check<Error>(low <= high, "{}: the range [{}, {}] ends before it begins", op, low, high);
  if (low == high) low -= 0.5, high += 0.5;
  return {low, high};
}

/// The edges between bins of equal width, as T rounds them.
template <class T, class D>
Tensor<T, D> even_edges(const char* op, std::int64_t bins, std::pair<double, double> range) {
  check<Error>(bins > 0, "{}: {} bins; their number must be positive", op, bins);
  return linspace<T, D>(range.first, range.second, bins + 1);
}

template <class T, class D>
Tensor<T, D> fill_histogram(const char* op, const Tensor<T, D>& points, int dims, const std::vector<Tensor<T, D>>& edges, bool even,
                            const HistogramOptions<T, D>& o) {
  check_devices(op, points, o.weight);
  const std::int64_t n = dims > 0 ? points.numel() / dims : 0;
  std::vector<std::vector<double>> values;
  std::vector<backend::BinEdges> bins;
  Shape sizes;
  for (const auto& e : edges) {
    const std::vector<T> list = e.to_vector();
    values.emplace_back(list.begin(), list.end());
  }
  for (const auto& v : values) {
    bins.push_back({v.data(), static_cast<std::int64_t>(v.size()) - 1, even});
    sizes.push_back(bins.back().bins);
  }
  Tensor<T, D> weight;
  if (o.weight.defined()) {
    check<ShapeError>(o.weight.numel() == n, "{}: a weight of shape {} for {} elements; each needs one", op, o.weight.sizes().str(), n);
    weight = dense(o.weight);
  }
  std::vector<double> sums(static_cast<std::size_t>(sizes.numel()));
  histogram(D{}, static_cast<const T*>(points.data()), n, dims, bins.data(),
            weight.defined() ? static_cast<const T*>(weight.data()) : nullptr, sums.data());
  if (o.density) {
    double total = 0;
    for (const double s : sums) total += s;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      double volume = total;
      std::size_t rest = i;
      for (std::size_t d = values.size(); d-- > 0;) {
        const std::size_t at = rest % (values[d].size() - 1);
        rest /= values[d].size() - 1;
        volume *= values[d][at + 1] - values[d][at];
      }
      sums[i] /= volume;
    }
  }
  std::vector<T> out(sums.begin(), sums.end());
  return Tensor<T, D>::from(out, sizes);
}

template <class T, class D>
Tensor<T, D> checked_edges(const char* op, const Tensor<T, D>& edges) {
  check<ShapeError>(edges.dim() == 1 && edges.numel() > 1, "{}: bin edges of shape {}; they must be a vector of at least two numbers", op,
                    edges.sizes().str());
  return clone(edges.detach());
}

}  // namespace ops

/// How many elements lie in each of `bins` bins of equal width between min and max, or between the smallest and the largest element if
/// both are equal; the last bin includes max, elements outside count nowhere.
///   x [...] -> [bins], same dtype
/// Throws Error if bins is not positive, the range is not finite or max < min.
template <tensor_like X>
tensor_of<X> histc(const X& x_, std::int64_t bins = 100, double min = 0, double max = 0) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(ops::histogram_dtype<T>, "histc needs float or double; cast first: x.to<float>()");
  const Tensor<T, D> x = ops::dense(eval(x_));
  check_devices("histc", x);
  check<Error>(bins > 0, "histc: {} bins; their number must be positive", bins);
  check<Error>(min <= max, "histc: max is {}, min is {}; max must not be smaller", max, min);
  if (min == max && x.numel() > 0) value_range(D{}, static_cast<const T*>(x.data()), x.numel(), 1, &min, &max);
  if (min == max) min -= 1, max += 1;
  check<Error>(std::isfinite(min) && std::isfinite(max), "histc: the range [{}, {}] is not finite", min, max);
  std::vector<double> edges(static_cast<std::size_t>(bins) + 1);
  edges.front() = min, edges.back() = max;
  const backend::BinEdges even{edges.data(), bins, true, false};
  std::vector<double> sums(static_cast<std::size_t>(bins));
  histogram(D{}, static_cast<const T*>(x.data()), x.numel(), 1, &even, static_cast<const T*>(nullptr), sums.data());
  return Tensor<T, D>::from(std::vector<T>(sums.begin(), sums.end()));
}

/// How many elements lie in each bin: bins of equal width, or bins between given edges in ascending order. auto [hist, edges] = histogram(x,
/// 10). A bin has its left edge, the last one both; elements outside count nowhere.
///   x [...], bins -> hist [bins], bin_edges [bins + 1];  x [...], edges [k + 1] -> hist [k], bin_edges [k + 1]
/// Throws Error if there is no bin or the range is not finite, ShapeError if the weight does not fit x.
template <tensor_like X>
Histogram<value_t<X>, device_t<X>> histogram(const X& x_, std::int64_t bins,
                                             const HistogramOptions<value_t<X>, device_t<X>>& options = {}) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(ops::histogram_dtype<T>, "histogram needs float or double; cast first: x.to<float>()");
  const Tensor<T, D> x = ops::dense(eval(x_));
  const auto* range = options.range.empty() ? nullptr : options.range.data();
  const std::vector<Tensor<T, D>> edges{ops::even_edges<T, D>("histogram", bins, ops::outer_edges("histogram", x, 1, 0, range))};
  return {ops::fill_histogram("histogram", x, 1, edges, true, options), edges[0]};
}
template <tensor_like X, tensor_like E>
Histogram<value_t<X>, device_t<X>> histogram(const X& x_, const E& edges, const HistogramOptions<value_t<X>, device_t<X>>& options = {}) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(ops::histogram_dtype<T>, "histogram needs float or double; cast first: x.to<float>()");
  const Tensor<T, D> x = ops::dense(eval(x_));
  const Tensor<T, D>& given = eval(edges);
  const std::vector<Tensor<T, D>> list{ops::checked_edges("histogram", given)};
  return {ops::fill_histogram("histogram", x, 1, list, false, options), list[0]};
}

/// histogram of points: the last dimension holds their coordinates. Bins of equal width along each coordinate, or between given edges.
///   x [..., d], d numbers of bins -> hist [bins...], d bin_edges [bins + 1];  x [..., d], d edges [k + 1] -> hist [k...]
/// Throws ShapeError unless there is one entry of bins for each coordinate, and as histogram does.
template <tensor_like X>
HistogramDd<value_t<X>, device_t<X>> histogramdd(const X& x_, const Shape& bins,
                                                 const HistogramOptions<value_t<X>, device_t<X>>& options = {}) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(ops::histogram_dtype<T>, "histogramdd needs float or double; cast first: x.to<float>()");
  const Tensor<T, D> x = ops::dense(eval(x_));
  check<ShapeError>(x.dim() >= 2 && x.sizes().back() == bins.rank(),
                    "histogramdd: {} numbers of bins for points of shape {}; the points' last size must be their number", bins.rank(),
                    x.sizes().str());
  check<ShapeError>(options.range.empty() || static_cast<int>(options.range.size()) == bins.rank(),
                    "histogramdd: {} ranges for {} coordinates; each needs one", options.range.size(), bins.rank());
  std::vector<Tensor<T, D>> edges;
  for (int d = 0; d < bins.rank(); ++d) {
    const auto* range = options.range.empty() ? nullptr : options.range.data() + d;
    edges.push_back(ops::even_edges<T, D>("histogramdd", bins[d], ops::outer_edges("histogramdd", x, bins.rank(), d, range)));
  }
  return {ops::fill_histogram("histogramdd", x, bins.rank(), edges, true, options), edges};
}
template <tensor_like X>
HistogramDd<value_t<X>, device_t<X>> histogramdd(const X& x_, const std::vector<tensor_of<X>>& edges,
                                                 const HistogramOptions<value_t<X>, device_t<X>>& options = {}) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(ops::histogram_dtype<T>, "histogramdd needs float or double; cast first: x.to<float>()");
  const Tensor<T, D> x = ops::dense(eval(x_));
  const int dims = static_cast<int>(edges.size());
  check<ShapeError>(x.dim() >= 2 && x.sizes().back() == dims,
                    "histogramdd: edges along {} coordinates for points of shape {}; the points' last size must be their number", dims,
                    x.sizes().str());
  std::vector<Tensor<T, D>> list;
  for (const auto& e : edges) list.push_back(ops::checked_edges("histogramdd", e));
  return {ops::fill_histogram("histogramdd", x, dims, list, false, options), list};
}

}  // namespace torchlite::inline TORCHLITE_ABI
