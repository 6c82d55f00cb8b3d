// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/reduce/all.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// |a - b| <= atol + rtol * |b|, or equal (which infinities can be), or both NaN if that counts.
struct IsClose {
  static constexpr std::string_view name = "isclose";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T a, T b, T rtol, T atol, T equal_nan) {
    if constexpr (complex_number<T>)
      return a == b || (abs(a - b) <= atol.real() + rtol.real() * abs(b) && isfinite(b)) || (equal_nan != T(0) && isnan(a) && isnan(b));
    else return a == b || (abs(a - b) <= atol + rtol * abs(b) && isfinite(b)) || (equal_nan != T(0) && a != a && b != b);
  }
};
}  // namespace pointwise

namespace ops {
inline void check_tolerances(const char* op, double rtol, double atol) {
  check<Error>(rtol >= 0, "{}: rtol is {}; a tolerance must not be negative", op, rtol);
  check<Error>(atol >= 0, "{}: atol is {}; a tolerance must not be negative", op, atol);
}
}  // namespace ops

/// True where a and b agree: |a - b| <= atol + rtol * |b|, or equal infinities. NaN agrees with nothing, or with NaN if equal_nan.
///   a [...], b [...] -> [...] bool, broadcast
/// Throws Error if a tolerance is negative.
template <tensor_like A, tensor_like B>
auto isclose(A&& a, B&& b, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) {
  ops::check_tolerances("isclose", rtol, atol);
  return make_expression<pointwise::IsClose>(std::forward<A>(a), std::forward<B>(b), rtol, atol, static_cast<int>(equal_nan));
}

/// True if all elements agree as isclose says; the shapes broadcast.
template <tensor_like A, tensor_like B>
bool allclose(const A& a, const B& b, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) {
  ops::check_tolerances("allclose", rtol, atol);
  return all(isclose(eval(a), eval(b), rtol, atol, equal_nan)).item();
}

/// True if a and b have the same shape and the same elements.
template <tensor_like A, tensor_like B>
bool equal(const A& a_, const B& b_) {
  const auto& a = eval(a_);
  const auto& b = eval(b_);
  return a.sizes() == b.sizes() && all(eq(a, b)).item();
}

}  // namespace torchlite::inline TORCHLITE_ABI
