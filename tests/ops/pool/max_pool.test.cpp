// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pool/max_pool.hpp>
#include <torchlite/ops/pool/max_unpool.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;

TEST_CASE("max_pool2d lets NaN through and gives the first of equal maxima the gradient", "[ops][pool]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Real x = Real({1, 2, 4}, {1, 1, nan, 0, 1, 1, 2, 3}).requires_grad_();
  const Real y = tl::max_pool2d(x, 2);
  CHECK(y.data()[0] == 1);
  CHECK(std::isnan(y.data()[1]));
  y.backward(Real({1, 1, 2}, {1, 5}));
  CHECK(x.grad().to_vector() == std::vector<double>{1, 0, 5, 0, 0, 0, 0, 0});
}

TEST_CASE("max_pool3d of one plane is max_pool2d, and lets NaN through", "[ops][pool]") {
  const Real x = numbers({2, 3, 7, 6}, 1);
  x.data()[10] = std::numeric_limits<double>::quiet_NaN();
  const auto flat = tl::max_pool2d_with_indices(x, 3, {.stride = 2, .padding = 1});
  const auto deep = tl::max_pool3d_with_indices(tl::unsqueeze(x, 2), {1, 3, 3}, {.stride = {1, 2, 2}, .padding = {0, 1, 1}});
  CHECK(golden::difference(deep.values.to_vector(), flat.values.to_vector()) == 0);
  CHECK(deep.indices.to_vector() == flat.indices.to_vector());
}

TEST_CASE("max pooling takes every dtype and every layout", "[ops][pool]") {
  using Wide = tl::Tensor<std::int64_t>;
  const Wide x = Wide::from({3, -1, 4, 1, -5, 9, 2, 6}, {1, 1, 2, 2, 2});
  CHECK(tl::max_pool3d(x, 2).to_vector() == std::vector<std::int64_t>{9});
  CHECK(tl::max_pool2d(tl::view(x, {1, 2, 4}), 2).to_vector() == std::vector<std::int64_t>{9, 6});
  const tl::Tensor<tl::half> h = tl::to<tl::half>(tl::view(x, {1, 8}));
  CHECK(static_cast<float>(tl::max_pool1d(h, 4).to_vector()[1]) == 9.0f);
  const Real y = numbers({2, 4, 5}, 3);
  CHECK(tl::max_pool1d(tl::transpose(y, 1, 2), 2).to_vector() == tl::max_pool1d(tl::clone(tl::transpose(y, 1, 2)), 2).to_vector());
  CHECK(tl::max_pool1d(tl::empty<float>({0, 2, 4}), 2).sizes() == tl::Shape{0, 2, 2});
}

TEST_CASE("max_unpool2d undoes max_pool2d", "[ops][pool]") {
  const Real x = numbers({2, 3, 6, 8}, 5);
  const auto pooled = tl::max_pool2d_with_indices(x, 2);
  const Real back = tl::max_unpool2d(pooled.values, pooled.indices, 2);
  REQUIRE(back.sizes() == x.sizes());
  std::int64_t kept = 0;
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    CHECK((back.data()[i] == 0 || back.data()[i] == x.data()[i]));
    kept += back.data()[i] != 0;
  }
  CHECK(kept == pooled.values.numel());
}

TEST_CASE("max poolings that do not fit are refused with all facts and the rule", "[ops][pool]") {
  const Real x = numbers({1, 3, 4, 4}, 1);
  CHECK_THROWS_WITH(tl::max_pool2d(x, 5), ContainsSubstring("max_pool2d:") && ContainsSubstring("larger"));
  CHECK_THROWS_WITH(tl::max_pool2d(x, 2, {.padding = 2}), ContainsSubstring("half"));
  CHECK_THROWS_AS(tl::max_pool2d(x, 2, {.stride = {1, 0}}), tl::Error);
  CHECK_THROWS_WITH(tl::max_pool1d(x, 2), ContainsSubstring("[N, C, L]"));
  CHECK_THROWS_AS(tl::max_pool2d(tl::empty<float>({2, 0, 3, 3}), 2), tl::ShapeError);
  CHECK_THROWS_WITH(tl::max_unpool2d(x, Index::from(std::vector<std::int64_t>(48, 64), {1, 3, 4, 4}), 2),
                    ContainsSubstring("index 64") && ContainsSubstring("planes of 64"));
  CHECK_THROWS_WITH(tl::max_unpool2d(x, tl::zeros<std::int64_t>({1, 3, 4, 4}), 2, {.output_size = {10, 8}}),
                    ContainsSubstring("between 6 and 10"));
}
