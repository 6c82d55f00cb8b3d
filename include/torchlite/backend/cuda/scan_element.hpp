// SPDX-License-Identifier: BSD-3-Clause
// Scans along rows, without the launch.
#pragma once
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/backend/reducer.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

// Each scan says what an element is lifted to, how two neighbouring stretches come together, and what is written. Its State is combined in the order
// of the row.

/// Running sums, carried in double or int64.
template <class T, class Out>
struct CumulativeSum {
  struct State {
    wide_state<register_t<T>> sum;
    TORCHLITE_HOST_DEVICE static State identity() { return {0}; }
    TORCHLITE_HOST_DEVICE static State combine(const State& a, const State& b) { return {a.sum + b.sum}; }
  };
  const T* x;
  Out* y;

  TORCHLITE_HOST_DEVICE State lift(std::int64_t at, std::int64_t, bool) const { return {static_cast<wide_state<register_t<T>>>(x[at])}; }
  TORCHLITE_HOST_DEVICE void write(std::int64_t at, const State& s) const { y[at] = static_cast<Out>(s.sum); }
};

/// Running products, carried in double (or pairs of it) or, wrapping around, in 64 bits.
template <class T, class Out>
struct CumulativeProduct {
  using Number = std::conditional_t<differentiable<T>, wide_state<register_t<T>>, std::uint64_t>;
  struct State {
    Number product;
    TORCHLITE_HOST_DEVICE static State identity() { return {1}; }
    TORCHLITE_HOST_DEVICE static State combine(const State& a, const State& b) { return {a.product * b.product}; }
  };
  const T* x;
  Out* y;

  TORCHLITE_HOST_DEVICE State lift(std::int64_t at, std::int64_t, bool) const {
    return {static_cast<Number>(static_cast<register_t<T>>(x[at]))};
  }
  TORCHLITE_HOST_DEVICE void write(std::int64_t at, const State& s) const { y[at] = static_cast<Out>(s.product); }
};

/// y_i = a_i y_(i-1) + b_i: a stretch turns what comes before it into factor * it + term.
template <class T>
struct LinearRecurrence {
  using Number = wide_state<register_t<T>>;
  struct State {
    Number factor, term;
    TORCHLITE_HOST_DEVICE static State identity() { return {Number(1), Number(0)}; }
    TORCHLITE_HOST_DEVICE static State combine(const State& a, const State& b) { return {b.factor * a.factor, b.factor * a.term + b.term}; }
  };
  const T *a, *b;
  T* y;

  TORCHLITE_HOST_DEVICE State lift(std::int64_t at, std::int64_t, bool first) const {
    return {first ? Number(0) : static_cast<Number>(static_cast<register_t<T>>(a[at])),
            static_cast<Number>(static_cast<register_t<T>>(b[at]))};
  }
  TORCHLITE_HOST_DEVICE void write(std::int64_t at, const State& s) const { y[at] = static_cast<T>(s.term); }
};

/// Where the largest (or smallest) element so far stands: the last of equals, and the last NaN once there is one.
template <bool Largest, class T>
struct CumulativeExtreme {
  using R = register_t<T>;
  struct State {
    R value;
    std::int64_t index;
    TORCHLITE_HOST_DEVICE static State identity() { return {R{}, -1}; }
    TORCHLITE_HOST_DEVICE static State combine(const State& a, const State& b) {
      if (b.index < 0) return a;
      const bool better = a.index < 0 || b.value != b.value || (a.value == a.value && (Largest ? b.value >= a.value : b.value <= a.value));
      return better ? b : a;
    }
  };
  const T* x;
  std::int64_t* index;

  TORCHLITE_HOST_DEVICE State lift(std::int64_t at, std::int64_t position, bool) const { return {static_cast<R>(x[at]), position}; }
  TORCHLITE_HOST_DEVICE void write(std::int64_t at, const State& s) const { index[at] = s.index; }
};

