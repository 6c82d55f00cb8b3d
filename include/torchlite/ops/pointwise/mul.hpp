// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a * b, elementwise, broadcast.
struct Mul : Symbolic {
  static constexpr std::string_view name = "mul";
  static constexpr Result result = Result::same;
  static constexpr bool bilinear = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return a * b;
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    return {{b, a}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Mul> mul{};

}  // namespace torchlite::inline TORCHLITE_ABI
