// SPDX-License-Identifier: BSD-3-Clause
// Symmetric indefinite systems by cuSOLVER, one matrix after the other, with LAPACK's pivots of the lower triangle.
#pragma once
#include <torchlite/backend/cuda/linalg.cuh>

#if defined(TORCHLITE_WITH_CUSOLVER)
namespace torchlite::inline TORCHLITE_ABI::backend {

/// All matrices of a batch; pivots [count, n], info [count]. The upper triangles become zeros.
template <class T>
void ldl_factor(Cuda, std::int64_t count, std::int64_t n, T* a, std::int32_t* pivots, std::int32_t* info) {
  count_kernel("ldl_factor");
  cuda::clear(info, count * 4);
  if (count == 0 || n == 0) return;
  // Column-major our lower triangle would be the upper one, whose factors are others.
  const cuda::Scratch turned = cuda::scratch_for<T>(count * n * n);
  T* const t = static_cast<T*>(turned.data());
  cuda::transpose_matrices(t, static_cast<const T*>(a), count, n, n);
  for (std::int64_t i = 0; i < count; ++i) cuda::factor_ldl(static_cast<int>(n), t + i * n * n, pivots + i * n, info + i);
  cuda::transpose_matrices(a, static_cast<const T*>(t), count, n, n);
  cuda::launch_each("ldl_factor", cuda::ClearUpper<T>{n, a}, count * n * n);
}
/// b [count, n, k] becomes the solutions.
template <class T>
void ldl_solve(Cuda, std::int64_t count, std::int64_t n, std::int64_t k, const T* a, const std::int32_t* pivots, T* b) {
  count_kernel("ldl_solve");
  if (count == 0 || n == 0 || k == 0) return;
  const cuda::Scratch turned = cuda::scratch_for<T>(count * n * n), sides = cuda::scratch_for<T>(count * n * k),
                      wide = cuda::scratch_for<std::int64_t>(count * n), info = cuda::scratch_for<int>(1);
  T *const t = static_cast<T*>(turned.data()), *const x = static_cast<T*>(sides.data());
  auto* const numbers = static_cast<std::int64_t*>(wide.data());
  cuda::transpose_matrices(t, a, count, n, n);
  cuda::transpose_matrices(x, static_cast<const T*>(b), count, n, k);
  cuda::launch_each("ldl_solve", cuda::WidenPivots{pivots, numbers}, count * n);
  for (std::int64_t i = 0; i < count; ++i)
    cuda::solve_ldl(cuda::blas_type<T>, n, k, t + i * n * n, numbers + i * n, x + i * n * k, static_cast<int*>(info.data()));
  cuda::transpose_matrices(b, static_cast<const T*>(x), count, k, n);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
#endif
