// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Natural logarithm, elementwise; -inf at 0, NaN below.
struct Log : Symbolic {
  static constexpr std::string_view name = "log";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return log(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(1) / x;
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Log> log{};

}  // namespace torchlite::inline TORCHLITE_ABI
