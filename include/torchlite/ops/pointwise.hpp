// SPDX-License-Identifier: BSD-3-Clause
// All pointwise operations. A new one is its header, an include here and an entry in the list below; the tests and the
// table of operations go through the list.
#pragma once
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/acos.hpp>
#include <torchlite/ops/pointwise/acosh.hpp>
#include <torchlite/ops/pointwise/activations.hpp>
#include <torchlite/ops/pointwise/add.hpp>
#include <torchlite/ops/pointwise/addcmul.hpp>
#include <torchlite/ops/pointwise/aliases.hpp>
#include <torchlite/ops/pointwise/asin.hpp>
#include <torchlite/ops/pointwise/asinh.hpp>
#include <torchlite/ops/pointwise/atan.hpp>
#include <torchlite/ops/pointwise/atan2.hpp>
#include <torchlite/ops/pointwise/atanh.hpp>
#include <torchlite/ops/pointwise/bitwise.hpp>
#include <torchlite/ops/pointwise/ceil.hpp>
#include <torchlite/ops/pointwise/celu.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/pointwise/copysign.hpp>
#include <torchlite/ops/pointwise/cos.hpp>
#include <torchlite/ops/pointwise/cosh.hpp>
#include <torchlite/ops/pointwise/degrees.hpp>
#include <torchlite/ops/pointwise/derivative_of.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/dual.hpp>
#include <torchlite/ops/pointwise/elu.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/erf.hpp>
#include <torchlite/ops/pointwise/erfc.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/exp2.hpp>
#include <torchlite/ops/pointwise/expm1.hpp>
#include <torchlite/ops/pointwise/float_power.hpp>
#include <torchlite/ops/pointwise/floor.hpp>
#include <torchlite/ops/pointwise/floor_divide.hpp>
#include <torchlite/ops/pointwise/fmax.hpp>
#include <torchlite/ops/pointwise/fmin.hpp>
#include <torchlite/ops/pointwise/fmod.hpp>
#include <torchlite/ops/pointwise/frac.hpp>
#include <torchlite/ops/pointwise/frexp.hpp>
#include <torchlite/ops/pointwise/gcd.hpp>
#include <torchlite/ops/pointwise/ge.hpp>
#include <torchlite/ops/pointwise/gelu.hpp>
#include <torchlite/ops/pointwise/glu.hpp>
#include <torchlite/ops/pointwise/gt.hpp>
#include <torchlite/ops/pointwise/hardshrink.hpp>
#include <torchlite/ops/pointwise/hardsigmoid.hpp>
#include <torchlite/ops/pointwise/hardswish.hpp>
#include <torchlite/ops/pointwise/hardtanh.hpp>
#include <torchlite/ops/pointwise/heaviside.hpp>
#include <torchlite/ops/pointwise/hypot.hpp>
#include <torchlite/ops/pointwise/infinities.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/isfinite.hpp>
#include <torchlite/ops/pointwise/isinf.hpp>
#include <torchlite/ops/pointwise/isnan.hpp>
#include <torchlite/ops/pointwise/ldexp.hpp>
#include <torchlite/ops/pointwise/le.hpp>
#include <torchlite/ops/pointwise/leaky_relu.hpp>
#include <torchlite/ops/pointwise/lerp.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/log10.hpp>
#include <torchlite/ops/pointwise/log1p.hpp>
#include <torchlite/ops/pointwise/log2.hpp>
#include <torchlite/ops/pointwise/log_sigmoid.hpp>
#include <torchlite/ops/pointwise/logaddexp.hpp>
#include <torchlite/ops/pointwise/logaddexp2.hpp>
#include <torchlite/ops/pointwise/logical_and.hpp>
#include <torchlite/ops/pointwise/logical_not.hpp>
#include <torchlite/ops/pointwise/logical_or.hpp>
#include <torchlite/ops/pointwise/logical_xor.hpp>
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/pointwise/maximum.hpp>
#include <torchlite/ops/pointwise/minimum.hpp>
#include <torchlite/ops/pointwise/mish.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/pointwise/nan_to_num.hpp>
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/neg.hpp>
#include <torchlite/ops/pointwise/nextafter.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>
#include <torchlite/ops/pointwise/positive.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/prelu.hpp>
#include <torchlite/ops/pointwise/reciprocal.hpp>
#include <torchlite/ops/pointwise/relu.hpp>
#include <torchlite/ops/pointwise/relu6.hpp>
#include <torchlite/ops/pointwise/remainder.hpp>
#include <torchlite/ops/pointwise/round.hpp>
#include <torchlite/ops/pointwise/rrelu.hpp>
#include <torchlite/ops/pointwise/rsqrt.hpp>
#include <torchlite/ops/pointwise/rsub.hpp>
#include <torchlite/ops/pointwise/selu.hpp>
#include <torchlite/ops/pointwise/sgn.hpp>
#include <torchlite/ops/pointwise/sigmoid.hpp>
#include <torchlite/ops/pointwise/sign.hpp>
#include <torchlite/ops/pointwise/signbit.hpp>
#include <torchlite/ops/pointwise/silu.hpp>
#include <torchlite/ops/pointwise/sin.hpp>
#include <torchlite/ops/pointwise/sinh.hpp>
#include <torchlite/ops/pointwise/softplus.hpp>
#include <torchlite/ops/pointwise/softshrink.hpp>
#include <torchlite/ops/pointwise/softsign.hpp>
#include <torchlite/ops/pointwise/sqrt.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/sub.hpp>
#include <torchlite/ops/pointwise/symbol.hpp>
#include <torchlite/ops/pointwise/symbol_functions.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/pointwise/tan.hpp>
#include <torchlite/ops/pointwise/tanh.hpp>
#include <torchlite/ops/pointwise/tanhshrink.hpp>
#include <torchlite/ops/pointwise/threshold.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pointwise/trunc.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/special/airy.hpp>
#include <torchlite/ops/special/aliases.hpp>
#include <torchlite/ops/special/bessel.hpp>
#include <torchlite/ops/special/entropy.hpp>
#include <torchlite/ops/special/error_function.hpp>
#include <torchlite/ops/special/gamma.hpp>
#include <torchlite/ops/special/incomplete_gamma.hpp>
#include <torchlite/ops/special/logit.hpp>
#include <torchlite/ops/special/normal_distribution.hpp>
#include <torchlite/ops/special/orthogonal_polynomial.hpp>
#include <torchlite/ops/special/refuse_gradient.hpp>
#include <torchlite/ops/special/spherical_bessel.hpp>
#include <torchlite/ops/special/zeta.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class... Op>
struct OpList {};

