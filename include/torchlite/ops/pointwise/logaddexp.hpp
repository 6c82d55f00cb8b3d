// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// log(e^a + e^b), elementwise, without overflow.
struct LogAddExp : Symbolic {
  static constexpr std::string_view name = "logaddexp";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return logaddexp(a, b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T a, T b) {
    return {{sigmoid(a - b), sigmoid(b - a)}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::LogAddExp> logaddexp{};

}  // namespace torchlite::inline TORCHLITE_ABI
