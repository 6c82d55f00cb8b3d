// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/device.hpp>
#include <torchlite/core/dtype.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class T, class D = Cpu>
class Tensor;

/// Bases that say what a class is without naming its parameters.
struct TensorTag {};
struct ExpressionTag {};

/// A Tensor, or a class derived from one (nn::Parameter).
template <class X>
concept tensor = std::is_base_of_v<TensorTag, std::remove_cvref_t<X>>;

/// A pointwise computation that has not run yet.
template <class X>
concept expression = std::is_base_of_v<ExpressionTag, std::remove_cvref_t<X>>;

/// What a function of tensors takes.
template <class X>
concept tensor_like = tensor<X> || expression<X>;

/// What a pointwise function takes: a tensor, an expression or a number.
template <class X>
concept operand = tensor_like<X> || scalar<std::remove_cvref_t<X>>;

template <tensor_like X>
using value_t = typename std::remove_cvref_t<X>::value_type;
template <tensor_like X>
using device_t = typename std::remove_cvref_t<X>::device_type;
/// The tensor type that X is or becomes when it runs.
template <tensor_like X>
using tensor_of = Tensor<value_t<X>, device_t<X>>;

template <class A, class... B>
inline constexpr bool same_device = (std::is_same_v<A, B> && ...);

}  // namespace torchlite::inline TORCHLITE_ABI
