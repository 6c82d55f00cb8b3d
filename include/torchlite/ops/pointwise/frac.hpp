// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x - trunc(x), elementwise.
struct Frac : Symbolic {
  static constexpr std::string_view name = "frac";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return frac(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(1);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Frac> frac{};

}  // namespace torchlite::inline TORCHLITE_ABI
