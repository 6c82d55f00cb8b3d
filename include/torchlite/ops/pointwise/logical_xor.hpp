// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where exactly one is not 0.
struct LogicalXor : Symbolic {
  static constexpr std::string_view name = "logical_xor";
  static constexpr Result result = Result::logical;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T a, T b) {
    return a != b;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::LogicalXor> logical_xor{};

}  // namespace torchlite::inline TORCHLITE_ABI
