// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/resample/interpolate.hpp>
#include <torchlite/ops/resample/pixel_shuffle.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;
using Mode = tl::InterpolateMode;

namespace {
tl::InterpolateOptions options(const Call& c, Mode mode) {
  tl::InterpolateOptions o{.mode = mode,
                           .align_corners = c.flag(3, "align_corners"),
                           .recompute_scale_factor = c.flag(4, "recompute_scale_factor"),
                           .antialias = c.flag(5, "antialias")};
  if (c.has(0, "size")) o.size = c.shape(0, "size");
  if (c.has(1, "scale_factor")) {
    const golden::Json& factor = c.argument(1, "scale_factor");
    if (factor.is_array()) o.scale_factor = factor.get<std::vector<double>>();
    else o.scale_factor = {golden::number(factor)};
  }
  return o;
}
}  // namespace

TEST_CASE("every mode of interpolate is PyTorch's, with its gradients", "[ops][resample]") {
  for (const auto& [name, mode] :
       {std::pair("interpolate_nearest", Mode::nearest), std::pair("interpolate_nearest-exact", Mode::nearest_exact),
        std::pair("interpolate_linear", Mode::linear), std::pair("interpolate_bilinear", Mode::bilinear),
        std::pair("interpolate_bicubic", Mode::bicubic), std::pair("interpolate_trilinear", Mode::trilinear),
        std::pair("interpolate_area", Mode::area)})
    replay(name, [m = mode](const Call& c) { return tl::interpolate(c.x(), options(c, m)); });
  replay("upsample_nearest", [](const Call& c) {
    const tl::InterpolateOptions o = options(c, Mode::nearest);
    return tl::upsample_nearest(c.x(), o.size, o.scale_factor);
  });
  replay("upsample_bilinear", [](const Call& c) {
    const tl::InterpolateOptions o = options(c, Mode::bilinear);
    return tl::upsample_bilinear(c.x(), o.size, o.scale_factor);
  });
  replay("_upsample_bilinear2d_aa", [](const Call& c) {
    tl::Pair size(0, 0);
    std::vector<double> scales(2, 0);
    if (c.has(2, "scale_factors")) scales = c.argument(2, "scale_factors").get<std::vector<double>>();
    else if (c.has(2, "scales_h")) scales = {c.number(2, "scales_h", 0), c.number(3, "scales_w", 0)};
    if (c.has(0, "output_size")) size = pair(c, 0, "output_size", 0);
    else
      size = {static_cast<std::int64_t>(static_cast<double>(c.x().sizes()[2]) * scales[0]),
              static_cast<std::int64_t>(static_cast<double>(c.x().sizes()[3]) * scales[1])};
    return tl::upsample_bilinear2d_aa(c.x(), size, c.flag(1, "align_corners"), scales[0], scales[1]);
  });
}

TEST_CASE("pixel_shuffle, pixel_unshuffle and channel_shuffle are PyTorch's", "[ops][resample]") {
  replay("pixel_shuffle", [](const Call& c) { return tl::pixel_shuffle(c.x(), c.integer(0, "upscale_factor")); });
  replay("pixel_unshuffle", [](const Call& c) { return tl::pixel_unshuffle(c.x(), c.integer(0, "downscale_factor")); });
  replay("channel_shuffle", [](const Call& c) { return tl::channel_shuffle(c.x(), c.integer(0, "groups")); });
  const Index x = tl::arange<std::int64_t, Device>(2 * 8 * 3 * 5);
  const Index images = tl::view(x, {2, 8, 3, 5});
  CHECK(tl::pixel_unshuffle(tl::pixel_shuffle(images, 2), 2).to_vector() == x.to_vector());
  CHECK(tl::pixel_shuffle(images, 2).sizes() == tl::Shape{2, 2, 6, 10});
  CHECK_THROWS_WITH(tl::pixel_shuffle(images, 3), ContainsSubstring("multiple of 3^2"));
  CHECK_THROWS_AS(tl::pixel_unshuffle(images, 2), tl::ShapeError);
  CHECK_THROWS_AS(tl::channel_shuffle(images, 3), tl::ShapeError);
}
