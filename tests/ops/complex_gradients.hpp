// SPDX-License-Identifier: BSD-3-Clause
// Gradients of functions of two complex vectors, of both orders, against differences of the real and imaginary parts.
#pragma once
#include <support/catch.hpp>

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace complex_gradients {

namespace tl = torchlite;
using C = std::complex<double>;

template <class F>
void check(const char* what, F f) {
  INFO(what);
  const auto x = tl::Tensor<C>::from(std::vector<C>{{1, 2}, {-0.5, 0.25}, {3, -1}}, {3}).requires_grad_();
  const auto y = tl::Tensor<C>::from(std::vector<C>{{0.3, 0.7}, {-1.5, 0.5}, {2, 0.6}}, {3}).requires_grad_();
  const auto run = [&](const auto& a, const auto& b) { return tl::eval(f(a, b)); };
  try {
    CHECK(tl::gradcheck(run, x, y));
    CHECK(tl::gradgradcheck(run, x, y));
  } catch (const tl::Error& e) {
    FAIL_CHECK(e.what());
  }
}

}  // namespace complex_gradients
