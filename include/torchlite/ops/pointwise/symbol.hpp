// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/inplace.hpp>
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/pointwise/derivative_of.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI::symbolic {

template <class N, class D>
class Symbol;
template <class N, class D>
Symbol<N, D> sgn(const Symbol<N, D>& x);
template <class N, class D>
Symbol<N, D> conj(const Symbol<N, D>& x);

/// The part of complex numbers that is real, as complex numbers: what a real operand sees of its gradient.
struct RealPart {
  static constexpr std::string_view name = "real";
  static constexpr bool symbolic = true;
  static constexpr Result result = Result::real;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static auto value(T x) {
    return x.real();
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return T(1);
  }
};
/// i x.
struct TimesI {
  static constexpr std::string_view name = "times_i";
  static constexpr bool symbolic = true;
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 0;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    return math::times_i(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T) {
    return times_i(T(1));
  }
};
/// |x| as complex numbers.
struct Modulus {
  static constexpr std::string_view name = "abs";
  static constexpr bool symbolic = true;
  static constexpr Result result = Result::real;
  template <class T>
  TORCHLITE_HOST_DEVICE static auto value(T x) {
    return math::abs(x);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    return conj(sgn(x));
  }
};

/// A number whose value is a tensor, or a plain number, or nothing (a value that no derivative looks at).
template <class N, class D>
class Symbol {
 public:
  using Number = std::conditional_t<complex_number<N>, std::complex<double>, double>;

  Symbol() = default;
  template <class S>
    requires std::is_arithmetic_v<S>
  explicit Symbol(S number) : number_(static_cast<double>(number)), is_number_(true) {}
  explicit Symbol(std::complex<double> number) requires(complex_number<N>) : number_(number), is_number_(true) {}
  explicit Symbol(Tensor<N, D> t) : tensor_(std::move(t)) {}

  bool defined() const { return is_number_ || tensor_.defined(); }
  bool is_number() const { return is_number_; }
  Number number() const { return number_; }
  Tensor<N, D> tensor() const {
    if (!is_number_) return tensor_;
    const Tensor<N, D> t = empty<N, D>({});
    fill_elements(t, static_cast<N>(number_));
    return t;
  }

 private:
  Tensor<N, D> tensor_;
  Number number_ = 0;
  bool is_number_ = false;
};

template <class Op>
constexpr bool is_symbolic() {
  if constexpr (requires { Op::symbolic; }) return Op::symbolic;
  else return false;
}

/// The partial derivatives of Op at x, y being its value.
template <class Op, class S, class... X>
TORCHLITE_COLD Partials<S, sizeof...(X)> partials_of(const S& y, const X&... x) {
  constexpr int n = sizeof...(X);
  if constexpr (is_symbolic<Op>()) {
    if constexpr (backend::has_result_derivative<Op, S, n>) {
      if constexpr (n == 1) return {{Op::derivative(x..., y)}};
      else return Op::derivative(x..., y);
    } else {
      if constexpr (n == 1) return {{Op::derivative(x...)}};
      else return Op::derivative(x...);
    }
  } else if constexpr (order_of<Op> < 2) {
    return [&]<std::size_t... K>(std::index_sequence<K...>)->Partials<S, n> {
      return {{apply<DerivativeOf<Op, n, static_cast<int>(K)>>(x...)...}};
    }
    (std::make_index_sequence<n>{});
  } else {
    fail<Error>(
        "backward: a user's formula can be differentiated twice; mark it with `static constexpr bool symbolic = true` if its derivative "
        "uses only arithmetic, the functions of torchlite::pointwise and select");
  }
}

/// g as it concerns a result of type V: a real one has no use for the imaginary part.
template <class V, class N, class D>
Symbol<N, D> seen_by(const Symbol<N, D>& g) {
  if constexpr (complex_number<N> && !complex_number<V>) return apply<RealPart>(g);
  else return g;
}

/// The gradient of operand i from that of the result; see backend/formula.hpp for the convention of complex numbers.
template <class Op, class N, class D, int n>
Symbol<N, D> gradient_of(const Symbol<N, D>& g, const Partials<Symbol<N, D>, n>& p, [[maybe_unused]] const Symbol<N, D>* x, std::size_t i) {
  if constexpr (complex_number<N>) {
    if constexpr (backend::has_conjugate_derivative<Op, Symbol<N, D>, n>) {
      static_assert(n == 1, "conjugate derivatives are those of functions of one operand");
      return g * conj(p.d[i]) + conj(g) * Op::conjugate_derivative(x[0]);
    } else {
      return g * conj(p.d[i]);
    }
  } else {
    return g * p.d[i];
  }
}

template <class Op, class C, class N, class D, std::size_t n, std::size_t... K>
TORCHLITE_COLD void run(const std::array<Tensor<N, D>, n>& x, const Tensor<N, D>& out, std::index_sequence<K...>) {
  using V = decltype(Op::value((static_cast<void>(K), C{})...));
  using F = backend::Apply<Op, V, C, backend::Leaf<static_cast<int>(K), N>...>;
  const backend::StridedMemory leaves[] = {strided_memory(x[K])...};
  const bool flat = ((x[K].is_contiguous() && x[K].sizes() == out.sizes()) && ...);
  map<F, N>(D{}, backend::MapArguments{strided_memory(out), leaves, static_cast<int>(n), nullptr, flat});
}

template <class Op, class C, std::size_t... K>
auto value_type_of(std::index_sequence<K...>) {
  return decltype(Op::value((static_cast<void>(K), C{})...)){};
}

/// Op on symbols: one pass over memory, recorded if a gradient may be asked for.
template <class Op, class N, class D, class... Rest>
TORCHLITE_COLD Symbol<N, D> apply(const Symbol<N, D>& first, const Rest&... rest) {
  using S = Symbol<N, D>;
  constexpr int n = 1 + static_cast<int>(sizeof...(Rest));
  using C = std::conditional_t<result_of<Op>() == Result::logical, bool, N>;
  if (!(first.defined() && ... && rest.defined())) return S();
  if ((first.is_number() && ... && rest.is_number()))
    return S(convert_number<typename S::Number>(Op::value(convert_number<C>(first.number()), convert_number<C>(rest.number())...)));

  const std::array<Tensor<N, D>, n> x{first.tensor(), rest.tensor()...};
  Shape sizes = x[0].sizes();
  for (int i = 1; i < n; ++i) sizes = broadcast_shapes(autograd::op_name<Op>(), sizes, x[static_cast<std::size_t>(i)].sizes());
  Tensor<N, D> out = empty<N, D>(sizes);
  run<Op, C>(x, out, std::make_index_sequence<n>{});

  if constexpr (backend::differentiable_op<Op, C, n>) {
    if (std::apply([](const auto&... t) { return autograd::needed(t...); }, x)) {
      auto saved = std::apply([](const auto&... t) { return std::array{autograd::save(t)...}; }, x);
      auto edges = std::apply([](const auto&... t) { return autograd::inputs(t...); }, x);
      auto y = autograd::save_output(out);
      out = autograd::record(autograd::op_name<Op>(), Site{}, std::move(out), std::move(edges),
                             [saved, y](const autograd::Pass& pass, const Tensor<N, D>& g) {
                               using V = decltype(value_type_of<Op, C>(std::make_index_sequence<n>{}));
                               return gradients<Op>(pass, seen_by<V>(S(g)), S(pass.output(y)), saved, std::make_index_sequence<n>{});
                             });
    }
  }
  return S(std::move(out));
}

template <class Op, class S, class Saved, std::size_t n, std::size_t... K>
TORCHLITE_COLD auto gradients(const autograd::Pass& pass, const S& g, const S& y, const std::array<Saved, n>& saved,
                              std::index_sequence<K...>) {
  using Out = decltype(g.tensor());
  const S x[] = {S(saved[K].get())...};
  const Partials<S, n> p = partials_of<Op, S>(y, x[K]...);
  const auto one = [&](std::size_t i) {
    if (!pass.needs(i) || !p.d[i].defined()) return Out();
    return sum_to_size(gradient_of<Op>(g, p, x, i).tensor(), saved[i].get().sizes());
  };
  return std::array<Out, n>{one(K)...};
}

}  // namespace torchlite::inline TORCHLITE_ABI::symbolic

namespace torchlite::inline TORCHLITE_ABI::pointwise {
template <class N, class D>
inline constexpr bool is_complex_valued<symbolic::Symbol<N, D>> = complex_number<N>;
}  // namespace torchlite::inline TORCHLITE_ABI::pointwise
