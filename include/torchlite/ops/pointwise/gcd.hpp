// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/bitwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The greatest common divisor of integers, not negative, elementwise.
struct Gcd : Symbolic {
  static constexpr std::string_view name = "gcd";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return math::gcd(a, b);
  }
};

/// The least common multiple of integers, not negative, elementwise; it wraps round on overflow.
struct Lcm : Symbolic {
  static constexpr std::string_view name = "lcm";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return math::lcm(a, b);
  }
};
}  // namespace pointwise

inline constexpr ops::IntegerFunction<pointwise::Gcd, false> gcd{};
inline constexpr ops::IntegerFunction<pointwise::Lcm, false> lcm{};

}  // namespace torchlite::inline TORCHLITE_ABI
