// SPDX-License-Identifier: BSD-3-Clause
// NaN, infinity, zero and equal operands, as PyTorch treats them.
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/activations.hpp>
#include <torchlite/ops/pointwise/fmax.hpp>
#include <torchlite/ops/pointwise/fmin.hpp>
#include <torchlite/ops/pointwise/hardswish.hpp>
#include <torchlite/ops/pointwise/heaviside.hpp>
#include <torchlite/ops/pointwise/isfinite.hpp>
#include <torchlite/ops/pointwise/isinf.hpp>
#include <torchlite/ops/pointwise/isnan.hpp>
#include <torchlite/ops/pointwise/nan_to_num.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/relu.hpp>
#include <torchlite/ops/pointwise/sign.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <cmath>
#include <limits>

namespace tl = torchlite;
using Float = tl::Tensor<float>;
using Bool = tl::Tensor<bool>;

namespace {
constexpr float infinity = std::numeric_limits<float>::infinity(), not_a_number = std::numeric_limits<float>::quiet_NaN();

bool same(const Float& t, const std::vector<float>& want) {
  const std::vector<float> got = t.to_vector();
  if (got.size() != want.size()) return false;
  for (std::size_t i = 0; i < got.size(); ++i)
    if (!(got[i] == want[i] || (std::isnan(got[i]) && std::isnan(want[i])))) return false;
  return true;
}
template <class E>
std::vector<float> gradient(const Float& x, const E& y) {
  x.zero_grad();
  Float(y).backward(Float::from(std::vector<float>(static_cast<std::size_t>(Float(y).numel()), 1.0f)), true);
  return x.grad().to_vector();
}
}  // namespace

TEST_CASE("relu, abs and sign let NaN through and have gradient 0 at 0", "[ops][special_values]") {
  const Float x = Float::from({not_a_number, -infinity, -1, 0, 1, infinity}).requires_grad_();
  CHECK(same(tl::relu(x), {not_a_number, 0, 0, 0, 1, infinity}));
  CHECK(same(tl::abs(x), {not_a_number, infinity, 1, 0, 1, infinity}));
  CHECK(same(tl::sign(Float::from({-infinity, -2, 0, 3, infinity})), {-1, -1, 0, 1, 1}));
  const Float y = tl::relu(x), z = tl::abs(x);
  const std::vector<float> dy = gradient(x, y), dz = gradient(x, z);
  CHECK(std::vector<float>(dy.begin() + 1, dy.end()) == std::vector<float>{0, 0, 0, 1, 1});
  CHECK(std::vector<float>(dz.begin() + 1, dz.end()) == std::vector<float>{-1, -1, 0, 1, 1});
}

TEST_CASE("maximum, minimum and clamp give NaN if an operand is NaN; equal operands share the gradient", "[ops][special_values]") {
  const Float a = Float::from({not_a_number, 1, 2, infinity, 3}).requires_grad_(),
              b = Float::from({1, not_a_number, 5, 0, 3}).requires_grad_();
  const Float high = tl::maximum(a, b), low = tl::minimum(a, b);
  CHECK(same(high, {not_a_number, not_a_number, 5, infinity, 3}));
  CHECK(same(low, {not_a_number, not_a_number, 2, 0, 3}));
  CHECK(gradient(a, high)[4] == 0.5f);
  CHECK(b.grad().data()[4] == 0.5f);
  const Float x = Float::from({not_a_number, -infinity, -1, 0, 1, infinity}).requires_grad_();
  const Float y = tl::clamp(x, -1, 1);
  CHECK(same(y, {not_a_number, -1, -1, 0, 1, 1}));
  const std::vector<float> dy = gradient(x, y);
  CHECK(std::vector<float>(dy.begin() + 1, dy.end()) == std::vector<float>{0, 1, 1, 1, 0});  // 1 at the bounds
}

TEST_CASE("where takes nothing from the side it does not choose", "[ops][special_values]") {
  const Float a = Float::from({1, 2, not_a_number}).requires_grad_(), b = Float::from({not_a_number, infinity, 3}).requires_grad_();
  const Bool c = Bool::from({true, false, false});
  const Float y = tl::where(c, a, b);
  CHECK(same(y, {1, infinity, 3}));
  CHECK(gradient(a, y) == std::vector<float>{1, 0, 0});
  CHECK(b.grad().to_vector() == std::vector<float>{0, 1, 1});
}

TEST_CASE("comparisons with NaN are false, except !=", "[ops][special_values]") {
  const Float a = Float::from({not_a_number, 1, not_a_number}), b = Float::from({not_a_number, not_a_number, 1});
  const std::vector<bool> no{false, false, false};
  CHECK(Bool(a == b).to_vector() == no);
  CHECK(Bool(a < b).to_vector() == no);
  CHECK(Bool(a >= b).to_vector() == no);
  CHECK(Bool(a != b).to_vector() == std::vector<bool>{true, true, true});
  const Float x = Float::from({not_a_number, infinity, -infinity, 0, 3});
  CHECK(Bool(tl::isnan(x)).to_vector() == std::vector<bool>{true, false, false, false, false});
  CHECK(Bool(tl::isinf(x)).to_vector() == std::vector<bool>{false, true, true, false, false});
  CHECK(Bool(tl::isfinite(x)).to_vector() == std::vector<bool>{false, false, false, true, true});
}

