// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// y = e^x / sum e^x (Log: x - log sum e^x) along each row.
template <bool Log, class T>
void softmax_forward(Cpu, const RowLayout& rows, const T* x, T* y) {
  using R = register_t<T>;
  using V = vector_register<R>;
  count_kernel("softmax_forward");
  parallel_for(rows.count(), rows.grain(), [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t n = rows.n;
    R* const buffer = scratch<R>(Scratch::partial, 2 * n);
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = rows.first(r);
      const R* const from = read_row(x + at, rows.inner, n, buffer);
      R* const to = row_target(y + at, rows.inner, buffer + n);
      const R top = row_top(from, n);
      if constexpr (Log) {
        // First the top, then the logarithm: their sum would round off what distinguishes large elements.
        const R log_sum = math::log(static_cast<R>(exponential_sum(from, n, top, [](std::int64_t, auto, V) {})));
        each_vector<R>(
            0, n, [&](auto, std::int64_t i, auto access) __attribute__((always_inline)) {
              access.store(to + i, (access.load(from + i) - top) - log_sum);
            });
      } else {
        const double sum = exponential_sum(
            from, n, top, [&](std::int64_t i, auto access, V e) __attribute__((always_inline)) { access.store(to + i, e); });
        const R scale = static_cast<R>(1 / sum);
        each_vector<R>(
            0, n, [&](auto, std::int64_t i, auto access) __attribute__((always_inline)) {
              access.store(to + i, access.load(to + i) * scale);
            });
      }
      write_row(to, n, y + at, rows.inner);
    }
  });
}

/// dx = y (g - sum g y) (Log: g - e^y sum g) along each row.
template <bool Log, class T>
void softmax_backward(Cpu, const RowLayout& rows, const T* y, const T* g, T* dx) {
  using R = register_t<T>;
  using V = vector_register<R>;
  count_kernel("softmax_backward");
  parallel_for(rows.count(), rows.grain(), [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t n = rows.n;
    R* const buffer = scratch<R>(Scratch::partial, 3 * n);
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = rows.first(r);
      const R *const v = read_row(y + at, rows.inner, n, buffer), *const w = read_row(g + at, rows.inner, n, buffer + n);
      R* const to = row_target(dx + at, rows.inner, buffer + 2 * n);
      double total[1];
      sum_rows<R>(
          total, n, [&](auto& sums, std::int64_t i, auto access) __attribute__((always_inline)) {
            const V gi = access.load(w + i);
            sums[0] += Log ? gi : gi * access.load(v + i);
          });
      const R sum = static_cast<R>(total[0]);
      each_vector<R>(
          0, n, [&](auto, std::int64_t i, auto access) __attribute__((always_inline)) {
            const V yi = access.load(v + i), gi = access.load(w + i);
            access.store(to + i, Log ? gi - exp_below_zero<R>(yi) * sum : yi * (gi - sum));
          });
      write_row(to, n, dx + at, rows.inner);
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
