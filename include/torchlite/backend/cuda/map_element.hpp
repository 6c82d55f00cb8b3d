// SPDX-License-Identifier: BSD-3-Clause
// The pointwise kernels without their launch: arguments, and what the thread with a given packet does.
#pragma once
#include <torchlite/backend/cuda/element.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Where the elements of packet number p are. A dense packet is V consecutive elements; in other layouts the packets of a block
/// interleave, so that neighbouring threads have neighbouring elements.
template <int V>
struct PacketPosition {
  std::uint32_t first, step;

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE PacketPosition(std::uint32_t packet, bool consecutive)
      : first(consecutive ? packet * V : packet / block_threads * (block_threads * V) + packet % block_threads),
        step(consecutive ? 1 : block_threads) {}
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE std::uint32_t operator[](int k) const { return first + static_cast<std::uint32_t>(k) * step; }
};

/// Packets that cover n elements, whole blocks of them.
template <int V>
constexpr std::int64_t packet_count(std::int64_t n) {
  constexpr std::int64_t block = std::int64_t{V} * block_threads;
  return (n + block - 1) / block * block_threads;
}

// --- dense: every leaf and the result lie in memory alike --------------------------------------------------------------
template <class F>
struct DenseMap {
  inputs_t<F> in;
  void* out;
  std::int64_t n;
  bool aligned;  ///< packets may be read and written whole
};

/// Reads the elements [at, at + V) of the leaves that Mask names; elements beyond n are those before them again.
template <class F, int V, unsigned Mask = ~0u>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void read_dense(const inputs_t<F>& in, std::int64_t at, std::int64_t n, bool whole,
                                                       Packets<F, V>& x) {
  x.each([&](auto& p) {
    using P = std::remove_reference_t<decltype(p)>;
    using T = typename P::value_type;
    if constexpr (((Mask >> P::index) & 1u) == 0) {
      unrolled<V>([&](auto k) { p.values.v[decltype(k)::value] = stored_t<T>{}; });
    } else {
      const void* const leaf = in.leaves[P::index];
      if (whole) p.values = packet_at<T, V>(leaf, at);
      else
        unrolled<V>([&](auto k) {
          p.values.v[decltype(k)::value] = element_at<T>(leaf, at + decltype(k)::value < n ? at + decltype(k)::value : n - 1);
        });
    }
  });
}

template <class F, class Out, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void dense_map_packet(const DenseMap<F>& a, std::int64_t packet) {
  const std::int64_t at = packet * V;
  if (at >= a.n) return;
  const bool whole = a.aligned && at + V <= a.n;
  Packets<F, V> x;
  read_dense<F, V>(a.in, at, a.n, whole, x);
  const Packet<stored_t<Out>, V> y = forward_packet<F, Out, V>(x, a.in.scalars);
  if (whole) packet_at<Out, V>(a.out, at) = y;
  else
    unrolled<V>([&](auto k) {
      if (at + decltype(k)::value < a.n) element_at<Out>(a.out, at + decltype(k)::value) = y.v[decltype(k)::value];
    });
}

// --- strided and broadcast ---------------------------------------------------------------------------------------------
template <class F>
struct StridedMap {
  static constexpr int leaves = FormulaTraits<F>::leaves;

  StridedMap(const LoopPlan& plan) : loops(plan, 0, plan.rank) {}

  inputs_t<F> in;
  void* out = nullptr;
  Loops<leaves + 1> loops;  ///< of the leaves and of the result, or of the gradient that comes in
  bool rows = false;        ///< along the innermost dimension all is dense or constant, and packets may be taken whole
};

/// Reads the leaves that Mask names at the positions of a packet.
template <class F, int V, unsigned Mask = ~0u>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void read_strided(const inputs_t<F>& in, const Loops<FormulaTraits<F>::leaves + 1>& loops, bool rows,
                                                         const std::int32_t (&offsets)[V][FormulaTraits<F>::leaves + 1], Packets<F, V>& x) {
  const int inner = loops.rank - 1;
  x.each([&](auto& p) {
    using P = std::remove_reference_t<decltype(p)>;
    using T = typename P::value_type;
    if constexpr (((Mask >> P::index) & 1u) == 0) {
      unrolled<V>([&](auto k) { p.values.v[decltype(k)::value] = stored_t<T>{}; });
    } else {
      const void* const leaf = in.leaves[P::index];
      if (rows && loops.strides[P::index][inner] == 1) {
        p.values = packet_at<T, V>(leaf, offsets[0][P::index]);
      } else if (rows) {
        const stored_t<T> v = element_at<T>(leaf, offsets[0][P::index]);
        unrolled<V>([&](auto k) { p.values.v[decltype(k)::value] = v; });
      } else {
        unrolled<V>([&](auto k) { p.values.v[decltype(k)::value] = element_at<T>(leaf, offsets[decltype(k)::value][P::index]); });
      }
    }
  });
}

