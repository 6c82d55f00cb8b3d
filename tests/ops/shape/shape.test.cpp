// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <functional>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/flip.hpp>
#include <torchlite/ops/shape/repeat.hpp>
#include <torchlite/ops/shape/tril.hpp>

namespace tl = torchlite;
using Real = tl::Tensor<double>;
using Numbers = std::vector<double>;

namespace {
Real counted(const tl::Shape& sizes) { return tl::view(tl::arange<double>(sizes.numel()), sizes); }
}  // namespace

TEST_CASE("views share memory with their base", "[ops][shape]") {
  const Real a = counted({2, 3});
  a.view({6})[4].fill_(9);
  a.t()[0].fill_(-1);
  a.unsqueeze(0).narrow(2, 2, 1).fill_(5);
  CHECK(a.to_vector() == Numbers{-1, 1, 5, -1, 9, 5});
  CHECK(a.view({3, 2}).data() == a.data());
  CHECK(a.t().contiguous().data() != a.data());
  CHECK(a.contiguous().data() == a.data());
  CHECK(a.clone().data() != a.data());
}

TEST_CASE("view says which shapes do not fit", "[ops][shape]") {
  const Real a = counted({2, 3});
  CHECK_THROWS_WITH(a.view({4, 2}), "view: a tensor of shape [2, 3] has 6 elements, [4, 2] needs 8");
  CHECK_THROWS_AS(a.view({-1, 4}), tl::ShapeError);
  CHECK_THROWS_WITH(a.view({-1, -1}), ContainsSubstring("more than one -1"));
  CHECK_THROWS_WITH(a.t().view({6}), ContainsSubstring("use reshape"));
  CHECK(a.t().reshape({6}).to_vector() == Numbers{0, 3, 1, 4, 2, 5});
  CHECK(a.view({3, -1}).sizes() == tl::Shape{3, 2});
}

TEST_CASE("a view is possible without a copy where dimensions are only split, or merged if dense", "[ops][shape]") {
  const Real a = counted({4, 6});
  const Real columns = a.narrow(1, 0, 4);  // strides 6, 1
  CHECK(columns.view({2, 2, 2, 2})(1, 0, 1, 1).item() == 15);
  CHECK_THROWS_AS(columns.view({16}), tl::ShapeError);
  const Real turned = counted({2, 3, 4}).permute({2, 0, 1});  // the last two are dense together
  CHECK(turned.view({4, 6})(1, 5).item() == 21);
  CHECK(turned.view({2, 2, 6}).stride(0) == 2);
}

TEST_CASE("expressions and named expressions can be viewed", "[ops][shape]") {
  const Real a = counted({2, 3});
  CHECK(tl::transpose(a * 2.0, 0, 1).to_vector() == Numbers{0, 6, 2, 8, 4, 10});
  const auto e = a + 1.0;
  CHECK(e.view({3, 2})[2][1].item() == 6);
  CHECK(tl::flatten(a + a).sizes() == tl::Shape{6});
}

TEST_CASE("writing into a view with a graph changes the gradient of the base", "[ops][shape]") {
  const Real x = counted({3}).requires_grad_();
  const Real y = x * 3.0;
  y.narrow(0, 0, 1).mul_(2.0);
  y.backward(Real({3}, {1, 1, 1}));
  CHECK(x.grad().to_vector() == Numbers{6, 3, 3});
}

TEST_CASE("unfold gives overlapping windows", "[ops][shape]") {
  const Real a = counted({5}).requires_grad_();
  const Real w = tl::unfold(a, 0, 3, 1);
  CHECK(w.to_vector() == Numbers{0, 1, 2, 1, 2, 3, 2, 3, 4});
  w.backward(tl::ones<double>({3, 3}));
  CHECK(a.grad().to_vector() == Numbers{1, 2, 3, 2, 1});
  CHECK_THROWS_AS(tl::unfold(a, 0, 6, 1), tl::ShapeError);
}

