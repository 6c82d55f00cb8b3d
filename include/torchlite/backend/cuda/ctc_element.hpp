// SPDX-License-Identifier: BSD-3-Clause
// Connectionist temporal classification, without the launch: a team has a sequence, goes through its steps one after the other and shares
// the states of each.
#pragma once
#include <torchlite/backend/ctc_loss.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// All labels of all targets, to be checked.
template <class T>
struct CtcLabels {
  CtcArguments<T> a;
  std::int64_t lowest = 0, highest = 0;

  explicit CtcLabels(const CtcArguments<T>& arguments) : a(arguments), highest(arguments.classes - 1) {}
  std::int64_t count() const { return a.batch * (a.states / 2); }
  TORCHLITE_HOST_DEVICE std::int64_t at(std::int64_t i) const {
    const std::int64_t longest = a.states / 2, n = i / longest, k = i % longest;
    return k < a.target_lengths[n] ? a.targets[a.starts[n] + k] : 0;
  }
  TORCHLITE_HOST_DEVICE bool fits(std::int64_t i) const {
    const std::int64_t label = at(i);
    return label >= lowest && label <= highest;
  }
};

/// The logarithm of a sum of numbers given by theirs.
struct LogarithmState {
  double value;
  TORCHLITE_HOST_DEVICE static LogarithmState identity() { return {-__builtin_huge_val()}; }
  TORCHLITE_HOST_DEVICE static LogarithmState combine(const LogarithmState& a, const LogarithmState& b) {
    return {add_logarithms(a.value, b.value)};
  }
};

/// See the Cpu's ctc_loss_forward.
template <class T>
struct CtcForward {
  CtcArguments<T> a;
  double *losses, *alpha;

  template <int, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t n) const {
    constexpr double infinity = __builtin_huge_val();
    const std::int64_t length = a.input_lengths[n], states = 2 * a.target_lengths[n] + 1;
    if (length == 0) {
      team.once([&] { losses[n] = states == 1 ? 0 : infinity; });
      return;
    }
    double* const first = alpha + n * a.steps * a.states;
    team.each(states, [&](std::int64_t s) { first[s] = s < 2 ? a.at(0, n, a.label(n, s)) : -infinity; });
    for (std::int64_t t = 1; t < length; ++t) {
      const double* const before = first + (t - 1) * a.states;
      double* const now = first + t * a.states;
      team.barrier();
      team.each(states, [&](std::int64_t s) {
        double sum = before[s];
        if (s >= 1) sum = add_logarithms(sum, before[s - 1]);
        if (a.skips(n, s)) sum = add_logarithms(sum, before[s - 2]);
        now[s] = sum + a.at(t, n, a.label(n, s));
      });
    }
    team.barrier();
    const double* const last = first + (length - 1) * a.states;
    team.once([&] { losses[n] = -(states > 1 ? add_logarithms(last[states - 1], last[states - 2]) : last[0]); });
  }
};

/// See the Cpu's ctc_loss_backward; beta [batch, 2, states] is room for two steps.
template <class T>
struct CtcBackward {
  using R = register_t<T>;
  CtcArguments<T> a;
  bool zero_infinity;
  const double *losses, *alpha;
  const T* g;
  double* beta;
  T* dx;

  template <int, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t n) const {
    constexpr double infinity = __builtin_huge_val();
    const std::int64_t length = a.input_lengths[n], states = 2 * a.target_lengths[n] + 1;
    const double scale = static_cast<double>(static_cast<R>(g[n])), loss = losses[n];
    const bool silent = zero_infinity && loss == infinity;
    for (std::int64_t t = a.steps - 1; t >= 0; --t) {
      T* const out = dx + (t * a.batch + n) * a.classes;
      if (t >= length || silent) {
        team.each(a.classes, [&](std::int64_t c) { out[c] = T{}; });
        continue;
      }
      double* const now = beta + (n * 2 + t % 2) * a.states;
      const double* const later = beta + (n * 2 + (t + 1) % 2) * a.states;
      const double* const before = alpha + (n * a.steps + t) * a.states;
      const auto write = [&](std::int64_t c, double paths) {
        const double x = a.at(t, n, c);  // counted in alpha and in beta
        out[c] = static_cast<T>(static_cast<R>((std::exp(x) - std::exp(paths + loss - x)) * scale));
      };
      team.barrier();
      team.each(states, [&](std::int64_t s) {
        double sum;
        if (t == length - 1) {
          sum = s >= states - 2 ? 0 : -infinity;
        } else {
          sum = later[s];
          if (s + 1 < states) sum = add_logarithms(sum, later[s + 1]);
          if (s + 2 < states && a.skips(n, s + 2)) sum = add_logarithms(sum, later[s + 2]);
        }
        now[s] = sum + a.at(t, n, a.label(n, s));
      });
      team.each(a.classes, [&](std::int64_t c) { write(c, -infinity); });
      team.barrier();
      // Every second state is a blank: all threads add those up. The first state of another label adds up that label's.
      const double blanks =
          team.template fold<LogarithmState>(
                  states, [&](std::int64_t s) { return LogarithmState{a.label(n, s) == a.blank ? before[s] + now[s] : -infinity}; })
              .value;
      team.once([&] { write(a.blank, blanks); });
      team.each(states / 2, [&](std::int64_t k) {
        const std::int64_t own = a.label(n, 2 * k + 1);
        if (own == a.blank) return;
        for (std::int64_t s = 1; s < 2 * k + 1; s += 2)
          if (a.label(n, s) == own) return;
        double paths = -infinity;
        for (std::int64_t s = 2 * k + 1; s < states; s += 2)
          if (a.label(n, s) == own) paths = add_logarithms(paths, before[s] + now[s]);
        write(own, paths);
      });
    }
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
