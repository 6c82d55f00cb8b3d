// SPDX-License-Identifier: BSD-3-Clause
// Eigenvalues and eigenvectors of general matrices by cuSOLVER, and inverses of complex matrices by cuBLAS; in double for every dtype, as on
// the Cpu.
#pragma once
#include <torchlite/backend/cuda/eig_element.hpp>
#include <torchlite/backend/cuda/linalg.cuh>

#if defined(TORCHLITE_WITH_CUSOLVER)
namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {
/// The number of the first mark that is not 0, or -1; the host waits for it.
inline std::int64_t first_marked(const std::int32_t* marks, std::int64_t count) {
  std::vector<std::int32_t> host(static_cast<std::size_t>(count));
  copy_to_host(Cuda{}, host.data(), marks, host.size() * sizeof(std::int32_t));
  for (std::int64_t i = 0; i < count; ++i)
    if (host[static_cast<std::size_t>(i)] != 0) return i;
  return -1;
}
}  // namespace cuda

/// Of each of `count` dense matrices a [n, n]: eigenvalues [n], and, if vectors is not null, eigenvectors [n, n] in columns. Returns the
/// number of the first matrix that has infinities or NaNs, or for which the steps do not converge, or -1. The host waits for that.
template <class T>
std::int64_t eig(Cuda, std::int64_t count, std::int64_t n, const T* a, complex_t<T>* values, complex_t<T>* vectors) {
#if CUSOLVER_VERSION >= 11701
  using R = real_t<T>;
  using Z = math::DeviceComplex<double>;
  using Wide = std::conditional_t<complex_number<T>, Z, double>;
  using Own = cuda::on_device_t<T>;
  count_kernel("eig");
  const cuda::Scratch widened = cuda::scratch_for<Wide>(count * n * n), vector_room = cuda::scratch_for<Wide>(vectors ? count * n * n : 1),
                      value_room = cuda::scratch_for<Z>(count * n), marks = cuda::scratch_for<std::int32_t>(count);
  Wide *const t = static_cast<Wide*>(widened.data()), *const v = static_cast<Wide*>(vector_room.data());
  Z* const w = static_cast<Z*>(value_room.data());
  auto* const info = static_cast<std::int32_t*>(marks.data());
  // A complex number is finite if its parts are.
  constexpr std::int64_t parts = complex_number<T> ? 2 : 1;
  cuda::launch_rows_by<cuda::warp_threads, 1>("eig", cuda::CountNotFinite<R>{parts * n * n, reinterpret_cast<const R*>(a), info}, count);
  const std::int64_t wrong = cuda::first_marked(info, count);
  if (wrong >= 0) return wrong;
  cuda::launch_each("eig", cuda::WidenTurned<Wide, Own>{n, reinterpret_cast<const Own*>(a), t}, count * n * n);
  for (std::int64_t i = 0; i < count; ++i)
    cuda::eigen_general(complex_number<T> ? CUDA_C_64F : CUDA_R_64F, CUDA_C_64F, n, t + i * n * n, w + i * n,
                        vectors ? v + i * n * n : nullptr, info + i);
  using Out = math::DeviceComplex<R>;
  cuda::launch_each("eig", cuda::ConvertNumbers<Out, Z>{w, reinterpret_cast<Out*>(values)}, count * n);
  if (vectors) cuda::launch_each("eig", cuda::FinishEigenvector<Wide, R>{n, w, v, reinterpret_cast<Out*>(vectors)}, count * n);
  return cuda::first_marked(info, count);
#else
  static_assert(sizeof(T) == 0, "torchlite: eig on Cuda needs cuSOLVER 11.7.1 (CUDA 12.6.2) or later; move the tensor with to<Cpu>()");
#endif
}

/// The inverses of `count` dense complex matrices. A singular one gives infinities and NaNs.
template <class C>
void invert_matrices(Cuda, std::int64_t count, std::int64_t n, const C* a, C* b) {
  using Z = math::DeviceComplex<double>;
  using Own = cuda::on_device_t<C>;
  count_kernel("invert_matrices");
  if (count == 0 || n == 0) return;
  const cuda::Scratch factor_room = cuda::scratch_for<Z>(count * n * n), inverse_room = cuda::scratch_for<Z>(count * n * n),
                      marks = cuda::scratch_for<std::int32_t>(count);
  Z *const f = static_cast<Z*>(factor_room.data()), *const inverse = static_cast<Z*>(inverse_room.data());
  auto* const info = static_cast<std::int32_t*>(marks.data());
  // Column-major these are the transposed matrices, and so are their inverses.
  cuda::launch_each("invert_matrices", cuda::ConvertNumbers<Z, Own>{reinterpret_cast<const Own*>(a), f}, count * n * n);
  if (n <= cuda::solver_batch_limit) {
    const cuda::Scratch pivots = cuda::scratch_for<int>(count * n);
    const cuda::Addresses<cuDoubleComplex> from(reinterpret_cast<cuDoubleComplex*>(f), count, n * n),
        to(reinterpret_cast<cuDoubleComplex*>(inverse), count, n * n);
    int* const order = static_cast<int*>(pivots.data());
    const int size = static_cast<int>(n), matrices = static_cast<int>(count);
    cuda::check_status(cublasZgetrfBatched(cuda::BlasHandle::current(), size, from.data(), size, order, info, matrices),
                       "cublasZgetrfBatched");
    cuda::check_status(cublasZgetriBatched(cuda::BlasHandle::current(), size, from.data(), size, order, to.data(), size, info, matrices),
                       "cublasZgetriBatched");
  } else {
    const cuda::Scratch pivots = cuda::scratch_for<std::int64_t>(n);
    auto* const order = static_cast<std::int64_t*>(pivots.data());
    cuda::launch_each("invert_matrices", cuda::WriteIdentities<Z>{n, n, inverse}, count * n * n);
    for (std::int64_t i = 0; i < count; ++i) {
      cuda::factor_lu(CUDA_C_64F, n, n, f + i * n * n, order, info + i);
      cuda::solve_lu(CUDA_C_64F, false, n, n, f + i * n * n, order, inverse + i * n * n, info + i);
    }
  }
  cuda::launch_each("invert_matrices", cuda::ConvertNumbers<Own, Z>{inverse, reinterpret_cast<Own*>(b)}, count * n * n);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
#endif