/// Running log(sum e^x), carried as the largest element and the sum of all relative to it.
template <class T>
struct CumulativeLogsumexp {
  struct State {
    double top, sum;
    TORCHLITE_HOST_DEVICE static State identity() { return {-static_cast<double>(__builtin_huge_val()), 0}; }
    TORCHLITE_HOST_DEVICE static State combine(const State& a, const State& b) {
      if (a.top == b.top) return {a.top, a.sum + b.sum};  // infinities have no difference
      const auto scaled = [](double part, double d) { return part == 0 ? 0 : part * math::exp(d); };
      if (b.top > a.top) return {b.top, scaled(a.sum, a.top - b.top) + b.sum};
      return {a.top, a.sum + scaled(b.sum, b.top - a.top)};
    }
  };
  const T* x;
  T* y;

  TORCHLITE_HOST_DEVICE State lift(std::int64_t at, std::int64_t, bool) const {
    const double v = static_cast<double>(static_cast<register_t<T>>(x[at]));
    return {v, v == State::identity().top ? 0.0 : 1.0};
  }
  TORCHLITE_HOST_DEVICE void write(std::int64_t at, const State& s) const { y[at] = static_cast<T>(s.top + math::log(s.sum)); }
};

/// One of the above along every row, from the end if reverse.
template <class Scan>
struct ScanRows {
  RowLayout rows;
  bool reverse;
  Scan scan;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const std::int64_t first = rows.first(r), n = rows.n;
    const auto position = [&](std::int64_t i) { return reverse ? n - 1 - i : i; };
    team.template scan<typename Scan::State>(
        n, [&](std::int64_t i) { return scan.lift(first + position(i) * rows.inner, position(i), i == 0); },
        [&](std::int64_t i, const typename Scan::State& s) { scan.write(first + position(i) * rows.inner, s); });
  }
};

// --- numbering what is flagged -------------------------------------------------------------------------------------------
/// Elements that a team numbers.
inline constexpr std::int64_t flag_chunk = 8192;

struct CountState {
  std::int64_t count;
  TORCHLITE_HOST_DEVICE static CountState identity() { return {0}; }
  TORCHLITE_HOST_DEVICE static CountState combine(const CountState& a, const CountState& b) { return {a.count + b.count}; }
};
/// counts[chunk] = how many of its elements are flagged.
template <class Flag>
struct CountFlags {
  Flag flag;
  std::int64_t n;
  std::int64_t* counts;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t chunk) const {
    const std::int64_t first = chunk * flag_chunk, length = n - first < flag_chunk ? n - first : flag_chunk;
    const auto c = team.template fold<CountState>(length, [&](std::int64_t i) { return CountState{flag(first + i) ? 1 : 0}; });
    team.once([&] { counts[chunk] = c.count; });
  }
};
/// after(i, how many of the elements up to i are flagged, whether i is), counts being the running sums over the chunks.
template <class Flag, class After>
struct NumberFlags {
  Flag flag;
  After after;
  std::int64_t n;
  const std::int64_t* counts;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t chunk) const {
    const std::int64_t first = chunk * flag_chunk, length = n - first < flag_chunk ? n - first : flag_chunk;
    const std::int64_t before = chunk == 0 ? 0 : counts[chunk - 1];
    team.template scan<CountState>(
        length, [&](std::int64_t i) { return CountState{flag(first + i) ? 1 : 0}; },
        [&](std::int64_t i, const CountState& s) { after(first + i, before + s.count, flag(first + i)); });
  }
};

struct IsTrue {
  const bool* mask;
  TORCHLITE_HOST_DEVICE bool operator()(std::int64_t i) const { return mask[i]; }
};
struct Ignore {
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t, std::int64_t, bool) const {}
};
/// Writes the position of a flagged element of a row-major shape as `rank` numbers.
struct WritePosition {
  int rank;
  std::int64_t sizes[max_rank];
  std::int64_t* out;

  WritePosition(const Shape& shape, std::int64_t* to) : rank(shape.rank()), out(to) {
    for (int d = 0; d < rank; ++d) sizes[d] = shape[d];
  }
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i, std::int64_t number, bool flagged) const {
    if (!flagged) return;
    std::int64_t* const to = out + (number - 1) * rank;
    for (int d = rank - 1; d > 0; --d) {
      to[d] = i % sizes[d];
      i /= sizes[d];
    }
    if (rank > 0) to[0] = i;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
