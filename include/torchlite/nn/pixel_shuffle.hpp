// SPDX-License-Identifier: BSD-3-Clause
// Channels rearranged, among themselves or with pixels.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/resample/pixel_shuffle.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// r^2 channels become one of r times the height and width.
struct PixelShuffle : Module<PixelShuffle> {
  PixelShuffle() = default;
  PixelShuffle(std::int64_t number) : upscale_factor(number) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::pixel_shuffle(x, upscale_factor);
  }
  std::string extra_repr() const { return named_values({{"upscale_factor", std::to_string(upscale_factor)}}); }
  auto fields() { return nn::fields("upscale_factor", upscale_factor); }

  std::int64_t upscale_factor = 1;
};

/// Blocks of r times r pixels become r^2 channels.
struct PixelUnshuffle : Module<PixelUnshuffle> {
  PixelUnshuffle() = default;
  PixelUnshuffle(std::int64_t number) : downscale_factor(number) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::pixel_unshuffle(x, downscale_factor);
  }
  std::string extra_repr() const { return named_values({{"downscale_factor", std::to_string(downscale_factor)}}); }
  auto fields() { return nn::fields("downscale_factor", downscale_factor); }

  std::int64_t downscale_factor = 1;
};

/// Channels taken in turn from each group.
struct ChannelShuffle : Module<ChannelShuffle> {
  ChannelShuffle() = default;
  ChannelShuffle(std::int64_t number) : groups(number) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::channel_shuffle(x, groups);
  }
  std::string extra_repr() const { return named_values({{"groups", std::to_string(groups)}}); }
  auto fields() { return nn::fields("groups", groups); }

  std::int64_t groups = 1;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
