// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where x is 0.
struct LogicalNot : Symbolic {
  static constexpr std::string_view name = "logical_not";
  static constexpr Result result = Result::logical;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T x) {
    return !x;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::LogicalNot> logical_not{};

}  // namespace torchlite::inline TORCHLITE_ABI
