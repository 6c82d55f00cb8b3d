// SPDX-License-Identifier: BSD-3-Clause
// The Cholesky factorisation, by blocks. Follows Golub and Van Loan, Matrix Computations, 4.2.
#pragma once
#include <torchlite/backend/cpu/linalg/triangle.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Rows of a from i0 on, columns [k0, k1): what the rows of the diagonal block leave of them, and of those rows themselves.
/// Returns the number of the first pivot that is not positive, from 1, or 0.
template <class T>
std::int32_t cholesky_panel(std::int64_t n, std::int64_t k0, std::int64_t k1, T* a) {
  for (std::int64_t i = k0; i < n; ++i) {
    T* row = a + i * n;
    const std::int64_t end = i < k1 ? i : k1;
    for (std::int64_t j = k0; j < end; ++j) row[j] = (row[j] - inner_product(j - k0, a + j * n + k0, row + k0)) / a[j * n + j];
    if (i >= k1) continue;
    const auto pivot = real_part(row[i] - inner_product(i - k0, row + k0, row + k0));
    if (!(pivot > 0)) return static_cast<std::int32_t>(i + 1);
    row[i] = T(std::sqrt(pivot));
  }
  return 0;
}

/// The lower triangle of a dense symmetric matrix becomes L with a = L L^T; the upper one is scratch. Stops at the first leading
/// minor that is not positive and returns its order, else 0.
template <class T>
std::int32_t cholesky_one(std::int64_t n, T* a) {
  constexpr std::int64_t block = 48;
  std::vector<T> adjoint;
  for (std::int64_t k0 = 0; k0 < n; k0 += block) {
    const std::int64_t k1 = k0 + block < n ? k0 + block : n;
    if (const std::int32_t info = cholesky_panel(n, k0, k1, a)) return info;
    // The rest less the product of the panel with its adjoint, a band of rows at a time: half of it is never needed.
    const std::int64_t depth = k1 - k0;
    if (k1 < n) {
      adjoint.resize(static_cast<std::size_t>((n - k1) * depth));
      for (std::int64_t i = k1; i < n; ++i)
        for (std::int64_t j = 0; j < depth; ++j) adjoint[static_cast<std::size_t>(j * (n - k1) + i - k1)] = conj_of(a[i * n + k0 + j]);
    }
    constexpr std::int64_t band = 192;
    for (std::int64_t i0 = k1; i0 < n; i0 += band) {
      const std::int64_t i1 = i0 + band < n ? i0 + band : n;
      subtract_product(i1 - i0, i1 - k1, depth, a + i0 * n + k0, n, std::int64_t{1}, adjoint.data(), n - k1, std::int64_t{1},
                       a + i0 * n + k1, n, std::int64_t{1});
    }
  }
  return 0;
}

/// All matrices of a batch; info [count].
template <class T>
void cholesky_factor(Cpu, std::int64_t count, std::int64_t n, T* a, std::int32_t* info) {
  parallel_for(count, linalg_grain(n * n * n), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      T* one = a + i * n * n;
      info[i] = cholesky_one(n, one);
      for (std::int64_t r = 0; r < n; ++r)
        for (std::int64_t c = r + 1; c < n; ++c) one[r * n + c] = T(0);
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
