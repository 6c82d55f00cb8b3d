// SPDX-License-Identifier: BSD-3-Clause
// PyTorch's recorded calls of functions that take numbers apart: rounding, exponents, signs, parts.
#include <ops/samples.hpp>

#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/pointwise/float_power.hpp>
#include <torchlite/ops/pointwise/frexp.hpp>
#include <torchlite/ops/pointwise/nextafter.hpp>
#include <torchlite/ops/pointwise/positive.hpp>
#include <torchlite/ops/pointwise/round.hpp>
#include <torchlite/ops/pointwise/sgn.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using samples::Call, samples::Real, samples::replay, samples::Values;
namespace tl = torchlite;

TEST_CASE("rounding, to decimals too, is PyTorch's", "[ops][samples]") {
  replay("round", [](const Call& c) { return tl::round(c.x()); });
  for (const char* variant : {"round_decimals_0", "round_decimals_3", "round_decimals_neg_3"})
    replay(variant, [](const Call& c) { return tl::round(c.x(), static_cast<int>(c.integer(0, "decimals"))); });
}

TEST_CASE("mantissas, exponents and powers in double are PyTorch's", "[ops][samples]") {
  replay("frexp", [](const Call& c) {
    const auto [mantissa, exponent] = tl::frexp(c.x());
    return Values{mantissa, exponent};
  });
  replay("float_power", [](const Call& c) { return tl::float_power(c.x(), c.tensor(0, "exponent")); });
  replay("nextafter", [](const Call& c) { return tl::nextafter(c.x(), c.tensor(0, "other")); });
}

TEST_CASE("functions that leave a real number as it is give it back with its gradient", "[ops][samples]") {
  replay("positive", [](const Call& c) { return tl::positive(c.x() * 1.0); });
  replay("resolve_neg", [](const Call& c) { return tl::resolve_neg(c.x() * 1.0); });
  replay("sgn", [](const Call& c) { return tl::sgn(c.x()); });
}