/// The offsets of the operands at the elements of a packet; elements beyond the last are element 0 again.
template <int V, int K>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void packet_offsets(const Loops<K>& loops, const PacketPosition<V>& at, bool rows,
                                                           std::int32_t (&offsets)[V][K]) {
  loops.offsets(at.first < loops.numel ? at.first : 0, offsets[0]);
  if (rows) {
    unrolled<V - 1>([&](auto k) { unrolled<K>([&](auto o) { offsets[decltype(k)::value + 1][decltype(o)::value] = 0; }); });
  } else {
    unrolled<V - 1>([&](auto k) {
      constexpr int e = decltype(k)::value + 1;
      loops.offsets(at[e] < loops.numel ? at[e] : 0, offsets[e]);
    });
  }
}

template <class F, class Out, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void strided_map_packet(const StridedMap<F>& a, std::uint32_t packet) {
  constexpr int out = StridedMap<F>::leaves;
  const PacketPosition<V> at(packet, a.rows);
  if (at.first >= a.loops.numel) return;
  std::int32_t offsets[V][out + 1];
  packet_offsets<V>(a.loops, at, a.rows, offsets);
  Packets<F, V> x;
  read_strided<F, V>(a.in, a.loops, a.rows, offsets, x);
  const Packet<stored_t<Out>, V> y = forward_packet<F, Out, V>(x, a.in.scalars);
  if (a.rows) packet_at<Out, V>(a.out, offsets[0][out]) = y;
  else
    unrolled<V>([&](auto k) {
      if (at[decltype(k)::value] < a.loops.numel) element_at<Out>(a.out, offsets[decltype(k)::value][out]) = y.v[decltype(k)::value];
    });
}

// --- backward ----------------------------------------------------------------------------------------------------------
/// Memory for the gradient of a leaf at every element of the result: the leaf's own, or, where it was broadcast, a temporary of the
/// register type that is summed later.
struct PacketTarget {
  void* data = nullptr;  ///< null if nobody asks for it
  bool add = false;
  bool wide = false;  ///< holds register types
};

template <class F>
struct GradientTargets {
  PacketTarget of[FormulaTraits<F>::leaves > 0 ? FormulaTraits<F>::leaves : 1];
};

template <class T, int V, class R>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void deliver_packet(const PacketTarget& t, const PacketPosition<V>& position, std::int64_t at,
                                                           std::int64_t n, bool whole, const Packet<R, V>& g) {
  if (whole) {
    Packet<T, V> y;
    if (t.add) {
      y = packet_at<T, V>(t.data, at);
      unrolled<V>(
          [&](auto k) { y.v[decltype(k)::value] = static_cast<T>(static_cast<R>(y.v[decltype(k)::value]) + g.v[decltype(k)::value]); });
    } else {
      unrolled<V>([&](auto k) { y.v[decltype(k)::value] = static_cast<T>(g.v[decltype(k)::value]); });
    }
    packet_at<T, V>(t.data, at) = y;
  } else {
    unrolled<V>([&](auto k) {
      const std::int64_t i = at + static_cast<std::int64_t>(decltype(k)::value) * position.step;
      if (i < n) {
        T& y = element_at<T>(t.data, i);
        y = static_cast<T>((t.add ? static_cast<R>(y) : R(0)) + g.v[decltype(k)::value]);
      }
    });
  }
}

