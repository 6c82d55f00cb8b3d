// SPDX-License-Identifier: BSD-3-Clause
// The pointwise operations in place, under PyTorch's names. A further one is a line here.
#pragma once
#include <torchlite/ops/inplace/inplace.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/acos.hpp>
#include <torchlite/ops/pointwise/acosh.hpp>
#include <torchlite/ops/pointwise/activations.hpp>
#include <torchlite/ops/pointwise/add.hpp>
#include <torchlite/ops/pointwise/asin.hpp>
#include <torchlite/ops/pointwise/asinh.hpp>
#include <torchlite/ops/pointwise/atan.hpp>
#include <torchlite/ops/pointwise/atan2.hpp>
#include <torchlite/ops/pointwise/atanh.hpp>
#include <torchlite/ops/pointwise/bitwise.hpp>
#include <torchlite/ops/pointwise/ceil.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/copysign.hpp>
#include <torchlite/ops/pointwise/cos.hpp>
#include <torchlite/ops/pointwise/cosh.hpp>
#include <torchlite/ops/pointwise/degrees.hpp>
#include <torchlite/ops/pointwise/div.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/erf.hpp>
#include <torchlite/ops/pointwise/erfc.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/exp2.hpp>
#include <torchlite/ops/pointwise/expm1.hpp>
#include <torchlite/ops/pointwise/floor.hpp>
#include <torchlite/ops/pointwise/floor_divide.hpp>
#include <torchlite/ops/pointwise/fmod.hpp>
#include <torchlite/ops/pointwise/frac.hpp>
#include <torchlite/ops/pointwise/gcd.hpp>
#include <torchlite/ops/pointwise/ge.hpp>
#include <torchlite/ops/pointwise/gt.hpp>
#include <torchlite/ops/pointwise/hardsigmoid.hpp>
#include <torchlite/ops/pointwise/hardswish.hpp>
#include <torchlite/ops/pointwise/heaviside.hpp>
#include <torchlite/ops/pointwise/hypot.hpp>
#include <torchlite/ops/pointwise/ldexp.hpp>
#include <torchlite/ops/pointwise/le.hpp>
#include <torchlite/ops/pointwise/lerp.hpp>
#include <torchlite/ops/pointwise/log.hpp>
#include <torchlite/ops/pointwise/log10.hpp>
#include <torchlite/ops/pointwise/log1p.hpp>
#include <torchlite/ops/pointwise/log2.hpp>
#include <torchlite/ops/pointwise/logical_and.hpp>
#include <torchlite/ops/pointwise/logical_not.hpp>
#include <torchlite/ops/pointwise/logical_or.hpp>
#include <torchlite/ops/pointwise/logical_xor.hpp>
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/pointwise/mish.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/pointwise/nan_to_num.hpp>
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/neg.hpp>
#include <torchlite/ops/pointwise/nextafter.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/reciprocal.hpp>
#include <torchlite/ops/pointwise/relu.hpp>
#include <torchlite/ops/pointwise/relu6.hpp>
#include <torchlite/ops/pointwise/remainder.hpp>
#include <torchlite/ops/pointwise/round.hpp>
#include <torchlite/ops/pointwise/rsqrt.hpp>
#include <torchlite/ops/pointwise/selu.hpp>
#include <torchlite/ops/pointwise/sigmoid.hpp>
#include <torchlite/ops/pointwise/sign.hpp>
#include <torchlite/ops/pointwise/silu.hpp>
#include <torchlite/ops/pointwise/sin.hpp>
#include <torchlite/ops/pointwise/sinh.hpp>
#include <torchlite/ops/pointwise/sqrt.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/sub.hpp>
#include <torchlite/ops/pointwise/tan.hpp>
#include <torchlite/ops/pointwise/tanh.hpp>
#include <torchlite/ops/pointwise/trunc.hpp>

