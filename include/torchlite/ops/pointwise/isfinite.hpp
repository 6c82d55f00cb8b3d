// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where x is neither infinite nor NaN.
struct IsFinite : Symbolic {
  static constexpr std::string_view name = "isfinite";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T x) {
    return isfinite(x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::IsFinite> isfinite{};

}  // namespace torchlite::inline TORCHLITE_ABI
