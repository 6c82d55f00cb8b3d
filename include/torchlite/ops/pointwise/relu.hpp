// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// max(x, 0), elementwise; the gradient at 0 is 0.
struct Relu : Symbolic {
  static constexpr std::string_view name = "relu";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return max(x, T(0));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return select(x > T(0), T(1), T(0));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative_from_result(T y) {
    return select(y > T(0), T(1), T(0));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Relu> relu{};

}  // namespace torchlite::inline TORCHLITE_ABI
