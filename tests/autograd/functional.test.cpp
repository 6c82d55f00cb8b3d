// SPDX-License-Identifier: BSD-3-Clause
// Jacobians, Hessians and products with them, against closed forms and differences.
#include <support/catch.hpp>

#include <torchlite/autograd/functional.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/sin.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/tensor/create.hpp>

#include <cmath>

namespace tl = torchlite;
namespace fn = torchlite::autograd::functional;
using Double = tl::Tensor<double>;

namespace {
void check_equal(const Double& got, const std::vector<double>& want, double tolerance = 1e-12) {
  const std::vector<double> values = got.to_vector();
  REQUIRE(values.size() == want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    CAPTURE(i);
    CHECK(values[i] == Approx(want[i]).margin(tolerance).epsilon(tolerance));
  }
}
const auto cube_sum = [](const Double& x) { return tl::sum(Double(x * x * x)); };
const Double matrix({2, 3}, {1, 2, 3, 4, 5, 6});
const auto linear_exp = [](const Double& x) { return tl::exp(tl::matmul(matrix, x) * 0.1); };

/// d f_k / d x_i by central differences, row by row.
template <class F>
std::vector<double> differences(F f, const Double& x) {
  std::vector<double> values = x.to_vector();
  const auto n = static_cast<std::size_t>(x.numel());
  std::vector<std::vector<double>> columns;
  for (std::size_t i = 0; i < n; ++i) {
    const double at = values[i], h = 1e-6;
    values[i] = at + h;
    const std::vector<double> up = Double(f(Double::from(values, x.sizes()))).to_vector();
    values[i] = at - h;
    const std::vector<double> down = Double(f(Double::from(values, x.sizes()))).to_vector();
    values[i] = at;
    columns.emplace_back();
    for (std::size_t k = 0; k < up.size(); ++k) columns.back().push_back((up[k] - down[k]) / (2 * h));
  }
  std::vector<double> rows;
  for (std::size_t k = 0; k < columns[0].size(); ++k)
    for (std::size_t i = 0; i < n; ++i) rows.push_back(columns[i][k]);
  return rows;
}
}  // namespace

TEST_CASE("a Jacobian holds all derivatives, output first", "[autograd][functional]") {
  const Double x({3}, {0.5, -1, 2});
  const Double j = fn::jacobian(linear_exp, x);
  CHECK(j.sizes() == tl::Shape{2, 3});
  check_equal(j, differences(linear_exp, x), 1e-8);
  CHECK_FALSE(j.requires_grad());
  CHECK_FALSE(x.requires_grad());
  const Double square({2, 2}, {1, 2, 3, 4});
  const Double k = fn::jacobian([](const Double& t) { return Double(t * t); }, square);
  CHECK(k.sizes() == tl::Shape{2, 2, 2, 2});
  check_equal(k, {2, 0, 0, 0, 0, 4, 0, 0, 0, 0, 6, 0, 0, 0, 0, 8});
  CHECK(fn::jacobian([](const Double& t) { return Double(t * 1.0); }, tl::zeros<double>({0})).sizes() == tl::Shape{0, 0});
}

TEST_CASE("a Jacobian of several inputs is one for each, zeros where there is no path", "[autograd][functional]") {
  const Double a({2}, {1, 2}), b({2}, {3, 5});
  const auto [ja, jb] = fn::jacobian([](const Double& x, const Double& y) { return Double(x * y * y); }, {a, b});
  check_equal(ja, {9, 0, 0, 25});
  check_equal(jb, {6, 0, 0, 20});
  const auto [unused, used] = fn::jacobian([](const Double&, const Double& y) { return Double(y * 2.0); }, {a, b});
  check_equal(unused, {0, 0, 0, 0});
  check_equal(used, {2, 0, 0, 2});
  CHECK_THROWS_WITH(fn::jacobian([](const Double&, const Double& y) { return Double(y * 2.0); }, {a, b}, {.strict = true}),
                    ContainsSubstring("jacobian") && ContainsSubstring("input 0") && ContainsSubstring("strict"));
  check_equal(fn::jacobian([](const Double&) { return tl::ones<double>({2}); }, a), {0, 0, 0, 0});
}

TEST_CASE("a Hessian holds all second derivatives", "[autograd][functional]") {
  const Double x({3}, {0.5, -1, 2});
  const Double h = fn::hessian(cube_sum, x);
  check_equal(h, {3, 0, 0, 0, -6, 0, 0, 0, 12});
  const auto mixed = [](const Double& t) { return tl::sum(Double(tl::sin(tl::matmul(matrix, t)))); };
  const Double m = fn::hessian(mixed, x);
  std::vector<double> want(9);
  for (int r = 0; r < 2; ++r) {
    const double* row = matrix.data() + 3 * r;
    const double s = -std::sin(row[0] * 0.5 - row[1] + row[2] * 2);
    for (int i = 0; i < 3; ++i)
      for (int k = 0; k < 3; ++k) want[static_cast<std::size_t>(3 * i + k)] += s * row[i] * row[k];
  }
  check_equal(m, want, 1e-11);
  CHECK_THROWS_WITH(fn::hessian([](const Double& t) { return Double(t * t); }, x), ContainsSubstring("single number"));
  const Double a({1}, {2}), b({1}, {3});
  const auto blocks = fn::hessian([](const Double& p, const Double& q) { return tl::sum(Double(p * p * q)); }, {a, b});
  check_equal(blocks[0][0], {6});
  check_equal(blocks[0][1], {4});
  check_equal(blocks[1][0], {4});
  check_equal(blocks[1][1], {0});
}

