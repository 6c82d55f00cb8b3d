// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Columns [n, columns] side by side in memory: what lies apart in a row is worked on for as many rows at once as fill four vectors.
template <class R>
struct ColumnGroup {
  static constexpr int lanes = vector_lanes<R>, columns = 4 * lanes;
  /// Sums are made of runs of this many elements.
  static constexpr std::int64_t run = 64;

  template <class T>
  static void read(const T* x, std::int64_t step, std::int64_t n, std::int64_t count, R* TORCHLITE_RESTRICT to) {
    for (std::int64_t i = 0; i < n; ++i, x += step, to += columns) {
      if (count == columns) {
        TORCHLITE_VECTORIZE
        for (int k = 0; k < columns; ++k) to[k] = static_cast<R>(x[k]);
      } else {
        for (int k = 0; k < columns; ++k) to[k] = k < count ? static_cast<R>(x[k]) : R(0);
      }
    }
  }
  template <class T>
  static void write(const R* TORCHLITE_RESTRICT from, std::int64_t n, T* y, std::int64_t step, std::int64_t count) {
    for (std::int64_t i = 0; i < n; ++i, y += step, from += columns) {
      if (count == columns) {
        TORCHLITE_VECTORIZE
        for (int k = 0; k < columns; ++k) y[k] = static_cast<T>(from[k]);
      } else {
        for (int k = 0; k < count; ++k) y[k] = static_cast<T>(from[k]);
      }
    }
  }
  /// f(Index<v>, at) for the four vectors of each of the rows [begin, end).
  template <class F>
  TORCHLITE_INLINE static void each(std::int64_t begin, std::int64_t end, F&& f) {
    for (std::int64_t i = begin; i < end; ++i)
      unrolled<4>([&](auto v) __attribute__((always_inline)) { f(v, i * columns + decltype(v)::value * lanes); });
  }
  /// totals[v] = the sums over all rows of f(Index<v>, at).
  template <class F>
  TORCHLITE_INLINE static void sum(vector_register<R> (&totals)[4], std::int64_t n, F&& f) {
    for (auto& t : totals) t = vector_register<R>{};
    for (std::int64_t begin = 0; begin < n; begin += run) {
      vector_register<R> part[4] = {};
      each(
          begin,
          std::min(n, begin + run), [&](auto v, std::int64_t at) __attribute__((always_inline)) { part[decltype(v)::value] += f(v, at); });
      for (int v = 0; v < 4; ++v) totals[v] += part[v];
    }
  }
  /// Calls f(first, count) for all groups of a layout: `count` columns from memory offset `first` on.
  template <class F>
  static void for_each(const RowLayout& rows, F&& f) {
    const std::int64_t groups = (rows.inner + columns - 1) / columns;
    parallel_for(rows.outer * groups, std::max<std::int64_t>(1, 8192 / (rows.n * columns + 1)), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t u = begin; u < end; ++u) {
        const std::int64_t column = u % groups * columns;
        f(u / groups * rows.n * rows.inner + column, std::min<std::int64_t>(columns, rows.inner - column));
      }
    });
  }
};

/// softmax_forward of a group of columns, in place.
template <bool Log, class R>
void softmax_columns(std::int64_t n, R* x) {
  using V = vector_register<R>;
  using Group = ColumnGroup<R>;
  constexpr R lowest = -std::numeric_limits<R>::infinity();
  V top[4], total[4];
  for (V& t : top) t = V{} + lowest;
  Group::each(
      0, n, [&](auto v, std::int64_t at) __attribute__((always_inline)) {
        V& t = top[decltype(v)::value];
        const V xi = load_vector(x + at);
        t = xi > t ? xi : t;
      });
  for (V& t : top) t = t == V{} + lowest ? V{} : t;
  Group::sum(
      total, n, [&](auto v, std::int64_t at) __attribute__((always_inline)) {
        const V e = exp_below_zero<R>(load_vector(x + at) - top[decltype(v)::value]);
        if constexpr (!Log) store_vector(x + at, e);
        return e;
      });
  for (V& t : total) {
    if constexpr (Log) {
      alignas(64) R sums[Group::lanes];
      store_vector(sums, t);
      for (R& s : sums) s = math::log(s);
      t = load_vector(sums);
    } else {
      t = R(1) / t;
    }
  }
  Group::each(
      0, n, [&](auto v, std::int64_t at) __attribute__((always_inline)) {
        constexpr int k = decltype(v)::value;
        if constexpr (Log) store_vector(x + at, (load_vector(x + at) - top[k]) - total[k]);
        else store_vector(x + at, load_vector(x + at) * total[k]);
      });
}

/// softmax_backward of a group of columns, in place of g.
template <bool Log, class R>
void softmax_columns_backward(std::int64_t n, const R* y, R* g) {
  using V = vector_register<R>;
  using Group = ColumnGroup<R>;
  V total[4];
  Group::sum(
      total, n, [&](auto, std::int64_t at) __attribute__((always_inline)) {
        return Log ? load_vector(g + at) : load_vector(g + at) * load_vector(y + at);
      });
  Group::each(
      0, n, [&](auto v, std::int64_t at) __attribute__((always_inline)) {
        const V yi = load_vector(y + at), gi = load_vector(g + at), t = total[decltype(v)::value];
        store_vector(g + at, Log ? gi - exp_below_zero<R>(yi) * t : yi * (gi - t));
      });
}

/// y = e^x / sum e^x (Log: x - log sum e^x) along each row.
template <bool Log, class T>
void softmax_forward(Cpu, const RowLayout& rows, const T* x, T* y) {
  using R = register_t<T>;
  using V = vector_register<R>;
  count_kernel("softmax_forward");
  if (rows.inner >= ColumnGroup<R>::columns / 2) {
    using Group = ColumnGroup<R>;
    return Group::for_each(rows, [&](std::int64_t first, std::int64_t count) {
      R* const buffer = scratch<R>(Scratch::partial, rows.n * Group::columns);
      Group::read(x + first, rows.inner, rows.n, count, buffer);
      softmax_columns<Log>(rows.n, buffer);
      Group::write(buffer, rows.n, y + first, rows.inner, count);
    });
  }
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
            from, n, top, [&](std::int64_t i, auto access, V e) __attribute__((always_inline)) {
              access.store(to + i, e);
              __builtin_prefetch(from + n + i);  // the next row, whose largest element is looked for first
            });
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
  if (rows.inner >= ColumnGroup<R>::columns / 2) {
    using Group = ColumnGroup<R>;
    return Group::for_each(rows, [&](std::int64_t first, std::int64_t count) {
      R *const values = scratch<R>(Scratch::partial, 2 * rows.n * Group::columns), *const outer = values + rows.n * Group::columns;
      Group::read(y + first, rows.inner, rows.n, count, values);
      Group::read(g + first, rows.inner, rows.n, count, outer);
      softmax_columns_backward<Log>(rows.n, values, outer);
      Group::write(outer, rows.n, dx + first, rows.inner, count);
    });
  }
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
