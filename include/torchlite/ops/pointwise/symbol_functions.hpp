// SPDX-License-Identifier: BSD-3-Clause
// The functions that derivative formulas are written with, on symbols: each is the pointwise operation of its name.
#pragma once
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/acos.hpp>
#include <torchlite/ops/pointwise/acosh.hpp>
#include <torchlite/ops/pointwise/asin.hpp>
#include <torchlite/ops/pointwise/asinh.hpp>
#include <torchlite/ops/pointwise/atan.hpp>
#include <torchlite/ops/pointwise/atan2.hpp>
#include <torchlite/ops/pointwise/atanh.hpp>
#include <torchlite/ops/pointwise/ceil.hpp>
#include <torchlite/ops/pointwise/copysign.hpp>
#include <torchlite/ops/pointwise/cos.hpp>
#include <torchlite/ops/pointwise/cosh.hpp>
#include <torchlite/ops/pointwise/erf.hpp>
#include <torchlite/ops/pointwise/erfc.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/exp2.hpp>
#include <torchlite/ops/pointwise/expm1.hpp>
#include <torchlite/ops/pointwise/floor.hpp>
#include <torchlite/ops/pointwise/floor_divide.hpp>
#include <torchlite/ops/pointwise/fmod.hpp>
#include <torchlite/ops/pointwise/frac.hpp>
#include <torchlite/ops/pointwise/hypot.hpp>
#include <torchlite/ops/pointwise/isfinite.hpp>
#include <torchlite/ops/pointwise/isinf.hpp>
#include <torchlite/ops/pointwise/isnan.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/log10.hpp>
#include <torchlite/ops/pointwise/log1p.hpp>
#include <torchlite/ops/pointwise/log2.hpp>
#include <torchlite/ops/pointwise/logaddexp.hpp>
#include <torchlite/ops/pointwise/maximum.hpp>
#include <torchlite/ops/pointwise/minimum.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/remainder.hpp>
#include <torchlite/ops/pointwise/round.hpp>
#include <torchlite/ops/pointwise/rsqrt.hpp>
#include <torchlite/ops/pointwise/sgn.hpp>
#include <torchlite/ops/pointwise/sigmoid.hpp>
#include <torchlite/ops/pointwise/sign.hpp>
#include <torchlite/ops/pointwise/sin.hpp>
#include <torchlite/ops/pointwise/sinh.hpp>
#include <torchlite/ops/pointwise/sqrt.hpp>
#include <torchlite/ops/pointwise/symbol.hpp>
#include <torchlite/ops/pointwise/tan.hpp>
#include <torchlite/ops/pointwise/tanh.hpp>
#include <torchlite/ops/pointwise/trunc.hpp>
#include <torchlite/ops/pointwise/where.hpp>

