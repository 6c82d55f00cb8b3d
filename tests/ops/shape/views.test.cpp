// SPDX-License-Identifier: BSD-3-Clause
// Views by strides, views in place and writes into views: sharing, errors, derivatives.
#include <support/catch.hpp>

#include <functional>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/shape/as_strided.hpp>
#include <torchlite/ops/shape/inplace.hpp>
#include <torchlite/ops/shape/resize.hpp>
#include <torchlite/ops/shape/view_copy.hpp>
#include <torchlite/ops/shape/view_scatter.hpp>

namespace tl = torchlite;
using Real = tl::Tensor<double>;
using Index = tl::Tensor<std::int64_t>;
using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

namespace {
Real counted(const tl::Shape& sizes) { return tl::view(tl::arange<double>(sizes.numel()), sizes); }
void check(const std::function<Real(const Real&)>& f) {
  const Real x = Real({6}, {0.5, -1.25, 2, 0.75, -0.5, 1.5}).requires_grad_();
  CHECK(tl::gradcheck(f, x));
  CHECK(tl::gradgradcheck(f, x));
}
}  // namespace

TEST_CASE("as_strided shows and shares any memory of the storage, and nothing beyond it", "[ops][shape]") {
  const Real a = counted({6});
  const Real windows = tl::as_strided(a, {4, 3}, {1, 1});
  CHECK(windows.to_vector() == Numbers{0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5});
  tl::as_strided(a, {2}, {3}, 1).fill_(-1);
  CHECK(a.to_vector() == Numbers{0, -1, 2, 3, -1, 5});
  const Real tail = a.narrow(0, 2, 2);
  CHECK(tl::as_strided(tail, {2}, {2}).to_vector() == Numbers{2, -1});
  CHECK(tl::as_strided(tail, {2}, {2}, 0).to_vector() == Numbers{0, 2});
  CHECK(tl::as_strided(a, {0, 5}, {100, 100}, 3).numel() == 0);
  CHECK_THROWS_WITH(tl::as_strided(a, {3}, {3}), ContainsSubstring("reach to element 7, but the storage has 6"));
  CHECK_THROWS_WITH(tl::as_strided(a, {2}, {-1}, 3), ContainsSubstring("negative"));
  CHECK_THROWS_AS(tl::as_strided(a, {2}, {1, 1}), tl::ShapeError);
  CHECK(tl::as_strided(tl::arange<std::int32_t>(4), {2, 2}, {0, 1}).to_vector() == std::vector<std::int32_t>{0, 1, 0, 1});
}

TEST_CASE("the gradient of as_strided of a tensor that shows elements several times is shared among them", "[ops][shape]") {
  const Real x = Real({1}, {3}).requires_grad_();
  const Real wide = tl::expand(x, {4}).detach().requires_grad_();  // four times the same memory
  tl::as_strided(wide, {1}, {1}).backward(Real({1}, {8}));
  CHECK(wide.grad().to_vector() == Numbers{2, 2, 2, 2});  // PyTorch's answer
}

TEST_CASE("memory that is seen several times is summed alike by slices and in one loop", "[ops][shape]") {
  const Real values = counted({3, 2, 4});
  for (const tl::Shape& strides : {tl::Shape{1, 1, 1}, tl::Shape{2, 0, 3}, tl::Shape{8, 4, 1}, tl::Shape{0, 0, 0}}) {
    const Real a = tl::zeros<double>({40}), b = tl::zeros<double>({40});
    tl::autograd::accumulate_by_slices(tl::as_strided(a, {3, 2, 4}, strides, 2), values);
    tl::autograd::accumulate_overlapping(tl::as_strided(b, {3, 2, 4}, strides, 2), values);
    CHECK(a.to_vector() == b.to_vector());
    CHECK(tl::sum(a).item() == 276);
  }
}

TEST_CASE("as_strided passes gradcheck and gradgradcheck, overlapping or not", "[ops][shape][gradcheck]") {
  check([](const Real& x) { return tl::sum(tl::square(tl::as_strided(x, {4, 3}, {1, 1})) * tl::as_strided(x, {4, 3}, {1, 0})); });
  check([](const Real& x) { return tl::sum(tl::square(tl::as_strided(x * 2.0, {2, 2}, {3, 1}, 1))); });
  check([](const Real& x) {
    const Real m = tl::view(x, {2, 3}).t();  // of a view that is not contiguous
    return tl::sum(tl::square(tl::as_strided(m, {3, 2}, {2, 1})) * m);
  });
  check([](const Real& x) {
    return tl::sum(tl::square(tl::as_strided_scatter(tl::view(x, {2, 3}).t(), tl::slice(x, 0, 0, 2), {2}, {4}, 1)) * tl::view(x, {3, 2}));
  });
}

TEST_CASE("writes into views have derivatives of second order", "[ops][shape][gradcheck]") {
  check([](const Real& x) {
    const Real y = x * x;
    tl::slice(y, 0, 1, 3).mul_(tl::slice(x, 0, 3, 5));
    return tl::sum(y * y);
  });
  check([](const Real& x) {  // a(i, Slice()) = v
    const Real m = tl::view(x * 1.0, {2, 3}) * 1.0;
    m(0, tl::Slice(1, 3)) = tl::square(tl::slice(x, 0, 2, 4));
    m[1] = m[0] * m[1];
    return tl::sum(m * m * m);
  });
  check([](const Real& x) {  // the view is used, too, and is filled
    const Real y = x * x;
    tl::select(y, 0, 1).fill_(2.0);
    const Real v = tl::slice(y, 0, 0, 4);
    v.mul_(v);
    return tl::sum(v * v) + tl::sum(y * x);
  });
  check([](const Real& x) {  // rows of a buffer that requires nothing itself
    const Real buffer = tl::ones<double>({3, 2});
    for (int i = 0; i < 3; ++i) buffer[i] = tl::square(tl::slice(x, 0, 2 * i, 2 * i + 2));
    return tl::sum(buffer * buffer);
  });
  check([](const Real& x) {
    const Real y = x * x;
    y.fill_(3.0);
    return tl::sum(y * tl::square(x));
  });
}

