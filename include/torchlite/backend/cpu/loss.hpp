// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/backend/loss.hpp>
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/error.hpp>

#include <memory>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

template <class T>
RowLayout rows_of(const ClassLossArguments<T>& a) {
  return {a.outer, a.classes, a.inner};
}
template <class T>
register_t<T> class_weight(const ClassLossArguments<T>& a, std::int64_t c) {
  return a.weight == nullptr ? register_t<T>(1) : static_cast<register_t<T>>(a.weight[c]);
}
/// The class of a row, or -1 if the row is to be ignored.
template <class T>
std::int64_t target_of(const char* op, const ClassLossArguments<T>& a, std::int64_t row) {
  const std::int64_t t = a.target[row];
  if (t == a.ignore_index) return -1;
  check<IndexError>(t >= 0 && t < a.classes, "{}: target {} is out of range for {} classes; it must be in [0, {}) or ignore_index ({})", op,
                    t, a.classes, a.classes, a.ignore_index);
  return t;
}

/// The losses -sum_c q_c log p_c, where q is the smoothed, weighted target, and log p is x itself or (Normalize) x minus its
/// log-sum-exp. out [rows] or, reduced, [1]; lse [rows] is kept for backward (Normalize), total [1] is the sum of the weights of the targets.
template <bool Normalize, class T>
void class_loss_forward(Cpu, const char* op, const ClassLossArguments<T>& a, T* out, register_t<T>* lse, register_t<T>* total) {
  using R = register_t<T>;
  count_kernel("class_loss_forward");
  const RowLayout rows = rows_of(a);
  const std::int64_t n = a.classes, count = rows.count();
  const std::unique_ptr<R[]> losses(new R[static_cast<std::size_t>(count)]);
  const R on_target = static_cast<R>(1 - a.smoothing),
          on_all = static_cast<R>(a.smoothing / static_cast<double>(std::max<std::int64_t>(n, 1)));
  parallel_for(count, rows.grain(), [&](std::int64_t begin, std::int64_t end) {
    R* const v = scratch<R>(Scratch::partial, row_size(n));
    for (std::int64_t r = begin; r < end; ++r) {
      const T* const x = a.x + rows.first(r);
      const std::int64_t t = target_of(op, a, r);
      R top = 0, log_sum = 0;
      if constexpr (Normalize) {
        const RowReader<T> row(x, a.inner, n, MaxReducer<R>::identity(), v);
        top = row_top(row, row_size(n));
        log_sum = static_cast<R>(math::log(exponential_sum(row, row_size(n), top, [](std::int64_t, const R*) {})));
        lse[r] = top + log_sum;
      }
      // First the top: its sum with the logarithm would round off what distinguishes large elements.
      const auto minus_log = [&](std::int64_t c) { return (top - static_cast<R>(x[c * a.inner])) + log_sum; };
      R loss = 0;
      if (t >= 0) {
        loss = on_target * class_weight(a, t) * minus_log(t);
        if (on_all != R(0)) {
          R all = 0;
          for (std::int64_t c = 0; c < n; ++c) all += class_weight(a, c) * minus_log(c);
          loss += on_all * all;
        }
      }
      losses[static_cast<std::size_t>(r)] = loss;
    }
  });
  double weights = 0;
  for (std::int64_t r = 0; r < count; ++r)
    if (a.target[r] != a.ignore_index) weights += static_cast<double>(class_weight(a, a.target[r]));
  *total = static_cast<R>(weights);
  if (a.reduction == Reduction::none) {
    for (std::int64_t r = 0; r < count; ++r) out[r] = static_cast<T>(losses[static_cast<std::size_t>(r)]);
  } else {
    const double sum = sum_run(losses.get(), count);
    *out = static_cast<T>(a.reduction == Reduction::mean ? sum / weights : sum);
  }
}

/// dx, from g [rows] or, reduced, [1].
template <bool Normalize, class T>
void class_loss_backward(Cpu, const ClassLossArguments<T>& a, const T* g, const register_t<T>* lse, const register_t<T>* total, T* dx) {
  using R = register_t<T>;
  count_kernel("class_loss_backward");
  const RowLayout rows = rows_of(a);
  const std::int64_t n = a.classes;
  const R on_target = static_cast<R>(1 - a.smoothing),
          on_all = static_cast<R>(a.smoothing / static_cast<double>(std::max<std::int64_t>(n, 1)));
  R all_weights = 0;
  for (std::int64_t c = 0; c < n; ++c) all_weights += class_weight(a, c);
  parallel_for(rows.count(), rows.grain(), [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t size = row_size(n);
    R* const buffer = scratch<R>(Scratch::partial, 2 * size);
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = rows.first(r), t = a.target[r];
      T* const to = dx + at;
      const bool counts = t != a.ignore_index;
      const R scale = !counts                          ? R(0)
                      : a.reduction == Reduction::none ? static_cast<R>(g[r])
                      : a.reduction == Reduction::mean ? static_cast<R>(*g) / *total
                                                       : static_cast<R>(*g);
      if (!counts || !Normalize) {
        for (std::int64_t c = 0; c < n; ++c) to[c * a.inner] = static_cast<T>(0);
        if (!counts) continue;
      }
      // Half values are rounded once, so what stands at the target is computed apart.
      R mass = 0, level = 0;
      if constexpr (Normalize) {
        level = lse[r];
        mass = scale * (on_target * class_weight(a, t) + on_all * all_weights);
        const RowReader<T> in(a.x + at, a.inner, n, R(0), buffer);
        RowWriter<T> out(to, a.inner, n, buffer + size);
        for (std::int64_t i = 0; i < size; i += row_block) {
          const R* const v = in.at(i);
          R* const d = out.at(i);
          TORCHLITE_VECTORIZE
          for (int k = 0; k < row_block; ++k) d[k] = mass * exp_below_zero(v[k] - level);
        }
        out.finish();
      }
      const auto value = [&](std::int64_t c) {
        const R probability = Normalize ? mass * exp_below_zero(static_cast<R>(a.x[at + c * a.inner]) - level) : R(0);
        return probability - scale * class_weight(a, c) * (on_all + (c == t ? on_target : R(0)));
      };
      if (on_all != R(0))
        for (std::int64_t c = 0; c < n; ++c) to[c * a.inner] = static_cast<T>(value(c));
      else to[t * a.inner] = static_cast<T>(value(t));
    }
  });
}

/// The smoothed, weighted targets q [outer, classes, inner] themselves, and their sums over the classes [outer, inner].
template <class T>
void class_targets(Cpu, const ClassLossArguments<T>& a, T* q, T* mass) {
  using R = register_t<T>;
  count_kernel("class_targets");
  const RowLayout rows = rows_of(a);
  const R on_target = static_cast<R>(1 - a.smoothing),
          on_all = static_cast<R>(a.smoothing / static_cast<double>(std::max<std::int64_t>(a.classes, 1)));
  for (std::int64_t r = 0; r < rows.count(); ++r) {
    T* const row = q + rows.first(r);
    R sum = 0;
    for (std::int64_t c = 0; c < a.classes; ++c) {
      const R value = a.target[r] == a.ignore_index ? R(0) : class_weight(a, c) * ((c == a.target[r] ? on_target : R(0)) + on_all);
      row[c * a.inner] = static_cast<T>(value);
      sum += value;
    }
    mass[r] = static_cast<T>(sum);
  }
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
