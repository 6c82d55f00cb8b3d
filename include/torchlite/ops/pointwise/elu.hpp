// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x for positive x, alpha * (e^x - 1) otherwise, elementwise.
/// Source: Clevert et al., ICLR 2016.
struct Elu : Symbolic {
  static constexpr std::string_view name = "elu";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T alpha) {
    return select(x > T(0), x, alpha * expm1(min(x, T(0))));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T alpha) {
    return {{select(x > T(0), T(1), alpha * exp(min(x, T(0)))), select(x > T(0), T(0), expm1(min(x, T(0))))}};
  }
};
}  // namespace pointwise

}  // namespace torchlite::inline TORCHLITE_ABI
