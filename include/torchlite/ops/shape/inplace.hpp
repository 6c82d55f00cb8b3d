// SPDX-License-Identifier: BSD-3-Clause
// Tensors that are looked at differently in place: the handle, and every copy of it, becomes another view of its memory.
#pragma once
#include <torchlite/ops/shape/as_strided.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
/// Makes x what view, a view of x, is. What was saved of x for backward counts as modified.
template <class T, class D>
const Tensor<T, D>& become(const char* op, const Tensor<T, D>& x, const Tensor<T, D>& view) {
  TensorImpl& impl = x.impl();
  const TensorImpl& other = view.impl();
  check<Error>(!needed(x) || (find_gradient(impl) != nullptr && find_gradient(impl)->node),
               "{}: a leaf that requires a gradient cannot be modified in place while gradients are recorded; use a NoGradGuard", op);
  impl.offset = other.offset;
  impl.sizes = other.sizes;
  impl.strides = other.strides;
  impl.numel = other.numel;
  impl.contiguous = other.contiguous;
  ++impl.storage->version;
  if (const Gradient* g = find_gradient(other); g != nullptr && g->node) {
    set_history(impl, g->node, g->slot);
    gradient_of(impl).view_version = impl.storage->version;
  }
  return x;
}
}  // namespace autograd

/// transpose in place.
template <class T, class D>
const Tensor<T, D>& transpose_(const Tensor<T, D>& x, std::int64_t dim0, std::int64_t dim1, Site site = Site::current()) {
  return autograd::become("transpose_", x, transpose(x, dim0, dim1, site));
}
template <class T, class D>
const Tensor<T, D>& swapdims_(const Tensor<T, D>& x, std::int64_t dim0, std::int64_t dim1, Site site = Site::current()) {
  return autograd::become("swapdims_", x, transpose(x, dim0, dim1, site));
}
template <class T, class D>
const Tensor<T, D>& swapaxes_(const Tensor<T, D>& x, std::int64_t axis0, std::int64_t axis1, Site site = Site::current()) {
  return autograd::become("swapaxes_", x, transpose(x, axis0, axis1, site));
}
/// t in place.
template <class T, class D>
const Tensor<T, D>& t_(const Tensor<T, D>& x, Site site = Site::current()) {
  return autograd::become("t_", x, t(x, site));
}
/// squeeze in place.
template <class T, class D>
const Tensor<T, D>& squeeze_(const Tensor<T, D>& x, Site site = Site::current()) {
  return autograd::become("squeeze_", x, squeeze(x, site));
}
template <class T, class D>
const Tensor<T, D>& squeeze_(const Tensor<T, D>& x, std::int64_t dim, Site site = Site::current()) {
  return autograd::become("squeeze_", x, squeeze(x, dim, site));
}
template <class T, class D>
const Tensor<T, D>& squeeze_(const Tensor<T, D>& x, const Shape& dims, Site site = Site::current()) {
  return autograd::become("squeeze_", x, squeeze(x, dims, site));
}
/// unsqueeze in place.
template <class T, class D>
const Tensor<T, D>& unsqueeze_(const Tensor<T, D>& x, std::int64_t dim, Site site = Site::current()) {
  return autograd::become("unsqueeze_", x, unsqueeze(x, dim, site));
}
/// as_strided in place.
template <class T, class D>
const Tensor<T, D>& as_strided_(const Tensor<T, D>& x, const Shape& sizes, const Shape& strides, std::int64_t storage_offset,
                                Site site = Site::current()) {
  return autograd::become("as_strided_", x, as_strided(x, sizes, strides, storage_offset, site));
}
template <class T, class D>
const Tensor<T, D>& as_strided_(const Tensor<T, D>& x, const Shape& sizes, const Shape& strides, Site site = Site::current()) {
  return autograd::become("as_strided_", x, as_strided(x, sizes, strides, site));
}

}  // namespace torchlite::inline TORCHLITE_ABI
