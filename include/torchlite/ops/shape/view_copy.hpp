// SPDX-License-Identifier: BSD-3-Clause
// Views as copies: each is the view of the same name, in memory of its own.
#pragma once
#include <torchlite/ops/shape/as_strided.hpp>
#include <torchlite/ops/shape/diagonal.hpp>
#include <torchlite/ops/shape/expand.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/split.hpp>
#include <torchlite/ops/shape/unfold.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x itself in memory of its own.
template <tensor_like X>
tensor_of<X> alias_copy(const X& x, Site site = Site::current()) {
  return clone(x, site);
}
/// x in memory of its own, without a graph.
template <tensor_like X>
tensor_of<X> detach_copy(const X& x, Site site = Site::current()) {
  return clone(eval(x, site).detach(), site);
}
/// t, copied.
template <tensor_like X>
tensor_of<X> t_copy(const X& x, Site site = Site::current()) {
  return clone(t(x, site), site);
}
/// transpose, copied.
template <tensor_like X>
tensor_of<X> transpose_copy(const X& x, std::int64_t dim0, std::int64_t dim1, Site site = Site::current()) {
  return clone(transpose(x, dim0, dim1, site), site);
}
/// permute, copied.
template <tensor_like X>
tensor_of<X> permute_copy(const X& x, const Shape& dims, Site site = Site::current()) {
  return clone(permute(x, dims, site), site);
}
/// view, copied.
template <tensor_like X>
tensor_of<X> view_copy(const X& x, const Shape& sizes, Site site = Site::current()) {
  return clone(view(x, sizes, site), site);
}
/// expand, copied: every repetition has memory of its own.
template <tensor_like X>
tensor_of<X> expand_copy(const X& x, const Shape& sizes, Site site = Site::current()) {
  return clone(expand(x, sizes, site), site);
}
/// squeeze, copied.
template <tensor_like X>
tensor_of<X> squeeze_copy(const X& x, Site site = Site::current()) {
  return clone(squeeze(x, site), site);
}
template <tensor_like X>
tensor_of<X> squeeze_copy(const X& x, std::int64_t dim, Site site = Site::current()) {
  return clone(squeeze(x, dim, site), site);
}
template <tensor_like X>
tensor_of<X> squeeze_copy(const X& x, const Shape& dims, Site site = Site::current()) {
  return clone(squeeze(x, dims, site), site);
}
/// unsqueeze, copied.
template <tensor_like X>
tensor_of<X> unsqueeze_copy(const X& x, std::int64_t dim, Site site = Site::current()) {
  return clone(unsqueeze(x, dim, site), site);
}
/// narrow, copied.
template <tensor_like X>
tensor_of<X> narrow_copy(const X& x, std::int64_t dim, std::int64_t start, std::int64_t length, Site site = Site::current()) {
  return clone(narrow(x, dim, start, length, site), site);
}
/// select, copied.
template <tensor_like X>
tensor_of<X> select_copy(const X& x, std::int64_t dim, std::int64_t index, Site site = Site::current()) {
  return clone(select(x, dim, index, site), site);
}
/// slice, copied.
template <tensor_like X>
tensor_of<X> slice_copy(const X& x, std::int64_t dim = 0, Slice::Bound start = None, Slice::Bound end = None, std::int64_t step = 1,
                        Site site = Site::current()) {
  return clone(slice(x, dim, start, end, step, site), site);
}
/// diagonal, copied.
template <tensor_like X>
tensor_of<X> diagonal_copy(const X& x, std::int64_t offset = 0, std::int64_t dim1 = 0, std::int64_t dim2 = 1, Site site = Site::current()) {
  return clone(diagonal(x, offset, dim1, dim2, site), site);
}
/// unfold, copied: overlapping windows have memory of their own.
template <tensor_like X>
tensor_of<X> unfold_copy(const X& x, std::int64_t dim, std::int64_t size, std::int64_t step, Site site = Site::current()) {
  return clone(unfold(x, dim, size, step, site), site);
}
/// as_strided, copied.
template <tensor_like X>
tensor_of<X> as_strided_copy(const X& x, const Shape& sizes, const Shape& strides, std::int64_t storage_offset,
                             Site site = Site::current()) {
  return clone(as_strided(x, sizes, strides, storage_offset, site), site);
}
template <tensor_like X>
tensor_of<X> as_strided_copy(const X& x, const Shape& sizes, const Shape& strides, Site site = Site::current()) {
  return clone(as_strided(x, sizes, strides, site), site);
}

namespace ops {
template <class T, class D>
std::vector<Tensor<T, D>> clones(std::vector<Tensor<T, D>> parts, Site site) {
  for (auto& part : parts) part = clone(part, site);
  return parts;
}
}  // namespace ops

/// split, each part copied.
template <tensor_like X>
std::vector<tensor_of<X>> split_copy(const X& x, std::int64_t size, std::int64_t dim = 0, Site site = Site::current()) {
  return ops::clones(split(x, size, dim, site), site);
}
/// split into parts of given lengths, each copied.
template <tensor_like X>
std::vector<tensor_of<X>> split_with_sizes_copy(const X& x, const std::vector<std::int64_t>& lengths, std::int64_t dim = 0,
                                                Site site = Site::current()) {
  return ops::clones(split(x, lengths, dim, site), site);
}
/// unbind, each part copied.
template <tensor_like X>
std::vector<tensor_of<X>> unbind_copy(const X& x, std::int64_t dim = 0, Site site = Site::current()) {
  return ops::clones(unbind(x, dim, site), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
