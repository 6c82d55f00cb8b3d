// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where x is not a number.
struct IsNan : Symbolic {
  static constexpr std::string_view name = "isnan";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T x) {
    return isnan(x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::IsNan> isnan{};

}  // namespace torchlite::inline TORCHLITE_ABI
