// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/pad/pad.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;
using Wide = tl::Tensor<std::int64_t>;

TEST_CASE("padding is exact for integers and bool, and reads any layout", "[ops][pad]") {
  const std::int64_t large = (std::int64_t{1} << 62) + 1;  // not a double
  const Wide x = Wide::from({large, 2, 3}, {1, 3});
  using List = std::vector<std::int64_t>;
  CHECK(tl::pad(x, {2, 1}, tl::PadMode::reflect).to_vector() == List{3, 2, large, 2, 3, 2});
  CHECK(tl::pad(x, {2, 1}, tl::PadMode::replicate).to_vector() == List{large, large, large, 2, 3, 3});
  CHECK(tl::pad(x, {2, 3}, tl::PadMode::circular).to_vector() == List{2, 3, large, 2, 3, large, 2, 3});
  CHECK(tl::pad(x, {-1, 1}, tl::PadMode::constant, large).to_vector() == List{2, 3, large});
  const Mask m = Mask::from({true, false}, {1, 2});
  CHECK(tl::pad(m, {1, 1}, tl::PadMode::replicate).to_vector() == std::vector<bool>{true, true, false, false});
  CHECK(tl::pad(m, {0, 1}, tl::PadMode::constant, true).to_vector() == std::vector<bool>{true, false, true});
  const Real y = numbers({2, 3, 4, 5}, 1);
  const Real turned = tl::transpose(y, 1, 3);
  for (const auto mode : {tl::PadMode::constant, tl::PadMode::reflect, tl::PadMode::replicate, tl::PadMode::circular})
    CHECK(tl::pad(turned, {1, 2, -1, 2}, mode).to_vector() == tl::pad(tl::clone(turned), {1, 2, -1, 2}, mode).to_vector());
}

TEST_CASE("padding of wide rows copies every element", "[ops][pad]") {
  const tl::Tensor<float> x = tl::arange<float>(3 * 700);
  const tl::Tensor<float> rows = tl::view(x, {1, 3, 700});
  const std::vector<float> got = tl::pad(tl::unsqueeze(rows, 0), {0, 0, 1, 1}, tl::PadMode::reflect).to_vector();
  bool equal = true;
  for (const std::int64_t row : {0, 1, 2, 3, 4})
    for (std::int64_t i = 0; i < 700; ++i) {
      const std::int64_t from = row == 0 ? 1 : (row == 4 ? 1 : row - 1);
      equal = equal && got[static_cast<std::size_t>(row * 700 + i)] == static_cast<float>(from * 700 + i);
    }
  CHECK(equal);
}

TEST_CASE("empty batches and parts are padded, NaN stays where it is", "[ops][pad]") {
  CHECK(tl::pad(tl::empty<float>({0, 2, 3}), {1, 1}, tl::PadMode::reflect).sizes() == tl::Shape{0, 2, 5});
  CHECK(tl::pad(tl::ones<float>({2, 3}), {-3, 2}).to_vector() == std::vector<float>(4, 0));
  CHECK(tl::pad(Real::from({7}, {}), {}).item() == 7);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Real x = Real({1, 3}, {1, nan, std::numeric_limits<double>::infinity()});
  CHECK(golden::difference(tl::pad(x, {1, 0}, tl::PadMode::replicate).to_vector(), {1, 1, nan, std::numeric_limits<double>::infinity()}) ==
        0);
}

TEST_CASE("paddings that do not fit are refused with all facts and the rule", "[ops][pad]") {
  const Real x = numbers({1, 2, 5, 6}, 1);
  CHECK_THROWS_WITH(tl::pad(x, {6, 0, 0, 0}, tl::PadMode::reflect), ContainsSubstring("reflection") && ContainsSubstring("[1, 2, 5, 6]"));
  CHECK_THROWS_WITH(tl::pad(x, {7, 0, 0, 0}, tl::PadMode::circular), ContainsSubstring("at most its size"));
  CHECK_THROWS_AS(tl::pad(x, {1, 1}, tl::PadMode::reflect), tl::ShapeError);
  CHECK_THROWS_AS(tl::pad(x, {1, 1, 1}), tl::ShapeError);
  CHECK_THROWS_AS(tl::pad(x, {-7, 1}), tl::ShapeError);
  CHECK_THROWS_AS(tl::pad(x, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}), tl::Error);
  CHECK_THROWS_AS(tl::pad(tl::empty<float>({2, 2, 0}), {1, 1}, tl::PadMode::replicate), tl::ShapeError);
}
