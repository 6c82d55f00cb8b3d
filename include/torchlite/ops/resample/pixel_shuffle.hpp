// SPDX-License-Identifier: BSD-3-Clause
// Channels rearranged, among themselves or with pixels.
#pragma once
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// r^2 channels become one of r times the height and width.
///   x [..., C r^2, H, W] -> [..., C, H r, W r]
/// Throws ShapeError if the channels are not a multiple of r^2.
template <tensor_like X>
tensor_of<X> pixel_shuffle(const X& x_, std::int64_t upscale_factor, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int n = x.dim();
  const std::int64_t r = upscale_factor;
  check<ShapeError>(n >= 3, "pixel_shuffle: input has shape {}; at least three dimensions are needed", x.sizes().str());
  check<Error>(r > 0, "pixel_shuffle: upscale_factor {} must be positive", r);
  const std::int64_t channels = x.sizes()[n - 3], h = x.sizes()[n - 2], w = x.sizes()[n - 1];
  check<ShapeError>(channels % (r * r) == 0, "pixel_shuffle: input has shape {}; its {} channels must be a multiple of {}^2",
                    x.sizes().str(), channels, r);
  Shape out = x.sizes();
  out[n - 3] = channels / (r * r), out[n - 2] = h * r, out[n - 1] = w * r;
  const Shape parts{x.sizes().numel() == 0 ? 0 : out.numel() / (out[n - 3] * out[n - 2] * out[n - 1]), out[n - 3], r, r, h, w};
  return reshape(permute(reshape(x, parts, site), {0, 1, 4, 2, 5, 3}, site), out, site);
}

/// The inverse of pixel_shuffle: blocks of r times r pixels become r^2 channels.
///   x [..., C, H r, W r] -> [..., C r^2, H, W]
/// Throws ShapeError if height or width is not a multiple of r.
template <tensor_like X>
tensor_of<X> pixel_unshuffle(const X& x_, std::int64_t downscale_factor, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int n = x.dim();
  const std::int64_t r = downscale_factor;
  check<ShapeError>(n >= 3, "pixel_unshuffle: input has shape {}; at least three dimensions are needed", x.sizes().str());
  check<Error>(r > 0, "pixel_unshuffle: downscale_factor {} must be positive", r);
  const std::int64_t channels = x.sizes()[n - 3], h = x.sizes()[n - 2], w = x.sizes()[n - 1];
  check<ShapeError>(h % r == 0 && w % r == 0, "pixel_unshuffle: input has shape {}; height and width must be multiples of {}",
                    x.sizes().str(), r);
  Shape out = x.sizes();
  out[n - 3] = channels * r * r, out[n - 2] = h / r, out[n - 1] = w / r;
  const Shape parts{x.sizes().numel() == 0 ? 0 : x.numel() / (channels * h * w), channels, h / r, r, w / r, r};
  return reshape(permute(reshape(x, parts, site), {0, 1, 3, 5, 2, 4}, site), out, site);
}

/// Channels taken in turn from each of `groups` groups.
///   x [N, C, ...] -> [N, C, ...]
/// Throws ShapeError if the channels are not a multiple of groups.
template <tensor_like X>
tensor_of<X> channel_shuffle(const X& x_, std::int64_t groups, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 3, "channel_shuffle: input has shape {}; at least three dimensions are needed", x.sizes().str());
  const std::int64_t channels = x.sizes()[1];
  check<ShapeError>(groups > 0 && channels % groups == 0, "channel_shuffle: input has shape {}; its {} channels must be a multiple of {}",
                    x.sizes().str(), channels, groups);
  if (x.numel() == 0) return x;
  const Shape parts{x.sizes()[0], groups, channels / groups, x.numel() / (x.sizes()[0] * channels)};
  return reshape(transpose(reshape(x, parts, site), 1, 2, site), x.sizes(), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
