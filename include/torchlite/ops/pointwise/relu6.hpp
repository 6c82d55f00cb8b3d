// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// min(max(x, 0), 6), elementwise.
struct Relu6 : Symbolic {
  static constexpr std::string_view name = "relu6";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return min(max(x, T(0)), T(6));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return select(x > T(0), select(x < T(6), T(1), T(0)), T(0));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Relu6> relu6{};

}  // namespace torchlite::inline TORCHLITE_ABI
