// SPDX-License-Identifier: BSD-3-Clause
// The compile-time form of a pointwise computation. It names operations, numbered leaves and types, never tensors, so that
// equal formulas share one kernel on each device.
#pragma once
#include <torchlite/core/dtype.hpp>

#include <utility>

namespace torchlite::inline TORCHLITE_ABI::backend {

inline constexpr int max_leaves = 16;

/// Element i of input number I, stored as T.
template <int I, class T>
struct Leaf {};

/// Number I of the scalars, used as T.
template <int I, class T>
struct Constant {};

/// Op applied to the operands, each first converted to C; the result is a V. V and C are register types.
template <class Op, class V, class C, class... Operands>
struct Apply {};

/// A number in a kernel's arguments; the formula says which member is meant.
union Scalar {
  double f;
  std::int64_t i;
  double c[2];  ///< of a complex number: real and imaginary part
};

/// One value for each operand: what `derivative` of an operation of several operands returns.
template <class T, int N>
struct Partials {
  T d[N];
};

/// What a kernel reads: a pointer for each leaf, already at the block's first element, and the scalars.
template <int Leaves, int Scalars>
struct Inputs {
  const void* leaves[Leaves > 0 ? Leaves : 1];
  Scalar scalars[Scalars > 0 ? Scalars : 1];

  /// True if the value of node N stands in a buffer already (backend/cpu/block.hpp); here it never does.
  template <class N>
  TORCHLITE_HOST_DEVICE static constexpr bool is_cached() {
    return false;
  }
};

/// What reading a leaf of T gives. bool is read as a byte 0 or 1: loops over bytes vectorise, loops over bool do not.
template <class T>
using loaded_t = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, register_t<T>>;

// --- how many leaves and scalars, which type ---------------------------------------------------------------------------
template <class F>
struct FormulaTraits;
template <int I, class T>
struct FormulaTraits<Leaf<I, T>> {
  using value_type = loaded_t<T>;
  static constexpr int leaves = 1, scalars = 0;
};
template <int I, class T>
struct FormulaTraits<Constant<I, T>> {
  using value_type = T;
  static constexpr int leaves = 0, scalars = 1;
};
template <class Op, class V, class C, class... Operands>
struct FormulaTraits<Apply<Op, V, C, Operands...>> {
  using value_type = V;
  static constexpr int leaves = (FormulaTraits<Operands>::leaves + ... + 0);
  static constexpr int scalars = (FormulaTraits<Operands>::scalars + ... + 0);
};
template <class F>
using formula_value_t = typename FormulaTraits<F>::value_type;
template <class F>
using inputs_t = Inputs<FormulaTraits<F>::leaves, FormulaTraits<F>::scalars>;

// --- what an operation says of itself ----------------------------------------------------------------------------------
/// True if Op has a derivative at all; comparisons have none.
template <class Op, class T, int N>
concept has_result_derivative = (N == 1 && requires(T x) { Op::derivative(x, x); }) ||
                                (N == 2 && requires(T x) { Op::derivative(x, x, x); }) ||
                                (N == 3 && requires(T x) { Op::derivative(x, x, x, x); });
template <class Op, class T, int N>
concept has_plain_derivative = (N == 1 && requires(T x) { Op::derivative(x); }) || (N == 2 && requires(T x) { Op::derivative(x, x); }) ||
                               (N == 3 && requires(T x) { Op::derivative(x, x, x); });

/// Bit i is set if a derivative of Op uses the value of operand i; all bits unless Op says otherwise.
template <class Op>
constexpr unsigned depends_on() {
  if constexpr (requires { Op::depends; }) return Op::depends;
  else return ~0u;
}
/// An operation that is worth its own loop: exp and the like.
template <class Op>
constexpr bool is_heavy() {
  if constexpr (requires { Op::heavy; }) return Op::heavy;
  else return false;
}

/// Bit i is set if the backward pass of the formula reads the value of leaf i.
template <class F, bool Needed = false>
struct NeededLeaves;
template <int I, class T, bool Needed>
struct NeededLeaves<Leaf<I, T>, Needed> {
  static constexpr unsigned mask = Needed ? 1u << I : 0u;
};
template <int I, class T, bool Needed>
struct NeededLeaves<Constant<I, T>, Needed> {
  static constexpr unsigned mask = 0;
};
template <class F>
inline constexpr bool is_constant = false;
template <int I, class T>
inline constexpr bool is_constant<Constant<I, T>> = true;
template <class Op, class V, class C, class... Operands, bool Needed>
struct NeededLeaves<Apply<Op, V, C, Operands...>, Needed> {
  // With one constant operand, an operation that is linear in the other needs no value (x * 2).
  static constexpr bool scaled = (is_constant<Operands> || ...) && requires { requires Op::bilinear; };
  template <std::size_t... K>
  static constexpr unsigned collect(std::index_sequence<K...>) {
    // clang-format off
    return (NeededLeaves<Operands, Needed || (!scaled && ((depends_on<Op>() >> K) & 1u) != 0)>::mask | ... | 0u);
    // clang-format on
  }
  static constexpr unsigned mask = collect(std::index_sequence_for<Operands...>{});
};

// --- one element -------------------------------------------------------------------------------------------------------
/// Reads element i of a leaf.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE loaded_t<T> load(const void* p, std::int64_t i) {
  if constexpr (std::is_same_v<T, bool>) return static_cast<const std::uint8_t*>(p)[i];
  else return static_cast<loaded_t<T>>(static_cast<const T*>(p)[i]);
}

