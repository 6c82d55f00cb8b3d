// SPDX-License-Identifier: BSD-3-Clause
// Directions that keep matrices symmetric or triangular. Functions that read one triangle have gradients by PyTorch's convention
// that belong to such changes only; PyTorch's own checks of second derivatives symmetrise their inputs, too.
#pragma once
#include <ops/samples.hpp>

namespace samples {

/// v [..., n, n] made symmetric.
inline void make_symmetric(const Real& x, std::vector<double>& v) {
  const auto n = static_cast<std::size_t>(x.sizes().back());
  for (std::size_t at = 0; at < v.size(); at += n * n)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) v[at + i * n + j] = v[at + j * n + i] = (v[at + i * n + j] + v[at + j * n + i]) / 2;
}
/// v [..., n, n] with zeros outside one triangle.
inline void make_triangular(const Real& x, std::vector<double>& v, bool upper) {
  const auto n = static_cast<std::size_t>(x.sizes().back());
  for (std::size_t at = 0; at < v.size(); at += n * n)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        if (upper ? j < i : j > i) v[at + i * n + j] = 0;
}

inline ReplayOptions along_symmetric(double tolerance = 1e-10) {
  ReplayOptions options;
  options.tolerance = tolerance;
  options.project = [](const Call& c, std::size_t i, std::vector<double>& v) { make_symmetric(c.in(i), v); };
  return options;
}

/// A matrix of numbers in [-1, 1), the same in every run.
template <class T = double>
tl::Tensor<T> numbers(const tl::Shape& sizes, std::uint64_t seed) {
  const tl::Tensor<T> t = tl::empty<T>(sizes);
  for (std::int64_t i = 0; i < t.numel(); ++i) t.data()[i] = static_cast<T>(golden::uniform(seed, static_cast<std::uint64_t>(i)) * 2 - 1);
  return t;
}

/// The largest |a - b|, infinite where shapes differ or something is NaN.
template <class T>
double apart(const tl::Tensor<T>& a, const tl::Tensor<T>& b) {
  if (a.sizes() != b.sizes()) return std::numeric_limits<double>::infinity();
  const std::vector<T> x = a.to_vector(), y = b.to_vector();
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d = std::fabs(static_cast<double>(x[i]) - static_cast<double>(y[i]));
    if (!(d <= worst)) worst = std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
  }
  return worst;
}

}  // namespace samples
