// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a where the condition holds, else b, elementwise, broadcast.
///   condition [...] bool, a [...], b [...] -> [...], the promoted dtype of a and b
struct Where : Symbolic {
  static constexpr std::string_view name = "where";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 1;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T c, T a, T b) {
    return select(c != T(0), a, b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T c, T, T) {
    return {{T(0), select(c != T(0), T(1), T(0)), select(c != T(0), T(0), T(1))}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Where> where{};

}  // namespace torchlite::inline TORCHLITE_ABI
