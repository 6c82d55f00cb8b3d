// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where either is not 0.
struct LogicalOr : Symbolic {
  static constexpr std::string_view name = "logical_or";
  static constexpr Result result = Result::logical;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T a, T b) {
    return a || b;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::LogicalOr> logical_or{};

}  // namespace torchlite::inline TORCHLITE_ABI
