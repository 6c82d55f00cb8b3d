// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x without its fraction, elementwise; the gradient is 0.
struct Trunc : Symbolic {
  static constexpr std::string_view name = "trunc";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return trunc(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(0);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Trunc> trunc{};

}  // namespace torchlite::inline TORCHLITE_ABI