/// Writes the gradients of a packet to their targets, in the order of the leaves.
template <class F, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void deliver_gradients(const GradientTargets<F>& targets, const PacketPosition<V>& position,
                                                              std::int64_t at, std::int64_t n, bool whole, Gradients<F, V>& gradients) {
  gradients.each([&](auto& p) {
    using P = std::remove_reference_t<decltype(p)>;
    using T = typename P::value_type;
    if constexpr (differentiable<T>) {
      const PacketTarget& t = targets.of[P::index];
      if (t.data != nullptr) {
        if constexpr (!std::is_same_v<T, register_t<T>>) {
          if (t.wide) return deliver_packet<register_t<T>, V>(t, position, at, n, whole, p.values);
        }
        deliver_packet<T, V>(t, position, at, n, whole, p.values);
      }
    }
  });
}

template <class F, class Out, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void dense_backward_packet(const DenseMap<F>& a, const GradientTargets<F>& targets,
                                                                  std::int64_t packet) {
  const std::int64_t at = packet * V;
  if (at >= a.n) return;
  const bool whole = a.aligned && at + V <= a.n;
  Packets<F, V> x;
  read_dense<F, V, NeededLeaves<F>::mask>(a.in, at, a.n, whole, x);
  Packet<stored_t<Out>, V> grad;
  if (whole) grad = packet_at<Out, V>(static_cast<const void*>(a.out), at);
  else
    unrolled<V>([&](auto k) {
      grad.v[decltype(k)::value] = element_at<Out>(a.out, at + decltype(k)::value < a.n ? at + decltype(k)::value : a.n - 1);
    });
  Gradients<F, V> gradients;
  backward_packet<F, Out, V>(x, a.in.scalars, grad, gradients);
  deliver_gradients<F, V>(targets, PacketPosition<V>(0, true), at, a.n, whole, gradients);
}

template <class F, class Out, int V>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void strided_backward_packet(const StridedMap<F>& a, const GradientTargets<F>& targets,
                                                                    std::uint32_t packet) {
  constexpr int out = StridedMap<F>::leaves;
  const PacketPosition<V> at(packet, a.rows);
  if (at.first >= a.loops.numel) return;
  std::int32_t offsets[V][out + 1];
  packet_offsets<V>(a.loops, at, a.rows, offsets);
  Packets<F, V> x;
  read_strided<F, V, NeededLeaves<F>::mask>(a.in, a.loops, a.rows, offsets, x);
  Packet<stored_t<Out>, V> grad;
  if (a.rows && a.loops.strides[out][a.loops.rank - 1] == 1) {
    grad = packet_at<Out, V>(static_cast<const void*>(a.out), offsets[0][out]);
  } else {
    unrolled<V>([&](auto k) {
      constexpr int e = decltype(k)::value;
      grad.v[e] = element_at<Out>(a.out, a.rows ? offsets[0][out] : offsets[e][out]);  // an index of two kinds would cost the registers
    });
  }
  Gradients<F, V> gradients;
  backward_packet<F, Out, V>(x, a.in.scalars, grad, gradients);
  deliver_gradients<F, V>(targets, at, at.first, a.loops.numel, a.rows, gradients);
}

// --- the choice of the path, on the host --------------------------------------------------------------------------------
/// True if the address is a multiple of a packet's size.
inline bool is_aligned(const void* p, std::int64_t packet_bytes) {
  return reinterpret_cast<std::uintptr_t>(p) % static_cast<std::uintptr_t>(packet_bytes) == 0;
}

/// Bytes of a temporary's element, which has the register type of a dtype.
inline std::int64_t register_bytes(Dtype d) { return size_of(d) < 4 ? 4 : static_cast<std::int64_t>(size_of(d)); }

/// True if V elements along the innermost dimension can be taken as one packet of every operand that has data: its stride there is
/// 0 or 1, and every row starts on a multiple of V. An operand that is written must not repeat (`written`, -1 for none).
inline bool takes_rows(const LoopPlan& plan, const void* const* data, const int* element_sizes, int operands, int written, int width) {
  const int inner = plan.rank - 1;
  if (plan.sizes[inner] % width != 0) return false;
  for (int k = 0; k < operands; ++k) {
    if (data[k] == nullptr) continue;
    if (plan.strides[k][inner] == 0 && k != written) continue;
    if (plan.strides[k][inner] != 1 || !is_aligned(data[k], std::int64_t{width} * element_sizes[k])) return false;
    for (int d = 0; d < inner; ++d)
      if (plan.strides[k][d] % width != 0) return false;
  }
  return true;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
