// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where x is inf.
struct IsPosInf : Symbolic {
  static constexpr std::string_view name = "isposinf";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T x) {
    return isinf(x) && x > T(0);
  }
};

/// True where x is -inf.
struct IsNegInf : Symbolic {
  static constexpr std::string_view name = "isneginf";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T x) {
    return isinf(x) && x < T(0);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::IsPosInf> isposinf{};
inline constexpr Pointwise<pointwise::IsNegInf> isneginf{};

}  // namespace torchlite::inline TORCHLITE_ABI
