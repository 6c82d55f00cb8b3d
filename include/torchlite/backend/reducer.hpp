// SPDX-License-Identifier: BSD-3-Clause
// What a reduction does with one element and with two partial results; each device supplies the loops.
#pragma once
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/math/compare.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI::backend {

// Besides the scalar form, which every device uses, a reducer may have a Lane: a partial result of at most 256 elements, of
// which a CPU keeps many side by side in vector registers.

/// What sums and products are carried in: double, a pair of doubles, or int64.
template <class V>
struct WideState {
  using type = std::conditional_t<std::is_floating_point_v<V>, double, std::int64_t>;
};
template <class R>
struct WideState<std::complex<R>> {
  using type = std::complex<double>;
};
template <class R>
struct WideState<math::DeviceComplex<R>> {
  using type = math::DeviceComplex<double>;
};
template <class V>
using wide_state = typename WideState<V>::type;

/// Sums are carried in double or int64: a running float sum loses digits from about 1e7 elements on.
template <class V>
struct SumReducer {
  using Value = V;
  using State = wide_state<V>;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return 0; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return static_cast<State>(v); }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return a + b; }

  using Lane = std::conditional_t<is_inexact<V>, V, std::int64_t>;
  static constexpr Lane lane_identity() { return 0; }
  static constexpr Lane lane_add(Lane a, Lane b) { return a + b; }
  static constexpr Lane lane_of(V v) { return static_cast<Lane>(v); }
};

template <class V>
struct ProdReducer {
  using Value = V;
  using State = wide_state<V>;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return 1; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return static_cast<State>(v); }
  // Integers wrap around, which signed multiplication may not.
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) {
    if constexpr (is_inexact<V>) return a * b;
    else return static_cast<State>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
  }

  using Lane = State;
  static constexpr Lane lane_identity() { return 1; }
  static constexpr Lane lane_add(Lane a, Lane b) { return combine(a, b); }
  static constexpr Lane lane_of(V v) { return static_cast<Lane>(v); }
};

// Constants rather than calls: device code may not call numeric_limits.
template <class V>
inline constexpr V smallest_value = std::is_floating_point_v<V> ? -std::numeric_limits<V>::infinity() : std::numeric_limits<V>::lowest();
template <class V>
inline constexpr V largest_value = std::is_floating_point_v<V> ? std::numeric_limits<V>::infinity() : std::numeric_limits<V>::max();

/// NaN wins, as in PyTorch.
template <class V>
struct MaxReducer {
  using Value = V;
  using State = V;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return smallest_value<V>; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return v; }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return math::max(a, b); }

  using Lane = V;
  static constexpr Lane lane_identity() { return identity(); }
  static constexpr Lane lane_add(Lane a, Lane b) { return math::max(a, b); }
  static constexpr Lane lane_of(V v) { return v; }
};

template <class V>
struct MinReducer {
  using Value = V;
  using State = V;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return largest_value<V>; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return v; }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return math::min(a, b); }

  using Lane = V;
  static constexpr Lane lane_identity() { return identity(); }
  static constexpr Lane lane_add(Lane a, Lane b) { return math::min(a, b); }
  static constexpr Lane lane_of(V v) { return v; }
};

template <class V>
struct AnyReducer {
  using Value = V;
  using State = std::uint8_t;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return 0; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return v != V{} ? 1 : 0; }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return a | b; }

  using Lane = std::uint8_t;
  static constexpr Lane lane_identity() { return 0; }
  static constexpr Lane lane_add(Lane a, Lane b) { return a | b; }
  static constexpr Lane lane_of(V v) { return v != V{} ? 1 : 0; }
};

template <class V>
struct AllReducer {
  using Value = V;
  using State = std::uint8_t;
  TORCHLITE_HOST_DEVICE static constexpr State identity() { return 1; }
  TORCHLITE_HOST_DEVICE static constexpr State lift(V v, std::int64_t) { return v != V{} ? 1 : 0; }
  TORCHLITE_HOST_DEVICE static constexpr State combine(State a, State b) { return a & b; }

  using Lane = std::uint8_t;
  static constexpr Lane lane_identity() { return 1; }
  static constexpr Lane lane_add(Lane a, Lane b) { return a & b; }
  static constexpr Lane lane_of(V v) { return v != V{} ? 1 : 0; }
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
  using Extreme = std::conditional_t<Largest, MaxReducer<V>, MinReducer<V>>;  ///< finds the value without its index
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
