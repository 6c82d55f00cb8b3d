// SPDX-License-Identifier: BSD-3-Clause
// In-place forms of the operations with indices. While gradients are recorded each is the operation of the same name without _,
// written back; else only the elements that the index names are touched.
#pragma once
#include <torchlite/ops/index/masked_scatter.hpp>
#include <torchlite/ops/index/scatter_reduce.hpp>
#include <torchlite/ops/index/take.hpp>
#include <torchlite/ops/shape/as_strided.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace indexing {
/// x for an operation that keeps its operand for backward and is then written back over it: a copy while gradients are recorded.
template <class T, class D, operand S>
Tensor<T, D> kept(const Tensor<T, D>& x, const S& source, Site site) {
  bool recorded = autograd::needed(x);
  if constexpr (tensor_like<S>) recorded = recorded || autograd::needed(eval(source, site));
  return recorded ? clone(x, site) : x;
}
}  // namespace indexing

/// index_add in place.
template <class T, class D, tensor_like I, tensor_like S>
const Tensor<T, D>& index_add_(const Tensor<T, D>& x, std::int64_t dim, const I& index, const S& source, double alpha = 1,
                               Site site = Site::current()) {
  const Tensor<T, D>& given = eval(source, site);
  const auto plan = indexing::slices("index_add_", x.sizes(), dim, indexing::numbers("index_add_", index));
  Tensor<T, D> values = indexing::slice_values("index_add_", x.sizes(), plan, given, site);
  if (alpha != 1) values = mul(values, static_cast<T>(alpha)).eval(site);
  indexing::put_<T, D>("index_add_", x, plan, values, true, site);
  return x;
}

/// index_copy in place.
template <class T, class D, tensor_like I, tensor_like S>
const Tensor<T, D>& index_copy_(const Tensor<T, D>& x, std::int64_t dim, const I& index, const S& source, Site site = Site::current()) {
  const Tensor<T, D>& given = eval(source, site);
  const auto plan = indexing::slices("index_copy_", x.sizes(), dim, indexing::numbers("index_copy_", index));
  indexing::put_<T, D>("index_copy_", x, plan, indexing::slice_values("index_copy_", x.sizes(), plan, given, site), false, site);
  return x;
}

/// index_fill in place, by a number or a tensor without dimensions.
template <class T, class D, tensor_like I, scalar S>
const Tensor<T, D>& index_fill_(const Tensor<T, D>& x, std::int64_t dim, const I& index, S value, Site site = Site::current()) {
  const auto plan = indexing::slices("index_fill_", x.sizes(), dim, indexing::numbers("index_fill_", index), true);
  indexing::put_<T, D>("index_fill_", x, plan, indexing::constant<T, D>(plan, static_cast<T>(value)), false, site);
  return x;
}
template <class T, class D, tensor_like I, tensor_like V>
const Tensor<T, D>& index_fill_(const Tensor<T, D>& x, std::int64_t dim, const I& index, const V& value, Site site = Site::current()) {
  return x.copy_(index_fill(x, dim, index, value, site), site);
}

/// index_reduce in place.
template <class T, class D, tensor_like I, tensor_like S>
const Tensor<T, D>& index_reduce_(const Tensor<T, D>& x, std::int64_t dim, const I& index, const S& source, std::string_view reduce,
                                  bool include_self = true, Site site = Site::current()) {
  return x.copy_(index_reduce(indexing::kept(x, source, site), dim, index, source, reduce, include_self, site), site);
}

/// scatter in place, of a tensor or a number.
template <class T, class D, tensor_like I, tensor_like S>
const Tensor<T, D>& scatter_(const Tensor<T, D>& x, std::int64_t dim, const I& index_, const S& src_, Site site = Site::current()) {
  const auto index = indexing::numbers("scatter_", index_);
  const auto plan = indexing::along("scatter_", x.sizes(), dim, index);
  const Tensor<T, D>& src = eval(src_, site);
  indexing::put_<T, D>("scatter_", x, plan, indexing::first_part("scatter_", src, index.sizes(), site), false, site);
  return x;
}
template <class T, class D, tensor_like I, scalar S>
const Tensor<T, D>& scatter_(const Tensor<T, D>& x, std::int64_t dim, const I& index_, S value, Site site = Site::current()) {
  const auto index = indexing::numbers("scatter_", index_);
  const auto plan = indexing::along("scatter_", x.sizes(), dim, index);
  indexing::put_<T, D>("scatter_", x, plan, indexing::constant<T, D>(plan, static_cast<T>(value)), false, site);
  return x;
}
/// scatter in place that adds ("add") or multiplies ("multiply").
template <class T, class D, tensor_like I, operand S>
const Tensor<T, D>& scatter_(const Tensor<T, D>& x, std::int64_t dim, const I& index, const S& src, std::string_view reduce,
                             Site site = Site::current()) {
  return x.copy_(scatter(indexing::kept(x, src, site), dim, index, src, reduce, site), site);
}

