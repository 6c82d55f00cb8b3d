// SPDX-License-Identifier: BSD-3-Clause
// Three-dimensional convolution: the slices that a kernel's depth covers are laid side by side as channels, the rest is a
// two-dimensional convolution.
#pragma once
#include <torchlite/ops/conv/conv2d.hpp>
#include <torchlite/ops/conv/triple.hpp>
#include <torchlite/ops/conv/unfold.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct Conv3dOptions {
  Triple stride = 1;
  ConvPadding<Triple> padding = 0;
  Triple dilation = 1;
  std::int64_t groups = 1;
};

/// x [N, C, D, H, W] -> [N D', C kD, H, W]: the slices of each of the D' windows along the depth.
template <class T, class D>
Tensor<T, D> slices_of_depth(Site site, const Tensor<T, D>& x, std::int64_t count, std::int64_t kernel, backend::AxisTaps taps) {
  const Shape& s = x.sizes();
  AxisMaps maps;
  maps.set(-3, std::move(taps));
  const Tensor<T, D> windows = view(map_axes_recorded("conv3d", site, x, std::move(maps)), {s[0], s[1], kernel, count, s[3], s[4]}, site);
  return reshape(permute(windows, {0, 3, 1, 2, 4, 5}, site), {s[0] * count, s[1] * kernel, s[3], s[4]}, site);
}

/// Three-dimensional cross-correlation.
///   x [N, C, D, H, W] or [C, D, H, W], weight [O, C / groups, kD, kH, kW], bias [O] or undefined -> [N, O, D', H', W']
///   D' = (D + 2 padding - dilation (kD - 1) - 1) / stride + 1; padding is numbers, "same" or "valid"
/// Throws ShapeError if the channels or sizes do not fit. Needs memory for kD / stride copies of x.
template <tensor_like X, tensor_like W>
tensor_of<X> conv3d(const X& x_, const W& weight_, const tensor_of<X>& bias = {}, const Conv3dOptions& o = {},
                    Site site = Site::current()) {
  check_conv_types<X, W>();
  const auto& x = eval(x_, site);
  const auto& weight = eval(weight_, site);
  if (x.dim() == 4) return squeeze(conv3d(unsqueeze(x, 0, site), weight, bias, o, site), 0, site);
  check_conv_operands("conv3d", x.sizes(), weight.sizes(), o.groups, 3);
  const Shape &s = x.sizes(), &k = weight.sizes();
  check<Error>(o.stride.d > 0 && o.dilation.d > 0 && o.padding.size.d >= 0,
               "conv3d: stride {} and dilation {} must be positive, padding {} must not be negative", o.stride.d, o.dilation.d,
               o.padding.size.d);
  std::int64_t before = o.padding.size.d, behind = 0;
  if (o.padding.same) {
    const SamePadding same("conv3d", k[2], o.stride.d, o.dilation.d);
    before = same.both, behind = same.behind;
  }
  const std::int64_t room = s[2] + 2 * before + behind - o.dilation.d * (k[2] - 1) - 1, count = room < 0 ? 0 : room / o.stride.d + 1;
  check<ShapeError>(count > 0, "conv3d: the kernel of weight {} with dilation {} is larger than the padded input {}", k.str(), o.dilation.d,
                    s.str());
  const auto slices = slices_of_depth(site, x, count, k[2], sliding_taps(s[2], count, k[2], o.stride.d, before, o.dilation.d));
  const auto flat = reshape(weight, {k[0], k[1] * k[2], k[3], k[4]}, site);
  Conv2dOptions images{{o.stride.h, o.stride.w}, Pair(o.padding.size.h, o.padding.size.w), {o.dilation.h, o.dilation.w}, o.groups};
  images.padding.same = o.padding.same;
  const auto y = conv2d_batch("conv3d", site, slices, flat, bias, images);
  const auto split = view(y, {s[0], count, y.sizes()[1], y.sizes()[2], y.sizes()[3]}, site);
  return contiguous(permute(split, {0, 2, 1, 3, 4}, site), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
