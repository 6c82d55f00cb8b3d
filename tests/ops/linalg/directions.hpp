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

}  // namespace samples
