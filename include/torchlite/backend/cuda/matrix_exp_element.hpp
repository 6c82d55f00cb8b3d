// SPDX-License-Identifier: BSD-3-Clause
// What the matrix exponential does between its products, without the launch.
#pragma once
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/backend/linalg_element.hpp>
#include <torchlite/core/math/compare.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// The largest of numbers that are not negative; NaN wins.
template <class R>
struct LargestColumn {
  R norm;
  TORCHLITE_HOST_DEVICE static LargestColumn identity() { return {R(0)}; }
  TORCHLITE_HOST_DEVICE static LargestColumn combine(const LargestColumn& a, const LargestColumn& b) {
    return {b.norm > a.norm || b.norm != b.norm ? b.norm : a.norm};
  }
};
/// How often the result for each matrix [n, n] is squared, by its largest column sum.
template <class T>
struct CountSquarings {
  std::int64_t n;
  const T* a;
  std::int32_t* squarings;

  template <int, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const auto total = team.template fold<LargestColumn<T>>(n, [&](std::int64_t j) {
      T column = 0;
      for (std::int64_t i = 0; i < n; ++i) column += math::abs(a[(r * n + i) * n + j]);
      return LargestColumn<T>{column};
    });
    team.once([&] { squarings[r] = count_squarings(total.norm); });
  }
};
/// The matrices, halved as often as they will be squared; zeros where there is no result.
template <class T>
struct ShrinkMatrices {
  std::int64_t size;  ///< n n
  const std::int32_t* squarings;
  const T* a;
  T* x;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const int s = squarings[i / size];
    T shrink = 1;
    for (int k = 0; k < s; ++k) shrink *= T(0.5);
    x[i] = s < 0 ? T(0) : a[i] * shrink;
  }
};
/// y = c0 x6 + c1 x4 + c2 x2, or, of the lower powers, what is added to y with c3 on the diagonal.
template <class T>
struct CombinePowers {
  std::int64_t n;
  T c[4];
  const T *x6, *x4, *x2;
  T* y;
  bool add;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const T v = c[0] * x6[i] + c[1] * x4[i] + c[2] * x2[i];
    y[i] = add ? y[i] + v + (i / n % n == i % n ? c[3] : T(0)) : v;
  }
};
/// Numerator v + u and denominator v - u.
template <class T>
struct SplitParity {
  const T *u, *v;
  T *numerator, *denominator;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    numerator[i] = v[i] + u[i];
    denominator[i] = v[i] - u[i];
  }
};
/// The squares take the place of the matrices that are squared more than `done` times.
template <class T>
struct TakeSquares {
  std::int64_t size;
  const std::int32_t* squarings;
  std::int32_t done;
  const T* squares;
  T* y;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    if (squarings[i / size] > done) y[i] = squares[i];
  }
};
/// NaNs where there is no result.
template <class T>
struct MarkUndefined {
  std::int64_t size;
  const std::int32_t* squarings;
  T* y;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    if (squarings[i / size] < 0) y[i] = static_cast<T>(__builtin_nanf(""));
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
