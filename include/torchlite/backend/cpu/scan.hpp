// SPDX-License-Identifier: BSD-3-Clause
// Scans: one pass along the middle dimension of dense memory, a state going along for each column.
#pragma once
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// step(state, offset, position) for every element, in order along each row (from the end if reverse); columns that lie side
/// by side go together.
template <class State, class Step>
void scan_rows(const RowLayout& rows, bool reverse, State start, Step step) {
  count_kernel("scan_rows");
  constexpr std::int64_t tile = 64;
  const std::int64_t n = rows.n, inner = rows.inner, tiles = (inner + tile - 1) / tile;
  parallel_for(rows.outer * tiles, std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(1, n * std::min(inner, tile))),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t t = begin; t < end; ++t) {
                   const std::int64_t first = t % tiles * tile, width = std::min(tile, inner - first);
                   State states[tile];
                   for (std::int64_t k = 0; k < width; ++k) states[k] = start;
                   for (std::int64_t i = 0; i < n; ++i) {
                     const std::int64_t position = reverse ? n - 1 - i : i, at = (t / tiles * n + position) * inner + first;
                     for (std::int64_t k = 0; k < width; ++k) step(states[k], at + k, position);
                   }
                 }
               });
}

/// Running sums, carried in double or int64.
template <class T, class Out>
void cumulative_sum(Cpu, const RowLayout& rows, bool reverse, const T* x, Out* y) {
  using State = wide_state<register_t<T>>;
  scan_rows(rows, reverse, State(0), [=](State& sum, std::int64_t at, std::int64_t) {
    sum += static_cast<State>(x[at]);
    y[at] = static_cast<Out>(sum);
  });
}

/// Running products, carried in double or, wrapping around, in 64 bits.
template <class T, class Out>
void cumulative_product(Cpu, const RowLayout& rows, const T* x, Out* y) {
  using State = std::conditional_t<differentiable<T>, wide_state<register_t<T>>, std::uint64_t>;
  scan_rows(rows, false, State(1), [=](State& product, std::int64_t at, std::int64_t) {
    product *= static_cast<State>(x[at]);
    y[at] = static_cast<Out>(product);
  });
}

/// y_i = a_i y_(i-1) + b_i, starting from y = 0, carried in double.
template <class T>
void linear_recurrence(Cpu, const RowLayout& rows, bool reverse, const T* a, const T* b, T* y) {
  using State = wide_state<register_t<T>>;
  scan_rows(rows, reverse, State(0), [=](State& state, std::int64_t at, std::int64_t position) {
    const bool first = position == (reverse ? rows.n - 1 : 0);  // nothing comes before it, so that a there may be anything
    state = (first ? State(0) : static_cast<State>(a[at]) * state) + static_cast<State>(b[at]);
    y[at] = static_cast<T>(state);
  });
}

/// Where the largest (or smallest) element so far stands: the last of equals, and the last NaN once there is one.
template <bool Largest, class T>
void cumulative_extreme(Cpu, const RowLayout& rows, const T* x, std::int64_t* index) {
  using R = register_t<T>;
  scan_rows(rows, false, Indexed<R>{R{}, -1}, [=](Indexed<R>& best, std::int64_t at, std::int64_t position) {
    const R v = static_cast<R>(x[at]);
    const bool better = best.index < 0 || v != v || (best.value == best.value && (Largest ? v >= best.value : v <= best.value));
    if (better) best = {v, position};
    index[at] = best.index;
  });
}

/// Running log(sum e^x), carried in double as the largest element and the sum of the others relative to it.
template <class T>
void cumulative_logsumexp(Cpu, const RowLayout& rows, const T* x, T* y) {
  struct State {
    double top, sum;
  };
  constexpr double lowest = MaxReducer<double>::identity();
  scan_rows(rows, false, State{lowest, 0}, [=](State& s, std::int64_t at, std::int64_t) {
    const double v = static_cast<double>(x[at]);
    if (v > s.top) s = {v, (s.sum == 0 ? 0 : s.sum * math::exp(s.top - v)) + 1};
    else if (v == s.top) s.sum += v == lowest ? 0 : 1;  // infinities have no difference
    else if (v != lowest) s.sum += math::exp(v - s.top);
    y[at] = static_cast<T>(s.top + math::log(s.sum));
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
