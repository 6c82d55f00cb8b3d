// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/dtype.hpp>

#include <cmath>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Sequences of log-probabilities and the labels that they are to spell.
template <class T>
struct CtcArguments {
  std::int64_t steps = 0, batch = 0, classes = 0, blank = 0;
  const T* log_probs = nullptr;  ///< [steps, batch, classes], dense
  const std::int64_t *targets = nullptr, *starts = nullptr, *input_lengths = nullptr, *target_lengths = nullptr;
  std::int64_t states = 1;  ///< 2 * the largest target length + 1

  /// The label of state s of a target: every second one is a blank.
  TORCHLITE_HOST_DEVICE std::int64_t label(std::int64_t n, std::int64_t s) const { return s % 2 == 0 ? blank : targets[starts[n] + s / 2]; }
  /// A path may go from state s - 2 to s: between different labels, past a blank.
  TORCHLITE_HOST_DEVICE bool skips(std::int64_t n, std::int64_t s) const { return s % 2 == 1 && s >= 2 && label(n, s) != label(n, s - 2); }
  TORCHLITE_HOST_DEVICE double at(std::int64_t t, std::int64_t n, std::int64_t c) const {
    return static_cast<double>(static_cast<register_t<T>>(log_probs[(t * batch + n) * classes + c]));
  }
};

TORCHLITE_HOST_DEVICE inline double add_logarithms(double a, double b) {
  const double high = a > b ? a : b, low = a > b ? b : a;
  constexpr double nothing = -__builtin_huge_val();
  return high == nothing ? high : high + std::log1p(std::exp(low - high));
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
