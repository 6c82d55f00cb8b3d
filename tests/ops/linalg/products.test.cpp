// SPDX-License-Identifier: BSD-3-Clause
// Products against PyTorch's numbers.
#include <ops/samples.hpp>

#include <torchlite/ops/linalg/addmm.hpp>
#include <torchlite/ops/linalg/bilinear.hpp>
#include <torchlite/ops/linalg/cross.hpp>
#include <torchlite/ops/linalg/inner.hpp>
#include <torchlite/ops/linalg/linear.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/linalg/multi_dot.hpp>
#include <torchlite/ops/linalg/outer.hpp>

using namespace samples;

TEST_CASE("a chain of matrices is multiplied in the cheapest order", "[ops][linalg]") {
  // ((a b) c) multiplies 10 * 100 * 5 + 10 * 5 * 50 = 7500 numbers, (a (b c)) 75000.
  CHECK(tl::ops::best_splits({10, 100, 5, 50})[0 * 3 + 2] == 1);
  CHECK(tl::ops::best_splits({50, 5, 100, 10})[0 * 3 + 2] == 0);
  const auto a = tl::Tensor<float>::from({1, 2, 3, 4}, {2, 2}), v = tl::Tensor<float>::from({1, -1});
  CHECK(tl::linalg::multi_dot({v, a, a, v}).to_vector() == std::vector<float>{7 - 10 - 15 + 22});
  CHECK(tl::chain_matmul(a, a, a).to_vector() == std::vector<float>{37, 54, 81, 118});
  CHECK(tl::chain_matmul(a).to_vector() == a.to_vector());
  CHECK_THROWS_WITH(tl::linalg::multi_dot({a}), ContainsSubstring("at least 2"));
  CHECK_THROWS_AS(tl::linalg::multi_dot({a, v, a}), tl::ShapeError);
}

TEST_CASE("products of integers are integers, and beta of 0 forgets the input", "[ops][linalg]") {
  const auto a = tl::Tensor<std::int32_t>::from({1, 2, 3, 4}, {2, 2});
  CHECK(tl::addmm(a, a, a, 2, -1).to_vector() == std::vector<std::int32_t>{2 - 7, 4 - 10, 6 - 15, 8 - 22});
  CHECK_THROWS_AS(tl::addmm(a, a, a, 0.5), tl::DtypeError);
  CHECK(tl::kron(a, tl::Tensor<std::int32_t>::from({1, 10})).to_vector() == std::vector<std::int32_t>{1, 10, 2, 20, 3, 30, 4, 40});
  CHECK(tl::linalg::vecdot(a, a).to_vector() == std::vector<std::int32_t>{5, 25});
  const auto nan = tl::full<float>({2, 2}, std::numeric_limits<float>::quiet_NaN()), one = tl::eye<float>(2);
  CHECK(tl::addmm(nan, one, one, 0).to_vector() == one.to_vector());
  const auto h = tl::Tensor<tl::half>::from({tl::half(1.0f), tl::half(2.0f)}, {1, 2});
  CHECK(static_cast<float>(tl::baddbmm(tl::unsqueeze(h, 0), tl::ones<tl::half>({1, 1, 1}), tl::unsqueeze(h, 0)).to_vector()[1]) == 4.0f);
  CHECK_THROWS_WITH(tl::addmm(tl::ones<float>({3, 3}), one, one), ContainsSubstring("addmm") && ContainsSubstring("[3, 3]"));
  CHECK_THROWS_WITH(tl::linalg::cross(one, one), ContainsSubstring("linalg.cross") && ContainsSubstring("size 3"));
}
