// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/inplace.hpp>
#include <torchlite/ops/pointwise/derivative_of.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI::symbolic {

/// A number whose value is a tensor, or a plain number, or nothing (a value that no derivative looks at).
template <class N, class D>
class Symbol {
 public:
  Symbol() = default;
  template <class S>
    requires std::is_arithmetic_v<S>
  explicit Symbol(S number) : number_(static_cast<double>(number)), is_number_(true) {}
  explicit Symbol(Tensor<N, D> t) : tensor_(std::move(t)) {}

  bool defined() const { return is_number_ || tensor_.defined(); }
  bool is_number() const { return is_number_; }
  double number() const { return number_; }
  Tensor<N, D> tensor() const {
    if (!is_number_) return tensor_;
    const Tensor<N, D> t = empty<N, D>({});
    fill_elements(t, static_cast<N>(number_));
    return t;
  }

 private:
  Tensor<N, D> tensor_;
  double number_ = 0;
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

template <class Op, class C, class N, class D, std::size_t n, std::size_t... K>
TORCHLITE_COLD void run(const std::array<Tensor<N, D>, n>& x, const Tensor<N, D>& out, std::index_sequence<K...>) {
  using V = decltype(Op::value((static_cast<void>(K), C{})...));
  using F = backend::Apply<Op, V, C, backend::Leaf<static_cast<int>(K), N>...>;
  const backend::StridedMemory leaves[] = {strided_memory(x[K])...};
  const bool flat = ((x[K].is_contiguous() && x[K].sizes() == out.sizes()) && ...);
  map<F, N>(D{}, backend::MapArguments{strided_memory(out), leaves, static_cast<int>(n), nullptr, flat});
}

/// Op on symbols: one pass over memory, recorded if a gradient may be asked for.
template <class Op, class N, class D, class... Rest>
TORCHLITE_COLD Symbol<N, D> apply(const Symbol<N, D>& first, const Rest&... rest) {
  using S = Symbol<N, D>;
  constexpr int n = 1 + static_cast<int>(sizeof...(Rest));
  using C = std::conditional_t<result_of<Op>() == Result::logical, bool, N>;
  if (!(first.defined() && ... && rest.defined())) return S();
  if ((first.is_number() && ... && rest.is_number()))
    return S(static_cast<double>(Op::value(static_cast<C>(first.number()), static_cast<C>(rest.number())...)));

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
                               return gradients<Op>(pass, S(g), S(pass.output(y)), saved, std::make_index_sequence<n>{});
                             });
    }
  }
  return S(std::move(out));
}

template <class Op, class S, class Saved, std::size_t n, std::size_t... K>
TORCHLITE_COLD auto gradients(const autograd::Pass& pass, const S& g, const S& y, const std::array<Saved, n>& saved,
                              std::index_sequence<K...>) {
  using Out = decltype(g.tensor());
  const Partials<S, n> p = partials_of<Op, S>(y, S(saved[K].get())...);
  const auto one = [&](std::size_t i) {
    if (!pass.needs(i) || !p.d[i].defined()) return Out();
    return sum_to_size((g * p.d[i]).tensor(), saved[i].get().sizes());
  };
  return std::array<Out, n>{one(K)...};
}

}  // namespace torchlite::inline TORCHLITE_ABI::symbolic
