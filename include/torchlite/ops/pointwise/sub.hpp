// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a - b, elementwise, broadcast.
struct Sub : Symbolic {
  static constexpr std::string_view name = "sub";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return a - b;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T, T) {
    return {{T(1), T(-1)}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Sub> sub{};

}  // namespace torchlite::inline TORCHLITE_ABI
