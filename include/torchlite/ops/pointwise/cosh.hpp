// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Hyperbolic cosine, elementwise.
struct Cosh : Symbolic {
  static constexpr std::string_view name = "cosh";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return cosh(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return sinh(x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Cosh> cosh{};

}  // namespace torchlite::inline TORCHLITE_ABI
