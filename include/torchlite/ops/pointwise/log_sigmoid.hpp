// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// log(sigmoid(x)), elementwise, without underflow: min(x, 0) - log1p(e^-|x|).
struct LogSigmoid : Symbolic {
  static constexpr std::string_view name = "log_sigmoid";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return min(x, T(0)) - log1p(exp(-abs(x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return sigmoid(-x);
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::LogSigmoid> log_sigmoid{};
/// PyTorch's name of it.
inline constexpr auto logsigmoid = log_sigmoid;

}  // namespace torchlite::inline TORCHLITE_ABI
