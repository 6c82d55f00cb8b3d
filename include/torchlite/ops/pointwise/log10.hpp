// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Logarithm to base 10, elementwise.
struct Log10 : Symbolic {
  static constexpr std::string_view name = "log10";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return log10(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(0.43429448190325182765) / x;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Log10> log10{};

}  // namespace torchlite::inline TORCHLITE_ABI
