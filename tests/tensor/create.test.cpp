// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/tensor/create.hpp>

namespace tl = torchlite;

TEST_CASE("zeros, ones and full fill every element in one pass", "[tensor][create]") {
  const auto before = tl::kernel_count();
  const auto z = tl::zeros<float>({2, 3});
  CHECK(tl::kernel_count() == before + 1);
  CHECK(z.to_vector() == std::vector<float>(6, 0.0f));
  CHECK(tl::ones<std::int64_t>({2}).to_vector() == std::vector<std::int64_t>{1, 1});
  CHECK(tl::full<double>({3}, 2.0).to_vector() == std::vector<double>{2, 2, 2});
  CHECK(tl::full<bool>({1}, true).item());
  CHECK(tl::full<tl::half>({}, 0.5).item() == 0.5f);
  CHECK(tl::full<std::int64_t>({1}, std::int64_t{1} << 62).item() == std::int64_t{1} << 62);
  CHECK(tl::zeros<float>({0, 4}).numel() == 0);
}

TEST_CASE("a negative size is named", "[tensor][create]") {
  CHECK_THROWS_WITH(tl::zeros<float>({-2, 3}), ContainsSubstring("-2"));
  CHECK_THROWS_AS(tl::empty<double>({std::int64_t{1} << 40, std::int64_t{1} << 40}), tl::Error);
}

TEST_CASE("the _like forms take sizes and dtype from tensors and expressions", "[tensor][create]") {
  const auto a = tl::ones<double>({2, 2});
  CHECK(tl::zeros_like(a + a).to_vector() == std::vector<double>(4, 0.0));
  CHECK(tl::ones_like(a.t()).is_contiguous());
  CHECK(tl::full_like(tl::arange<int>(3), 7).to_vector() == std::vector<int>{7, 7, 7});
  CHECK(tl::empty_like(a).sizes() == a.sizes());
}

TEST_CASE("arange counts from start to before end", "[tensor][create]") {
  CHECK(tl::arange<float>(4).to_vector() == std::vector<float>{0, 1, 2, 3});
  CHECK(tl::arange<std::int64_t, tl::Cpu>(3).to_vector() == std::vector<std::int64_t>{0, 1, 2});
  CHECK(tl::arange<std::int64_t>(5, 0, -2).to_vector() == std::vector<std::int64_t>{5, 3, 1});
  CHECK(tl::arange<double>(0.0, 1.0, 0.25).to_vector() == std::vector<double>{0, 0.25, 0.5, 0.75});
  CHECK(tl::arange<double>(1, 2.5).to_vector() == std::vector<double>{1, 2});
  CHECK(tl::arange<float>(2.5).numel() == 3);
  CHECK(tl::arange<float>(1, 1).numel() == 0);
  CHECK(tl::arange<std::int32_t>(100000)[99999].item() == 99999);
  CHECK_THROWS_AS(tl::arange<float>(0, 1, -1), tl::Error);
  CHECK_THROWS_AS(tl::arange<float>(0, 1, 0), tl::Error);
}

TEST_CASE("linspace includes both ends exactly", "[tensor][create]") {
  const auto x = tl::linspace<float>(0.1, 0.7, 7).to_vector();
  CHECK(x.front() == 0.1f);
  CHECK(x.back() == 0.7f);
  CHECK(x[3] == Approx(0.4));
  CHECK(tl::linspace<double>(3, 9, 1).to_vector() == std::vector<double>{3});
  CHECK(tl::linspace<double>(3, 9, 0).numel() == 0);
  CHECK_THROWS_AS(tl::linspace<double>(0, 1, -1), tl::Error);
}

TEST_CASE("eye has ones on the diagonal only", "[tensor][create]") {
  CHECK(tl::eye<double>(2, 3).to_vector() == std::vector<double>{1, 0, 0, 0, 1, 0});
  CHECK(tl::eye<double>(3, 2).to_vector() == std::vector<double>{1, 0, 0, 1, 0, 0});
  CHECK(tl::eye<float>(0).sizes() == tl::Shape{0, 0});
}

TEST_CASE("the _like and new_ forms take another dtype", "[tensor][create]") {
  const auto a = tl::ones<double>({2, 2});
  static_assert(std::is_same_v<decltype(tl::zeros_like<float>(a)), tl::Tensor<float>>);
  CHECK(tl::zeros_like<float>(a).to_vector() == std::vector<float>(4, 0.0f));
  CHECK(tl::ones_like<bool>(a + a).to_vector() == std::vector<bool>(4, true));
  CHECK(tl::full_like<std::int64_t>(a, 3).to_vector() == std::vector<std::int64_t>(4, 3));
  CHECK(tl::empty_like<tl::half>(a).sizes() == a.sizes());
  CHECK(tl::new_zeros(a, {3}).to_vector() == std::vector<double>(3, 0.0));
  CHECK(tl::new_ones<std::int32_t>(a, {1}).item() == 1);
  CHECK(tl::new_full<float>(a, {2}, 0.5).to_vector() == std::vector<float>(2, 0.5f));
  CHECK(tl::new_empty(a, {0, 3}).sizes() == tl::Shape{0, 3});
  CHECK(tl::scalar_tensor<std::int64_t>(7).dim() == 0);
}

TEST_CASE("empty_strided and empty_permuted lay memory out as asked", "[tensor][create]") {
  const auto a = tl::empty_strided<double>({2, 3}, {1, 4});
  CHECK(a.strides() == tl::Shape{1, 4});
  a.fill_(2.0);  // reaches its whole memory
  CHECK(a.to_vector() == std::vector<double>(6, 2.0));
  CHECK(tl::empty_strided<float>({}, {}).numel() == 1);
  CHECK(tl::empty_strided<float>({0, 3}, {5, 5}).numel() == 0);
  CHECK(tl::new_empty_strided(a, {3}, {2}).stride(0) == 2);
  const auto p = tl::empty_permuted<float>({2, 3, 4}, {2, 0, 1});
  CHECK(p.strides() == tl::Shape{3, 1, 6});
  CHECK(p.permute({2, 0, 1}).is_contiguous());
  CHECK_THROWS_WITH(tl::empty_strided<float>({2, 3}, {1}), ContainsSubstring("same length"));
  CHECK_THROWS_WITH(tl::empty_strided<float>({2}, {-1}), ContainsSubstring("negative"));
  CHECK_THROWS_AS(tl::empty_strided<float>({std::int64_t{1} << 40}, {std::int64_t{1} << 40}), tl::Error);
  CHECK_THROWS_AS(tl::empty_permuted<float>({2, 3}, {0, 0}), tl::ShapeError);
}

TEST_CASE("logspace, and bounds that are tensors", "[tensor][create]") {
  CHECK(tl::logspace<double>(0, 3, 4).to_vector() == std::vector<double>{1, 10, 100, 1000});
  CHECK(tl::logspace<std::int64_t>(0, 4, 5, 2).to_vector() == std::vector<std::int64_t>{1, 2, 4, 8, 16});
  CHECK(tl::linspace<double>(tl::scalar_tensor<float>(1), 2, 3).to_vector() == std::vector<double>{1, 1.5, 2});
  CHECK_THROWS_WITH(tl::linspace<double>(0, tl::ones<double>({1}), 3), ContainsSubstring("without dimensions"));
  CHECK_THROWS_AS(tl::logspace<double>(0, 1, -1), tl::Error);
  CHECK_THROWS_AS(tl::eye<double>(-1), tl::ShapeError);
}
