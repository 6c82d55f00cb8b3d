// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Logarithm to base 2, elementwise.
struct Log2 : Symbolic {
  static constexpr std::string_view name = "log2";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return log2(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(1.44269504088896340736) / x;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Log2> log2{};

}  // namespace torchlite::inline TORCHLITE_ABI
