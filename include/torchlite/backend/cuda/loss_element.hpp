// SPDX-License-Identifier: BSD-3-Clause
// Losses between rows and one target class for each, without their launch.
#pragma once
#include <torchlite/backend/cuda/softmax_element.hpp>
#include <torchlite/backend/loss.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// The parts of the smoothed, weighted target q that all rows share: q_c = weight_c (on_all + (c == target) on_target).
template <class T>
struct ClassTargets {
  using R = register_t<T>;
  ClassLossArguments<T> a;
  R on_target, on_all;

  explicit ClassTargets(const ClassLossArguments<T>& arguments)
      : a(arguments),
        on_target(static_cast<R>(1 - a.smoothing)),
        on_all(static_cast<R>(a.smoothing / static_cast<double>(a.classes > 1 ? a.classes : 1))) {}

  TORCHLITE_HOST_DEVICE RowLayout rows() const { return {a.outer, a.classes, a.inner}; }
  TORCHLITE_HOST_DEVICE R weight(std::int64_t c) const { return a.weight == nullptr ? R(1) : static_cast<R>(a.weight[c]); }
  TORCHLITE_HOST_DEVICE bool counts(std::int64_t row) const { return a.target[row] != a.ignore_index; }
  TORCHLITE_HOST_DEVICE R q(std::int64_t c, std::int64_t target) const { return weight(c) * (on_all + (c == target ? on_target : R(0))); }
};

/// losses[r] = -sum_c q_c log p_c and, if the row counts, the weight of its target; lse [rows] is written if x is normalised here.
template <bool Normalize, class T>
struct ClassLossForward {
  using R = register_t<T>;
  ClassTargets<T> targets;
  TwoSums<R>* losses;
  R* lse;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const auto& a = targets.a;
    const Row<const T> in{a.x + targets.rows().first(r), a.inner};
    R top = 0, log_sum = 0;
    if constexpr (Normalize) {
      const auto found = exponential_sum<V>(team, in, a.classes);
      top = found.first, log_sum = math::log(found.second);
    }
    const auto minus_log = [&](std::int64_t c) {
      R v[1];
      in.template read<1>(c, v);
      return (top - v[0]) + log_sum;
    };
    R all = 0;
    if (targets.on_all != R(0) && targets.counts(r))
      all = team.template fold<SumState<R>>(a.classes, [&](std::int64_t c) { return SumState<R>{targets.weight(c) * minus_log(c)}; }).sum;
    team.once([&] {
      if constexpr (Normalize) lse[r] = top + log_sum;
      if (!targets.counts(r)) {
        losses[r] = {R(0), R(0)};
      } else {
        const std::int64_t t = a.target[r];
        losses[r] = {targets.on_target * targets.weight(t) * minus_log(t) + targets.on_all * all, targets.weight(t)};
      }
    });
  }
};

/// total = the sum of the targets' weights, and out: each row's loss, or their sum or mean. The one row of this kernel is all of them.
template <class T>
struct ReduceLosses {
  using R = register_t<T>;
  std::int64_t rows;
  Reduction reduction;
  const TwoSums<R>* losses;
  T* out;
  R* total;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t) const {
    using Sums = TwoSums<double>;
    const Sums sums = team.template fold<Sums>(rows, [&](std::int64_t r) {
      return Sums{static_cast<double>(losses[r].first), static_cast<double>(losses[r].second)};
    });
    team.once([&] {
      *total = static_cast<R>(sums.second);
      if (reduction != Reduction::none)
        *out = static_cast<T>(static_cast<R>(reduction == Reduction::mean ? sums.first / sums.second : sums.first));
    });
    if (reduction == Reduction::none) team.each(rows, [&](std::int64_t r) { out[r] = static_cast<T>(losses[r].first); });
  }
};

/// dx = scale (mass p_c - q_c), p_c = e^(x_c - lse), mass = sum_c q_c; without normalisation -scale q_c.
template <bool Normalize, class T>
struct ClassLossBackward {
  using R = register_t<T>;
  ClassTargets<T> targets;
  const T* g;
  const R *lse, *total;
  T* dx;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const auto& a = targets.a;
    const std::int64_t at = targets.rows().first(r), t = a.target[r];
    const Row<const T> in{a.x + at, a.inner};
    const Row<T> out{dx + at, a.inner};
    if (!targets.counts(r)) {
      team.each(a.classes / V, [&](std::int64_t i) {
        R zero[V] = {};
        out.template write<V>(i, zero);
      });
      return;
    }
    const R scale = a.reduction == Reduction::none   ? static_cast<R>(g[r])
                    : a.reduction == Reduction::mean ? static_cast<R>(*g) / *total
                                                     : static_cast<R>(*g);
    R mass = 0, level = 0;
    if constexpr (Normalize) {
      R all = 0;
      if (targets.on_all != R(0))
        all = a.weight == nullptr
                  ? static_cast<R>(a.classes)
                  : team.template fold<SumState<R>>(a.classes, [&](std::int64_t c) { return SumState<R>{targets.weight(c)}; }).sum;
      mass = scale * (targets.on_target * targets.weight(t) + targets.on_all * all);
      level = lse[r];
    }
    team.each(a.classes / V, [&](std::int64_t i) {
      R v[V] = {};
      if constexpr (Normalize) in.template read<V>(i, v);
      unrolled<V>([&](auto k) {
        constexpr int e = decltype(k)::value;
        const R p = Normalize ? mass * math::exp(v[e] - level) : R(0);
        v[e] = p - scale * targets.q(i * V + e, t);
      });
      out.template write<V>(i, v);
    });
  }
};

/// The targets q themselves, and their sums over the classes.
template <class T>
struct WriteClassTargets {
  using R = register_t<T>;
  ClassTargets<T> targets;
  T *q, *mass;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t r) const {
    const auto& a = targets.a;
    T* const row = q + targets.rows().first(r);
    R sum = 0;
    for (std::int64_t c = 0; c < a.classes; ++c) {
      const R value = targets.counts(r) ? targets.q(c, a.target[r]) : R(0);
      row[c * a.inner] = static_cast<T>(value);
      sum += value;
    }
    mass[r] = static_cast<T>(sum);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