TEST_CASE("powers and quotients at zero", "[ops][special_values]") {
  const Float x = Float::from({0, 0, 2, -2}).requires_grad_();
  CHECK(same(tl::pow(x, 0.0), {1, 1, 1, 1}));
  CHECK(same(tl::pow(x, 2.0), {0, 0, 4, 4}));
  CHECK(gradient(x, tl::pow(x, 0.0)) == std::vector<float>{0, 0, 0, 0});
  CHECK(gradient(x, tl::pow(x, 2.0)) == std::vector<float>{0, 0, 4, -4});
  CHECK(gradient(x, tl::pow(x, 1.0)) == std::vector<float>{1, 1, 1, 1});
  CHECK(same(1.0f / Float::from({0.0f, -0.0f}), {infinity, -infinity}));
  CHECK(same(Float::from({0}) / Float::from({0}), {not_a_number}));
}

TEST_CASE("activations treat NaN and infinity as PyTorch does", "[ops][special_values]") {
  const Float x = Float::from({not_a_number, -infinity, infinity, 0, -0.5f, 0.5f});
  CHECK(same(tl::softshrink(x), {not_a_number, -infinity, infinity, 0, 0, 0}));
  CHECK(same(tl::hardshrink(x), {not_a_number, -infinity, infinity, 0, 0, 0}));
  CHECK(same(tl::hardtanh(x), {not_a_number, -1, 1, 0, -0.5f, 0.5f}));
  CHECK(same(tl::threshold(x, 0.1, 7), {not_a_number, 7, infinity, 7, 7, 0.5f}));
  CHECK(same(tl::leaky_relu(x, 0.5), {not_a_number, -infinity, infinity, 0, -0.25f, 0.5f}));
  CHECK(same(tl::hardswish(Float::from({not_a_number, -infinity, infinity})), {not_a_number, not_a_number, infinity}));
  CHECK(same(tl::elu(Float::from({not_a_number, -infinity, infinity})), {not_a_number, -1, infinity}));
  CHECK(same(tl::softplus(Float::from({not_a_number, -infinity, infinity, 1000})), {not_a_number, 0, infinity, 1000}));
}

TEST_CASE("fmax and fmin prefer numbers to NaN, heaviside counts NaN as negative", "[ops][special_values]") {
  const Float a = Float::from({not_a_number, 1, not_a_number, 2}).requires_grad_(), b = Float::from({1, not_a_number, not_a_number, 2});
  CHECK(same(tl::fmax(a, b), {1, 1, not_a_number, 2}));
  CHECK(same(tl::fmin(a, b), {1, 1, not_a_number, 2}));
  CHECK(gradient(a, tl::fmax(a, b)) == std::vector<float>{0, 1, 1, 1});  // of equal values the first has the gradient
  CHECK(same(tl::heaviside(Float::from({not_a_number, -infinity, 0, 2}), Float::from({5})), {0, 0, 5, 1}));
}

TEST_CASE("nan_to_num puts the dtype's largest numbers where it is infinite", "[ops][special_values]") {
  const std::vector<float> x{not_a_number, infinity, -infinity, 1};
  constexpr float largest = std::numeric_limits<float>::max();
  CHECK(same(tl::nan_to_num(Float::from(x)), {0, largest, -largest, 1}));
  CHECK(same(tl::nan_to_num(Float::from(x), 3, 7, -7), {3, 7, -7, 1}));
  const tl::Tensor<tl::half> h = tl::nan_to_num(tl::to<tl::half>(Float::from(x)));
  CHECK(same(tl::to<float>(h), {0, 65504, -65504, 1}));
  const Float g = Float::from(x).requires_grad_();
  CHECK(gradient(g, tl::nan_to_num(g)) == std::vector<float>{0, 0, 0, 1});
}

TEST_CASE("limits with one bound and with equal values", "[ops][special_values]") {
  const Float x = Float::from({1, 2, 3}).requires_grad_();
  CHECK(same(tl::clamp(x, 2), {2, 2, 3}));
  CHECK(same(tl::clamp(x, std::nullopt, 2), {1, 2, 2}));
  CHECK(same(tl::clamp(x, 2, std::nullopt), {2, 2, 3}));
  CHECK(same(tl::clamp(x, 3, 1), {1, 1, 1}));                                                   // the upper bound wins
  CHECK(gradient(x, tl::clamp_min(x, Float::from({2, 2, 2}))) == std::vector<float>{0, 1, 1});  // 1 at the bound
}
