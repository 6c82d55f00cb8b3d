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

TEST_CASE("rrelu in training draws a slope for each negative element and keeps it for the gradient", "[ops][activations]") {
  std::vector<double> values(1000, -2.0);
  values[0] = 3.0;
  const Real x = Real::from(values).requires_grad_();
  const Real y = tl::rrelu(x, 0.25, 0.5, true);
  y.backward(Real::from(std::vector<double>(1000, 1.0)));
  CHECK(y.data()[0] == 3.0);
  double sum = 0, least = 1, most = 0;
  for (std::size_t i = 1; i < 1000; ++i) {
    const double slope = y.data()[i] / -2.0;
    CHECK(x.grad().data()[i] == Approx(slope).epsilon(1e-12));
    sum += slope;
    least = std::min(least, slope), most = std::max(most, slope);
  }
  CHECK(least >= 0.25);
  CHECK(most < 0.5);
  CHECK(sum / 999 == Approx(0.375).margin(0.01));  // 4 standard deviations
}

TEST_CASE("activations say what is wrong with their numbers and sizes", "[ops][activations]") {
  const Real x = Real::from(std::vector<double>{1, 2, 3});
  const auto message = [](auto f) {
    try {
      f();
    } catch (const tl::Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK(message([&] { tl::softshrink(x, -0.5); }) == "softshrink: lambda is -0.5; it must not be negative");
  CHECK(message([&] { tl::celu(x, 0.0); }) == "celu: alpha is 0; the formula divides by it, so that it must not be 0");
  CHECK(message([&] { tl::hardtanh(x, 2, 1); }) == "hardtanh: min_val is 2 and max_val is 1; min_val must not be above max_val");
  CHECK(message([&] { tl::rrelu(x, 2, 1); }) == "rrelu: lower is 2 and upper is 1; lower must not be above upper");
  CHECK(message([&] { tl::glu(x); }) == "glu: dimension 0 has size 3; the size that is halved must be even");
  CHECK(message([&] {
          tl::prelu(Real::from(std::vector<double>(6), {2, 3}), Real::from(std::vector<double>(4)));
        }) == "prelu: there are 4 weights for an input of shape [2, 3], which has 3 channels; there must be one weight, or one for each");
}
