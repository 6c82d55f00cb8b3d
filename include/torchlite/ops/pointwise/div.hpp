// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a / b, elementwise, broadcast; true division: integers give float.
struct Div : Symbolic {
  static constexpr std::string_view name = "div";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return a / b;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    return {{T(1) / b, -(a / b) / b}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Div> div{};

}  // namespace torchlite::inline TORCHLITE_ABI