/// A number for a kernel that takes it as a T.
template <class T, class S>
constexpr void store_scalar(Scalar& s, S value) {
  if constexpr (complex_number<T>) {
    s.c[0] = s.c[1] = 0;
    if constexpr (complex_number<S>) s.c[0] = value.real(), s.c[1] = value.imag();
    else s.c[0] = static_cast<double>(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    s.f = static_cast<double>(value);
  } else {
    s.i = static_cast<std::int64_t>(value);
  }
}

template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE T load_scalar(const Scalar& s) {
  if constexpr (complex_number<T>) return T(static_cast<real_t<T>>(s.c[0]), static_cast<real_t<T>>(s.c[1]));
  else if constexpr (std::is_floating_point_v<T>) return static_cast<T>(s.f);
  else return static_cast<T>(s.i);
}

/// All values of a formula at one element: the forward sweep of the reverse mode.
template <class F>
struct Tape;
template <int I, class T>
struct Tape<Leaf<I, T>> {
  loaded_t<T> v;
  template <class In>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void forward(const In& in, std::int64_t i) {
    v = load<T>(in.leaves[I], i);
  }
  template <class Out>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void reverse(loaded_t<T> adjoint, Out& out) const {
    out.template gradient<I, T>(adjoint);
  }
};
template <int I, class T>
struct Tape<Constant<I, T>> {
  T v;
  template <class In>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void forward(const In& in, std::int64_t) {
    v = load_scalar<T>(in.scalars[I]);
  }
  template <class Out>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void reverse(T, Out&) const {}
};

/// Operands of a node, by number.
template <int K, class... F>
struct Operands;
template <int K>
struct Operands<K> {};
template <int K, class F, class... Rest>
struct Operands<K, F, Rest...> {
  Tape<F> head;
  [[no_unique_address]] Operands<K + 1, Rest...> tail;
};
template <int K, class Ops>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr auto& operand(Ops& ops) {
  if constexpr (K == 0) return ops.head;
  else return operand<K - 1>(ops.tail);
}

/// Partial derivatives of Op at its operands, as an array, whichever form Op gives them in.
template <class Op, class C, class V, class... X>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE Partials<C, sizeof...(X)> partials(V y, X... x) {
  constexpr int n = sizeof...(X);
  if constexpr (n == 1) {
    if constexpr (has_result_derivative<Op, C, n>) return {{static_cast<C>(Op::derivative(x..., convert_number<C>(y)))}};
    else return {{static_cast<C>(Op::derivative(x...))}};
  } else {
    if constexpr (has_result_derivative<Op, C, n>) return Op::derivative(x..., convert_number<C>(y));
    else return Op::derivative(x...);
  }
}

/// What a function of complex numbers that is not holomorphic says besides its derivatives: those with respect to the conjugates of its
/// operands. (A result that is real needs none.)
template <class Op, class T, int N>
concept has_conjugate_derivative = (N == 1 && requires(T x) { Op::conjugate_derivative(x); }) ||
                                   (N == 2 && requires(T x) { Op::conjugate_derivative(x, x); });

/// True if a gradient flows through Op: it has a derivative and computes with floating values.
template <class Op, class C, int N>
inline constexpr bool differentiable_op = is_inexact<C> && (has_result_derivative<Op, C, N> || has_plain_derivative<Op, C, N>);

/// A gradient as what its operand holds. One that holds integers takes none, and a negative number or NaN could not be made one.
template <class V, class G>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr V adjoint_of(G gradient) {
  if constexpr (std::is_integral_v<V>) return V{};
  else return convert_number<V>(gradient);
}

/// The product of two complex numbers by its definition, without the C library's search for infinities.
template <class C>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr C times(C a, C b) {
  return C(a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real());
}

template <class C>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr C conjugate_of(C x) {
  return C(x.real(), -x.imag());
}

template <class Op, class V, class C, class... F>
struct Tape<Apply<Op, V, C, F...>> {
  V v;
  Operands<0, F...> operands;

  template <class In>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void forward(const In& in, std::int64_t i) {
    forward_all(in, i, std::index_sequence_for<F...>{});
  }
  template <class In, std::size_t... K>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void forward_all(const In& in, std::int64_t i, std::index_sequence<K...>) {
    (operand<K>(operands).forward(in, i), ...);
    if constexpr (In::template is_cached<Apply<Op, V, C, F...>>()) v = in.template cached<Apply<Op, V, C, F...>>(i);
    else v = convert_number<V>(Op::value(convert_number<C>(operand<K>(operands).v)...));
  }
  template <class Out>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void reverse(V adjoint, Out& out) const {
    if constexpr (differentiable_op<Op, C, sizeof...(F)>) reverse_all(adjoint, out, std::index_sequence_for<F...>{});
    else zero_all(out, std::index_sequence_for<F...>{});
  }
  template <class Out, std::size_t... K>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void reverse_all(V adjoint, Out& out, std::index_sequence<K...>) const {
    const Partials<C, sizeof...(F)> p = partials<Op, C>(v, convert_number<C>(operand<K>(operands).v)...);
    if constexpr (complex_number<C>) {
      // PyTorch's convention: the gradient of a real loss is multiplied by the conjugate of the derivative. A real operand gets the real part.
      const C g = convert_number<C>(adjoint);
      Partials<C, sizeof...(F)> gradient{{times(g, conjugate_of(p.d[K]))...}};
      if constexpr (has_conjugate_derivative<Op, C, sizeof...(F)>) {
        const Partials<C, sizeof...(F)> q{Op::conjugate_derivative(convert_number<C>(operand<K>(operands).v)...)};
        ((gradient.d[K] += times(conjugate_of(g), q.d[K])), ...);
      }
      (operand<K>(operands).reverse(adjoint_of<formula_value_t<F>>(gradient.d[K]), out), ...);
    } else {
      (operand<K>(operands).reverse(adjoint_of<formula_value_t<F>>(convert_number<C>(adjoint) * p.d[K]), out), ...);
    }
  }
  template <class Out, std::size_t... K>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void zero_all(Out& out, std::index_sequence<K...>) const {
    (operand<K>(operands).reverse(formula_value_t<F>{}, out), ...);
  }
};

/// The value of a formula at one element.
template <class F, class In>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE formula_value_t<F> evaluate(const In& in, std::int64_t i) {
  Tape<F> tape;
  tape.forward(in, i);
  return tape.v;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
