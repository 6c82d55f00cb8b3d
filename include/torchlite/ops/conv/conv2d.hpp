// SPDX-License-Identifier: BSD-3-Clause
// Two-dimensional convolution, and one-dimensional as that of a single row.
#pragma once
#include <torchlite/ops/autocast/product_caster.hpp>
#include <torchlite/ops/conv/conv_padding.hpp>
#include <torchlite/ops/conv/conv_recorded.hpp>
#include <torchlite/ops/pad/pad.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct Conv1dOptions {
  std::int64_t stride = 1;
  ConvPadding<std::int64_t> padding = 0;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;
};
struct Conv2dOptions {
  Pair stride = 1;
  ConvPadding<Pair> padding = 0;
  Pair dilation = 1;
  std::int64_t groups = 1;
};

/// What "same" adds along one axis: as much on both sides, and an odd one more behind.
struct SamePadding {
  std::int64_t both = 0, behind = 0;

  SamePadding(const char* op, std::int64_t kernel, std::int64_t stride, std::int64_t dilation) {
    check<Error>(stride == 1, "{}: padding \"same\" keeps the size of the input only with stride 1, not {}", op, stride);
    const std::int64_t total = dilation * (kernel - 1);
    both = total / 2, behind = total % 2;
  }
};

/// conv2d of an input with its batch.
template <class T, class D>
Tensor<T, D> conv2d_batch(const char* op, Site site, const Tensor<T, D>& x, const Tensor<T, D>& weight, const Tensor<T, D>& bias,
                          const Conv2dOptions& o) {
  if constexpr (std::is_same_v<T, float>) {
    if (auto* const caster = amp::ProductCaster<D>::current()) return caster->conv2d(op, site, x, weight, bias, o);
  }
  Conv2dGeometry g{o.stride, o.padding.size, o.dilation, o.groups};
  if (!o.padding.same) return conv2d_recorded(op, site, x, weight, bias, g);
  check_conv_operands(op, x.sizes(), weight.sizes(), o.groups, 2);
  const SamePadding h(op, weight.sizes()[2], o.stride.h, o.dilation.h), w(op, weight.sizes()[3], o.stride.w, o.dilation.w);
  g.padding = {h.both, w.both};
  if (h.behind + w.behind == 0) return conv2d_recorded(op, site, x, weight, bias, g);
  return conv2d_recorded(op, site, constant_pad_nd(x, {0, w.behind, 0, h.behind}, {}, site), weight, bias, g);
}

/// Two-dimensional cross-correlation.
///   x [N, C, H, W] or [C, H, W], weight [O, C / groups, kH, kW], bias [O] or undefined -> [N, O, H', W']
///   H' = (H + 2 padding - dilation (kH - 1) - 1) / stride + 1; padding is numbers, "same" or "valid"
/// Throws ShapeError if the channels or sizes do not fit.
template <tensor_like X, tensor_like W>
tensor_of<X> conv2d(const X& x_, const W& weight_, const tensor_of<X>& bias = {}, const Conv2dOptions& options = {},
                    Site site = Site::current()) {
  check_conv_types<X, W>();
  const auto& x = eval(x_, site);
  const auto& weight = eval(weight_, site);
  if (x.dim() == 3) return squeeze(conv2d_batch("conv2d", site, unsqueeze(x, 0, site), weight, bias, options), 0, site);
  return conv2d_batch("conv2d", site, x, weight, bias, options);
}

/// One-dimensional cross-correlation.
///   x [N, C, L] or [C, L], weight [O, C / groups, k], bias [O] or undefined -> [N, O, L']
///   L' = (L + 2 padding - dilation (k - 1) - 1) / stride + 1; padding is a number, "same" or "valid"
/// Throws ShapeError if the channels or sizes do not fit.
template <tensor_like X, tensor_like W>
tensor_of<X> conv1d(const X& x_, const W& weight_, const tensor_of<X>& bias = {}, const Conv1dOptions& o = {},
                    Site site = Site::current()) {
  check_conv_types<X, W>();
  const auto& x = eval(x_, site);
  const auto& weight = eval(weight_, site);
  if (x.dim() == 2) return squeeze(conv1d(unsqueeze(x, 0, site), weight, bias, o, site), 0, site);
  check_conv_operands("conv1d", x.sizes(), weight.sizes(), o.groups, 1);
  Conv2dOptions rows{{1, o.stride}, Pair(0, o.padding.size), {1, o.dilation}, o.groups};
  rows.padding.same = o.padding.same;
  return squeeze(conv2d_batch("conv1d", site, unsqueeze(x, 2, site), unsqueeze(weight, 2, site), bias, rows), 2, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
