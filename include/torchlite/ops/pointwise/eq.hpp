// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where a == b, elementwise, broadcast.
struct Equal : Symbolic {
  static constexpr std::string_view name = "eq";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T a, T b) {
    return a == b;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Equal> eq{};

}  // namespace torchlite::inline TORCHLITE_ABI
