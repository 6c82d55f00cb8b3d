// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// 1 - erf(x), elementwise, accurate for large x.
struct Erfc : Symbolic {
  static constexpr std::string_view name = "erfc";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return erfc(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return T(-1.12837916709551257390) * exp(-(x * x));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Erfc> erfc{};

}  // namespace torchlite::inline TORCHLITE_ABI
