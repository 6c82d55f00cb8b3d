// SPDX-License-Identifier: BSD-3-Clause
// The same elements in the same order with other sizes.
#pragma once
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/record_view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Replaces a -1 in target by the size that is left over; throws ShapeError if target does not take numel(sizes) elements.
inline Shape infer_sizes(const char* op, const Shape& sizes, const Shape& target) {
  Shape out = target;
  int open = -1;
  std::int64_t known = 1;
  const std::int64_t numel = sizes.numel();
  for (int d = 0; d < target.rank(); ++d) {
    if (target[d] == -1) {
      check<ShapeError>(open < 0, "{}: {} has more than one -1; only one size can be inferred", op, target.str());
      open = d;
    } else {
      check<ShapeError>(target[d] >= 0, "{}: size {} in {} is negative", op, target[d], target.str());
      check<ShapeError>(!__builtin_mul_overflow(known, target[d], &known), "{}: {} has more elements than 63 bits count", op, target.str());
    }
  }
  if (open >= 0) {
    check<ShapeError>(known > 0, "{}: the -1 in {} could be any size, since another size is 0", op, target.str());
    check<ShapeError>(numel % known == 0, "{}: a tensor of shape {} has {} elements, which {} cannot divide into {} each", op, sizes.str(),
                      numel, target.str(), known);
    out[open] = numel / known;
    return out;
  }
  check<ShapeError>(known == numel, "{}: a tensor of shape {} has {} elements, {} needs {}", op, sizes.str(), numel, target.str(), known);
  return out;
}

/// The strides with which memory of given sizes and strides is read in the same order as `target`; false if there are none.
inline bool view_strides(const Shape& sizes, const Shape& strides, const Shape& target, Shape& out) {
  out = contiguous_strides(target);
  if (sizes.numel() == 0 || is_contiguous(sizes, strides)) return true;
  // Runs of dimensions that lie densely behind each other are cut anew, from the last one on.
  int t = target.rank() - 1;
  for (int d = sizes.rank() - 1; d >= 0;) {
    std::int64_t step = strides[d], run = sizes[d];
    for (--d; d >= 0 && (sizes[d] == 1 || run == 1 || strides[d] == run * step); --d) {
      if (run == 1) step = strides[d];
      run *= sizes[d];
    }
    std::int64_t filled = 1;
    for (; t >= 0 && (filled < run || target[t] == 1); --t) {
      out[t] = filled * step;
      filled *= target[t];
    }
    if (filled != run) return false;
  }
  return true;
}

namespace autograd {
inline auto reshape_to(const Shape& sizes) {
  return [sizes](const Pass&, const auto& g) { return reshape(g, sizes); };
}
}  // namespace autograd

/// The elements of x, in row-major order, with other sizes; shares memory.
///   x [...] -> sizes, of which one may be -1: what is left over
/// Throws ShapeError if the number of elements differs or the layout of x does not allow it without a copy.
template <tensor_like X>
tensor_of<X> view(const X& x_, const Shape& sizes, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const Shape target = infer_sizes("view", x.sizes(), sizes);
  Shape strides;
  check<ShapeError>(view_strides(x.sizes(), x.strides(), target, strides),
                    "view: a tensor of shape {} with strides {} cannot be seen as {} without a copy; use reshape", x.sizes().str(),
                    x.strides().str(), target.str());
  return autograd::record_view("view", site, x, target, strides, x.storage_offset(), autograd::reshape_to(x.sizes()));
}

/// The elements of x, in row-major order, with other sizes; shares memory if the layout allows it.
///   x [...] -> sizes, of which one may be -1: what is left over
template <tensor_like X>
tensor_of<X> reshape(const X& x_, const Shape& sizes, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const Shape target = infer_sizes("reshape", x.sizes(), sizes);
  if (target == x.sizes()) return x;
  Shape strides;
  if (view_strides(x.sizes(), x.strides(), target, strides)) return view(x, target, site);
  return view(clone(x, site), target, site);
}

/// x with the sizes of another tensor; shares memory.
template <tensor_like X, tensor_like B>
tensor_of<X> view_as(const X& x, const B& other, Site site = Site::current()) {
  return view(x, eval(other, site).sizes(), site);
}
/// x with the sizes of another tensor; shares memory if the layout allows it.
template <tensor_like X, tensor_like B>
tensor_of<X> reshape_as(const X& x, const B& other, Site site = Site::current()) {
  return reshape(x, eval(other, site).sizes(), site);
}

/// Dimensions start_dim to end_dim, inclusive, as one.
///   x [a, b, c, d], 1, 2 -> [a, b * c, d]
template <tensor_like X>
tensor_of<X> flatten(const X& x_, std::int64_t start_dim = 0, std::int64_t end_dim = -1, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int first = normalize_axis("flatten", start_dim, x.dim()), last = normalize_axis("flatten", end_dim, x.dim());
  check<ShapeError>(first <= last, "flatten: start_dim {} comes after end_dim {} for a tensor of shape {}", start_dim, end_dim,
                    x.sizes().str());
  if (x.dim() == 0) return reshape(x, {1}, site);
  Shape sizes;
  for (int d = 0; d < x.dim(); ++d) {
    if (d <= first || d > last) sizes.push_back(x.sizes()[d]);
    else sizes.back() *= x.sizes()[d];
  }
  return reshape(x, sizes, site);
}

/// All elements in row-major order as a vector; shares memory if the layout allows it.
///   x [a, b, c] -> [a * b * c]
template <tensor_like X>
tensor_of<X> ravel(const X& x, Site site = Site::current()) {
  return reshape(x, {-1}, site);
}

/// Dimension dim as several.
///   x [a, b * c], 1, {b, c} -> [a, b, c]; one of the new sizes may be -1
template <tensor_like X>
tensor_of<X> unflatten(const X& x_, std::int64_t dim, const Shape& sizes, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int axis = normalize_axis("unflatten", dim, x.dim());
  check<ShapeError>(x.dim() > 0 && !sizes.empty(), "unflatten: shape {} cannot be split into {}", x.sizes().str(), sizes.str());
  const Shape parts = infer_sizes("unflatten", {x.sizes()[axis]}, sizes);
  Shape target(x.sizes().begin(), x.sizes().begin() + axis);
  for (std::int64_t s : parts) target.push_back(s);
  for (int d = axis + 1; d < x.dim(); ++d) target.push_back(x.sizes()[d]);
  return view(x, target, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
