// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/backend/loss.hpp>
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/error.hpp>
#include <torchlite/core/math/logarithm.hpp>

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

/// What label smoothing makes of a target: this weight for its class, and this one for all.
template <class R>
struct SmoothedTarget {
  R on_target, on_all;
  R all_weights = 0;  ///< the sum of the weights of all classes

  template <class T>
  explicit SmoothedTarget(const ClassLossArguments<T>& a)
      : on_target(static_cast<R>(1 - a.smoothing)),
        on_all(static_cast<R>(a.smoothing / static_cast<double>(std::max<std::int64_t>(a.classes, 1)))) {
    if (a.weight == nullptr) all_weights = static_cast<R>(a.classes);
    else
      for (std::int64_t c = 0; c < a.classes; ++c) all_weights += class_weight(a, c);
  }
  /// sum_c q_c
  template <class T>
  R mass(const ClassLossArguments<T>& a, std::int64_t target) const {
    return on_target * class_weight(a, target) + on_all * all_weights;
  }
};

/// The losses -sum_c q_c log p_c, where q is the smoothed, weighted target, and log p is x itself or (Normalize) x minus its
/// log-sum-exp. out [rows] or, reduced, [1]; lse [rows] is kept for backward (Normalize), total [1] is the sum of the weights of the targets.
template <bool Normalize, class T>
void class_loss_forward(Cpu, const char* op, const ClassLossArguments<T>& a, T* out, register_t<T>* lse, register_t<T>* total) {
  using R = register_t<T>;
  count_kernel("class_loss_forward");
  const RowLayout rows = rows_of(a);
  const std::int64_t n = a.classes, count = rows.count();
  R *const losses = scratch<R>(Scratch::sums, 2 * count), *const log_sums = losses + count;
  const SmoothedTarget<R> q(a);
  parallel_for(count, rows.grain(), [&](std::int64_t begin, std::int64_t end) {
    R* const buffer = scratch<R>(Scratch::partial, n);
    // sum_c q_c (top - x_c) first: adding the logarithm to the top would round off what distinguishes large elements.
    for (std::int64_t r = begin; r < end; ++r) {
      const T* const x = a.x + rows.first(r);
      const std::int64_t t = target_of(op, a, r);
      R top = 0;
      if constexpr (Normalize) {
        const R* const row = read_row(x, a.inner, n, buffer);
        top = row_top(row, n);
        log_sums[r] = static_cast<R>(exponential_sum(row, n, top, [](std::int64_t, auto, vector_register<R>) {}));
        lse[r] = top;
      }
      R loss = 0;
      if (t >= 0) {
        const auto below_top = [&](std::int64_t c) { return class_weight(a, c) * (top - static_cast<R>(x[c * a.inner])); };
        loss = q.on_target * below_top(t);
        if (q.on_all != R(0)) {
          R all = 0;
          for (std::int64_t c = 0; c < n; ++c) all += below_top(c);
          loss += q.on_all * all;
        }
      }
      losses[r] = loss;
    }
    if constexpr (Normalize) {
      each_value(end - begin, [=, sums = log_sums + begin](std::int64_t i) { sums[i] = math::log(sums[i]); });
      for (std::int64_t r = begin; r < end; ++r) {
        lse[r] += log_sums[r];
        if (a.target[r] != a.ignore_index) losses[r] += q.mass(a, a.target[r]) * log_sums[r];
      }
    }
  });
  double weights = 0;
  if (a.weight == nullptr) weights = static_cast<double>(count - std::count(a.target, a.target + count, a.ignore_index));
  else
    for (std::int64_t r = 0; r < count; ++r)
      if (a.target[r] != a.ignore_index) weights += static_cast<double>(class_weight(a, a.target[r]));
  *total = static_cast<R>(weights);
  if (a.reduction == Reduction::none) {
    for (std::int64_t r = 0; r < count; ++r) out[r] = static_cast<T>(losses[r]);
  } else {
    const double sum = sum_run(losses, count);
    *out = static_cast<T>(a.reduction == Reduction::mean ? sum / weights : sum);
  }
}

/// dx, from g [rows] or, reduced, [1].
template <bool Normalize, class T>
void class_loss_backward(Cpu, const ClassLossArguments<T>& a, const T* g, const register_t<T>* lse, const register_t<T>* total, T* dx) {
  using R = register_t<T>;
  using V = vector_register<R>;
  count_kernel("class_loss_backward");
  const RowLayout rows = rows_of(a);
  const std::int64_t n = a.classes;
  const SmoothedTarget<R> q(a);
  parallel_for(rows.count(), rows.grain(), [&](std::int64_t begin, std::int64_t end) {
    R* const buffer = scratch<R>(Scratch::partial, 3 * n);
    const R* const weights = q.on_all == R(0) ? nullptr : read_row_or(a.weight, R(1), n, buffer + 2 * n);
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = rows.first(r), t = a.target[r];
      const bool counts = t != a.ignore_index;
      const R scale = !counts                          ? R(0)
                      : a.reduction == Reduction::none ? static_cast<R>(g[r])
                      : a.reduction == Reduction::mean ? static_cast<R>(*g) / *total
                                                       : static_cast<R>(*g);
      R* const row = row_target(dx + at, a.inner, buffer + n);
      if (!counts || !Normalize) {
        std::fill_n(row, n, R(0));
      } else {
        const R mass = scale * q.mass(a, t), level = lse[r], on_all = scale * q.on_all;
        const R* const from = read_row(a.x + at, a.inner, n, buffer);
        each_vector<R>(
            0, n, [&](auto, std::int64_t i, auto access) __attribute__((always_inline)) {
              V d = exp_below_zero<R>(access.load(from + i) - level) * mass;
              if (weights != nullptr) d -= access.load(weights + i) * on_all;
              access.store(row + i, d);
            });
      }
      if (counts) row[t] -= scale * q.on_target * class_weight(a, t);
      write_row(row, n, dx + at, a.inner);
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
