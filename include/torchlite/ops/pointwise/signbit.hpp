// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where the sign of x is set: negative numbers and -0.
struct SignBit : Symbolic {
  static constexpr std::string_view name = "signbit";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T x) {
    return math::signbit(x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::SignBit> signbit{};

}  // namespace torchlite::inline TORCHLITE_ABI
