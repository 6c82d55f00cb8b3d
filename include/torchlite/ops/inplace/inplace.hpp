// SPDX-License-Identifier: BSD-3-Clause
// Any operation in place: inplace(x, f, a...) is x = f(x, a...), written into the memory that x and its views share.
#pragma once
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {
/// target = result: an expression is computed straight into it, a tensor is copied. A result of another dtype of the same or a
/// lower kind is converted, as PyTorch does.
template <class T, class D, class E>
void write_in_place(const char* op, const Tensor<T, D>& target, E&& result, Site site) {
  using V = value_t<E>;
  static_assert(dtypes::kind<V> <= dtypes::kind<T>,
                "this in-place operation would lose information; cast with to<T>() to say that it is meant");
  if constexpr (dtypes::kind<V> <= dtypes::kind<T>) {
    // What is not differentiable (a comparison) is made to be, with a gradient of zero: the old values do not count any more.
    if constexpr (expression<E> && (std::is_same_v<V, T> || !differentiable<T>)) autograd::assign(op, target, result, site);
    else autograd::assign(op, target, make_expression<Cast<T>>(std::forward<E>(result)), site);
  }
}

/// x for a function that is no expression: while gradients are recorded a copy of it, since such a function may keep its input
/// for backward, and x is about to change.
template <class T, class D>
Tensor<T, D> input_in_place(const Tensor<T, D>& x, Site site) {
  if constexpr (differentiable<T>)
    if (autograd::needed(x)) return materialize(make_expression<Cast<T>>(x), site);
  return x;
}

/// x = f(x) by a function that gives a tensor.
template <class T, class D, class F>
const Tensor<T, D>& write_rows_in_place(const char* op, const Tensor<T, D>& x, Site site, F f) {
  autograd::check_inplace(op, x, is_grad_enabled());
  auto result = f(input_in_place(x, site));
  // Sums of integers are int64; in place they keep their dtype.
  if constexpr (dtypes::kind<value_t<decltype(result)>> <= dtypes::kind<T>) write_in_place(op, x, std::move(result), site);
  else write_in_place(op, x, make_expression<Cast<T>>(std::move(result)), site);
  return x;
}

/// "exp_" for "exp".
template <class Op>
struct InPlaceName {
  static constexpr std::string_view plain = Op::name;
  struct Text {
    char text[plain.size() + 2]{};
  };
  static constexpr Text make() {
    Text t;
    for (std::size_t i = 0; i < plain.size(); ++i) t.text[i] = plain[i];
    t.text[plain.size()] = '_';
    return t;
  }
  static constexpr Text value = make();
};
}  // namespace ops

/// x = f(x, a...), in place: f is a function of this library or a lambda, its result broadcasts to x's sizes.
///   inplace(x, tl::exp);   inplace(x, tl::pow, 2.0);   inplace(x, [](const auto& t) { return tl::softmax(t, 0); })
/// Throws Error for a leaf that requires a gradient while gradients are recorded; gradients are right for everything else, views
/// and their bases included. Returns x.
template <class T, class D, class F, class... A>
  requires(std::is_invocable_v<F&, const Tensor<T, D>&, A...>)
const Tensor<T, D>& inplace(const Tensor<T, D>& x, F&& f, A&&... a) {
  using Returned = std::invoke_result_t<F&, const Tensor<T, D>&, A...>;
  if constexpr (expression<Returned>) ops::write_in_place("inplace", x, f(x, std::forward<A>(a)...), Site{});
  else ops::write_rows_in_place("inplace", x, Site{}, [&](const Tensor<T, D>& t) { return f(t, std::forward<A>(a)...); });
  return x;
}

/// The in-place form of a pointwise operation: exp_(x), pow_(x, 2.0), lerp_(x, end, weight). Broadcasts to x, keeps its dtype,
/// returns x. Op is the name, Function what is called.
template <class Op, class Function = Pointwise<Op>>
struct InPlace {
  template <class T, class D>
  const Tensor<T, D>& operator()(const Tensor<T, D>& x, Site site = Site::current()) const {
    return write(x, Function{}(x), site);
  }
  template <class T, class D, class A>
    requires(!std::is_same_v<std::remove_cvref_t<A>, Site>)
  const Tensor<T, D>& operator()(const Tensor<T, D>& x, A&& a, Site site = Site::current()) const {
    return write(x, Function{}(x, std::forward<A>(a)), site);
  }
  template <class T, class D, class A, class B>
    requires(!std::is_same_v<std::remove_cvref_t<B>, Site>)
  const Tensor<T, D>& operator()(const Tensor<T, D>& x, A&& a, B&& b, Site site = Site::current()) const {
    return write(x, Function{}(x, std::forward<A>(a), std::forward<B>(b)), site);
  }

 private:
  template <class T, class D, class E>
  static const Tensor<T, D>& write(const Tensor<T, D>& x, E&& e, Site site) {
    ops::write_in_place(ops::InPlaceName<Op>::value.text, x, std::forward<E>(e), site);
    return x;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI
