// SPDX-License-Identifier: BSD-3-Clause
// What the formulas of pointwise operations are written with.
#pragma once
#include <torchlite/core/math.hpp>
#include <torchlite/expr/expression.hpp>

#include <string_view>

namespace torchlite::inline TORCHLITE_ABI::pointwise {

// In a formula exp(x) is the scalar function. (Outside this namespace exp is the function of tensors.)
using math::abs, math::sign, math::floor, math::ceil, math::round, math::trunc, math::frac;
using math::conj, math::sgn, math::modulus, math::angle, math::times_i;
using math::erf, math::erfc, math::isnan, math::isinf, math::isfinite, math::max, math::min, math::select;
using math::exp, math::exp2, math::expm1, math::log, math::log10, math::log1p, math::log2, math::logaddexp, math::sigmoid;
using math::sin, math::cos, math::tan, math::asin, math::acos, math::atan, math::atan2;
using math::sinh, math::cosh, math::tanh, math::asinh, math::acosh, math::atanh;
using math::sqrt, math::rsqrt, math::pow, math::hypot, math::copysign, math::fmod, math::remainder, math::floor_divide;

/// Marks a formula whose derivative is written with the functions above, arithmetic, comparisons and select only, so that
/// it can be differentiated again to any order. (A user's own formula, without this mark, goes to the second order.)
struct Symbolic {
  static constexpr bool symbolic = true;
};

/// True of numbers that are complex; tensors that stand for numbers (symbol.hpp) say it of themselves.
template <class T>
inline constexpr bool is_complex_valued = complex_number<T>;

/// Op's value: of numbers, or, in a derivative that is differentiated again, of symbols (ops/pointwise/symbol.hpp).
template <class Op, class T, class... Rest>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T call(const T& x, const Rest&... rest) {
  if constexpr (std::is_arithmetic_v<T> || complex_number<T>) return Op::value(x, rest...);
  else return apply<Op>(x, rest...);
}

/// b, or 1 in place of an integer 0, whose division would end the program: kernels compute padding too.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T divisor(T b) {
  if constexpr (std::is_integral_v<T>) return b == T(0) ? T(1) : b;
  else return b;
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T square_of(T x) {
  return x * x;
}

}  // namespace torchlite::inline TORCHLITE_ABI::pointwise
