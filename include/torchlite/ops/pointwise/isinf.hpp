// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// True where x is infinite.
struct IsInf : Symbolic {
  static constexpr std::string_view name = "isinf";
  static constexpr Result result = Result::boolean;
  template <class T>
  TORCHLITE_HOST_DEVICE static bool value(T x) {
    return isinf(x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::IsInf> isinf{};

}  // namespace torchlite::inline TORCHLITE_ABI
