// SPDX-License-Identifier: BSD-3-Clause
// In-place forms with indices: what they write, what they refuse, and their derivatives.
#include <support/catch.hpp>

#include <functional>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/index/inplace.hpp>
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

TEST_CASE("index_put takes a mask", "[ops][index][inplace]") {
  const Real x = counted({2, 3});
  const tl::Tensor<bool> rows({2}, {false, true}), all({2, 3}, {true, false, false, false, true, true});
  CHECK(tl::index_put(x, rows, Real({3}, {7, 8, 9})).to_vector() == Numbers{0, 1, 2, 7, 8, 9});
  CHECK(tl::index_put(x, all, Real({3}, {7, 8, 9}), true).to_vector() == Numbers{7, 1, 2, 3, 12, 14});
  tl::index_put_(x, all, -1.0);
  tl::index_put_(x, rows, Real({1, 3}, {1, 1, 1}), true);
  CHECK(x.to_vector() == Numbers{-1, 1, 2, 4, 0, 0});
  CHECK_THROWS_WITH(tl::index_put_(x, tl::ones<bool>({3}), 1.0), ContainsSubstring("a mask of shape [3] does not fit"));
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

TEST_CASE("fill_diagonal_ writes into the tensor", "[ops][index][inplace]") {
  const Real tall = tl::zeros<double>({7, 3});
  tl::fill_diagonal_(tall, 1.0, true);
  Numbers wrapped(21, 0.0);
  for (int i = 0; i < 3; ++i)
    wrapped[static_cast<std::size_t>(4 * i)] = wrapped[static_cast<std::size_t>(12 + 4 * i)] = 1;  // row 3 stays free
  CHECK(tall.to_vector() == wrapped);
  const Real cube = tl::zeros<double>({2, 2, 2});
  tl::fill_diagonal_(cube, 5);
  CHECK(cube.to_vector() == Numbers{5, 0, 0, 0, 0, 0, 0, 5});
  CHECK_THROWS_AS(tl::fill_diagonal_(counted({3}), 1), tl::ShapeError);
  CHECK_THROWS_AS(tl::fill_diagonal_(tl::zeros<double>({2, 2, 3}), 1), tl::ShapeError);
  const Real x = counted({2, 2}).requires_grad_(), y = x * 3.0;
  tl::fill_diagonal_(y, 7);
  CHECK(y.to_vector() == Numbers{7, 3, 6, 7});
  tl::sum(y * y).backward();
  CHECK(x.grad().to_vector() == Numbers{0, 18, 36, 0});
}
