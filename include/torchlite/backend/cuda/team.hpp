// SPDX-License-Identifier: BSD-3-Clause
// Kernels over elements and over rows, without their launch. A row belongs to a team of threads: one thread, a warp or a block.
// What a kernel does with a row is written once, in terms of each() and fold() of its team; HostTeam plays the threads of a team one
// after the other and combines what they have in the order in which the device does, so that the tests see the device's numbers.
#pragma once
#include <torchlite/backend/cuda/element.hpp>
#include <torchlite/backend/layout.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Threads of a warp.
inline constexpr int warp_threads = 32;

/// Elements [first, last).
struct Piece {
  std::int64_t first, last;
};
template <int Lanes>
TORCHLITE_HOST_DEVICE Piece piece_of(std::int64_t n, int lane) {
  const std::int64_t length = (n + Lanes - 1) / Lanes, first = lane * length < n ? lane * length : n;
  return {first, first + length < n ? first + length : n};
}
/// Writes a piece whose predecessors come to `before`; returns what it comes to by itself.
template <class State, class F, class Write>
TORCHLITE_HOST_DEVICE State scan_piece(Piece piece, State before, F f, Write write) {
  State own = State::identity();
  for (std::int64_t i = piece.first; i < piece.last; ++i) {
    const State s = f(i);
    own = State::combine(own, s);
    before = State::combine(before, s);
    write(i, before);
  }
  return own;
}

/// Lanes threads, played by one.
template <int Lanes>
struct HostTeam {
  /// f(i) for i in [0, n): thread k takes k, k + Lanes, ...
  template <class F>
  TORCHLITE_HOST_DEVICE void each(std::int64_t n, F f) const {
    for (int lane = 0; lane < Lanes; ++lane)
      for (std::int64_t i = lane; i < n; i += Lanes) f(i);
  }
  /// f() by one thread.
  template <class F>
  TORCHLITE_HOST_DEVICE void once(F f) const {
    f();
  }
  /// What the threads have written before is seen by all of them after it.
  TORCHLITE_HOST_DEVICE void barrier() const {}
  /// The states f(0) ... f(n - 1) combined; every thread has the result. State::combine is commutative.
  template <class State, class F>
  TORCHLITE_HOST_DEVICE State fold(std::int64_t n, F f) const {
    State lanes[Lanes];
    for (int lane = 0; lane < Lanes; ++lane) {
      lanes[lane] = State::identity();
      for (std::int64_t i = lane; i < n; i += Lanes) lanes[lane] = State::combine(lanes[lane], f(i));
    }
    constexpr int width = Lanes < warp_threads ? Lanes : warp_threads;
    for (int step = width / 2; step > 0; step /= 2) {
      State next[Lanes];
      for (int lane = 0; lane < Lanes; ++lane) next[lane] = State::combine(lanes[lane], lanes[lane ^ step]);
      for (int lane = 0; lane < Lanes; ++lane) lanes[lane] = next[lane];
    }
    State total = lanes[0];
    for (int warp = 1; warp < Lanes / warp_threads; ++warp) total = State::combine(total, lanes[warp * warp_threads]);
    return total;
  }
  /// write(i, f(0) combined with ... f(i)) for every i: each thread has a piece of the row. State::combine need not be commutative.
  template <class State, class F, class Write>
  TORCHLITE_HOST_DEVICE void scan(std::int64_t n, F f, Write write) const {
    State before = State::identity();
    for (int lane = 0; lane < Lanes; ++lane) before = State::combine(before, scan_piece(piece_of<Lanes>(n, lane), before, f, write));
  }
};

/// Plays a kernel over rows.
template <int Lanes, int V, class Task>
void play_rows(const Task& task, std::int64_t rows) {
  HostTeam<Lanes> team;
  for (std::int64_t r = 0; r < rows; ++r) task.template row<V>(team, r);
}
/// Plays a kernel over elements.
template <class Task>
void play_each(const Task& task, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) task(i);
}

// --- states ------------------------------------------------------------------------------------------------------------
template <class R>
struct SumState {
  R sum;
  TORCHLITE_HOST_DEVICE static SumState identity() { return {R(0)}; }
  TORCHLITE_HOST_DEVICE static SumState combine(const SumState& a, const SumState& b) { return {a.sum + b.sum}; }
};
template <class R>
struct TwoSums {
  R first, second;
  TORCHLITE_HOST_DEVICE static TwoSums identity() { return {R(0), R(0)}; }
  TORCHLITE_HOST_DEVICE static TwoSums combine(const TwoSums& a, const TwoSums& b) { return {a.first + b.first, a.second + b.second}; }
};
/// The largest number; NaNs do not count, for the sums that follow show them.
template <class R>
struct TopState {
  R top;
  TORCHLITE_HOST_DEVICE static TopState identity() { return {-static_cast<R>(__builtin_huge_valf())}; }
  TORCHLITE_HOST_DEVICE static TopState combine(const TopState& a, const TopState& b) { return {b.top > a.top ? b.top : a.top}; }
};

// --- rows in packets ---------------------------------------------------------------------------------------------------
/// A row of T, read and written as register values, V of them by one access of up to 16 bytes. With V > 1 the row is dense, starts on a
/// multiple of the packet and has a multiple of V elements.
template <class T>
struct Row {
  using R = register_t<std::remove_const_t<T>>;

  T* data;
  std::int64_t step;

  /// Elements [i V, i V + V).
  template <int V>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void read(std::int64_t i, R (&v)[V]) const {
    if constexpr (V == 1) {
      v[0] = static_cast<R>(data[i * step]);
    } else {
      const auto p = packet_at<std::remove_const_t<T>, V>(static_cast<const void*>(data), i * V);
      unrolled<V>([&](auto k) { v[decltype(k)::value] = static_cast<R>(p.v[decltype(k)::value]); });
    }
  }
  template <int V>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void write(std::int64_t i, const R (&v)[V]) const {
    if constexpr (V == 1) {
      data[i * step] = static_cast<T>(v[0]);
    } else {
      Packet<T, V> p;
      unrolled<V>([&](auto k) { p.v[decltype(k)::value] = static_cast<T>(v[decltype(k)::value]); });
      packet_at<T, V>(static_cast<void*>(data), i * V) = p;
    }
  }
};

inline bool is_packet_aligned(const void* p, std::int64_t bytes) {
  return reinterpret_cast<std::uintptr_t>(p) % static_cast<std::uintptr_t>(bytes) == 0;
}
/// Whole packets fit the rows of all these pointers (null ones aside).
template <int V, class... T>
bool takes_packets(std::int64_t n, std::int64_t inner, const T*... data) {
  return inner == 1 && n % V == 0 && (is_packet_aligned(data, V * static_cast<std::int64_t>(sizeof(T))) && ...);
}

/// Elements of T in 16 bytes.
template <class T>
inline constexpr int row_width = 16 / static_cast<int>(sizeof(T));

/// The threads that a row of n elements gets: few enough that each has some packets to do.
constexpr int team_size(std::int64_t n, std::int64_t inner, int width) {
  if (inner != 1) return 1;
  return n / width <= 8 * warp_threads ? warp_threads : block_threads;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
