// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// -x, elementwise.
struct Neg : Symbolic {
  static constexpr std::string_view name = "neg";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    static_assert(!boolean<T>, "negation is not for bool; use logical_not, or cast first: x.to<int>()");
    return static_cast<T>(-x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(-1);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Neg> neg{};

}  // namespace torchlite::inline TORCHLITE_ABI
