// SPDX-License-Identifier: BSD-3-Clause
// PyTorch's recorded calls of activations that take numbers, weights or halves.
#include <ops/samples.hpp>

#include <torchlite/ops/pointwise/activations.hpp>
#include <torchlite/ops/pointwise/gelu.hpp>
#include <torchlite/ops/pointwise/glu.hpp>
#include <torchlite/ops/pointwise/prelu.hpp>
#include <torchlite/ops/pointwise/rrelu.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using samples::Call, samples::Real, samples::replay;
namespace tl = torchlite;

TEST_CASE("activations with numbers are PyTorch's", "[ops][samples]") {
  replay("leaky_relu", [](const Call& c) { return tl::leaky_relu(c.x(), c.number(0, "negative_slope", 0.01)); });
  replay("elu", [](const Call& c) { return tl::elu(c.x(), c.number(0, "alpha", 1)); });
  replay("celu", [](const Call& c) { return tl::celu(c.x(), c.number(0, "alpha", 1)); });
  replay("softplus", [](const Call& c) { return tl::softplus(c.x(), c.number(0, "beta", 1), c.number(1, "threshold", 20)); });
  replay("hardtanh", [](const Call& c) { return tl::hardtanh(c.x(), c.number(0, "min_val", -1), c.number(1, "max_val", 1)); });
  replay("hardshrink", [](const Call& c) { return tl::hardshrink(c.x(), c.number(0, "lambd", 0.5)); });
  replay("softshrink", [](const Call& c) { return tl::softshrink(c.x(), c.number(0, "lambd", 0.5)); });
  replay("threshold", [](const Call& c) { return tl::threshold(c.x(), c.number(0, "threshold", 0), c.number(1, "value", 0)); });
  replay("gelu", [](const Call& c) -> Real {
    const std::string approximate = c.text(0, "approximate", "none");
    if (approximate == "tanh") return tl::gelu_tanh(c.x());
    if (approximate != "none") throw samples::NotOffered{"the approximation is a function of its own, gelu_tanh"};
    return tl::gelu(c.x());
  });
}

TEST_CASE("glu, prelu and rrelu are PyTorch's", "[ops][samples]") {
  replay("glu", [](const Call& c) { return tl::glu(c.x(), c.integer(0, "dim", -1)); });
  replay("prelu", [](const Call& c) { return tl::prelu(c.x(), c.tensor(0, "weight")); });
  replay("rrelu", [](const Call& c) {
    if (c.flag(2, "training")) throw samples::NotOffered{"its slopes are random numbers of PyTorch's generator"};
    return tl::rrelu(c.x(), c.number(0, "lower", 1.0 / 8), c.number(1, "upper", 1.0 / 3));
  });
}
