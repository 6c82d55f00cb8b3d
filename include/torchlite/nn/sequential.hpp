// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// Modules that are called one after the other; their names are "0", "1", ...
///   nn::Sequential net(nn::Linear<>(784, 128), nn::ReLU(), nn::Linear<>(128, 10));
///   nn::Sequential<nn::Linear<T, D>, nn::GELU, nn::Linear<T, D>> mlp{{dim, 4 * dim}, {}, {4 * dim, dim}};
/// What each one takes and gives is checked by the compiler. The result is a tensor.
template <class... M>
struct Sequential : Module<Sequential<M...>> {
  static_assert((module<M> && ...), "Sequential takes modules: classes that derive from nn::Module");

  Sequential() requires(sizeof...(M) > 0) = default;
  Sequential(M... list) : modules(std::move(list)...) {}

  template <tensor_like X>
  auto forward(const X& x) {
    auto result = from<0>(x);
    if constexpr (expression<decltype(result)>) return result.eval();
    else return result;
  }

  static constexpr std::size_t size() { return sizeof...(M); }
  /// Module I: net.get<0>().weight
  template <std::size_t I>
  auto& get() {
    return std::get<I>(modules);
  }
  template <std::size_t I>
  const auto& get() const {
    return std::get<I>(modules);
  }
  auto fields() { return nn::fields("", modules); }

  std::tuple<M...> modules;

 private:
  /// True if modules I and I + 1 have a common operation for X: a function forward_pair of both.
  template <std::size_t I, class X>
  static constexpr bool paired() {
    if constexpr (I + 1 < sizeof...(M)) return requires(Sequential & s, X & x) {
        forward_pair(s.get<I>(), s.get<I + 1>(), x);
      };
    else return false;
  }
  template <std::size_t I, class X>
  auto from(X&& x) {
    if constexpr (I == sizeof...(M)) return std::remove_cvref_t<X>(std::forward<X>(x));
    else if constexpr (paired<I, X>()) return from<I + 2>(forward_pair(get<I>(), get<I + 1>(), x));
    else return from<I + 1>(get<I>()(std::forward<X>(x)));
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
