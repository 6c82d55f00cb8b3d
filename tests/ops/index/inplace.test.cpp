// SPDX-License-Identifier: BSD-3-Clause
// In-place forms with indices, values that come together at an index, and their derivatives where PyTorch's samples do not look.
#include <support/catch.hpp>

#include <cmath>
#include <functional>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/index/inplace.hpp>
#include <torchlite/ops/index/unsafe_masked_index.hpp>
#include <torchlite/ops/methods.hpp>

namespace tl = torchlite;
using Real = tl::Tensor<double>;
using Index = tl::Tensor<std::int64_t>;
using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

namespace {
Real counted(const tl::Shape& sizes) { return tl::view(tl::arange<double>(sizes.numel()), sizes); }
using Write = std::function<void(const Real&, const Real&)>;

/// An in-place form writes what the other form gives, counts the change, touches x only, and has derivatives of both orders.
void check_write(const Write& write, const std::function<Real(const Real&, const Real&)>& other, const Real& x, const Real& v) {
  const Real target = x.clone();
  const auto before = target.version();
  write(target, v);
  CHECK(target.to_vector() == other(x, v).to_vector());
  CHECK(target.version() > before);
  const Real turned = x.t().clone().t();  // not contiguous
  write(turned, v);
  CHECK(turned.to_vector() == target.to_vector());
  const auto f = [&](const Real& a, const Real& b) {
    const Real y = a * a;
    write(y, b);
    return Real(y * y);
  };
  const Real a = x.detach().clone().requires_grad_(), b = v.detach().clone().requires_grad_();
  CHECK(tl::gradcheck(f, a, b));
  CHECK(tl::gradgradcheck(f, a, b));
}
}  // namespace

TEST_CASE("in-place forms with indices do what the others do, with gradients", "[ops][index][inplace]") {
  const Real x({3, 3}, {0.5, -1.25, 2, 0.75, -0.5, 1.5, 1.25, -2, 0.25}), v({2, 3}, {1.5, -0.75, 0.6, -1.1, 0.9, 2.1});
  const Index rows({2}, {2, 0}), grid({2, 3}, {0, 2, 1, 2, 0, 0}), flat({6}, {0, 4, 8, -2, 1, 3});
  const tl::Tensor<bool> mask({3, 3}, {true, false, true, false, false, true, true, true, true});
  check_write([&](const Real& a, const Real& b) { tl::index_add_(a, 0, rows, b, 2.0); },
              [&](const Real& a, const Real& b) { return tl::index_add(a, 0, rows, b, 2.0); }, x, v);
  check_write([&](const Real& a, const Real& b) { tl::index_copy_(a, 0, rows, b); },
              [&](const Real& a, const Real& b) { return tl::index_copy(a, 0, rows, b); }, x, v);
  check_write([&](const Real& a, const Real& b) { tl::index_fill_(a, 1, rows, tl::sum(b)); },
              [&](const Real& a, const Real& b) { return tl::index_fill(a, 1, rows, tl::sum(b)); }, x, v);
  check_write([&](const Real& a, const Real& b) { tl::scatter_add_(a, 0, grid, b); },
              [&](const Real& a, const Real& b) { return tl::scatter_add(a, 0, grid, b); }, x, v);
  check_write(
      [&](const Real& a, const Real& b) {
        tl::scatter_(a, 0, Index({1, 3}, {2, 0, 1}), b);
      },
      [&](const Real& a, const Real& b) {
        return tl::scatter(a, 0, Index({1, 3}, {2, 0, 1}), b);
      },
      x, v);
  check_write([&](const Real& a, const Real& b) { tl::scatter_(a, 0, grid, b, "multiply"); },
              [&](const Real& a, const Real& b) { return tl::scatter(a, 0, grid, b, "multiply"); }, x, v);
  check_write([&](const Real& a, const Real& b) { tl::scatter_reduce_(a, 0, grid, b, "amax", false); },
              [&](const Real& a, const Real& b) { return tl::scatter_reduce(a, 0, grid, b, "amax", false); }, x, v);
  check_write([&](const Real& a, const Real& b) { tl::index_reduce_(a, 0, rows, b, "mean"); },
              [&](const Real& a, const Real& b) { return tl::index_reduce(a, 0, rows, b, "mean"); }, x, v);
  check_write([&](const Real& a, const Real& b) { tl::put_(a, flat, tl::flatten(b)); },
              [&](const Real& a, const Real& b) { return tl::put(a, flat, b); }, x, v);
  check_write([&](const Real& a, const Real& b) { tl::masked_scatter_(a, mask, b); },
              [&](const Real& a, const Real& b) { return tl::masked_scatter(a, mask, b); }, x, v);
  check_write([&](const Real& a, const Real& b) { tl::masked_fill_(a, mask, tl::sum(b)); },
              [&](const Real& a, const Real& b) { return tl::masked_fill(a, mask, tl::sum(b)); }, x, v);
  check_write([&](const Real& a, const Real& b) { tl::index_put_(a, {rows}, b, true); },
              [&](const Real& a, const Real& b) { return tl::index_put(a, {rows}, b, true); }, x, v);
}

