// SPDX-License-Identifier: BSD-3-Clause
// An optimizer's step on one parameter: one pass over the parameter, its gradient and its state.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/backend/optimizer.hpp>
#include <torchlite/core/dtype.hpp>

#include <cmath>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Elements that are worth a thread: a step moves several times the memory of a pointwise operation.
inline constexpr std::int64_t update_grain = 16384;
/// Trip count of the vector loop; constant, since g++ -O2 vectorises no other.
inline constexpr int update_tile = 64;

template <class F, class T, int N>
TORCHLITE_INLINE void update_elements(const F& formula, T* TORCHLITE_RESTRICT p, const T* TORCHLITE_RESTRICT g, T* TORCHLITE_RESTRICT a,
                                      T* TORCHLITE_RESTRICT b, T* TORCHLITE_RESTRICT c) {
  using R = register_t<T>;
  TORCHLITE_VECTORIZE
  for (int i = 0; i < N; ++i) {
    R x = static_cast<R>(p[i]), s0 = 0, s1 = 0, s2 = 0;
    if constexpr ((F::states & 1) != 0) s0 = static_cast<R>(a[i]);
    if constexpr ((F::states & 2) != 0) s1 = static_cast<R>(b[i]);
    if constexpr ((F::states & 4) != 0) s2 = static_cast<R>(c[i]);
    formula(x, static_cast<R>(g[i]), s0, s1, s2);
    p[i] = static_cast<T>(x);
    if constexpr ((F::states & 1) != 0) a[i] = static_cast<T>(s0);
    if constexpr ((F::states & 2) != 0) b[i] = static_cast<T>(s1);
    if constexpr ((F::states & 4) != 0) c[i] = static_cast<T>(s2);
  }
}

/// Applies formula to n elements of dense memory; states that the formula does not have are null.
template <class F, class T>
void update_parameters(Cpu, const F& formula, std::int64_t n, T* p, const T* g, T* a, T* b, T* c) {
  count_kernel("update_parameters");
  const F f = formula;
  parallel_for((n + update_tile - 1) / update_tile, update_grain / update_tile, [&](std::int64_t first, std::int64_t last) {
    const std::int64_t end = last * update_tile < n ? last * update_tile : n;
    std::int64_t i = first * update_tile;
    const auto at = [&i](T* s) { return s == nullptr ? nullptr : s + i; };
    for (; i + update_tile <= end; i += update_tile) update_elements<F, T, update_tile>(f, p + i, g + i, at(a), at(b), at(c));
    for (; i < end; ++i) update_elements<F, T, 1>(f, p + i, g + i, at(a), at(b), at(c));
  });
}

/// The sum of squares of dense memory, in double; the order of the additions depends on n alone.
template <class T>
double sum_of_squares(Cpu, const T* x, std::int64_t n) {
  count_kernel("sum_of_squares");
  constexpr std::int64_t block = 4096, lanes = 16;
  double total = 0;
  for (std::int64_t begin = 0; begin < n; begin += block) {
    double part[lanes] = {};
    const std::int64_t end = begin + block < n ? begin + block : n;
    std::int64_t i = begin;
    for (; i + lanes <= end; i += lanes) {
      TORCHLITE_VECTORIZE
      for (int j = 0; j < lanes; ++j) {
        const double v = static_cast<double>(static_cast<register_t<T>>(x[i + j]));
        part[j] += v * v;
      }
    }
    for (; i < end; ++i) {
      const double v = static_cast<double>(static_cast<register_t<T>>(x[i]));
      part[0] += v * v;
    }
    for (int width = lanes / 2; width > 0; width /= 2)
      for (int j = 0; j < width; ++j) part[j] += part[j + width];
    total += part[0];
  }
  return total;
}

/// The sum of |x|^p; for infinite p the largest |x|, NaN if there is one.
template <class T>
double norm_power(Cpu, const T* x, std::int64_t n, double p) {
  if (p == 2) return sum_of_squares(Cpu{}, x, n);
  count_kernel("norm_power");
  double sum = 0, largest = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const double v = std::fabs(static_cast<double>(static_cast<register_t<T>>(x[i])));
    if (!std::isinf(p)) sum += std::pow(v, p);
    else if (v > largest || std::isnan(v)) largest = v;
    if (std::isnan(largest)) break;
  }
  return std::isinf(p) ? largest : sum;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
