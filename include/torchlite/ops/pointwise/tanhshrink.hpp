// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x - tanh(x), elementwise.
struct Tanhshrink : Symbolic {
  static constexpr std::string_view name = "tanhshrink";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x - tanh(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return square_of(tanh(x));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Tanhshrink> tanhshrink{};

}  // namespace torchlite::inline TORCHLITE_ABI
