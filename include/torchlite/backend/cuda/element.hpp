// SPDX-License-Identifier: BSD-3-Clause
// What one thread of a pointwise kernel does: reads a packet of each leaf, computes, writes. Runs on the host as well.
#pragma once
#include <torchlite/backend/cuda/geometry.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// V consecutive elements, read and written by one instruction of up to 16 bytes.
template <class T, int V>
struct alignas(sizeof(T) * V) Packet {
  T v[V];
};

/// bool is handled as the byte that it is.
template <class T>
using stored_t = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;

/// A register value as it is stored in a T.
template <class T, class V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE stored_t<T> narrow(V v) {
  if constexpr (std::is_same_v<T, bool>) return v != V{} ? 1 : 0;
  else return static_cast<T>(v);
}

// --- the leaves of a formula as a list ---------------------------------------------------------------------------------
template <class... L>
struct LeafList {};
template <class A, class B>
struct JoinLeaves;
template <class... A, class... B>
struct JoinLeaves<LeafList<A...>, LeafList<B...>> {
  using type = LeafList<A..., B...>;
};
template <class... F>
struct LeavesOfAll {
  using type = LeafList<>;
};
template <class F>
struct LeavesOf {
  using type = LeafList<>;
};
template <int I, class T>
struct LeavesOf<Leaf<I, T>> {
  using type = LeafList<Leaf<I, T>>;
};
template <class Op, class V, class C, class... F>
struct LeavesOf<Apply<Op, V, C, F...>> {
  using type = typename LeavesOfAll<F...>::type;
};
template <class F, class... Rest>
struct LeavesOfAll<F, Rest...> {
  using type = typename JoinLeaves<typename LeavesOf<F>::type, typename LeavesOfAll<Rest...>::type>::type;
};
template <class F>
using leaves_of = typename LeavesOf<F>::type;

template <class List>
struct LargestLeaf;
template <int... I, class... T>
struct LargestLeaf<LeafList<Leaf<I, T>...>> {
  static constexpr int bytes() {
    int most = 1;
    ((most = static_cast<int>(sizeof(T)) > most ? static_cast<int>(sizeof(T)) : most), ...);
    return most;
  }
};

/// Elements that a thread takes at a time: 16 bytes of the largest dtype, fewer where many leaves would need too many registers.
template <class F, class Out>
constexpr int packet_width() {
  constexpr int leaf = LargestLeaf<leaves_of<F>>::bytes(), out = static_cast<int>(sizeof(Out));
  int width = 16 / (leaf > out ? leaf : out);
  if (width > 8) width = 8;
  while (width > 2 && width * (FormulaTraits<F>::leaves + 1) > 64) width /= 2;
  return width;
}

// --- packets of all leaves ---------------------------------------------------------------------------------------------
template <int I, class T, int V>
struct LeafPacket {
  static constexpr int index = I;
  using value_type = T;
  Packet<stored_t<T>, V> values;
};
template <int I, class T, int V>
struct GradientPacket {
  static constexpr int index = I;
  using value_type = T;
  Packet<register_t<T>, V> values;
};

template <class List, int V, template <int, class, int> class P>
struct PacketList;
template <int... I, class... T, int V, template <int, class, int> class P>
struct PacketList<LeafList<Leaf<I, T>...>, V, P> : P<I, T, V>... {
  template <class F>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void each([[maybe_unused]] F&& f) {
    (f(static_cast<P<I, T, V>&>(*this)), ...);
  }
};
template <class F, int V>
using Packets = PacketList<leaves_of<F>, V, LeafPacket>;
template <class F, int V>
using Gradients = PacketList<leaves_of<F>, V, GradientPacket>;

/// Whether one of the leaves holds complex numbers.
template <class List>
inline constexpr bool has_complex_leaf = false;
template <int... I, class... T>
inline constexpr bool has_complex_leaf<LeafList<Leaf<I, T>...>> = (complex_number<T> || ...);

/// The packets as the inputs of a tape.
template <class F, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE inputs_t<F> inputs_of(Packets<F, V>& x, const Scalar* scalars) {
  inputs_t<F> in;
  x.each([&](auto& p) { in.leaves[std::remove_reference_t<decltype(p)>::index] = p.values.v; });
  unrolled<FormulaTraits<F>::scalars>([&](auto s) { in.scalars[decltype(s)::value] = scalars[decltype(s)::value]; });
  return in;
}

template <class F, class Out, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE Packet<stored_t<Out>, V> forward_packet(Packets<F, V>& x, const Scalar* scalars) {
  const inputs_t<F> in = inputs_of<F, V>(x, scalars);
  Packet<stored_t<Out>, V> out;
  unrolled<V>([&](auto k) { out.v[decltype(k)::value] = narrow<Out>(evaluate<F>(in, decltype(k)::value)); });
  return out;
}

/// Takes the gradients of element K of a packet from the tape.
template <class F, int V, int K>
struct PacketSink {
  Gradients<F, V>& gradients;

  template <int I, class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void gradient([[maybe_unused]] loaded_t<T> value) {
    if constexpr (differentiable<T>) static_cast<GradientPacket<I, T, V>&>(gradients).values.v[K] = value;
  }
};

template <class F, class Out, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void backward_packet(Packets<F, V>& x, const Scalar* scalars,
                                                            const Packet<stored_t<Out>, V>& grad_out, Gradients<F, V>& gradients) {
  const inputs_t<F> in = inputs_of<F, V>(x, scalars);
  unrolled<V>([&](auto k) {
    Tape<F> tape;
    tape.forward(in, decltype(k)::value);
    PacketSink<F, V, decltype(k)::value> sink{gradients};
    tape.reverse(static_cast<formula_value_t<F>>(load<Out>(grad_out.v, decltype(k)::value)), sink);
  });
}

// --- memory ------------------------------------------------------------------------------------------------------------
template <class T, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE Packet<stored_t<T>, V>& packet_at(void* p, std::int64_t i) {
  return *reinterpret_cast<Packet<stored_t<T>, V>*>(static_cast<stored_t<T>*>(p) + i);
}
template <class T, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE const Packet<stored_t<T>, V>& packet_at(const void* p, std::int64_t i) {
  return *reinterpret_cast<const Packet<stored_t<T>, V>*>(static_cast<const stored_t<T>*>(p) + i);
}
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE stored_t<T>& element_at(void* p, std::int64_t i) {
  return static_cast<stored_t<T>*>(p)[i];
}
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE const stored_t<T>& element_at(const void* p, std::int64_t i) {
  return static_cast<const stored_t<T>*>(p)[i];
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
