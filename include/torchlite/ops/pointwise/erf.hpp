// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// The error function, elementwise: 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x.
struct Erf : Symbolic {
  static constexpr std::string_view name = "erf";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return erf(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(1.12837916709551257390) * exp(-(x * x));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Erf> erf{};

}  // namespace torchlite::inline TORCHLITE_ABI
