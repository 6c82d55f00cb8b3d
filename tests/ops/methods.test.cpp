// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/ops/forwarded_methods.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/reduce/allclose.hpp>

namespace tl = torchlite;
using Real = tl::Tensor<double>;

TEST_CASE("methods are the functions of their names, in all their forms", "[ops][methods]") {
  const Real x({2, 3}, {4, 1, 3, 2, 6, 5});
  CHECK(x.cumsum(1).to_vector() == std::vector<double>{4, 5, 8, 2, 8, 13});
  CHECK(x.flip({0, 1}).to_vector() == std::vector<double>{5, 6, 2, 3, 1, 4});
  CHECK(x.roll(1, 1).to_vector() == std::vector<double>{3, 4, 1, 5, 2, 6});
  CHECK(x.repeat({1, 2}).sizes() == tl::Shape{2, 6});
  CHECK(x.unflatten(1, {3, 1}).sizes() == tl::Shape{2, 3, 1});
  const auto [values, indices] = x.sort(-1, true);
  CHECK(values.to_vector() == std::vector<double>{4, 3, 1, 6, 5, 2});
  CHECK(indices.to_vector() == std::vector<std::int64_t>{0, 2, 1, 1, 2, 0});
  CHECK(x.topk(1).values.to_vector() == std::vector<double>{4, 6});
  CHECK(x.median().item() == 3);
  CHECK(x.quantile(0.5).item() == 3.5);
  CHECK(x.maximum(3.5).amax({0, 1}).item() == 6);
  CHECK(x.log2().exp2().allclose(x));
  CHECK(x.tril().to_vector() == std::vector<double>{4, 0, 0, 2, 6, 0});
  CHECK(x.diag().to_vector() == std::vector<double>{4, 6});
  CHECK((x * 2).cumsum(0).to_vector() == std::vector<double>{8, 2, 6, 12, 14, 16});
}

TEST_CASE("methods of matrices solve and decompose", "[ops][methods]") {
  const Real a({2, 2}, {4, 1, 2, 3});
  CHECK(std::abs(a.det().item() - 10) < 1e-12);
  CHECK(a.inverse().matmul(a).allclose(Real({2, 2}, {1, 0, 0, 1})));
  CHECK(a.mT().to_vector() == std::vector<double>{4, 2, 1, 3});
  CHECK(a.mv(Real({2}, {1, 1})).to_vector() == std::vector<double>{5, 5});
}

TEST_CASE("methods put values where indices say", "[ops][methods]") {
  const Real x({3}, {1, 2, 3});
  const auto i = tl::Tensor<std::int64_t>::from({2, 0});
  CHECK(x.index_add(0, i, Real({2}, {10, 20})).to_vector() == std::vector<double>{21, 2, 13});
  CHECK(x.scatter(0, i, 0.0).to_vector() == std::vector<double>{0, 2, 0});
  CHECK(x.take(i).to_vector() == std::vector<double>{3, 1});
  CHECK((x > 1.5).nonzero().to_vector() == std::vector<std::int64_t>{1, 2});
}
