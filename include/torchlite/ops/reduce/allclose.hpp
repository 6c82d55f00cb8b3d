// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/reduce/all.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// |a - b| <= atol + rtol * |b|, or equal (which infinities can be).
struct IsClose {
  static constexpr std::string_view name = "isclose";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T a, T b, T rtol, T atol) {
    return a == b || (abs(a - b) <= atol + rtol * abs(b) && isfinite(b));
  }
};
}  // namespace pointwise

/// True where a and b agree: |a - b| <= atol + rtol * |b|; NaN agrees with nothing.
template <tensor_like A, tensor_like B>
auto isclose(A&& a, B&& b, double rtol = 1e-5, double atol = 1e-8) {
  return make_expression<pointwise::IsClose>(std::forward<A>(a), std::forward<B>(b), rtol, atol);
}

/// True if all elements agree as isclose says; the shapes broadcast.
template <tensor_like A, tensor_like B>
bool allclose(const A& a, const B& b, double rtol = 1e-5, double atol = 1e-8) {
  return all(isclose(eval(a), eval(b), rtol, atol)).item();
}

/// True if a and b have the same shape and the same elements.
template <tensor_like A, tensor_like B>
bool equal(const A& a_, const B& b_) {
  const auto& a = eval(a_);
  const auto& b = eval(b_);
  return a.sizes() == b.sizes() && all(eq(a, b)).item();
}

}  // namespace torchlite::inline TORCHLITE_ABI
