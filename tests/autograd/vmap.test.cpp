// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/autograd/functional.hpp>
#include <torchlite/autograd/vmap.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace tl = torchlite;
using Double = tl::Tensor<double>;
using tl::func::unbatched, tl::func::vmap;

namespace {
const auto dot = [](const Double& a, const Double& b) { return tl::sum(Double(a * b)); };
const Double rows({2, 3}, {1, 2, 3, 4, 5, 6}), other({2, 3}, {1, 0, 1, 2, 1, 0});
}  // namespace

TEST_CASE("vmap runs a function of examples on a batch", "[autograd][vmap]") {
  CHECK(vmap(dot)(rows, other).to_vector() == std::vector<double>{4, 13});
  const Double w({3}, {1, 1, 2});
  CHECK(vmap(dot, {.in_dims = {0, unbatched}})(rows, w).to_vector() == std::vector<double>{9, 21});
  const Double columns({3, 2}, {1, 2, 0, 1, 1, 0});
  CHECK(vmap(dot, {.in_dims = {0, -1}})(rows, columns).to_vector() == std::vector<double>{4, 13});
  const Double side = vmap([](const Double& r) { return r * 2.0; }, {.out_dim = 1})(rows);
  CHECK(side.sizes() == tl::Shape{3, 2});
  CHECK(side.to_vector() == std::vector<double>{2, 8, 4, 10, 6, 12});
  CHECK(vmap(dot)(rows * 2.0, other).to_vector() == std::vector<double>{8, 26});
}

TEST_CASE("vmap of several results gives several batches", "[autograd][vmap]") {
  const auto [sums, doubled] = vmap([](const Double& r) { return std::tuple(tl::sum(r), r * 2.0); })(rows);
  CHECK(sums.to_vector() == std::vector<double>{6, 15});
  CHECK(doubled.sizes() == tl::Shape{2, 3});
}

TEST_CASE("vmap nests: all pairs", "[autograd][vmap]") {
  const auto pairs = vmap(vmap(dot, {.in_dims = {unbatched, 0}}), {.in_dims = {0, unbatched}});
  CHECK(pairs(rows, rows).to_vector() == tl::matmul(rows, Double({3, 2}, {1, 4, 2, 5, 3, 6})).to_vector());
}

TEST_CASE("gradients go through a batch, and batches through gradients", "[autograd][vmap]") {
  const Double x = Double({2, 3}, {1, 2, 3, 4, 5, 6}).requires_grad_();
  const auto cubes = [](const Double& r) { return tl::sum(Double(r * r * r)); };
  const auto [first] = tl::autograd::grad({tl::sum(vmap(cubes)(x))}, {x}, {.create_graph = true});
  CHECK(first.to_vector() == std::vector<double>{3, 12, 27, 48, 75, 108});
  tl::sum(first).backward();
  CHECK(x.grad().to_vector() == std::vector<double>{6, 12, 18, 24, 30, 36});
  // One gradient for each example.
  const Double each = vmap(tl::func::grad(cubes))(rows);
  CHECK(each.to_vector() == std::vector<double>{3, 12, 27, 48, 75, 108});
  const Double jacobian = tl::autograd::functional::jacobian(vmap(cubes), rows);
  CHECK(jacobian.to_vector() == std::vector<double>{3, 12, 27, 0, 0, 0, 0, 0, 0, 48, 75, 108});
}

TEST_CASE("vmap refuses batches that do not fit", "[autograd][vmap]") {
  CHECK_THROWS_WITH(vmap(dot)(rows, Double({3}, {1, 2, 3})), ContainsSubstring("vmap") && ContainsSubstring("batch of 3"));
  CHECK_THROWS_WITH(vmap(dot, {.in_dims = {0}})(rows, other), ContainsSubstring("1 in_dims"));
  CHECK_THROWS_WITH(vmap(dot, {.in_dims = {unbatched, unbatched}})(rows, other), ContainsSubstring("no argument has a batch"));
  CHECK_THROWS_AS(vmap(dot, {.in_dims = {5, 0}})(rows, other), tl::IndexError);
  CHECK_THROWS_WITH(vmap(dot)(Double({}, {1.0}), other), ContainsSubstring("no dimensions"));
  CHECK_THROWS_WITH(vmap(dot)(tl::empty<double>({0, 3}), tl::empty<double>({0, 3})), ContainsSubstring("empty"));
}
