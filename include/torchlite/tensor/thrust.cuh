// SPDX-License-Identifier: BSD-3-Clause
// Tensors in Thrust's algorithms, and Thrust's vectors as tensors.
#pragma once
#include <torchlite/backend/cuda/thrust.cuh>
#include <torchlite/tensor/tensor.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Iterators over the elements of a tensor in row-major order. Writing through them is writing into the tensor, of which gradients
/// know nothing. Throws ShapeError if the elements do not lie one behind the other.
template <class T>
thrust::device_ptr<T> begin(const Tensor<T, Cuda>& x) {
  check<ShapeError>(x.is_contiguous(), "begin: a tensor of shape {} with strides {} is not contiguous; use x.contiguous()", x.sizes().str(),
                    x.strides().str());
  return thrust::device_ptr<T>(x.data());
}
template <class T>
thrust::device_ptr<T> end(const Tensor<T, Cuda>& x) {
  return begin(x) + x.numel();
}

/// A tensor over the elements of a thrust::device_vector, which must outlive it and keep its size.
template <class Vector>
  requires std::is_lvalue_reference_v<Vector&&>
auto view_of_vector(Vector&& v, const Shape& sizes) {
  using T = std::remove_cvref_t<decltype(*thrust::raw_pointer_cast(v.data()))>;
  check<ShapeError>(sizes.numel() == static_cast<std::int64_t>(v.size()), "view_of_vector: {} elements do not fill a tensor of shape {}",
                    v.size(), sizes.str());
  return Tensor<T, Cuda>::from_blob(thrust::raw_pointer_cast(v.data()), sizes);
}
template <class Vector>
  requires std::is_lvalue_reference_v<Vector&&>
auto view_of_vector(Vector&& v) { return view_of_vector(v, {static_cast<std::int64_t>(v.size())}); }

/// A tensor that owns what was a thrust::device_vector; nothing is copied.
template <class Vector>
  requires(!std::is_lvalue_reference_v<Vector&&>)
auto from_vector(Vector&& v, const Shape& sizes) {
  using T = std::remove_cvref_t<decltype(*thrust::raw_pointer_cast(v.data()))>;
  check<ShapeError>(sizes.numel() == static_cast<std::int64_t>(v.size()), "from_vector: {} elements do not fill a tensor of shape {}",
                    v.size(), sizes.str());
  auto owner = std::make_shared<std::remove_cvref_t<Vector>>(std::move(v));
  return Tensor<T, Cuda>::from_blob(thrust::raw_pointer_cast(owner->data()), sizes, [owner](T*) mutable { owner.reset(); });
}
template <class Vector>
  requires(!std::is_lvalue_reference_v<Vector&&>)
auto from_vector(Vector&& v) {
  const Shape sizes{static_cast<std::int64_t>(v.size())};
  return from_vector(std::move(v), sizes);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
