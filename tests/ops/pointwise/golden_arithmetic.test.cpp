// SPDX-License-Identifier: BSD-3-Clause
// PyTorch's recorded calls of arithmetic that take more than operands, or go by another name.
#include <ops/samples.hpp>

#include <torchlite/ops/pointwise/addcmul.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/lerp.hpp>
#include <torchlite/ops/pointwise/maximum.hpp>
#include <torchlite/ops/pointwise/minimum.hpp>
#include <torchlite/ops/pointwise/nan_to_num.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/rsub.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using samples::Call, samples::Real, samples::replay;
namespace tl = torchlite;

namespace {
/// Argument number i: a tensor, or a number as a tensor without dimensions.
Real operand(const Call& c, std::size_t i, const char* name) {
  const golden::Json& j = c.argument(i, name);
  if (!golden::is_tensor(j)) return Real({}, {golden::number(j)});
  const golden::Array& a = c.array(i, name);
  return a.floating() ? c.tensor(j) : Real::from(a.values, a.shape);
}
}  // namespace

TEST_CASE("sums and differences with a factor are PyTorch's", "[ops][samples]") {
  replay("add", [](const Call& c) { return tl::add(c.x(), operand(c, 0, "other"), c.number(9, "alpha", 1)); });
  replay("sub", [](const Call& c) { return tl::sub(c.x(), operand(c, 0, "other"), c.number(9, "alpha", 1)); });
  replay("rsub", [](const Call& c) { return tl::rsub(c.x(), operand(c, 0, "other"), c.number(9, "alpha", 1)); });
  replay("addcmul",
         [](const Call& c) { return tl::addcmul(c.x(), operand(c, 0, "tensor1"), operand(c, 1, "tensor2"), c.number(9, "value", 1)); });
  replay("addcdiv",
         [](const Call& c) { return tl::addcdiv(c.x(), operand(c, 0, "tensor1"), operand(c, 1, "tensor2"), c.number(9, "value", 1)); });
  replay("lerp", [](const Call& c) { return tl::lerp(c.x(), operand(c, 0, "end"), operand(c, 1, "weight")); });
}

TEST_CASE("operators with the tensor on the right are PyTorch's", "[ops][samples]") {
  replay("__radd__", [](const Call& c) { return operand(c, 0, "other") + c.x(); });
  replay("__rsub__", [](const Call& c) { return operand(c, 0, "other") - c.x(); });
  replay("__rmul__", [](const Call& c) { return operand(c, 0, "other") * c.x(); });
  replay("__rdiv__", [](const Call& c) {
    if (c.inputs.empty()) throw samples::NotOffered{"a quotient of numbers is no operation of tensors"};
    return operand(c, 0, "other") / c.x();
  });
  replay("__rmod__", [](const Call& c) { return operand(c, 0, "other") % c.x(); });
  replay("__rpow__", [](const Call& c) { return tl::pow(operand(c, 0, "other"), c.x()); });
}

TEST_CASE("division and its roundings are PyTorch's", "[ops][samples]") {
  replay("div_no_rounding_mode", [](const Call& c) { return tl::div(c.x(), operand(c, 0, "other")); });
  replay("true_divide", [](const Call& c) { return tl::true_divide(c.x(), operand(c, 0, "other")); });
  replay("div_floor_rounding", [](const Call& c) { return tl::div(c.x(), operand(c, 0, "other"), tl::floor); });
  replay("div_trunc_rounding", [](const Call& c) { return tl::div(c.x(), operand(c, 0, "other"), tl::trunc); });
}

TEST_CASE("limits are PyTorch's, tensors as bounds included", "[ops][samples]") {
  replay("clamp", [](const Call& c) -> Real {
    if (!c.has(0, "min")) return tl::clamp(c.x(), std::nullopt, operand(c, 1, "max"));
    if (!c.has(1, "max")) return tl::clamp(c.x(), operand(c, 0, "min"));
    return tl::clamp(c.x(), operand(c, 0, "min"), operand(c, 1, "max"));
  });
  replay("clamp_min", [](const Call& c) { return tl::clamp_min(c.x(), operand(c, 0, "min")); });
  replay("clamp_max", [](const Call& c) { return tl::clamp_max(c.x(), operand(c, 0, "max")); });
  replay("max_binary", [](const Call& c) { return tl::max(c.x(), operand(c, 0, "other")); });
  replay("min_binary", [](const Call& c) { return tl::min(c.x(), operand(c, 0, "other")); });
  replay("nan_to_num", [](const Call& c) { return tl::nan_to_num(c.x()); });
  replay("where", [](const Call& c) { return tl::where(samples::mask(c.sample.in(1)), c.x(), operand(c, 1, "other")); });
}
