// SPDX-License-Identifier: BSD-3-Clause
// In-place forms with further operands: same values as the plain form, gradients that are right.
#include "check_form.hpp"

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/inplace/pointwise.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <algorithm>
#include <cmath>

TEST_CASE("functions with further operands in place", "[ops][inplace]") {
  check_form([](const Double& t) -> const Double& { return tl::pow_(t, 3.0); }, [](double x) { return x * x * x; });
  check_form([](const Double& t) -> const Double& { return tl::clamp_(t, 0.4, 0.75); }, [](double x) { return std::clamp(x, 0.4, 0.75); });
  check_form([](const Double& t) -> const Double& { return tl::clamp_min_(t, 0.5); }, [](double x) { return std::max(x, 0.5); });
  check_form([](const Double& t) -> const Double& { return tl::clamp_max_(t, 0.5); }, [](double x) { return std::min(x, 0.5); });
  check_form([](const Double& t) -> const Double& { return tl::fmod_(t, 0.25); }, [](double x) { return std::fmod(x, 0.25); });
  check_form([](const Double& t) -> const Double& { return tl::remainder_(t, -0.37); },
             [](double x) { return x - -0.37 * std::floor(x / -0.37); });
  check_form(
      [](const Double& t) -> const Double& {
        return tl::lerp_(t, Double({6}, {2, 2, 2, 2, 2, 2}), 0.25);
      },
      [](double x) { return x + 0.25 * (2 - x); });
  check_form([](const Double& t) -> const Double& { return tl::addcmul_(t, t, Double({1}, {3.0}), 0.5); },
             [](double x) { return x + 0.5 * x * 3; });
  check_form([](const Double& t) -> const Double& { return tl::addcdiv_(t, Double({1}, {3.0}), t, 0.5); },
             [](double x) { return x + 0.5 * 3 / x; });
  check_form([](const Double& t) -> const Double& { return tl::atan2_(t, 2.0); }, [](double x) { return std::atan2(x, 2.0); });
  check_form([](const Double& t) -> const Double& { return tl::hypot_(t, Double({1}, {2.0})); },
             [](double x) { return std::hypot(x, 2.0); });
  check_form([](const Double& t) -> const Double& { return tl::sub_(t, tl::mul(t, t)); }, [](double x) { return x - x * x; });
  check_form([](const Double& t) -> const Double& { return tl::nn::functional::leaky_relu_(t); }, [](double x) { return x; });
  check_form([](const Double& t) -> const Double& { return tl::nn::functional::threshold_(t, 0.5, -1); },
             [](double x) { return x > 0.5 ? x : -1; });
}