using all_pointwise = OpList<
    pointwise::Abs, pointwise::Acos, pointwise::Acosh, pointwise::Add, pointwise::AiryAi, pointwise::Angle, pointwise::Asin,
    pointwise::Asinh, pointwise::Atan, pointwise::Atan2, pointwise::Atanh, pointwise::BesselJ0, pointwise::BesselJ1, pointwise::BesselY0,
    pointwise::BesselY1, pointwise::Ceil, pointwise::Celu, pointwise::Clamp, pointwise::ClampMax, pointwise::ClampMin,
    pointwise::ClampedLogit, pointwise::CopySign, pointwise::Cos, pointwise::Cosh, pointwise::Deg2rad, pointwise::Digamma, pointwise::Div,
    pointwise::DivTrunc, pointwise::Elu, pointwise::Entr, pointwise::Equal, pointwise::Erf, pointwise::Erfc, pointwise::Erfcx,
    pointwise::Erfinv, pointwise::Exp, pointwise::Exp2, pointwise::Expm1, pointwise::Floor, pointwise::FloorDivide, pointwise::Fmax,
    pointwise::Fmin, pointwise::Fmod, pointwise::Frac, pointwise::FrexpMantissa, pointwise::Gelu, pointwise::GeluTanh, pointwise::Greater,
    pointwise::GreaterEqual, pointwise::Hardshrink, pointwise::Hardsigmoid, pointwise::Hardswish, pointwise::Hardtanh, pointwise::Heaviside,
    pointwise::Hypot, pointwise::I0, pointwise::I0e, pointwise::I1, pointwise::I1e, pointwise::Igamma, pointwise::Igammac,
    pointwise::IsFinite, pointwise::IsInf, pointwise::IsNan, pointwise::IsNegInf, pointwise::IsPosInf, pointwise::IsReal, pointwise::Ldexp,
    pointwise::LeakyRelu, pointwise::Lerp, pointwise::Less, pointwise::LessEqual, pointwise::Lgamma, pointwise::Log, pointwise::Log10,
    pointwise::Log1p, pointwise::Log2, pointwise::LogAddExp, pointwise::LogAddExp2, pointwise::LogNdtr, pointwise::LogSigmoid,
    pointwise::LogicalAnd, pointwise::LogicalNot, pointwise::LogicalOr, pointwise::LogicalXor, pointwise::Logit, pointwise::Maximum,
    pointwise::Minimum, pointwise::Mish, pointwise::ModifiedBesselK0, pointwise::ModifiedBesselK1, pointwise::Mul, pointwise::Mvlgamma,
    pointwise::Ndtr, pointwise::Ndtri, pointwise::Neg, pointwise::NotEqual, pointwise::Polygamma, pointwise::Pow, pointwise::Prelu,
    pointwise::Rad2deg, pointwise::Reciprocal, pointwise::Relu, pointwise::Relu6, pointwise::Remainder, pointwise::ReplaceInfinite,
    pointwise::ReplaceNan, pointwise::Round, pointwise::RoundTo, pointwise::Rsqrt, pointwise::ScaledModifiedBesselK0,
    pointwise::ScaledModifiedBesselK1, pointwise::Selu, pointwise::Sigmoid, pointwise::Sign, pointwise::SignBit, pointwise::Silu,
    pointwise::Sin, pointwise::Sinc, pointwise::Sinh, pointwise::Softplus, pointwise::Softshrink, pointwise::Softsign,
    pointwise::SphericalBesselJ0, pointwise::Sqrt, pointwise::Square, pointwise::Sub, pointwise::Tan, pointwise::Tanh,
    pointwise::Tanhshrink, pointwise::Threshold, pointwise::Trunc, pointwise::Where, pointwise::Xlog1py, pointwise::Xlogy, pointwise::Zeta>;

}  // namespace torchlite::inline TORCHLITE_ABI
