// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x / (1 + |x|), elementwise.
struct Softsign : Symbolic {
  static constexpr std::string_view name = "softsign";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x / (T(1) + abs(x));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(1) / square_of(T(1) + abs(x));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Softsign> softsign{};

}  // namespace torchlite::inline TORCHLITE_ABI
