// SPDX-License-Identifier: BSD-3-Clause
// What a reduction does with one element and with two partial results; each device supplies the loops.
#pragma once
#include <torchlite/core/dtype.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Sums are carried in double or int64: a running float sum loses digits from about 1e7 elements on.
template <class V>
struct SumReducer {
  using Value = V;
  using State = std::conditional_t<std::is_floating_point_v<V>, double, std::int64_t>;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return 0; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return static_cast<State>(v); }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return a + b; }
  /// Sixteen interleaved partial sums, which is what vectorises; at most 256 elements, so that float suffices.
  static State block(const V* v, std::int64_t n, std::int64_t) {
    using Lane = std::conditional_t<std::is_floating_point_v<V>, V, std::int64_t>;
    Lane lanes[16] = {};
    std::int64_t i = 0;
    for (; i + 16 <= n; i += 16)
      for (int k = 0; k < 16; ++k) lanes[k] += static_cast<Lane>(v[i + k]);
    State sum = 0;
    for (Lane lane : lanes) sum += static_cast<State>(lane);
    for (; i < n; ++i) sum += static_cast<State>(v[i]);
    return sum;
  }
};

template <class V>
struct ProdReducer {
  using Value = V;
  using State = std::conditional_t<std::is_floating_point_v<V>, double, std::int64_t>;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return 1; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return static_cast<State>(v); }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return a * b; }
};

/// NaN wins, as in PyTorch.
template <class V>
struct MaxReducer {
  using Value = V;
  using State = V;
  TORCHLITE_HOST_DEVICE static constexpr State identity() {
    if constexpr (std::is_floating_point_v<V>) return -std::numeric_limits<V>::infinity();
    else return std::numeric_limits<V>::lowest();
  }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return v; }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return !(a >= b) && !(a != a) ? b : a; }
};

template <class V>
struct MinReducer {
  using Value = V;
  using State = V;
  TORCHLITE_HOST_DEVICE static constexpr State identity() {
    if constexpr (std::is_floating_point_v<V>) return std::numeric_limits<V>::infinity();
    else return std::numeric_limits<V>::max();
  }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return v; }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return !(a <= b) && !(a != a) ? b : a; }
};

template <class V>
struct AnyReducer {
  using Value = V;
  using State = bool;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return false; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return v != V{}; }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return a || b; }
};

template <class V>
struct AllReducer {
  using Value = V;
  using State = bool;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return true; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return v != V{}; }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return a && b; }
};

/// An extreme value and where it stands; the first of equals, and NaN before everything.
template <class V>
struct Indexed {
  V value;
  std::int64_t index;
};

template <class V, bool Largest>
struct ArgReducer {
  using Value = V;
  using State = Indexed<V>;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return {V{}, -1}; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t index) { return {v, index}; }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) {
    if (b.index < 0) return a;
    if (a.index < 0) return b;
    const bool a_nan = a.value != a.value, b_nan = b.value != b.value;
    if (a_nan || b_nan) return a_nan && (!b_nan || a.index < b.index) ? a : b;
    if (a.value == b.value) return a.index < b.index ? a : b;
    return (Largest ? a.value > b.value : a.value < b.value) ? a : b;
  }
};
template <class V>
using ArgMaxReducer = ArgReducer<V, true>;
template <class V>
using ArgMinReducer = ArgReducer<V, false>;

/// The part of a state that is stored.
template <class State>
TORCHLITE_HOST_DEVICE constexpr auto state_value(const State& s) {
  if constexpr (requires { s.index; }) return s.index;
  else return s;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
