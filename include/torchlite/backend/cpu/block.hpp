// SPDX-License-Identifier: BSD-3-Clause
// A formula over one block of at most 256 elements: the only code that is compiled for each expression. Everything about
// shapes, strides, broadcasting and threads is in map.hpp, compiled once.
#pragma once
#include <torchlite/backend/formula.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

inline constexpr std::int64_t block_size = 256;
/// Blocks are padded to a multiple of this, so that no loop needs a scalar tail.
inline constexpr std::int64_t lane_count = 16;
/// The largest element: a complex number of doubles.
inline constexpr std::int64_t max_element_size = 16;

constexpr std::int64_t padded(std::int64_t n) { return (n + lane_count - 1) & ~(lane_count - 1); }

template <class... N>
struct NodeList {};

template <class A, class B>
struct ConcatLists;
template <class... A, class... B>
struct ConcatLists<NodeList<A...>, NodeList<B...>> {
  using type = NodeList<A..., B...>;
};
template <class... L>
struct ConcatAll {
  using type = NodeList<>;
};
template <class A, class... Rest>
struct ConcatAll<A, Rest...> {
  using type = typename ConcatLists<A, typename ConcatAll<Rest...>::type>::type;
};

/// The heavy nodes of a formula, operands first.
template <class F, bool Root>
struct HeavyNodes {
  using type = NodeList<>;
};
template <class Op, class V, class C, class... F, bool Root>
struct HeavyNodes<Apply<Op, V, C, F...>, Root> {
  using below = typename ConcatAll<typename HeavyNodes<F, false>::type...>::type;
  using self = std::conditional_t<is_heavy<Op>() && !Root, NodeList<Apply<Op, V, C, F...>>, NodeList<>>;
  using type = typename ConcatLists<below, self>::type;
};

template <class N>
struct NodeBuffer {
  alignas(64) formula_value_t<N> values[block_size];
};

/// Inputs of a block, and the values of heavy nodes. One long loop over a deep formula waits for the latency of its longest
/// chain; short loops over heavy nodes, whose results stay in the first-level cache, overlap.
template <class F, class List>
struct BlockInputs;
template <class F, class... Cached>
struct BlockInputs<F, NodeList<Cached...>> : inputs_t<F>, NodeBuffer<Cached>... {
  template <class N>
  TORCHLITE_HOST_DEVICE static constexpr bool is_cached() {
    return (std::is_same_v<N, Cached> || ...);
  }
  template <class N>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE formula_value_t<N> cached(std::int64_t i) const {
    return static_cast<const NodeBuffer<N>&>(*this).values[i];
  }

  TORCHLITE_INLINE BlockInputs(const void* const* leaf_pointers, const Scalar* scalar_values, [[maybe_unused]] std::int64_t n) {
    for (int i = 0; i < FormulaTraits<F>::leaves; ++i) this->leaves[i] = leaf_pointers[i];
    for (int i = 0; i < FormulaTraits<F>::scalars; ++i) this->scalars[i] = scalar_values[i];
    (fill(static_cast<NodeBuffer<Cached>&>(*this), n), ...);
  }

 private:
  // The node's own operands may be cached; the node itself is computed here.
  template <class Op, class V, class C, class... G>
  TORCHLITE_INLINE void fill(NodeBuffer<Apply<Op, V, C, G...>>& buffer, std::int64_t n) {
    V* const out = buffer.values;
    TORCHLITE_VECTORIZE
    for (std::int64_t i = 0; i < n; ++i) out[i] = convert_number<V>(Op::value(convert_number<C>(evaluate<G>(*this, i))...));
  }
};

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void store(void* p, std::int64_t i, auto v) {
  if constexpr (std::is_same_v<T, bool>) static_cast<std::uint8_t*>(p)[i] = v != decltype(v){} ? 1 : 0;
  else static_cast<T*>(p)[i] = convert_number<T>(v);
}

using ForwardBlock = void (*)(const void* const* leaves, const Scalar* scalars, void* out, std::int64_t n);
using BackwardBlock = void (*)(const void* const* leaves, const Scalar* scalars, const void* grad_out, void* const* gradients,
                               std::int64_t n);

/// out[i] = F(leaves[i]) for i < n, n rounded up to lanes: every pointer must be good for padded(n) elements.
template <class F, class Out>
TORCHLITE_FLATTEN void forward_block(const void* const* leaves, const Scalar* scalars, void* out, std::int64_t n) {
  n = padded(n);
  const BlockInputs<F, typename HeavyNodes<F, true>::type> in(leaves, scalars, n);
  TORCHLITE_VECTORIZE
  for (std::int64_t i = 0; i < n; ++i) store<Out>(out, i, evaluate<F>(in, i));
}

template <int Leaves>
struct GradientSink {
  void* gradients[Leaves > 0 ? Leaves : 1];
  std::int64_t i;

  template <int I, class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void gradient(loaded_t<T> value) {
    if constexpr (differentiable<T>) static_cast<register_t<T>*>(gradients[I])[i] = value;
  }
};

/// gradients[l][i] = grad_out[i] * dF/dleaf_l at element i, in the register type of leaf l.
template <class F, class Out>
TORCHLITE_FLATTEN void backward_block(const void* const* leaves, const Scalar* scalars, const void* grad_out, void* const* gradients,
                                      std::int64_t n) {
  n = padded(n);
  const BlockInputs<F, typename HeavyNodes<F, false>::type> in(leaves, scalars, n);
  constexpr int count = FormulaTraits<F>::leaves;
  GradientSink<count> pointers;
  for (int l = 0; l < count; ++l) pointers.gradients[l] = gradients[l];
  TORCHLITE_VECTORIZE
  for (std::int64_t i = 0; i < n; ++i) {
    Tape<F> tape;
    tape.forward(in, i);
    GradientSink<count> sink = pointers;
    sink.i = i;
    tape.reverse(convert_number<formula_value_t<F>>(load<Out>(grad_out, i)), sink);
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
