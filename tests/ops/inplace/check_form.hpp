// SPDX-License-Identifier: BSD-3-Clause
// What must hold of every in-place form.
#pragma once
#include <support/catch.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>

#include <vector>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

inline const std::vector<double> start{0.3, 0.9, 0.8, 0.7, 0.45, 0.6};

/// The in-place form on a tensor inside a graph: the values by an outside function of one element, the gradient by differences.
template <class F>
void check_form(F form, double (*value)(double)) {
  const Double x = Double::from(start).requires_grad_();
  const Double y = x * 1.0;
  const Double weights({6}, {1, 2, -1, 0.5, 3, -2});
  const auto version = y.version();
  const Double& returned = form(y);
  CHECK(&returned == &y);
  CHECK(y.version() == version + 1);
  tl::sum(y * weights).backward();
  for (std::size_t i = 0; i < start.size(); ++i) {
    CAPTURE(i);
    const double h = 1e-6, slope = (value(start[i] + h) - value(start[i] - h)) / (2 * h);
    CHECK(y.to_vector()[i] == Approx(value(start[i])).epsilon(1e-12));
    CHECK(x.grad().to_vector()[i] == Approx(weights.to_vector()[i] * slope).margin(1e-8).epsilon(1e-6));
  }
  CHECK_THROWS_WITH(form(x), ContainsSubstring("leaf"));
  CHECK(x.to_vector() == start);
}
