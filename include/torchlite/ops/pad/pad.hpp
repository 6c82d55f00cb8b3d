// SPDX-License-Identifier: BSD-3-Clause
// Elements added around a tensor, or with negative numbers taken away.
#pragma once
#include <torchlite/ops/resample/axis_map.hpp>
#include <torchlite/ops/shape/slice.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// What stands in the padding: a constant; the elements inside mirrored at the edge, which is not repeated; the edge; the elements
/// of the other end.
enum class PadMode { constant, reflect, replicate, circular };

/// The result's sizes and the padding as (before, after) from the last dimension on, checked.
inline Shape padded_sizes(const char* op, const Shape& x, const Shape& pad) {
  check<ShapeError>(pad.rank() % 2 == 0 && pad.rank() <= 2 * x.rank(),
                    "{}: padding {} for an input of shape {}; it needs two numbers for each dimension, last dimension first, and at most "
                    "all of them",
                    op, pad.str(), x.str());
  Shape sizes = x;
  for (int i = 0; i < pad.rank() / 2; ++i) {
    std::int64_t& size = sizes[x.rank() - 1 - i];
    size += pad[2 * i] + pad[2 * i + 1];
    check<ShapeError>(size >= 0, "{}: padding {} takes away more than there is of an input of shape {}", op, pad.str(), x.str());
  }
  return sizes;
}

/// x in a frame of one value: pad[0] elements before and pad[1] after the last dimension, pad[2] and pad[3] around the one before, ...
///   x [a, b], {1, 2, 3, 4} -> [a + 7, b + 3]; negative numbers take away
/// Throws ShapeError if pad has an odd number of entries, or takes away more than there is.
template <tensor_like X>
tensor_of<X> constant_pad_nd(const X& x_, const Shape& pad, value_t<X> value = {}, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  const Shape sizes = padded_sizes("constant_pad_nd", x.sizes(), pad);
  for (int i = 0; i < pad.rank(); ++i)
    check<ShapeError>(pad[i] >= -x.sizes()[x.dim() - 1 - i / 2],
                      "constant_pad_nd: padding {} takes away more than there is of an input of shape {}", pad.str(), x.sizes().str());
  Tensor<T, D> y = empty<T, D>(sizes);
  fill_elements(y, value);
  // The part of x that stays, as a view of x and as one of the result.
  Shape part = x.sizes();
  std::int64_t from = x.storage_offset(), to = 0;
  for (int i = 0; i < pad.rank() / 2; ++i) {
    const int d = x.dim() - 1 - i;
    const std::int64_t before = pad[2 * i], after = pad[2 * i + 1];
    part[d] += (before < 0 ? before : 0) + (after < 0 ? after : 0);
    if (part[d] < 0) part[d] = 0;
    if (before < 0) from -= before * x.strides()[d];
    else to += before * y.strides()[d];
  }
  if (part.numel() > 0) copy_elements(alias(y, part, y.strides(), to), alias(x, part, x.strides(), from));
  if constexpr (differentiable<T>) {
    if (autograd::needed(x)) {
      Shape back = pad;
      for (std::int64_t& n : back) n = -n;
      return autograd::record("constant_pad_nd", site, std::move(y), autograd::inputs(x),
                              [back](const autograd::Pass&, const Tensor<T, D>& g) { return constant_pad_nd(g, back, T{}, Site{}); });
    }
  }
  return y;
}

/// One axis of a padding that repeats elements of the input.
inline backend::AxisTaps padding_taps(const Shape& x, std::int64_t size, std::int64_t before, std::int64_t after, PadMode mode) {
  check<ShapeError>(size > 0, "pad: input has shape {}; only a constant can be added to an empty dimension", x.str());
  check<ShapeError>(mode != PadMode::reflect || (before < size && after < size),
                    "pad: {} and {} elements are asked of a reflection of a dimension of {}; each must be less than its size; input has "
                    "shape {}",
                    before, after, size, x.str());
  // A circle is closed after negative padding has cut it.
  const std::int64_t first = before < 0 ? -before : 0, kept = size - first + (after < 0 ? after : 0);
  check<ShapeError>(mode != PadMode::circular || (before <= kept && after <= kept),
                    "pad: {} and {} elements are asked of a circular dimension of {}; each must be at most its size; input has shape {}",
                    before, after, kept, x.str());
  backend::AxisTaps taps(size);
  for (std::int64_t i = -before; i < size + after; ++i) {
    std::int64_t at = i;
    if (mode == PadMode::replicate) at = i < 0 ? 0 : (i >= size ? size - 1 : i);
    if (mode == PadMode::reflect) at = i < 0 ? -i : (i >= size ? 2 * (size - 1) - i : i);
    if (mode == PadMode::circular) at = i < first ? i + kept : (i >= first + kept ? i - kept : i);
    taps.tap(at);
    taps.next();
  }
  return taps;
}

/// x with elements added around its last dimensions: pad[0] before and pad[1] after the last one, pad[2] and pad[3] around the one
/// before, ...; negative numbers take away.
///   x [N, C, H, W], {1, 2, 3, 4} -> [N, C, H + 7, W + 3]
/// Modes other than constant pad one, two or three dimensions of an input that has one or two more (channels, batch).
/// Throws ShapeError if pad does not fit the input.
template <tensor_like X>
tensor_of<X> pad(const X& x_, const Shape& padding, PadMode mode = PadMode::constant, value_t<X> value = {}, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (mode == PadMode::constant) return constant_pad_nd(x, padding, value, site);
  const int dims = padding.rank() / 2;
  const Shape sizes = padded_sizes("pad", x.sizes(), padding);
  check<ShapeError>(dims >= 1 && dims <= 3 && (x.dim() == dims + 1 || x.dim() == dims + 2),
                    "pad: padding {} for an input of shape {}; modes other than constant pad one to three dimensions of an input that has "
                    "one or two more",
                    padding.str(), x.sizes().str());
  for (int d = x.dim() - dims - 1; d < x.dim(); ++d)
    check<ShapeError>(sizes[d] > 0 && x.sizes()[d] > 0, "pad: input has shape {}, the result {}; only the batch may be empty",
                      x.sizes().str(), sizes.str());
  AxisMaps maps;
  for (int i = 0; i < dims; ++i) {
    const std::int64_t before = padding[2 * i], after = padding[2 * i + 1];
    if (before != 0 || after != 0) maps.set(-1 - i, padding_taps(x.sizes(), x.sizes()[x.dim() - 1 - i], before, after, mode));
  }
  return map_axes_recorded("pad", site, x, std::move(maps));
}

}  // namespace torchlite::inline TORCHLITE_ABI
