// SPDX-License-Identifier: BSD-3-Clause
// PyTorch's recorded calls of those operations of the list that are pointwise and nothing else; on both devices.
#pragma once
#include <ops/pointwise_table.hpp>
#include <ops/samples.hpp>

namespace pointwise_table {

/// The variant of PyTorch's that is the operation and nothing else; empty if its calls need more than operands. Those are made
/// in tests/ops/pointwise and tests/ops/special.
inline std::string variant_of(const Entry& e) {
  static constexpr std::string_view more[] = {"add",   "sub",       "where",    "clamp", "clamp_min", "clamp_max", "lerp",       "gelu",
                                              "prelu", "polygamma", "mvlgamma", "logit", "div",       "round",     "nan_to_num", "frexp"};
  for (const std::string_view name : more)
    if (e.name == name) return {};
  if (e.numbers > 0) return {};
  const std::string name = e.name == "log_sigmoid" ? "logsigmoid" : std::string(e.name);
  return golden::ops().contains(name) ? name : golden::ops().contains("special_" + name) ? "special_" + name : std::string();
}

/// An operand of a recorded call: a tensor or a number.
inline Double operand_of(const samples::Call& c, const golden::Json& j) {
  return golden::is_tensor(j) ? c.tensor(j) : Double({}, {golden::number(j)});
}

inline void check_golden(const Entry& e) {
  const std::string variant = variant_of(e);
  if (variant.empty()) return;
  samples::ReplayOptions options;
  if (e.name == "hardsigmoid") options.tolerance = 1e-8;  // PyTorch takes 1 / 6 in float there
  // PyTorch's own J, Y and Ai have errors up to 9e-7 and 3e-6; tests/ops/special/reference_values.test.cpp has better numbers.
  if (e.name.starts_with("bessel_")) options.tolerance = 1e-6;
  if (e.name == "airy_ai") options.tolerance = 5e-6;
  samples::replay(
      variant,
      [&e](const samples::Call& c) {
        const Double x[] = {operand_of(c, c.sample.input), e.tensors > 1 ? operand_of(c, *c.sample.argument(0, "other")) : Double()};
        return e.run(x, nullptr);
      },
      options);
}

}  // namespace pointwise_table