TEST_CASE("shape operations pass gradcheck and gradgradcheck", "[ops][shape][gradcheck]") {
  tl::manual_seed(1);
  const Real x = tl::randn<double>({2, 3, 4}).requires_grad_();
  const auto each = [&](const std::function<Real(const Real&)>& f) {
    const auto squared = [&f](const Real& a) { return Real(tl::square(f(a))); };
    CHECK(tl::gradcheck(squared, x));
    CHECK(tl::gradgradcheck(squared, x));
  };
  each([](const Real& a) { return a.view({6, 4}); });
  each([](const Real& a) { return a.permute({2, 0, 1}).reshape({4, 6}); });
  each([](const Real& a) { return a.select(1, 2).t(); });
  each([](const Real& a) { return tl::slice(a, 2, 1, tl::None, 2); });
  each([](const Real& a) { return a.diagonal(1, 1, 2); });
  each([](const Real& a) { return a.unfold(2, 3, 1); });
  each([](const Real& a) { return a.unsqueeze(1).expand({2, 2, 3, 4}); });
  each([](const Real& a) { return tl::cat({a, tl::flip(a, 1)}, 2); });
  each([](const Real& a) { return tl::stack({a[0], a[1], a[0]}, 1); });
  each([](const Real& a) { return Real(a.split(3, 2)[0] * a.unbind(1)[1].unsqueeze(1).narrow(2, 0, 3)); });
  each([](const Real& a) { return tl::repeat(a, {2, 1, 2}); });
  each([](const Real& a) { return tl::tril(a, -1); });
}

TEST_CASE("unused parts of a split get zeros", "[ops][shape]") {
  const Real x = counted({4}).requires_grad_();
  x.chunk(2)[1].backward(Real({2}, {5, 6}));
  CHECK(x.grad().to_vector() == Numbers{0, 0, 5, 6});
}

TEST_CASE("cat and stack name the shapes that differ", "[ops][shape]") {
  const Real a = counted({2, 3}), b = counted({2, 2});
  CHECK(tl::cat({a, b}, 1).sizes() == tl::Shape{2, 5});
  CHECK(tl::cat({a.t(), b.t()}).to_vector() == Numbers{0, 3, 1, 4, 2, 5, 0, 2, 1, 3});
  CHECK_THROWS_WITH(tl::cat({a, b}, 0), "cat: shapes [2, 3] and [2, 2] differ in another dimension than 0");
  CHECK_THROWS_WITH(tl::stack({a, b}), ContainsSubstring("[2, 3] and [2, 2]"));
  CHECK_THROWS_AS(tl::cat(std::vector<Real>{}), tl::ShapeError);
  CHECK(tl::cat({tl::zeros<double>({0}), a}).sizes() == tl::Shape{2, 3});
}

TEST_CASE("shape operations take empty tensors and tensors without dimensions", "[ops][shape]") {
  const Real none = tl::zeros<double>({0, 3}), scalar = tl::full<double>({}, 2);
  CHECK(none.view({3, 0}).sizes() == tl::Shape{3, 0});
  CHECK(none.t().sizes() == tl::Shape{3, 0});
  CHECK(none.flatten().numel() == 0);
  CHECK(none.split(1, 1).size() == 3);
  CHECK(none.expand({2, 0, 3}).sizes() == tl::Shape{2, 0, 3});
  CHECK(tl::repeat(none, {1, 2}).sizes() == tl::Shape{0, 6});
  CHECK(scalar.view({1, 1}).item() == 2);
  CHECK(scalar.transpose(0, -1).item() == 2);
  CHECK(scalar.expand({2}).to_vector() == Numbers{2, 2});
  CHECK(scalar.flatten().sizes() == tl::Shape{1});
  CHECK(scalar.squeeze().sizes() == tl::Shape{});
  CHECK_THROWS_AS(scalar.select(0, 0), tl::IndexError);
  CHECK_THROWS_AS(scalar.split(1), tl::ShapeError);
}

TEST_CASE("shape operations take every dtype", "[ops][shape]") {
  const tl::Tensor<bool> mask({2, 2}, {true, false, false, false});
  CHECK(mask.t().reshape({4}).to_vector() == std::vector<bool>{true, false, false, false});
  const auto h = tl::arange<float>(4).to<tl::half>();
  CHECK(tl::Tensor<tl::half>(h).view({2, 2}).t().contiguous()[0][1].item() == 2.0f);
  CHECK(tl::tril(tl::ones<std::int64_t>({2, 2})).to_vector() == std::vector<std::int64_t>{1, 0, 1, 1});
}

TEST_CASE("an expanded tensor cannot be written to", "[ops][shape]") {
  const Real row = tl::zeros<double>({1, 3}).expand({2, 3});
  CHECK_THROWS_WITH(row.fill_(1), ContainsSubstring("clone it first"));
}
