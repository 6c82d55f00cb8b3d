// SPDX-License-Identifier: BSD-3-Clause
// Tensors taken apart at given places, and PyTorch's other names for split.
#pragma once
#include <torchlite/ops/shape/split.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The parts between the given indices along dimension dim, with a slice's meaning of them.
///   x [a, n], {i, j}, 1 -> x[:, :i], x[:, i:j], x[:, j:]; views
template <tensor_like X>
std::vector<tensor_of<X>> tensor_split(const X& x_, const std::vector<std::int64_t>& indices, std::int64_t dim = 0,
                                       Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() > 0, "tensor_split: a tensor without dimensions cannot be split");
  const int axis = normalize_axis("tensor_split", dim, x.dim());
  std::vector<tensor_of<X>> parts;
  parts.reserve(indices.size() + 1);
  std::int64_t start = 0;
  for (std::int64_t end : indices) {
    parts.push_back(slice(x, axis, start, end, 1, site));
    start = end;
  }
  parts.push_back(slice(x, axis, start, x.sizes()[axis], 1, site));
  return parts;
}
/// `sections` parts along dimension dim whose lengths differ by at most one, the longer ones first.
///   x [7, b], 3 -> [3, b], [2, b], [2, b]; views
/// Throws ShapeError unless sections is positive.
template <tensor_like X>
std::vector<tensor_of<X>> tensor_split(const X& x_, std::int64_t sections, std::int64_t dim = 0, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() > 0, "tensor_split: a tensor without dimensions cannot be split");
  const std::int64_t n = x.sizes()[normalize_axis("tensor_split", dim, x.dim())];
  check<ShapeError>(sections > 0, "tensor_split: {} sections were asked for; there must be at least one", sections);
  std::vector<std::int64_t> indices;
  for (std::int64_t i = 1; i < sections; ++i) indices.push_back(i * (n / sections) + (i < n % sections ? i : n % sections));
  return tensor_split(x, indices, dim, site);
}
/// The same with the sections as a tensor without dimensions, or the indices as a vector.
template <tensor_like X, class D>
std::vector<tensor_of<X>> tensor_split(const X& x, const Tensor<std::int64_t, D>& indices_or_sections, std::int64_t dim = 0,
                                       Site site = Site::current()) {
  check<ShapeError>(indices_or_sections.dim() <= 1, "tensor_split: sections or indices of shape {}; they must be a number or a vector",
                    indices_or_sections.sizes().str());
  if (indices_or_sections.dim() == 0) return tensor_split(x, indices_or_sections.item(), dim, site);
  return tensor_split(x, indices_or_sections.to_vector(), dim, site);
}

namespace ops {
/// hsplit, vsplit and dsplit: what they need of x, and the dimension that they split.
template <class X, class I>
auto split_along(const char* op, const X& x, int lowest_rank, int axis, const I& indices_or_sections, Site site) {
  check<ShapeError>(x.dim() >= lowest_rank, "{}: a tensor of shape {} has too few dimensions; it needs at least {}", op, x.sizes().str(),
                    lowest_rank);
  if constexpr (std::is_integral_v<I>) {
    const std::int64_t n = x.sizes()[axis];
    check<ShapeError>(indices_or_sections > 0 && n % indices_or_sections == 0,
                      "{}: dimension {} of a tensor of shape {} is not divided evenly by {} sections", op, axis, x.sizes().str(),
                      indices_or_sections);
  }
  return tensor_split(x, indices_or_sections, axis, site);
}
}  // namespace ops

/// tensor_split along the second dimension, of a vector along the first; sections must divide it.
template <tensor_like X>
std::vector<tensor_of<X>> hsplit(const X& x_, std::int64_t sections, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return ops::split_along("hsplit", x, 1, x.dim() == 1 ? 0 : 1, sections, site);
}
template <tensor_like X>
std::vector<tensor_of<X>> hsplit(const X& x_, const std::vector<std::int64_t>& indices, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return ops::split_along("hsplit", x, 1, x.dim() == 1 ? 0 : 1, indices, site);
}
/// tensor_split along the first dimension of a tensor of at least two; sections must divide it.
template <tensor_like X>
std::vector<tensor_of<X>> vsplit(const X& x_, std::int64_t sections, Site site = Site::current()) {
  return ops::split_along("vsplit", eval(x_, site), 2, 0, sections, site);
}
template <tensor_like X>
std::vector<tensor_of<X>> vsplit(const X& x_, const std::vector<std::int64_t>& indices, Site site = Site::current()) {
  return ops::split_along("vsplit", eval(x_, site), 2, 0, indices, site);
}
/// tensor_split along the third dimension of a tensor of at least three; sections must divide it.
template <tensor_like X>
std::vector<tensor_of<X>> dsplit(const X& x_, std::int64_t sections, Site site = Site::current()) {
  return ops::split_along("dsplit", eval(x_, site), 3, 2, sections, site);
}
template <tensor_like X>
std::vector<tensor_of<X>> dsplit(const X& x_, const std::vector<std::int64_t>& indices, Site site = Site::current()) {
  return ops::split_along("dsplit", eval(x_, site), 3, 2, indices, site);
}

/// split into parts of given lengths.
template <tensor_like X>
std::vector<tensor_of<X>> split_with_sizes(const X& x, const std::vector<std::int64_t>& lengths, std::int64_t dim = 0,
                                           Site site = Site::current()) {
  return split(x, lengths, dim, site);
}

// PyTorch lets these results be modified in place without noticing; here that is noticed, as it is for split and chunk.
/// split.
template <tensor_like X>
std::vector<tensor_of<X>> unsafe_split(const X& x, std::int64_t size, std::int64_t dim = 0, Site site = Site::current()) {
  return split(x, size, dim, site);
}
/// split into parts of given lengths.
template <tensor_like X>
std::vector<tensor_of<X>> unsafe_split_with_sizes(const X& x, const std::vector<std::int64_t>& lengths, std::int64_t dim = 0,
                                                  Site site = Site::current()) {
  return split(x, lengths, dim, site);
}
/// chunk.
template <tensor_like X>
std::vector<tensor_of<X>> unsafe_chunk(const X& x, std::int64_t chunks, std::int64_t dim = 0, Site site = Site::current()) {
  return chunk(x, chunks, dim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
