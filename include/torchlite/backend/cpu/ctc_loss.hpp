// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/ctc_loss.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/index.hpp>
#include <torchlite/backend/kernel_count.hpp>

#include <cmath>
#include <limits>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Whether each label of a target is a class.
template <class T>
RangeCheck ctc_labels(Cpu, const CtcArguments<T>& a) {
  for (std::int64_t n = 0; n < a.batch; ++n)
    for (std::int64_t k = 0; k < a.target_lengths[n]; ++k)
      if (const std::int64_t label = a.targets[a.starts[n] + k]; label < 0 || label >= a.classes) return {false, label};
  return {};
}

/// losses[n] = -log of the probability of all paths that spell target n. alpha [batch, steps, states], kept for backward: the logarithm of
/// that of all paths that are in a state after a step.
template <class T>
void ctc_loss_forward(Cpu, const CtcArguments<T>& a, double* losses, double* alpha) {
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  count_kernel("ctc_loss_forward");
  parallel_for(a.batch, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = begin; n < end; ++n) {
      const std::int64_t length = a.input_lengths[n], states = 2 * a.target_lengths[n] + 1;
      double* const first = alpha + n * a.steps * a.states;
      if (length == 0) {
        losses[n] = states == 1 ? 0 : -nothing;
        continue;
      }
      for (std::int64_t s = 0; s < states; ++s) first[s] = s < 2 ? a.at(0, n, a.label(n, s)) : nothing;
      for (std::int64_t t = 1; t < length; ++t) {
        const double* const before = first + (t - 1) * a.states;
        double* const now = first + t * a.states;
        for (std::int64_t s = 0; s < states; ++s) {
          double sum = before[s];
          if (s >= 1) sum = add_logarithms(sum, before[s - 1]);
          if (a.skips(n, s)) sum = add_logarithms(sum, before[s - 2]);
          now[s] = sum + a.at(t, n, a.label(n, s));
        }
      }
      const double* const last = first + (length - 1) * a.states;
      losses[n] = -(states > 1 ? add_logarithms(last[states - 1], last[states - 2]) : last[0]);
    }
  });
}

/// dx [steps, batch, classes] = g[n] (e^x - occupancy), the gradient with respect to what log_softmax made x of: log_softmax's own backward
/// changes nothing of it. Rows of a loss that is infinite are 0 with zero_infinity.
template <class T>
void ctc_loss_backward(Cpu, const CtcArguments<T>& a, bool zero_infinity, const double* losses, const double* alpha, const T* g, T* dx) {
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  count_kernel("ctc_loss_backward");
  parallel_for(a.batch, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> beta(static_cast<std::size_t>(a.states)), later(beta.size()), row(static_cast<std::size_t>(a.classes));
    for (std::int64_t n = begin; n < end; ++n) {
      const std::int64_t length = a.input_lengths[n], states = 2 * a.target_lengths[n] + 1;
      const double scale = static_cast<double>(static_cast<register_t<T>>(g[n]));
      const bool silent = zero_infinity && losses[n] == -nothing;
      for (std::int64_t t = a.steps - 1; t >= 0; --t) {
        T* const out = dx + (t * a.batch + n) * a.classes;
        if (t >= length || silent) {
          for (std::int64_t c = 0; c < a.classes; ++c) out[c] = T{};
          continue;
        }
        std::swap(beta, later);
        for (std::int64_t s = 0; s < states; ++s) {
          double sum;
          if (t == length - 1) {
            sum = s >= states - 2 ? 0 : nothing;
          } else {
            sum = later[static_cast<std::size_t>(s)];
            if (s + 1 < states) sum = add_logarithms(sum, later[static_cast<std::size_t>(s + 1)]);
            if (s + 2 < states && a.skips(n, s + 2)) sum = add_logarithms(sum, later[static_cast<std::size_t>(s + 2)]);
          }
          beta[static_cast<std::size_t>(s)] = sum + a.at(t, n, a.label(n, s));
        }
        row.assign(row.size(), nothing);
        const double* const before = alpha + (n * a.steps + t) * a.states;
        for (std::int64_t s = 0; s < states; ++s) {
          double& sum = row[static_cast<std::size_t>(a.label(n, s))];
          sum = add_logarithms(sum, before[s] + beta[static_cast<std::size_t>(s)]);
        }
        for (std::int64_t c = 0; c < a.classes; ++c) {
          const double x = a.at(t, n, c);  // counted in alpha and in beta
          const double occupied = std::exp(row[static_cast<std::size_t>(c)] + losses[n] - x);
          out[c] = static_cast<T>(static_cast<register_t<T>>((std::exp(x) - occupied) * scale));
        }
      }
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
