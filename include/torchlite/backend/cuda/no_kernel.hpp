// SPDX-License-Identifier: BSD-3-Clause
// Kernels that Cuda does not have yet: whoever calls one is told which operation it was, and what to do. A device kernel takes the place of
// its line here.
#pragma once
#include <torchlite/backend/device.hpp>

#include <concepts>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

template <class D>
inline constexpr bool has_kernel = !std::same_as<D, Cuda>;

template <std::same_as<Cuda> D, class... A>
std::int64_t cholesky_factor(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: cholesky has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t ldl_factor(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: ldl_factor has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t ldl_solve(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: ldl_solve has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t lu_factor(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: lu_factor has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t lu_solve(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: solve has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t lu_det(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: det has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t lu_logdet(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: slogdet has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t qr_factor(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: qr has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t form_qs(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: qr has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t reflect_batch(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: ormqr has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t svd_batch(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: svd has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t eigh_batch(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: eigh has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t eig(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: eig has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t invert_matrices(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: eig has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t solve_triangles(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: solve_triangular has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t matrix_exp(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: matrix_exp has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t pair_distances(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: cdist has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t pair_distance_gradient(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: cdist has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t fourier(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: fft has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t fourier_real(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: rfft has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t fourier_to_real(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: irfft has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t histogram(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: histogram has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t value_range(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: histogram has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t bincount(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: bincount has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t grid_places(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: grid_sample has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t grid_indices(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: grid_sample has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t weighted_taps_forward(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: grid_sample has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t weighted_taps_backward_input(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: grid_sample has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t weighted_taps_backward_weight(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: grid_sample has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t ctc_loss_forward(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: ctc_loss has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t ctc_loss_backward(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: ctc_loss has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t multilabel_margin_loss(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: multilabel_margin_loss has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t sum_bags(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: embedding_bag has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t largest_in_bags(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: embedding_bag has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <bool, std::same_as<Cuda> D, class... A>
std::int64_t segment_extreme(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: segment_reduce has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}
template <std::same_as<Cuda> D, class... A>
std::int64_t window_sum(D, const A&...) {
  static_assert(has_kernel<D>, "torchlite: local_response_norm has no Cuda kernel yet; move the tensor with to<Cpu>()");
  return 0;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
