// SPDX-License-Identifier: BSD-3-Clause
// Values that come together at an index, positions and masks, where PyTorch's samples do not look.
#include <support/catch.hpp>

#include <cmath>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/index/masked_scatter.hpp>
#include <torchlite/ops/index/scatter_reduce.hpp>
#include <torchlite/ops/index/take.hpp>
#include <torchlite/ops/methods.hpp>

namespace tl = torchlite;
using Real = tl::Tensor<double>;
using Index = tl::Tensor<std::int64_t>;
using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

namespace {
Real counted(const tl::Shape& sizes) { return tl::view(tl::arange<double>(sizes.numel()), sizes); }
}  // namespace

TEST_CASE("values that come together: products, means and extremes by brute force", "[ops][index]") {
  const Real x({3}, {2, 3, 5}), v({5}, {1.5, -2, 4, 0.5, 7});
  const Index at({5}, {0, 2, 0, 0, 2});
  CHECK(tl::scatter_reduce(x, 0, at, v, "prod").to_vector() == Numbers{2 * 1.5 * 4 * 0.5, 3, 5 * -2.0 * 7});
  CHECK(tl::scatter_reduce(x, 0, at, v, "prod", false).to_vector() == Numbers{1.5 * 4 * 0.5, 3, -14});
  CHECK(tl::scatter_reduce(x, 0, at, v, "mean").to_vector() == Numbers{(2 + 1.5 + 4 + 0.5) / 4, 3, 10.0 / 3});
  CHECK(tl::scatter_reduce(x, 0, at, v, "mean", false).to_vector() == Numbers{6.0 / 3, 3, 2.5});
  CHECK(tl::scatter_reduce(x, 0, at, v, "amax").to_vector() == Numbers{4, 3, 7});
  CHECK(tl::scatter_reduce(x, 0, at, v, "amin", false).to_vector() == Numbers{0.5, 3, -2});
  CHECK(tl::scatter_reduce(x, 0, at, v, "sum", false).to_vector() == Numbers{6, 3, 5});
  CHECK(tl::index_reduce(x, 0, at, v, "amin").to_vector() == Numbers{0.5, 3, -2});
  CHECK(std::isnan(tl::scatter_reduce(x, 0, Index({1}, {1}), Real({1}, {NAN}), "amax")[1].item()));
  CHECK(tl::scatter(x, 0, at, 2.0, "multiply").to_vector() == Numbers{16, 3, 20});
  CHECK(tl::scatter(x, 0, at, v, "add").to_vector() == Numbers{8, 3, 10});
}

TEST_CASE("values of integers and of half come together; the mean of integers is rounded down", "[ops][index]") {
  const Index x({2}, {2, -5}), v({3}, {3, 4, -2}), at({3}, {0, 0, 1});
  CHECK(tl::scatter_reduce(x, 0, at, v, "prod").to_vector() == Integers{24, 10});
  CHECK(tl::scatter_reduce(x, 0, at, v, "mean").to_vector() == Integers{3, -4});
  CHECK(tl::scatter_reduce(x, 0, at, v, "amax", false).to_vector() == Integers{4, -2});
  const auto h = tl::scatter_reduce(tl::to<tl::half>(x).eval(), 0, at, tl::to<tl::half>(v).eval(), "mean");
  CHECK(h[0].item() == 3.0f);
  CHECK(h[1].item() == -3.5f);
  const auto f = tl::index_reduce(tl::to<float>(x).eval(), 0, at, tl::to<float>(v).eval(), "prod");
  CHECK(f.to_vector() == std::vector<float>{24, 10});
  CHECK(tl::take(x, Index({2, 1}, {-1, 0})).to_vector() == Integers{-5, 2});
  CHECK(tl::put(x, Index({1}, {-1}), Index({1}, {9}), true).to_vector() == Integers{2, 4});
}