namespace torchlite::inline TORCHLITE_ABI {

inline constexpr InPlace<pointwise::Abs> abs_{};
inline constexpr InPlace<pointwise::Acos> acos_{};
inline constexpr InPlace<pointwise::Acosh> acosh_{};
inline constexpr InPlace<pointwise::Add, std::remove_const_t<decltype(add)>> add_{};
inline constexpr InPlace<pointwise::Asin> asin_{};
inline constexpr InPlace<pointwise::Asinh> asinh_{};
inline constexpr InPlace<pointwise::Atan> atan_{};
inline constexpr InPlace<pointwise::Atan2> atan2_{};
inline constexpr InPlace<pointwise::Atanh> atanh_{};
inline constexpr InPlace<pointwise::Ceil> ceil_{};
inline constexpr InPlace<pointwise::Clamp, std::remove_const_t<decltype(clamp)>> clamp_{};
inline constexpr InPlace<pointwise::ClampMax> clamp_max_{};
inline constexpr InPlace<pointwise::ClampMin> clamp_min_{};
inline constexpr InPlace<pointwise::CopySign> copysign_{};
inline constexpr InPlace<pointwise::Cos> cos_{};
inline constexpr InPlace<pointwise::Cosh> cosh_{};
inline constexpr InPlace<pointwise::Div, std::remove_const_t<decltype(div)>> div_{};
inline constexpr InPlace<pointwise::Equal> eq_{};
inline constexpr InPlace<pointwise::Erf> erf_{};
inline constexpr InPlace<pointwise::Erfc> erfc_{};
inline constexpr InPlace<pointwise::Exp> exp_{};
inline constexpr InPlace<pointwise::Exp2> exp2_{};
inline constexpr InPlace<pointwise::Expm1> expm1_{};
inline constexpr InPlace<pointwise::Floor> floor_{};
inline constexpr InPlace<pointwise::FloorDivide> floor_divide_{};
inline constexpr InPlace<pointwise::Fmod> fmod_{};
inline constexpr InPlace<pointwise::Frac> frac_{};
inline constexpr InPlace<pointwise::GreaterEqual> ge_{};
inline constexpr InPlace<pointwise::Greater> gt_{};
inline constexpr InPlace<pointwise::Hardsigmoid> hardsigmoid_{};
inline constexpr InPlace<pointwise::Hardswish> hardswish_{};
inline constexpr InPlace<pointwise::Hypot> hypot_{};
inline constexpr InPlace<pointwise::LessEqual> le_{};
inline constexpr InPlace<pointwise::Lerp> lerp_{};
inline constexpr InPlace<pointwise::Log> log_{};
inline constexpr InPlace<pointwise::Log10> log10_{};
inline constexpr InPlace<pointwise::Log1p> log1p_{};
inline constexpr InPlace<pointwise::Log2> log2_{};
inline constexpr InPlace<pointwise::LogicalAnd> logical_and_{};
inline constexpr InPlace<pointwise::LogicalNot> logical_not_{};
inline constexpr InPlace<pointwise::LogicalOr> logical_or_{};
inline constexpr InPlace<pointwise::LogicalXor> logical_xor_{};
inline constexpr InPlace<pointwise::Less> lt_{};
inline constexpr InPlace<pointwise::Mish> mish_{};
inline constexpr InPlace<pointwise::Mul> mul_{};
inline constexpr InPlace<pointwise::NotEqual> ne_{};
inline constexpr InPlace<pointwise::Neg> neg_{};
inline constexpr InPlace<pointwise::Pow> pow_{};
inline constexpr InPlace<pointwise::Reciprocal> reciprocal_{};
inline constexpr InPlace<pointwise::Relu> relu_{};
inline constexpr InPlace<pointwise::Relu6> relu6_{};
inline constexpr InPlace<pointwise::Remainder> remainder_{};
inline constexpr InPlace<pointwise::Round, std::remove_const_t<decltype(round)>> round_{};
inline constexpr InPlace<pointwise::Rsqrt> rsqrt_{};
inline constexpr InPlace<pointwise::Selu> selu_{};
inline constexpr InPlace<pointwise::Sigmoid> sigmoid_{};
inline constexpr InPlace<pointwise::Sign> sign_{};
inline constexpr InPlace<pointwise::Silu> silu_{};
inline constexpr InPlace<pointwise::Sin> sin_{};
inline constexpr InPlace<pointwise::Sinh> sinh_{};
inline constexpr InPlace<pointwise::Sqrt> sqrt_{};
inline constexpr InPlace<pointwise::Square> square_{};
inline constexpr InPlace<pointwise::Sub, std::remove_const_t<decltype(sub)>> sub_{};
inline constexpr InPlace<pointwise::Tan> tan_{};
inline constexpr InPlace<pointwise::Tanh> tanh_{};
inline constexpr InPlace<pointwise::Trunc> trunc_{};
inline constexpr InPlace<pointwise::Deg2rad> deg2rad_{};
inline constexpr InPlace<pointwise::Rad2deg> rad2deg_{};
inline constexpr InPlace<pointwise::Ldexp> ldexp_{};
inline constexpr InPlace<pointwise::BitwiseAnd, std::remove_const_t<decltype(bitwise_and)>> bitwise_and_{};
inline constexpr InPlace<pointwise::BitwiseOr, std::remove_const_t<decltype(bitwise_or)>> bitwise_or_{};
inline constexpr InPlace<pointwise::BitwiseXor, std::remove_const_t<decltype(bitwise_xor)>> bitwise_xor_{};
inline constexpr InPlace<pointwise::BitwiseNot, std::remove_const_t<decltype(bitwise_not)>> bitwise_not_{};
inline constexpr InPlace<pointwise::ShiftLeft, std::remove_const_t<decltype(bitwise_left_shift)>> bitwise_left_shift_{};
inline constexpr InPlace<pointwise::ShiftRight, std::remove_const_t<decltype(bitwise_right_shift)>> bitwise_right_shift_{};
inline constexpr InPlace<pointwise::Gcd, std::remove_const_t<decltype(gcd)>> gcd_{};
inline constexpr InPlace<pointwise::Lcm, std::remove_const_t<decltype(lcm)>> lcm_{};

inline constexpr auto& absolute_ = abs_;
inline constexpr auto& arccos_ = acos_;
inline constexpr auto& arccosh_ = acosh_;
inline constexpr auto& arcsin_ = asin_;
inline constexpr auto& arcsinh_ = asinh_;
inline constexpr auto& arctan_ = atan_;
inline constexpr auto& arctan2_ = atan2_;
inline constexpr auto& arctanh_ = atanh_;
inline constexpr auto& clip_ = clamp_;
inline constexpr auto& divide_ = div_;
inline constexpr auto& fix_ = trunc_;
inline constexpr auto& greater_ = gt_;
inline constexpr auto& greater_equal_ = ge_;
inline constexpr auto& less_ = lt_;
inline constexpr auto& less_equal_ = le_;
inline constexpr auto& multiply_ = mul_;
inline constexpr auto& negative_ = neg_;
inline constexpr auto& not_equal_ = ne_;
inline constexpr auto& subtract_ = sub_;
inline constexpr auto& true_divide_ = div_;

// ---- of functions that are no objects, or have numbers with defaults

template <class T, class D, tensor_like V>
const Tensor<T, D>& heaviside_(const Tensor<T, D>& x, V&& values, Site site = Site::current()) {
  ops::write_in_place("heaviside_", x, heaviside(x, std::forward<V>(values)), site);
  return x;
}
template <class T, class D, operand A>
const Tensor<T, D>& nextafter_(const Tensor<T, D>& x, A&& towards, Site site = Site::current()) {
  ops::write_in_place("nextafter_", x, nextafter(x, std::forward<A>(towards)), site);
  return x;
}
template <class T, class D>
const Tensor<T, D>& nan_to_num_(const Tensor<T, D>& x, double nan = 0, std::optional<double> posinf = std::nullopt,
                                std::optional<double> neginf = std::nullopt, Site site = Site::current()) {
  ops::write_in_place("nan_to_num_", x, nan_to_num(x, nan, posinf, neginf), site);
  return x;
}

/// x += value * a * b.
template <class T, class D, operand A, operand B>
const Tensor<T, D>& addcmul_(const Tensor<T, D>& x, A&& a, B&& b, double value = 1, Site site = Site::current()) {
  ops::write_in_place("addcmul_", x, add(x, mul(mul(std::forward<A>(a), std::forward<B>(b)), value)), site);
  return x;
}
/// x += value * a / b.
template <class T, class D, operand A, operand B>
const Tensor<T, D>& addcdiv_(const Tensor<T, D>& x, A&& a, B&& b, double value = 1, Site site = Site::current()) {
  ops::write_in_place("addcdiv_", x, add(x, mul(div(std::forward<A>(a), std::forward<B>(b)), value)), site);
  return x;
}

namespace nn::functional {
using torchlite::relu_, torchlite::relu6_, torchlite::selu_, torchlite::silu_, torchlite::mish_, torchlite::hardsigmoid_,
    torchlite::hardswish_;

template <class T, class D>
const Tensor<T, D>& celu_(const Tensor<T, D>& x, double alpha = 1, Site site = Site::current()) {
  ops::write_in_place("celu_", x, celu(x, alpha), site);
  return x;
}
template <class T, class D>
const Tensor<T, D>& elu_(const Tensor<T, D>& x, double alpha = 1, Site site = Site::current()) {
  ops::write_in_place("elu_", x, elu(x, alpha), site);
  return x;
}
template <class T, class D>
const Tensor<T, D>& hardtanh_(const Tensor<T, D>& x, double min_val = -1, double max_val = 1, Site site = Site::current()) {
  ops::write_in_place("hardtanh_", x, hardtanh(x, min_val, max_val), site);
  return x;
}
template <class T, class D>
const Tensor<T, D>& leaky_relu_(const Tensor<T, D>& x, double negative_slope = 0.01, Site site = Site::current()) {
  ops::write_in_place("leaky_relu_", x, leaky_relu(x, negative_slope), site);
  return x;
}
template <class T, class D>
const Tensor<T, D>& threshold_(const Tensor<T, D>& x, double threshold, double value, Site site = Site::current()) {
  ops::write_in_place("threshold_", x, torchlite::threshold(x, threshold, value), site);
  return x;
}
}  // namespace nn::functional

}  // namespace torchlite::inline TORCHLITE_ABI