namespace torchlite::inline TORCHLITE_ABI::symbolic {

template <class N, class D>
Symbol<N, D> abs(const Symbol<N, D>& x) {
  return apply<pointwise::Abs>(x);
}
template <class N, class D>
Symbol<N, D> sign(const Symbol<N, D>& x) {
  return apply<pointwise::Sign>(x);
}
template <class N, class D>
Symbol<N, D> sgn(const Symbol<N, D>& x) {
  if constexpr (complex_number<N>) return apply<pointwise::Sgn>(x);
  else return apply<pointwise::Sign>(x);
}
template <class N, class D>
Symbol<N, D> conj(const Symbol<N, D>& x) {
  if constexpr (complex_number<N>) return apply<pointwise::Conj>(x);
  else return x;
}
template <class N, class D>
Symbol<N, D> modulus(const Symbol<N, D>& x) {
  if constexpr (complex_number<N>) return apply<Modulus>(x);
  else return apply<pointwise::Abs>(x);
}
template <class N, class D>
  requires(complex_number<N>)
Symbol<N, D> times_i(const Symbol<N, D>& x) { return apply<TimesI>(x); }
template <class N, class D>
Symbol<N, D> floor(const Symbol<N, D>& x) {
  return apply<pointwise::Floor>(x);
}
template <class N, class D>
Symbol<N, D> ceil(const Symbol<N, D>& x) {
  return apply<pointwise::Ceil>(x);
}
template <class N, class D>
Symbol<N, D> round(const Symbol<N, D>& x) {
  return apply<pointwise::Round>(x);
}
template <class N, class D>
Symbol<N, D> trunc(const Symbol<N, D>& x) {
  return apply<pointwise::Trunc>(x);
}
template <class N, class D>
Symbol<N, D> frac(const Symbol<N, D>& x) {
  return apply<pointwise::Frac>(x);
}
template <class N, class D>
Symbol<N, D> sqrt(const Symbol<N, D>& x) {
  return apply<pointwise::Sqrt>(x);
}
template <class N, class D>
Symbol<N, D> rsqrt(const Symbol<N, D>& x) {
  return apply<pointwise::Rsqrt>(x);
}
template <class N, class D>
Symbol<N, D> exp(const Symbol<N, D>& x) {
  return apply<pointwise::Exp>(x);
}
template <class N, class D>
Symbol<N, D> exp2(const Symbol<N, D>& x) {
  return apply<pointwise::Exp2>(x);
}
template <class N, class D>
Symbol<N, D> expm1(const Symbol<N, D>& x) {
  return apply<pointwise::Expm1>(x);
}
template <class N, class D>
Symbol<N, D> log(const Symbol<N, D>& x) {
  return apply<pointwise::Log>(x);
}
template <class N, class D>
Symbol<N, D> log10(const Symbol<N, D>& x) {
  return apply<pointwise::Log10>(x);
}
template <class N, class D>
Symbol<N, D> log1p(const Symbol<N, D>& x) {
  return apply<pointwise::Log1p>(x);
}
template <class N, class D>
Symbol<N, D> log2(const Symbol<N, D>& x) {
  return apply<pointwise::Log2>(x);
}
template <class N, class D>
Symbol<N, D> sigmoid(const Symbol<N, D>& x) {
  return apply<pointwise::Sigmoid>(x);
}
template <class N, class D>
Symbol<N, D> sin(const Symbol<N, D>& x) {
  return apply<pointwise::Sin>(x);
}
template <class N, class D>
Symbol<N, D> cos(const Symbol<N, D>& x) {
  return apply<pointwise::Cos>(x);
}
template <class N, class D>
Symbol<N, D> tan(const Symbol<N, D>& x) {
  return apply<pointwise::Tan>(x);
}
template <class N, class D>
Symbol<N, D> asin(const Symbol<N, D>& x) {
  return apply<pointwise::Asin>(x);
}
template <class N, class D>
Symbol<N, D> acos(const Symbol<N, D>& x) {
  return apply<pointwise::Acos>(x);
}
template <class N, class D>
Symbol<N, D> atan(const Symbol<N, D>& x) {
  return apply<pointwise::Atan>(x);
}
template <class N, class D>
Symbol<N, D> sinh(const Symbol<N, D>& x) {
  return apply<pointwise::Sinh>(x);
}
template <class N, class D>
Symbol<N, D> cosh(const Symbol<N, D>& x) {
  return apply<pointwise::Cosh>(x);
}
template <class N, class D>
Symbol<N, D> tanh(const Symbol<N, D>& x) {
  return apply<pointwise::Tanh>(x);
}
template <class N, class D>
Symbol<N, D> asinh(const Symbol<N, D>& x) {
  return apply<pointwise::Asinh>(x);
}
template <class N, class D>
Symbol<N, D> acosh(const Symbol<N, D>& x) {
  return apply<pointwise::Acosh>(x);
}
template <class N, class D>
Symbol<N, D> atanh(const Symbol<N, D>& x) {
  return apply<pointwise::Atanh>(x);
}
template <class N, class D>
Symbol<N, D> erf(const Symbol<N, D>& x) {
  return apply<pointwise::Erf>(x);
}
template <class N, class D>
Symbol<N, D> erfc(const Symbol<N, D>& x) {
  return apply<pointwise::Erfc>(x);
}
template <class N, class D>
Symbol<N, D> isnan(const Symbol<N, D>& x) {
  return apply<pointwise::IsNan>(x);
}
template <class N, class D>
Symbol<N, D> isinf(const Symbol<N, D>& x) {
  return apply<pointwise::IsInf>(x);
}
template <class N, class D>
Symbol<N, D> isfinite(const Symbol<N, D>& x) {
  return apply<pointwise::IsFinite>(x);
}
template <class N, class D>
Symbol<N, D> pow(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Pow>(a, b);
}
template <class N, class D>
Symbol<N, D> hypot(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Hypot>(a, b);
}
template <class N, class D>
Symbol<N, D> copysign(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::CopySign>(a, b);
}
template <class N, class D>
Symbol<N, D> fmod(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Fmod>(a, b);
}
template <class N, class D>
Symbol<N, D> remainder(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Remainder>(a, b);
}
template <class N, class D>
Symbol<N, D> floor_divide(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::FloorDivide>(a, b);
}
template <class N, class D>
Symbol<N, D> logaddexp(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::LogAddExp>(a, b);
}
template <class N, class D>
Symbol<N, D> atan2(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Atan2>(a, b);
}
template <class N, class D>
Symbol<N, D> max(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Maximum>(a, b);
}
template <class N, class D>
Symbol<N, D> min(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Minimum>(a, b);
}
template <class N, class D>
Symbol<N, D> select(const Symbol<N, D>& condition, const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Where>(condition, a, b);
}
template <class N, class D>
Symbol<N, D> operator-(const Symbol<N, D>& x) {
  return apply<pointwise::Neg>(x);
}
template <class N, class D>
Symbol<N, D> operator+(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Add>(a, b);
}
template <class N, class D>
Symbol<N, D> operator-(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Sub>(a, b);
}
template <class N, class D>
Symbol<N, D> operator/(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Div>(a, b);
}
template <class N, class D>
Symbol<N, D> operator<(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Less>(a, b);
}
template <class N, class D>
Symbol<N, D> operator<=(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::LessEqual>(a, b);
}
template <class N, class D>
Symbol<N, D> operator>(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Greater>(a, b);
}
template <class N, class D>
Symbol<N, D> operator>=(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::GreaterEqual>(a, b);
}
template <class N, class D>
Symbol<N, D> operator==(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::Equal>(a, b);
}
template <class N, class D>
Symbol<N, D> operator!=(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  return apply<pointwise::NotEqual>(a, b);
}
template <class N, class D>
Symbol<N, D> operator*(const Symbol<N, D>& a, const Symbol<N, D>& b) {
  if (a.is_number() && a.number() == 1.0) return b;
  if (b.is_number() && b.number() == 1.0) return a;
  return apply<pointwise::Mul>(a, b);
}

}  // namespace torchlite::inline TORCHLITE_ABI::symbolic
