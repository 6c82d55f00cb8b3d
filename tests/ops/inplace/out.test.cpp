// SPDX-License-Identifier: BSD-3-Clause
// Results that go into memory which is already there.
#include <support/catch.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/inplace/out.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/tensor/create.hpp>

#include <cmath>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

TEST_CASE("an expression is computed straight into its destination", "[ops][inplace]") {
  const Double a({2, 2}, {1, 2, 3, 4}), y = tl::zeros<double>({2, 2});
  const double* memory = y.data();
  const auto kernels = tl::kernel_count();
  const auto version = y.version();
  tl::out(y) = a * 2.0 + 1.0;
  CHECK(tl::kernel_count() == kernels + 1);
  CHECK(y.data() == memory);
  CHECK(y.version() == version + 1);
  CHECK(y.to_vector() == std::vector<double>{3, 5, 7, 9});
  tl::out(tl::transpose(y, 0, 1)) = tl::exp(a);
  const std::vector<double> got = y.to_vector(), want{1, 3, 2, 4};
  for (std::size_t i = 0; i < 4; ++i) CHECK(got[i] == Approx(std::exp(want[i])));
}

TEST_CASE("a destination may be an operand in any layout", "[ops][inplace]") {
  const Double y({2, 2}, {1, 2, 3, 4});
  tl::out(y) = tl::transpose(y, 0, 1) + y;
  CHECK(y.to_vector() == std::vector<double>{2, 5, 5, 8});
  const Double v({4}, {1, 2, 3, 4});
  tl::out(tl::slice(v, 0, 1, 4)) = tl::slice(v, 0, 0, 3) * 1.0;
  CHECK(v.to_vector() == std::vector<double>{1, 1, 2, 3});
}

TEST_CASE("results that are tensors, and named expressions, are copied into the destination", "[ops][inplace]") {
  const Double a({2, 2}, {1, 2, 3, 4}), y = tl::zeros<double>({2, 2});
  tl::out(y) = tl::matmul(a, a);
  CHECK(y.to_vector() == std::vector<double>{7, 10, 15, 22});
  const auto e = a + 1.0;
  tl::out(y) = e;
  CHECK(y.to_vector() == std::vector<double>{2, 3, 4, 5});
  const tl::Tensor<float> narrow = tl::zeros<float>({2, 2});
  tl::out(narrow) = a * a;
  CHECK(narrow.to_vector() == std::vector<float>{1, 4, 9, 16});
}

TEST_CASE("destinations refuse other shapes and automatic differentiation, and stay as they are", "[ops][inplace]") {
  const Double a({2}, {1, 2}), y = tl::zeros<double>({2}), leaf = Double({2}, {1, 2}).requires_grad_();
  CHECK_THROWS_AS(tl::out(tl::zeros<double>({2, 2})) = a + 1.0, tl::ShapeError);
  CHECK_THROWS_AS(tl::out(y) = tl::ones<double>({3}), tl::ShapeError);
  CHECK_THROWS_WITH(tl::out(y) = leaf * 2.0, ContainsSubstring("automatic differentiation") && ContainsSubstring("operand"));
  CHECK_THROWS_WITH(tl::out(leaf) = a * 2.0, ContainsSubstring("automatic differentiation") && ContainsSubstring("destination"));
  CHECK_THROWS_WITH(tl::out(y) = leaf, ContainsSubstring("operand"));
  CHECK(y.to_vector() == std::vector<double>{0, 0});
  CHECK(y.version() == 0);
  const tl::NoGradGuard no_grad;
  tl::out(leaf) = leaf * 2.0;
  CHECK(leaf.to_vector() == std::vector<double>{2, 4});
  CHECK(leaf.is_leaf());
}
