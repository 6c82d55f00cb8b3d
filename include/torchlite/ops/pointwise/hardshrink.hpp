// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x where |x| > lambda, else 0, elementwise.
struct Hardshrink : Symbolic {
  static constexpr std::string_view name = "hardshrink";
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T lambda) {
    return select(abs(x) <= lambda, T(0), x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T lambda) {
    return {{select(abs(x) <= lambda, T(0), T(1)), T(0)}};
  }
};
}  // namespace pointwise

}  // namespace torchlite::inline TORCHLITE_ABI
