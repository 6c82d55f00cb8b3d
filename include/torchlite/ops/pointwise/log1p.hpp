// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// log(1 + x), elementwise, accurate near 0.
struct Log1p : Symbolic {
  static constexpr std::string_view name = "log1p";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return log1p(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(1) / (T(1) + x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Log1p> log1p{};

}  // namespace torchlite::inline TORCHLITE_ABI
