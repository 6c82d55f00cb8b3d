// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// |x|, elementwise, of complex numbers a real one; the gradient at 0 is 0.
struct Abs : Symbolic {
  static constexpr std::string_view name = "abs";
  static constexpr Result result = Result::real;
  template <class T>
  TORCHLITE_HOST_DEVICE static auto value(T x) {
    return abs(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return conj(sgn(x));
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::Abs> abs{};

}  // namespace torchlite::inline TORCHLITE_ABI