TEST_CASE("in-place forms refuse leaves and wrong calls before anything is changed", "[ops][index][inplace]") {
  const Real x = counted({3, 3});
  CHECK_THROWS_AS(tl::index_add_(x, 0, Index({1}, {3}), counted({1, 3})), tl::IndexError);
  CHECK_THROWS_AS(tl::index_copy_(x, 0, Index({2}, {0, 1}), counted({1, 3})), tl::IndexError);
  CHECK_THROWS_AS(tl::put_(x, Index({1}, {9}), counted({1})), tl::IndexError);
  CHECK_THROWS_WITH(tl::scatter_(x, 0, Index({1, 1}, {0}), counted({1, 1}), "mean"), ContainsSubstring("neither"));
  CHECK_THROWS_WITH(tl::index_reduce_(x, 0, Index({1}, {0}), counted({1, 3}), "sum"), ContainsSubstring("is no reduction"));
  CHECK_THROWS_AS(tl::masked_fill_(x, tl::ones<bool>({3}), counted({1})), tl::ShapeError);
  CHECK(x.to_vector() == counted({3, 3}).to_vector());
  const Real leaf = counted({3}).requires_grad_();
  CHECK_THROWS_WITH(tl::index_fill_(leaf, 0, Index({1}, {0}), 1.0), ContainsSubstring("leaf"));
}

TEST_CASE("fill_diagonal_, tril_ and triu_ write into the tensor", "[ops][index][inplace]") {
  const Real tall = tl::zeros<double>({7, 3});
  tl::fill_diagonal_(tall, 1.0, true);
  Numbers wrapped(21, 0.0);
  for (int i = 0; i < 3; ++i)
    wrapped[static_cast<std::size_t>(4 * i)] = wrapped[static_cast<std::size_t>(12 + 4 * i)] = 1;  // row 3 stays free
  CHECK(tall.to_vector() == wrapped);
  const Real cube = tl::zeros<double>({2, 2, 2});
  tl::fill_diagonal_(cube, 5);
  CHECK(cube.to_vector() == Numbers{5, 0, 0, 0, 0, 0, 0, 5});
  const tl::Tensor<std::int32_t> square = tl::ones<std::int32_t>({2, 2});
  tl::tril_(square);
  CHECK(square.to_vector() == std::vector<std::int32_t>{1, 0, 1, 1});
  tl::triu_(square, 1);
  CHECK(square.to_vector() == std::vector<std::int32_t>{0, 0, 0, 0});
  CHECK_THROWS_AS(tl::fill_diagonal_(counted({3}), 1), tl::ShapeError);
  CHECK_THROWS_AS(tl::fill_diagonal_(tl::zeros<double>({2, 2, 3}), 1), tl::ShapeError);
  const Real x = counted({2, 2}).requires_grad_(), y = x * 3.0;
  tl::fill_diagonal_(y, 7);
  CHECK(y.to_vector() == Numbers{7, 3, 6, 7});
  tl::sum(y * y).backward();
  CHECK(x.grad().to_vector() == Numbers{0, 18, 36, 0});
}

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
