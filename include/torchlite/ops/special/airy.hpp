// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/math/bessel.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

struct AiryAi;

/// The derivative of Airy's Ai, elementwise.
struct AiryAiPrime : Symbolic {
  static constexpr std::string_view name = "airy_ai_prime";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return static_cast<T>(math::airy_ai(static_cast<double>(x), true));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return x * call<AiryAi>(x);
  }
};

/// Airy's function Ai, elementwise. Relative error 1e-15 (1 + x^1.5) for x > 0, absolute error 1e-16 (1 + |x|^1.5) below.
struct AiryAi : Symbolic {
  static constexpr std::string_view name = "airy_ai";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return static_cast<T>(math::airy_ai(static_cast<double>(x), false));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return call<AiryAiPrime>(x);
  }
};
}  // namespace pointwise

namespace special {
inline constexpr Pointwise<pointwise::AiryAi> airy_ai{};
}  // namespace special

}  // namespace torchlite::inline TORCHLITE_ABI
