// SPDX-License-Identifier: BSD-3-Clause
// Parts of a tensor along one dimension; nothing is copied.
#pragma once
#include <torchlite/ops/shape/record_view.hpp>
#include <torchlite/tensor/index.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
inline auto select_at(int axis, std::int64_t at) {
  return [axis, at](const auto& t) { return select(t, axis, at); };
}
inline auto slice_at(int axis, Slice s) {
  return [axis, s](const auto& t) { return slice(t, axis, s.start, s.stop, s.step); };
}
}  // namespace autograd

/// An index in [-n, n) as one in [0, n), n being size `dim` of sizes.
inline std::int64_t normalize_index(std::int64_t index, int dim, const Shape& sizes) {
  const std::int64_t n = sizes[dim];
  check<IndexError>(index >= -n && index < n, "index {} is out of range for dimension {} of a tensor of shape {}", index, dim, sizes.str());
  return index < 0 ? index + n : index;
}

/// x at one index of dimension dim, which disappears.
///   x [a, b, c], 1, i -> [a, c]
/// Throws IndexError unless -b <= i < b.
template <tensor_like X>
tensor_of<X> select(const X& x_, std::int64_t dim, std::int64_t index, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<IndexError>(x.dim() > 0, "select: a tensor without dimensions has no elements to select; use item()");
  const int axis = normalize_axis("select", dim, x.dim());
  const std::int64_t at = normalize_index(index, axis, x.sizes());
  Shape sizes = x.sizes(), strides = x.strides();
  sizes.erase(axis);
  strides.erase(axis);
  return autograd::record_view("select", site, x, sizes, strides, x.storage_offset() + at * x.strides()[axis],
                               autograd::embed_in("select_backward", x.sizes(), autograd::select_at(axis, at)));
}

/// start, stop and step of a slice of n elements, without negative or missing numbers.
inline Slice normalize_slice(const char* op, Slice s, std::int64_t n) {
  check<IndexError>(s.step > 0, "{}: step {} is not positive", op, s.step);
  const auto bound = [n](std::int64_t value, std::int64_t missing) {
    if (value == Slice::missing) return missing;
    if (value < 0) value += n;
    return value < 0 ? std::int64_t{0} : (value > n ? n : value);
  };
  s.start = bound(s.start, 0);
  s.stop = bound(s.stop, n);
  if (s.stop < s.start) s.stop = s.start;
  return s;
}

/// Every step-th element of x from start to before end along dimension dim, as Python's x[start:end:step].
///   x [a, b], 1, start, end, step -> [a, ceil((end - start) / step)]
template <tensor_like X>
tensor_of<X> slice(const X& x_, std::int64_t dim, Slice::Bound start = None, Slice::Bound end = None, std::int64_t step = 1,
                   Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<IndexError>(x.dim() > 0, "slice: a tensor without dimensions cannot be sliced");
  const int axis = normalize_axis("slice", dim, x.dim());
  const Slice s = normalize_slice("slice", Slice(start, end, step), x.sizes()[axis]);
  Shape sizes = x.sizes(), strides = x.strides();
  sizes[axis] = (s.stop - s.start + s.step - 1) / s.step;
  strides[axis] *= s.step;
  return autograd::record_view("slice", site, x, sizes, strides, x.storage_offset() + s.start * x.strides()[axis],
                               autograd::embed_in("slice_backward", x.sizes(), autograd::slice_at(axis, s)));
}

/// length elements of x along dimension dim, from start on.
///   x [a, b], 1, start, length -> [a, length]
/// Throws IndexError unless 0 <= start and start + length <= b; a negative start counts from the end.
template <tensor_like X>
tensor_of<X> narrow(const X& x_, std::int64_t dim, std::int64_t start, std::int64_t length, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<IndexError>(x.dim() > 0, "narrow: a tensor without dimensions cannot be narrowed");
  const int axis = normalize_axis("narrow", dim, x.dim());
  const std::int64_t n = x.sizes()[axis], first = start < 0 ? start + n : start;
  check<IndexError>(first >= 0 && length >= 0 && first <= n && length <= n - first,
                    "narrow: start {} and length {} are out of range for dimension {} of a tensor of shape {}", start, length, axis,
                    x.sizes().str());
  return slice(x, axis, first, first + length, 1, site);
}

/// The same with start as a tensor without dimensions.
template <tensor_like X, class D>
tensor_of<X> narrow(const X& x, std::int64_t dim, const Tensor<std::int64_t, D>& start, std::int64_t length, Site site = Site::current()) {
  check<IndexError>(start.dim() == 0, "narrow: start has shape {}; it must be a number or a tensor without dimensions",
                    start.sizes().str());
  return narrow(x, dim, start.item(), length, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
