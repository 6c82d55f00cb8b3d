// SPDX-License-Identifier: BSD-3-Clause
// What cuSOLVER leaves to do for eigenvectors of general matrices, without the launch.
#pragma once
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/core/math/device_complex.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Numbers of one dtype as another.
template <class To, class From>
struct ConvertNumbers {
  const From* from;
  To* to;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { to[i] = convert_number<To>(from[i]); }
};
/// Dense matrices [count, n, n] in double, column-major.
template <class Wide, class T>
struct WidenTurned {
  std::int64_t n;
  const T* a;
  Wide* to;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t row = i / n % n, column = i % n;
    to[i + (column - row) * (n - 1)] = convert_number<Wide>(a[i]);
  }
};

/// Eigenvector number i of all, a column of its row-major matrix in y [count, n, n], from x, a row of length n for each. Of real x, two rows hold
/// the parts of a conjugate pair, that with the positive imaginary part first. Its length becomes 1, its largest element positive.
template <class V, class R>
struct FinishEigenvector {
  using Wide = math::DeviceComplex<double>;

  std::int64_t n;
  const Wide* values;  ///< [count, n]
  const V* x;
  math::DeviceComplex<R>* y;

  TORCHLITE_HOST_DEVICE Wide element(std::int64_t i, std::int64_t j) const {
    if constexpr (complex_number<V>) {
      return x[i * n + j];
    } else {
      const double side = values[i].imag();
      if (side == 0) return Wide(x[i * n + j]);
      return side > 0 ? Wide(x[i * n + j], x[(i + 1) * n + j]) : Wide(x[(i - 1) * n + j], -x[i * n + j]);
    }
  }
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    double square = 0, most = -1;
    std::int64_t at = 0;
    for (std::int64_t j = 0; j < n; ++j) {
      const Wide v = element(i, j);
      const double own = v.real() * v.real() + v.imag() * v.imag();
      square += own;
      if (own > most) most = own, at = j;
    }
    const double scale = most > 0 ? 1 / (math::sqrt(most) * math::sqrt(square)) : 1;
    const Wide turn = most > 0 ? math::conj(element(i, at)) * scale : Wide(1);
    math::DeviceComplex<R>* const column = y + i / n * n * n + i % n;
    for (std::int64_t j = 0; j < n; ++j) {
      const Wide v = element(i, j) * turn;
      column[j * n] = {static_cast<R>(v.real()), j == at ? R(0) : static_cast<R>(v.imag())};
    }
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