TEST_CASE("products with the Jacobian agree with the Jacobian", "[autograd][functional]") {
  const Double x({3}, {0.5, -1, 2}), v({3}, {1, -2, 0.5}), w({2}, {3, -1});
  const std::vector<double> j = differences(linear_exp, x);
  const auto forward = fn::jvp(linear_exp, x, v);
  check_equal(forward.output, Double(linear_exp(x)).to_vector());
  check_equal(forward.product, {j[0] - 2 * j[1] + 0.5 * j[2], j[3] - 2 * j[4] + 0.5 * j[5]}, 1e-8);
  const auto back = fn::vjp(linear_exp, x, w);
  check_equal(back.product, {3 * j[0] - j[3], 3 * j[1] - j[4], 3 * j[2] - j[5]}, 1e-8);
  const auto [value, gradient] = fn::vjp(cube_sum, x);
  CHECK(value.item() == Approx(0.125 - 1 + 8));
  check_equal(gradient, {0.75, 3, 12});
  CHECK_THROWS_AS(fn::jvp(linear_exp, x, w), tl::ShapeError);
  CHECK_THROWS_AS(fn::vjp(linear_exp, x, v), tl::ShapeError);
  CHECK_THROWS_WITH(fn::vjp(linear_exp, x), ContainsSubstring("give the v"));
  const auto two = fn::jvp([](const Double& p, const Double& q) { return Double(p * q); }, {x, x}, {v, x});
  check_equal(two.product, {0.5 * 1 + 0.25, 2 + 1, 1 + 4});
  check_equal(fn::jvp([](const Double&) { return tl::ones<double>({2}); }, x, v).product, {0, 0});
}

TEST_CASE("products with the Hessian", "[autograd][functional]") {
  const Double x({3}, {0.5, -1, 2}), v({3}, {1, -2, 0.5});
  const auto h = fn::hvp(cube_sum, x, v);
  CHECK(h.output.item() == Approx(7.125));
  check_equal(h.product, {3, 12, 6});
  check_equal(fn::vhp(cube_sum, x, v).product, {3, 12, 6});
  check_equal(fn::hvp([](const Double& t) { return tl::sum(t); }, x, v).product, {0, 0, 0});
  CHECK_THROWS_AS(fn::hvp(cube_sum, x, Double({2}, {1, 2})), tl::ShapeError);
  const auto two = fn::hvp([](const Double& p, const Double& q) { return tl::sum(Double(p * p * q)); }, {x, v}, {v, x});
  // d/dt of (2 p q, p^2) along (v, x)
  check_equal(two.product[0], {2 * (1 * 1 + 0.5 * 0.5), 2 * (-2 * -2 + -1 * -1), 2 * (0.5 * 0.5 + 2 * 2)});
  check_equal(two.product[1], {2 * 0.5 * 1, 2 * -1 * -2, 2 * 2 * 0.5});
}

TEST_CASE("with create_graph the results are differentiated again", "[autograd][functional]") {
  const Double x = Double({2}, {1, 2}).requires_grad_();
  const auto square = [](const Double& t) { return Double(t * t * t); };
  tl::sum(fn::jacobian(square, x, {.create_graph = true})).backward();
  check_equal(x.grad(), {6, 12});
  x.zero_grad();
  tl::sum(fn::jvp(square, x, tl::ones<double>({2}), {.create_graph = true}).product).backward();
  check_equal(x.grad(), {6, 12});
  x.zero_grad();
  tl::sum(fn::hvp(cube_sum, x, tl::ones<double>({2}), {.create_graph = true}).product).backward();
  check_equal(x.grad(), {6, 6});
  x.zero_grad();
  tl::sum(fn::hessian(cube_sum, x, {.create_graph = true})).backward();
  check_equal(x.grad(), {6, 6});
  CHECK_FALSE(fn::jacobian(square, x).requires_grad());
}

TEST_CASE("gradients are functions that have gradients", "[autograd][functional]") {
  const auto f = [](const Double& x) { return tl::sum(Double(x * x * x * x)); };
  const Double x({1}, {2});
  check_equal(tl::func::grad(f)(x), {32});
  const auto second = tl::func::grad([&](const Double& t) { return tl::sum(tl::func::grad(f)(t)); });
  check_equal(second(x), {48});
  const auto scaled = tl::func::grad([](const Double& t, const Double& s) { return tl::sum(Double(t * t * s)); });
  check_equal(scaled(x, Double({1}, {5})), {20});
  check_equal(tl::func::jacrev(linear_exp)(Double({3}, {0.5, -1, 2})), differences(linear_exp, Double({3}, {0.5, -1, 2})), 1e-8);
}
