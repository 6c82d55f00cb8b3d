// SPDX-License-Identifier: BSD-3-Clause
// What the factorisations of cuSOLVER and cuBLAS leave to do for each element, without the launch.
#pragma once
#include <torchlite/backend/cuda/team.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Matrices [count, n, n] without what lies above the diagonal.
template <class T>
struct ClearUpper {
  std::int64_t n;
  T* a;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    if (i % n > i / n % n) a[i] = T(0);
  }
};
/// Matrices [count, rows, columns] that are 1 on the diagonal and 0 elsewhere.
template <class T>
struct WriteIdentities {
  std::int64_t rows, columns;
  T* a;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { a[i] = T(i % columns == i / columns % rows ? 1 : 0); }
};
/// Pivots [count, k] as 32-bit numbers; those of a factorisation without exchanges (wide is null) are 1, 2 ... k.
struct NarrowPivots {
  const std::int64_t* wide;
  std::int64_t k;
  std::int32_t* pivots;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { pivots[i] = static_cast<std::int32_t>(wide ? wide[i] : i % k + 1); }
};
struct WidenPivots {
  const std::int32_t* pivots;
  std::int64_t* wide;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { wide[i] = pivots[i]; }
};
/// The addresses of matrices that lie `step` elements apart.
template <class T>
struct WriteAddresses {
  T* first;
  std::int64_t step;
  T** addresses;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { addresses[i] = first + i * step; }
};

/// How many of a row's elements are not finite.
template <class T>
struct CountNotFinite {
  std::int64_t n;
  const T* a;
  std::int32_t* counts;

  template <int, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const auto total = team.template fold<SumState<std::int32_t>>(n, [&](std::int64_t i) {
      const T v = a[r * n + i];
      return SumState<std::int32_t>{v - v == T(0) ? 0 : 1};
    });
    team.once([&] { counts[r] = total.sum; });
  }
};
/// 1 where there is no result: what was given was not finite, or the iteration did not end.
struct MarkFailed {
  const std::int32_t* not_finite;
  std::int32_t* info;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const { info[i] = not_finite[i] != 0 || info[i] != 0 ? 1 : 0; }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
