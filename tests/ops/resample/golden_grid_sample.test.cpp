// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/resample/grid_sample.hpp>

using namespace samples;

TEST_CASE("grid_sample is PyTorch's, with its gradients, and with gradients of those", "[ops][resample]") {
  const auto mode = [](const std::string& text) {
    return text == "bilinear" ? tl::GridMode::bilinear : (text == "nearest" ? tl::GridMode::nearest : tl::GridMode::bicubic);
  };
  const auto padding = [](const std::string& text) {
    return text == "zeros" ? tl::GridPadding::zeros : (text == "border" ? tl::GridPadding::border : tl::GridPadding::reflection);
  };
  replay("grid_sample", [&](const Call& c) {
    return tl::grid_sample(c.x(), c.in(1),
                           {mode(c.text(1, "mode", "bilinear")), padding(c.text(2, "padding_mode", "zeros")), c.flag(3, "align_corners")});
  });
  replay("grid_sampler_2d", [](const Call& c) {
    return tl::grid_sampler_2d(c.x(), c.in(1), static_cast<int>(c.integer(1, "interpolation_mode")),
                               static_cast<int>(c.integer(2, "padding_mode")), c.flag(3, "align_corners"));
  });
}
