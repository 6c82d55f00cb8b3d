// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// max(x, 0) + min(0, alpha * (e^(x / alpha) - 1)), elementwise.
/// Source: Barron, 2017.
struct Celu : Symbolic {
  static constexpr std::string_view name = "celu";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T alpha) {
    return select(x > T(0), x, alpha * expm1(min(x, T(0)) / alpha));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T alpha) {
    return {{select(x > T(0), T(1), exp(min(x, T(0)) / alpha)),
             select(x > T(0), T(0), expm1(min(x, T(0)) / alpha) - min(x, T(0)) / alpha * exp(min(x, T(0)) / alpha))}};
  }
};
}  // namespace pointwise

}  // namespace torchlite::inline TORCHLITE_ABI