TEST_CASE("the derivatives of products are right where several factors are 0", "[ops][index][gradcheck]") {
  const Real x({2, 2}, {2, 0, 0, 1.5}), v({3, 2}, {0, 3, 0.5, 0, 0, -2});
  const Index at({3, 2}, {0, 0, 0, 1, 0, 1}), rows({3}, {0, 1, 0});
  for (const bool include_self : {true, false}) {
    const auto f = [&](const Real& a, const Real& b) { return Real(tl::scatter_reduce(a, 0, at, b, "prod", include_self) * 1.0); };
    const auto g = [&](const Real& a, const Real& b) { return Real(tl::index_reduce(a, 0, rows, b, "prod", include_self) * 1.0); };
    const Real a = x.clone().requires_grad_(), b = v.clone().requires_grad_();
    CHECK(tl::gradcheck(f, a, b));
    CHECK(tl::gradgradcheck(f, a, b));
    CHECK(tl::gradcheck(g, a, b));
    CHECK(tl::gradgradcheck(g, a, b));
  }
}

TEST_CASE("equal extremes share their gradient, and what is not included gets none", "[ops][index]") {
  const Real x = Real({2}, {4, 1}).requires_grad_(), v = Real({3}, {4, 4, 0}).requires_grad_();
  const Index at({3}, {0, 0, 1});
  tl::scatter_reduce(x, 0, at, v, "amax").backward(Real({2}, {6, 5}));
  CHECK(x.grad().to_vector() == Numbers{2, 5});
  CHECK(v.grad().to_vector() == Numbers{2, 2, 0});
  x.zero_grad();
  v.zero_grad();
  tl::scatter_reduce(x, 0, at, v, "amax", false).backward(Real({2}, {6, 5}));
  CHECK(x.grad().to_vector() == Numbers{0, 0});
  CHECK(v.grad().to_vector() == Numbers{3, 3, 5});
}

TEST_CASE("empty tensors, tensors without dimensions and negative numbers", "[ops][index]") {
  const Real none = tl::zeros<double>({0}), one = tl::full<double>({}, 3);
  const Index nowhere = tl::zeros<std::int64_t>({0}), zero({1}, {0});
  CHECK(tl::take(none, nowhere).numel() == 0);
  CHECK_THROWS_AS(tl::take(none, zero), tl::IndexError);
  CHECK(tl::index_add(one, 0, zero, one).item() == 6);
  CHECK(tl::index_copy(one, 0, zero, Real({1}, {9})).item() == 9);
  CHECK(tl::index_fill(one, 0, nowhere, 5).item() == 3);
  CHECK(tl::index_fill(one, 0, Index({2}, {0, -1}), 5).item() == 5);
  CHECK(tl::index_fill(counted({3}), 0, Index({1}, {-1}), 5).to_vector() == Numbers{0, 1, 5});
  CHECK(tl::index_reduce(one, 0, zero, one, "prod").item() == 9);
  CHECK(tl::index_select(one, 0, zero).dim() == 0);
  CHECK_THROWS_AS(tl::index_select(one, 0, Index({2}, {0, 0})), tl::IndexError);
  CHECK_THROWS_AS(tl::index_add(counted({3}), 0, Index({1}, {-1}), counted({1})), tl::IndexError);
  CHECK(tl::scatter_reduce(one, 0, tl::full<std::int64_t>({}, 0), one, "amax").item() == 3);
  CHECK(tl::masked_scatter(counted({3}), tl::zeros<bool>({3}), none).to_vector() == Numbers{0, 1, 2});
  CHECK_THROWS_WITH(tl::masked_scatter(counted({3}), tl::ones<bool>({3}), counted({2})),
                    ContainsSubstring("chooses 3 elements, but the source of shape [2] has 2"));
  CHECK(tl::nonzero_static(counted({3}), 3).to_vector() == Integers{1, 2, -1});
  CHECK(tl::take_along_dim(counted({2, 2}), Index({2}, {3, -4})).to_vector() == Numbers{3, 0});
}

TEST_CASE("where takes tensors, numbers, or the condition alone", "[ops][index]") {
  const tl::Tensor<bool> c({2, 2}, {true, false, false, true});
  CHECK(tl::where(c, counted({2, 2}), -1.0).eval().to_vector() == Numbers{0, -1, -1, 3});
  CHECK(tl::where(c, 1.0, counted({2})).eval().to_vector() == Numbers{1, 1, 0, 1});
  const auto at = tl::where(c);
  REQUIRE(at.size() == 2);
  CHECK(at[0].to_vector() == Integers{0, 1});
  CHECK(at[1].to_vector() == Integers{0, 1});
}
