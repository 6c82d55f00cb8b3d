// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/resample/interpolate.hpp>
#include <torchlite/ops/resample/pixel_shuffle.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;
using Mode = tl::InterpolateMode;

TEST_CASE("interpolate of a ramp is a ramp, and of a constant a constant", "[ops][resample]") {
  const Real ramp = tl::arange<double>(8);
  const Real wide = tl::interpolate(tl::view(ramp, {1, 1, 8}), {.size = {15}, .mode = Mode::linear, .align_corners = true});
  for (std::int64_t i = 0; i < 15; ++i) CHECK(std::fabs(wide.data()[i] - static_cast<double>(i) / 2) < 1e-14);
  const tl::Tensor<float> constant = tl::full<float>({1, 2, 5, 7}, 3);
  for (const Mode mode : {Mode::nearest, Mode::nearest_exact, Mode::bilinear, Mode::bicubic, Mode::area})
    for (const bool antialias : {false, mode == Mode::bilinear || mode == Mode::bicubic}) {
      const auto y = tl::interpolate(constant, {.scale_factor = {0.7, 1.9}, .mode = mode, .antialias = antialias});
      CHECK(y.sizes() == tl::Shape{1, 2, 3, 13});
      CHECK(golden::difference(y.to_vector(), std::vector<double>(78, 3)) < 1e-6);
    }
}

TEST_CASE("interpolate in half precision rounds once, and reads any layout", "[ops][resample]") {
  const Real x = numbers({2, 3, 6, 7}, 3);
  const tl::Tensor<tl::half> h = tl::to<tl::half>(x);
  const tl::InterpolateOptions o{.size = {9, 4}, .mode = Mode::bicubic};
  const Real want = tl::to<double>(tl::Tensor<tl::half>(tl::to<tl::half>(tl::interpolate(tl::Tensor<float>(tl::to<float>(h)), o))));
  const Real got = tl::to<double>(tl::interpolate(h, o));
  CHECK(got.to_vector() == want.to_vector());
  const Real turned = tl::transpose(x, 0, 1);
  CHECK(tl::interpolate(turned, o).to_vector() == tl::interpolate(tl::clone(turned), o).to_vector());
  CHECK(tl::interpolate(tl::empty<float>({0, 1, 2, 2}), {.scale_factor = {2}}).sizes() == tl::Shape{0, 1, 4, 4});
  const tl::Tensor<std::uint8_t> bytes = tl::Tensor<std::uint8_t>::from({1, 2}, {1, 1, 2});
  CHECK(tl::interpolate(bytes, {.scale_factor = {2}}).to_vector() == std::vector<std::uint8_t>{1, 1, 2, 2});
}

TEST_CASE("antialiased bicubic is Pillow's kernel: numbers of PyTorch", "[ops][resample]") {
  // torch.nn.functional.interpolate(arange(6)^2, 3, mode="bicubic", antialias=True) along both axes of an outer product with ones.
  const Real x = tl::empty<double>({1, 1, 6, 6});
  for (std::int64_t i = 0; i < 36; ++i) x.data()[i] = static_cast<double>((i % 6) * (i % 6));
  const Real y = tl::interpolate(x, {.size = {3}, .mode = Mode::bicubic, .antialias = true});
  CHECK(golden::difference(std::vector<double>(y.data(), y.data() + 3), {0.410041841004184, 6.530534351145037, 19.97071129707113}) < 1e-12);
}

TEST_CASE("interpolations that do not fit are refused with all facts and the rule", "[ops][resample]") {
  const Real x = numbers({1, 2, 5, 6}, 1);
  CHECK_THROWS_WITH(tl::interpolate(x, {.scale_factor = {2}, .align_corners = true}), ContainsSubstring("align_corners"));
  CHECK_THROWS_WITH(tl::interpolate(x, {.scale_factor = {2}, .mode = Mode::linear}), ContainsSubstring("mode linear needs"));
  CHECK_THROWS_WITH(tl::interpolate(x, {}), ContainsSubstring("exactly one"));
  CHECK_THROWS_AS(tl::interpolate(x, {.size = {1, 2, 3}}), tl::ShapeError);
  CHECK_THROWS_AS(tl::interpolate(x, {.size = {0, 2}}), tl::ShapeError);
  CHECK_THROWS_AS(tl::interpolate(x, {.size = {2}, .antialias = true}), tl::Error);
  CHECK_THROWS_AS(tl::interpolate(Index::from({1}, {1, 1, 1}), {.size = {2}, .mode = Mode::linear}), tl::DtypeError);
}
