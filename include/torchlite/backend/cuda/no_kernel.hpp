// SPDX-License-Identifier: BSD-3-Clause
// Kernels that Cuda has by a library that was not found: whoever calls one is told which operation it was, and what to do.
#pragma once
#include <torchlite/backend/device.hpp>

#include <concepts>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

template <class D>
inline constexpr bool has_kernel = !std::same_as<D, Cuda>;

#if !defined(TORCHLITE_WITH_CUFFT)
template <std::same_as<Cuda> D, class... A>
std::int64_t fourier(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: fft needs cuFFT on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t fourier_real(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: rfft needs cuFFT on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t fourier_to_real(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: irfft needs cuFFT on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
#endif

#if !defined(TORCHLITE_WITH_CUSOLVER)
template <std::same_as<Cuda> D, class... A>
std::int64_t cholesky_factor(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: cholesky needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t lu_factor(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: lu_factor needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t lu_solve(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: solve needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t qr_factor(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: qr needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t form_qs(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: qr needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t reflect_batch(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: ormqr needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t svd_batch(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: svd needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t eigh_batch(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: eigh needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t ldl_factor(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: ldl_factor needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t ldl_solve(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: ldl_solve needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t eig(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: eig needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t invert_matrices(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: eig needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t matrix_exp(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: matrix_exp needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()");
  return 0;
}
#endif

}  // namespace torchlite::inline TORCHLITE_ABI::backend
