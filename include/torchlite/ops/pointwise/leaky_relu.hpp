// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x for positive x, slope * x otherwise, elementwise.
struct LeakyRelu : Symbolic {
  static constexpr std::string_view name = "leaky_relu";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T slope) {
    return select(x > T(0), x, slope * x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T slope) {
    return {{select(x > T(0), T(1), slope), select(x > T(0), T(0), x)}};
  }
};
}  // namespace pointwise

}  // namespace torchlite::inline TORCHLITE_ABI
