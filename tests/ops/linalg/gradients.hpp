// SPDX-License-Identifier: BSD-3-Clause
// Gradients of both orders against differences, of functions of one or two tensors without their types.
#pragma once
#include "matrices.hpp"

#include <torchlite/autograd/gradcheck.hpp>

#include <functional>

namespace samples {

using Reals = std::vector<Real>;

/// f of a list of tensors, so that gradcheck is compiled for one, two and three tensors only.
struct Function {
  std::function<Reals(const Reals&)> f;
  template <class... X>
  Reals operator()(const X&... x) const {
    return f(Reals{x...});
  }
};
inline bool check(std::function<Reals(const Reals&)> f, const Reals& x) {
  const Function function{std::move(f)};
  const tl::GradcheckOptions second{.atol = 1e-4};
  for (const Real& t : x) t.requires_grad_();
  if (x.size() == 1) return tl::gradcheck(function, x[0]) && tl::gradgradcheck(function, second, x[0]);
  return tl::gradcheck(function, x[0], x[1]) && tl::gradgradcheck(function, second, x[0], x[1]);
}

/// Far from singular, its singular values well apart.
inline Real regular(const tl::Shape& sizes, std::uint64_t seed) {
  Real x = numbers(sizes, seed);
  const std::int64_t m = x.size(-2), n = x.size(-1);
  for (std::int64_t at = 0; at < x.numel(); at += m * n)
    for (std::int64_t i = 0; i < m && i < n; ++i) x.data()[at + i * n + i] += static_cast<double>(2 + i);
  return x;
}

}  // namespace samples
