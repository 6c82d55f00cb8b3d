// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// Degrees as radians, elementwise.
struct Deg2rad : Symbolic {
  static constexpr std::string_view name = "deg2rad";
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x * T(0.017453292519943295769);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(0.017453292519943295769);
  }
};

/// Radians as degrees, elementwise.
struct Rad2deg : Symbolic {
  static constexpr std::string_view name = "rad2deg";
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return x * T(57.295779513082320877);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(57.295779513082320877);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Deg2rad> deg2rad{};
inline constexpr Pointwise<pointwise::Rad2deg> rad2deg{};

}  // namespace torchlite::inline TORCHLITE_ABI
