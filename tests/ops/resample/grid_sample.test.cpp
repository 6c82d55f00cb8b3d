// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/resample/grid_sample.hpp>

using namespace samples;

TEST_CASE("a grid of the centres reads the image itself, affine_grid of the identity is that grid", "[ops][resample]") {
  const Real x = numbers({2, 3, 4, 5}, 1), volume = numbers({1, 2, 3, 4, 5}, 2);
  const Real identity = Real({2, 2, 3}, {1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0});
  const Real solid = Real({1, 3, 4}, {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0});
  for (const bool align : {false, true})
    for (const auto mode : {tl::GridMode::bilinear, tl::GridMode::nearest, tl::GridMode::bicubic}) {
      CAPTURE(align, static_cast<int>(mode));
      const Real grid = tl::affine_grid(identity, x.sizes(), align);
      CHECK(grid.sizes() == tl::Shape{2, 4, 5, 2});
      CHECK(golden::difference(tl::grid_sample(x, grid, {.mode = mode, .align_corners = align}).to_vector(), x.to_vector()) < 1e-13);
      if (mode == tl::GridMode::bicubic) continue;
      const Real deep = tl::affine_grid(solid, volume.sizes(), align);
      CHECK(golden::difference(tl::grid_sample(volume, deep, {.mode = mode, .align_corners = align}).to_vector(), volume.to_vector()) <
            1e-13);
    }
}

TEST_CASE("affine_grid of a shift, a turn and a single pixel: numbers of PyTorch", "[ops][resample]") {
  const Real theta = Real({1, 2, 3}, {0.5, -1, 0.25, 2, 1, -0.5}).requires_grad_();
  CHECK(golden::difference(tl::affine_grid(theta, {1, 1, 2, 3}, true).to_vector(),
                           {0.75, -3.5, 1.25, -1.5, 1.75, 0.5, -1.25, -1.5, -0.75, 0.5, -0.25, 2.5}) < 1e-14);
  CHECK(golden::difference(tl::affine_grid(theta, {1, 1, 2, 3}, false).to_vector(),
                           {0.416666666666667, -2.33333333333333, 0.75, -1, 1.08333333333333, 0.333333333333333, -0.583333333333333,
                            -1.33333333333333, -0.25, 0, 0.0833333333333333, 1.33333333333333}) < 1e-14);
  CHECK(golden::difference(tl::affine_grid(theta, {1, 1, 1, 1}, true).to_vector(), {0.25, -0.5}) < 1e-14);
  CHECK(tl::gradcheck([](const Real& t) { return tl::affine_grid(t, {1, 1, 2, 3}); }, theta));
}

TEST_CASE("grid_sample beyond the image, at NaN, in float and half", "[ops][resample]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Real x = Real({1, 1, 2, 2}, {1, 2, 3, 4});
  const Real grid = Real({1, 1, 3, 2}, {5, 5, nan, 0, -1, -1});
  // As PyTorch's: NaN stays NaN where there are weights, is nowhere for the nearest element, and the first place of a border.
  CHECK(golden::difference(tl::grid_sample(x, grid, {.align_corners = true}).to_vector(), {0, nan, 1}) == 0);
  CHECK(golden::difference(tl::grid_sample(x, grid, {.mode = tl::GridMode::bicubic, .align_corners = true}).to_vector(), {0, nan, 1}) <
        1e-14);
  CHECK(tl::grid_sample(x, grid, {.mode = tl::GridMode::nearest, .align_corners = true}).to_vector() == std::vector<double>{0, 0, 1});
  CHECK(tl::grid_sample(x, grid, {.padding_mode = tl::GridPadding::border, .align_corners = true}).to_vector() ==
        std::vector<double>{4, 2, 1});
  CHECK(tl::grid_sample(x, grid, {.mode = tl::GridMode::nearest, .padding_mode = tl::GridPadding::border}).to_vector()[0] == 4);
  const Real image = numbers({1, 2, 9, 200}, 1), places = tl::Tensor<double>(numbers({1, 5, 6, 2}, 2) * 0.4);
  const Real want = tl::grid_sample(image, places);
  const auto single = tl::grid_sample(tl::Tensor<float>(tl::to<float>(image)), tl::Tensor<float>(tl::to<float>(places)));
  CHECK(golden::difference(single.to_vector(), want.to_vector()) < 1e-4);
  const tl::Tensor<tl::half> h = tl::to<tl::half>(image), q = tl::to<tl::half>(places);
  const Real exact = tl::grid_sample(Real(tl::to<double>(h)), Real(tl::to<double>(q)));
  CHECK(golden::difference(elements(tl::grid_sample(h, q)), exact.to_vector()) < 2e-3);
}

TEST_CASE("grids that do not fit are refused with both shapes and the rule", "[ops][resample]") {
  const Real x = numbers({1, 2, 3, 3}, 1);
  CHECK_THROWS_WITH(tl::grid_sample(x, numbers({2, 4, 4, 2}, 1)), ContainsSubstring("[1, 2, 3, 3]") && ContainsSubstring("[2, 4, 4, 2]"));
  CHECK_THROWS_AS(tl::grid_sample(x, numbers({1, 4, 4, 3}, 1)), tl::ShapeError);
  CHECK_THROWS_AS(tl::grid_sample(numbers({1, 2, 3, 3, 3}, 1), numbers({1, 4, 4, 4, 3}, 1), {.mode = tl::GridMode::bicubic}), tl::Error);
  CHECK_THROWS_AS(tl::affine_grid(numbers({1, 2, 2}, 1), {1, 1, 2, 3}), tl::ShapeError);
}
