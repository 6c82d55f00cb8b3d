// SPDX-License-Identifier: BSD-3-Clause
// A tensor taken apart along one dimension; the parts are views. One graph node stands for all parts.
#pragma once
#include <torchlite/ops/shape/cat.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Parts of the given lengths along dimension dim.
///   x [a, n], {n1, n2}, 1 -> [a, n1], [a, n2]
/// Throws ShapeError unless the lengths add up to the size of the dimension.
template <tensor_like X>
std::vector<tensor_of<X>> split(const X& x_, const std::vector<std::int64_t>& lengths, std::int64_t dim = 0, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() > 0, "split: a tensor without dimensions cannot be split");
  const int axis = normalize_axis("split", dim, x.dim());
  std::int64_t total = 0;
  for (std::int64_t length : lengths) {
    check<ShapeError>(length >= 0, "split: length {} is negative", length);
    total += length;
  }
  check<ShapeError>(total == x.sizes()[axis], "split: the lengths add up to {}, but dimension {} of a tensor of shape {} has {} elements",
                    total, axis, x.sizes().str(), x.sizes()[axis]);
  std::vector<Tensor<T, D>> parts;
  parts.reserve(lengths.size());
  std::int64_t start = 0;
  Shape sizes = x.sizes();
  for (std::int64_t length : lengths) {
    sizes[axis] = length;
    parts.push_back(view_of(x, sizes, x.strides(), x.storage_offset() + start * x.strides()[axis]));
    start += length;
  }
  if constexpr (differentiable<T>) {
    if (autograd::needed(x) && !parts.empty()) {
      parts = autograd::record("split", site, std::move(parts), autograd::inputs(x),
                               [own = x.sizes(), lengths, axis](const autograd::Pass&, std::vector<Tensor<T, D>>& gradients) {
                                 for (std::size_t i = 0; i < gradients.size(); ++i) {
                                   if (gradients[i].defined()) continue;
                                   Shape missing = own;
                                   missing[axis] = lengths[i];
                                   gradients[i] = empty<T, D>(missing);
                                   fill_elements(gradients[i], T{});
                                 }
                                 return cat(gradients, axis);
                               });
      for (auto& part : parts) part = autograd::mark_view(part);
    }
  }
  return parts;
}

/// Parts of `size` elements along dimension dim; the last one may be shorter.
///   x [7, b], 3, 0 -> [3, b], [3, b], [1, b]
template <tensor_like X>
std::vector<tensor_of<X>> split(const X& x_, std::int64_t size, std::int64_t dim = 0, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() > 0, "split: a tensor without dimensions cannot be split");
  const std::int64_t n = x.sizes()[normalize_axis("split", dim, x.dim())];
  check<ShapeError>(size > 0 || (size == 0 && n == 0), "split: parts of {} elements do not make up dimension {} of a tensor of shape {}",
                    size, dim, x.sizes().str());
  std::vector<std::int64_t> lengths;
  for (std::int64_t at = 0; at < n; at += size) lengths.push_back(n - at < size ? n - at : size);
  if (n == 0) lengths.push_back(0);
  return split(x, lengths, dim, site);
}

/// At most `chunks` parts of equal length along dimension dim; the last one may be shorter.
///   x [7, b], 3, 0 -> [3, b], [3, b], [1, b]
template <tensor_like X>
std::vector<tensor_of<X>> chunk(const X& x_, std::int64_t chunks, std::int64_t dim = 0, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(chunks > 0, "chunk: {} chunks were asked for; there must be at least one", chunks);
  check<ShapeError>(x.dim() > 0, "chunk: a tensor without dimensions cannot be split");
  const std::int64_t n = x.sizes()[normalize_axis("chunk", dim, x.dim())];
  if (n == 0) return split(x, std::vector<std::int64_t>(static_cast<std::size_t>(chunks), 0), dim, site);
  return split(x, (n + chunks - 1) / chunks, dim, site);
}

/// The tensors of which x is the stack along dimension dim.
///   x [n, a, b], 0 -> n times [a, b]
template <tensor_like X>
std::vector<tensor_of<X>> unbind(const X& x_, std::int64_t dim = 0, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() > 0, "unbind: a tensor without dimensions cannot be taken apart");
  const int axis = normalize_axis("unbind", dim, x.dim());
  Shape sizes = x.sizes(), strides = x.strides();
  sizes.erase(axis);
  strides.erase(axis);
  const std::int64_t n = x.sizes()[axis];
  std::vector<Tensor<T, D>> parts;
  parts.reserve(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) parts.push_back(view_of(x, sizes, strides, x.storage_offset() + i * x.strides()[axis]));
  if constexpr (differentiable<T>) {
    if (autograd::needed(x) && n > 0) {
      parts = autograd::record("unbind", site, std::move(parts), autograd::inputs(x),
                               [sizes, axis](const autograd::Pass&, std::vector<Tensor<T, D>>& gradients) {
                                 for (auto& g : gradients) {
                                   if (g.defined()) continue;
                                   g = empty<T, D>(sizes);
                                   fill_elements(g, T{});
                                 }
                                 return stack(gradients, axis);
                               });
      for (auto& part : parts) part = autograd::mark_view(part);
    }
  }
  return parts;
}

}  // namespace torchlite::inline TORCHLITE_ABI