/// scatter_add in place.
template <class T, class D, tensor_like I, tensor_like S>
const Tensor<T, D>& scatter_add_(const Tensor<T, D>& x, std::int64_t dim, const I& index_, const S& src_, Site site = Site::current()) {
  const auto index = indexing::numbers("scatter_add_", index_);
  const auto plan = indexing::along("scatter_add_", x.sizes(), dim, index);
  const Tensor<T, D>& src = eval(src_, site);
  indexing::put_<T, D>("scatter_add_", x, plan, indexing::first_part("scatter_add_", src, index.sizes(), site), true, site);
  return x;
}

/// scatter_reduce in place.
template <class T, class D, tensor_like I, tensor_like S>
const Tensor<T, D>& scatter_reduce_(const Tensor<T, D>& x, std::int64_t dim, const I& index, const S& src, std::string_view reduce,
                                    bool include_self = true, Site site = Site::current()) {
  return x.copy_(scatter_reduce(indexing::kept(x, src, site), dim, index, src, reduce, include_self, site), site);
}

/// masked_fill in place, by a number or a tensor without dimensions. The mask broadcasts to x.
template <class T, class D, tensor_like M, operand V>
const Tensor<T, D>& masked_fill_(const Tensor<T, D>& x, const M& mask, const V& value, Site site = Site::current()) {
  if constexpr (tensor_like<V>)
    check<ShapeError>(eval(value, site).dim() == 0, "masked_fill_: a value of shape {}; it must be a number or a tensor without dimensions",
                      eval(value, site).sizes().str());
  return x.masked_fill_(mask, value);
}

/// masked_scatter in place. The mask broadcasts to x.
template <class T, class D, tensor_like M, tensor_like S>
const Tensor<T, D>& masked_scatter_(const Tensor<T, D>& x, const M& mask, const S& source, Site site = Site::current()) {
  return x.copy_(masked_scatter(x, mask, source, site), site);
}

/// put in place.
template <class T, class D, tensor_like I, tensor_like S>
const Tensor<T, D>& put_(const Tensor<T, D>& x, const I& index_, const S& source_, bool accumulate = false, Site site = Site::current()) {
  if (!x.is_contiguous()) return x.copy_(put(x, index_, source_, accumulate, site), site);
  const auto index = indexing::numbers("put_", index_);
  const Tensor<T, D>& source = eval(source_, site);
  check<ShapeError>(index.numel() == source.numel(), "put_: an index of shape {} for a source of shape {}; both must have as many elements",
                    index.sizes().str(), source.sizes().str());
  const auto plan = indexing::flat("put_", x.sizes(), index);
  indexing::put_<T, D>("put_", view(x, {x.numel()}, site), plan, reshape(source, index.sizes(), site), accumulate, site);
  return x;
}

/// A value on the main diagonal: of a matrix, or of a tensor all of whose sizes are equal. With wrap the diagonal of a tall
/// matrix starts again below its end, one row left free.
/// Throws ShapeError for a vector, or if a tensor of more than two dimensions has different sizes.
template <class T, class D, scalar S>
const Tensor<T, D>& fill_diagonal_(const Tensor<T, D>& x, S value, bool wrap = false, Site site = Site::current()) {
  check<ShapeError>(x.dim() >= 2, "fill_diagonal_: a tensor of shape {} has no diagonal; it needs at least 2 dimensions", x.sizes().str());
  std::int64_t shortest = x.sizes()[0], step = 0;
  for (int d = 0; d < x.dim(); ++d) {
    check<ShapeError>(x.dim() == 2 || x.sizes()[d] == x.sizes()[0],
                      "fill_diagonal_: a tensor of shape {} has different sizes; with more than 2 dimensions all must be equal",
                      x.sizes().str());
    shortest = x.sizes()[d] < shortest ? x.sizes()[d] : shortest;
    step += x.strides()[d];
  }
  const auto fill = [&](std::int64_t first, std::int64_t length) {
    as_strided(x, {length}, {step}, x.storage_offset() + first, site).fill_(static_cast<T>(value));
  };
  if (x.numel() == 0) return x;
  fill(0, shortest);
  if (!wrap || x.dim() != 2) return x;
  const std::int64_t rows = x.sizes()[0], columns = x.sizes()[1];
  for (std::int64_t row = columns + 1; row < rows; row += columns + 1)
    fill(row * x.strides()[0], rows - row < columns ? rows - row : columns);
  return x;
}

}  // namespace torchlite::inline TORCHLITE_ABI
