// SPDX-License-Identifier: BSD-3-Clause
// Special functions at 0, at infinity, at poles and outside of where they are defined: PyTorch 2.6's values.
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/special/bessel.hpp>
#include <torchlite/ops/special/entropy.hpp>
#include <torchlite/ops/special/gamma.hpp>
#include <torchlite/ops/special/incomplete_gamma.hpp>
#include <torchlite/ops/special/logit.hpp>
#include <torchlite/ops/special/normal_distribution.hpp>
#include <torchlite/ops/special/spherical_bessel.hpp>
#include <torchlite/ops/special/zeta.hpp>

#include <cmath>
#include <limits>

namespace tl = torchlite;
namespace special = torchlite::special;
using Real = tl::Tensor<double>;

namespace {
constexpr double inf = std::numeric_limits<double>::infinity(), no_number = std::numeric_limits<double>::quiet_NaN();

bool same(const Real& t, const std::vector<double>& want) {
  const std::vector<double> got = t.to_vector();
  for (std::size_t i = 0; i < want.size(); ++i)
    if (!(got.at(i) == want[i] || (std::isnan(got[i]) && std::isnan(want[i])))) return false;
  return got.size() == want.size();
}
}  // namespace

TEST_CASE("special functions at the edges of where they are defined are PyTorch's", "[ops][special]") {
  const Real x = Real::from(std::vector<double>{no_number, -inf, inf, 0, -1});
  const tl::NoGradGuard guard;
  CHECK(same(special::entr(x), {no_number, -inf, -inf, 0, -inf}));
  CHECK(same(tl::digamma(x), {no_number, no_number, inf, -inf, no_number}));
  CHECK(same(tl::logit(x), {no_number, no_number, no_number, -inf, no_number}));
  CHECK(same(special::ndtri(x), {no_number, no_number, no_number, -inf, no_number}));
  CHECK(same(tl::lgamma(x), {no_number, inf, inf, inf, inf}));
  CHECK(same(special::modified_bessel_k0(x), {no_number, no_number, 0, inf, no_number}));
  CHECK(same(special::bessel_y0(Real::from(std::vector<double>{no_number, 0, -1})), {no_number, -inf, no_number}));
  CHECK(same(special::spherical_bessel_j0(Real::from(std::vector<double>{no_number, -inf, inf, 0})), {no_number, 0, 0, 1}));
  CHECK(same(tl::sinc(Real::from(std::vector<double>{no_number, -inf, inf, 0})), {no_number, no_number, no_number, 1}));
  CHECK(same(special::erfcx(Real::from(std::vector<double>{no_number, -inf, inf, 0})), {no_number, inf, 0, 1}));
  CHECK(same(special::log_ndtr(Real::from(std::vector<double>{no_number, -inf, inf})), {no_number, -inf, 0}));
  CHECK(same(tl::erfinv(Real::from(std::vector<double>{no_number, -1, 1, 0, 1.5})), {no_number, -inf, inf, 0, no_number}));
  CHECK(same(tl::polygamma(1, Real::from(std::vector<double>{no_number, inf, 0})), {no_number, 0, inf}));
}

TEST_CASE("functions of two arguments at the edges are PyTorch's", "[ops][special]") {
  const tl::NoGradGuard guard;
  const Real a = Real::from(std::vector<double>{0, 0, 2, 2, inf, inf, -1, 2, no_number}),
             x = Real::from(std::vector<double>{0, 1, 0, inf, 1, inf, 1, -1, 1});
  CHECK(same(tl::igamma(a, x), {no_number, 1, 0, 1, 0, no_number, no_number, no_number, no_number}));
  CHECK(same(tl::igammac(a, x), {no_number, 0, 1, 0, 1, no_number, no_number, no_number, no_number}));
  CHECK(same(
      special::zeta(Real::from(std::vector<double>{1, 0.5, 2, 2, 2.5, no_number}), Real::from(std::vector<double>{3, 3, 0, -2, -0.5, 1})),
      {inf, no_number, inf, inf, no_number, no_number}));
  const Real y = Real::from(std::vector<double>{0, -1, no_number, inf, 2});
  CHECK(same(tl::xlogy(0.0, y), {0, 0, no_number, 0, 0}));
  CHECK(same(special::xlog1py(0.0, Real::from(std::vector<double>{-1, -2, no_number, inf})), {0, 0, no_number, 0}));
}

TEST_CASE("gradients at points where a formula would divide by zero are the limits", "[ops][special]") {
  const auto gradient = [](auto f, double at) {
    const Real x = Real({}, {at}).requires_grad_();
    Real(f(x)).backward();
    return x.grad().item();
  };
  CHECK(gradient([](const Real& x) { return special::i1(x); }, 0) == 0.5);
  CHECK(gradient([](const Real& x) { return special::i1e(x); }, 0) == 0.5);
  CHECK(gradient([](const Real& x) { return special::i0e(x); }, 0) == 0);
  CHECK(gradient([](const Real& x) { return tl::sinc(x); }, 0) == 0);
  CHECK(gradient([](const Real& x) { return special::bessel_j1(x); }, 0) == 0.5);
  CHECK(gradient([](const Real& y) { return tl::xlogy(Real({}, {0.0}), y); }, 2) == 0);
  CHECK(gradient([](const Real& x) { return tl::xlogy(x, Real({}, {0.0})); }, 0) == 0);
}