TEST_CASE("copies with a part replaced leave their operands alone, and say what does not fit", "[ops][shape]") {
  const Real a = counted({2, 3});
  CHECK(tl::select_scatter(a, tl::full<double>({2}, 9), 1, -1).to_vector() == Numbers{0, 1, 9, 3, 4, 9});
  CHECK(tl::slice_scatter(a, tl::full<double>({2, 2}, 9), 1, 0, tl::None, 2).to_vector() == Numbers{9, 1, 9, 9, 4, 9});
  CHECK(tl::diagonal_scatter(a, tl::full<double>({2}, 9), 1).to_vector() == Numbers{0, 9, 2, 3, 4, 9});
  CHECK(a.to_vector() == Numbers{0, 1, 2, 3, 4, 5});
  CHECK(tl::select_scatter(tl::arange<std::int64_t>(3), tl::scalar_tensor<std::int64_t>(7), 0, 1).to_vector() == Integers{0, 7, 2});
  CHECK_THROWS_WITH(tl::select_scatter(a, tl::full<double>({3}, 9), 1, 0),
                    ContainsSubstring("a source of shape [3] for a part of shape [2]"));
  CHECK_THROWS_AS(tl::select_scatter(a, tl::full<double>({3}, 9), 0, 2), tl::IndexError);
  CHECK_THROWS_AS(tl::slice_scatter(a, tl::full<double>({3}, 9), 0, 0, 1), tl::ShapeError);
}

TEST_CASE("a tensor that is resized keeps what fits, and all tensors over the memory see it move", "[ops][shape]") {
  const Real a = counted({2, 3}), b = a.view({6});
  tl::resize_(a, {2, 2});
  CHECK(a.to_vector() == Numbers{0, 1, 2, 3});
  tl::resize_(a, {100, 2});
  CHECK(tl::narrow(a, 0, 0, 3).to_vector() == Numbers{0, 1, 2, 3, 4, 5});
  a[0].fill_(7);
  CHECK(b.to_vector() == Numbers{7, 7, 2, 3, 4, 5});
  tl::resize_(a, {3000});
  tl::resize_as_(a, b);
  CHECK(a.to_vector() == b.to_vector());
  const Real tail = counted({4}).narrow(0, 3, 1);
  tl::resize_(tail, {2});
  CHECK(tail[0].item() == 3);
  double outside[2] = {1, 2};
  const Real borrowed = Real::from_blob(outside, {2});
  tl::resize_(borrowed, {5});
  CHECK(borrowed.narrow(0, 0, 2).to_vector() == Numbers{1, 2});
  CHECK_THROWS_WITH(tl::resize_(tl::ones<double>({2}).requires_grad_(), {3}), ContainsSubstring("requires a gradient"));
  CHECK_THROWS_AS(tl::resize_(a, {-1}), tl::ShapeError);
}

TEST_CASE("what backward needs must not be resized", "[ops][shape]") {
  const Real x = Real({2}, {1, 2}).requires_grad_(), w = Real({2}, {3, 4});
  const Real y = tl::sum(x * w);
  tl::resize_(w, {1});
  CHECK_THROWS_WITH(y.backward(), ContainsSubstring("modified in place"));
}

TEST_CASE("a tensor becomes another view of its memory in place, with gradients", "[ops][shape]") {
  const Real a = counted({2, 1, 3}), same = a;
  tl::squeeze_(a);
  tl::t_(a);
  CHECK(same.sizes() == tl::Shape{3, 2});
  CHECK(a.to_vector() == Numbers{0, 3, 1, 4, 2, 5});
  tl::unsqueeze_(a, -1);
  tl::transpose_(a, 0, 1);
  CHECK(a.sizes() == tl::Shape{2, 3, 1});
  tl::as_strided_(a, {3}, {2}, 1);
  CHECK(a.to_vector() == Numbers{1, 3, 5});
  check([](const Real& x) {
    const Real y = x * x;
    tl::as_strided_(y, {2, 3}, {1, 2});
    tl::t_(y);
    tl::select(y, 0, 0).mul_(2.0);
    return tl::sum(y * y * tl::view(x, {3, 2}));
  });
  const Real x = counted({2, 2}).requires_grad_(), w = counted({2, 2});
  CHECK_THROWS_WITH(tl::t_(x), ContainsSubstring("leaf"));
  const Real y = tl::sum(x * w);
  tl::t_(w);
  CHECK_THROWS_WITH(y.backward(), ContainsSubstring("modified in place"));
}

TEST_CASE("views as copies have memory of their own", "[ops][shape]") {
  const Index a({2, 2}, {1, 2, 3, 4});
  const auto fresh = [&](const Index& copy) { CHECK(copy.impl().storage != a.impl().storage); };
  fresh(tl::select_copy(a, 0, 1));
  fresh(tl::slice_copy(a, 0, 1));
  fresh(tl::detach_copy(a));
  fresh(tl::as_strided_copy(a, {4}, {1}));
  fresh(tl::squeeze_copy(a, tl::Shape{0}));
  fresh(tl::unbind_copy(a)[1]);
  fresh(tl::split_copy(a, 1)[0]);
  CHECK(tl::select_copy(a, 0, 1).to_vector() == Integers{3, 4});
  CHECK(tl::unbind_copy(a, 1)[1].to_vector() == Integers{2, 4});
}
