// SPDX-License-Identifier: BSD-3-Clause
// Gradients against central differences.
#pragma once
#include <torchlite/autograd/backward.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct GradcheckOptions {
  double eps = 1e-6;
  double atol = 1e-5;
  double rtol = 1e-3;
};

namespace autograd {

template <class D>
using DoubleList = std::vector<Tensor<double, D>>;

/// Complex numbers as pairs and back, so that their parts are varied one by one.
template <class D>
Tensor<std::complex<double>, D> from_pairs(const Tensor<double, D>& t);
template <class D>
Tensor<double, D> as_pairs(const Tensor<std::complex<double>, D>& t) {
  Shape sizes = t.sizes();
  sizes.push_back(2);
  const Tensor<std::complex<double>, D> dense(copy_gradient<std::complex<double>, D>(t.ref()));
  Tensor<double, D> out(make_impl(&tensor_type<double, D>, dense.impl().storage, 0, sizes, contiguous_strides(sizes)));
  if (!needed(t)) return out;
  return record("as_pairs", Site{}, std::move(out), inputs(t), [](const Pass&, const Tensor<double, D>& g) { return from_pairs(g); });
}
template <class D>
Tensor<std::complex<double>, D> from_pairs(const Tensor<double, D>& t) {
  const Shape sizes(t.sizes().begin(), t.sizes().end() - 1);
  const Tensor<double, D> dense(copy_gradient<double, D>(t.ref()));
  Tensor<std::complex<double>, D> out(
      make_impl(&tensor_type<std::complex<double>, D>, dense.impl().storage, 0, sizes, contiguous_strides(sizes)));
  if (!needed(t)) return out;
  return record("from_pairs", Site{}, std::move(out), inputs(t),
                [](const Pass&, const Tensor<std::complex<double>, D>& g) { return as_pairs(g); });
}
/// A tensor as one of double.
template <tensor_like X>
auto as_double(const X& x) {
  using T = value_t<X>;
  static_assert(std::is_same_v<real_t<T>, double>, "gradcheck needs functions of double; float is too coarse for differences");
  if constexpr (complex_number<T>) return as_pairs(eval(x));
  else return Tensor<T, device_t<X>>(eval(x));
}
/// And back.
template <class X, class D>
auto as_input(const Tensor<double, D>& x) {
  if constexpr (complex_number<value_t<X>>) return from_pairs(x);
  else return x;
}

/// Whatever a function returns (tensor, expression, tuple, array or vector of them) as a list.
template <class D, class R>
DoubleList<D> as_list(const R& result) {
  DoubleList<D> list;
  if constexpr (tensor_like<R>) {
    list.push_back(as_double(result));
  } else if constexpr (requires { result.begin(); }) {
    for (const auto& y : result) list.push_back(as_double(y));
  } else {
    std::apply([&](const auto&... y) { (list.push_back(as_double(y)), ...); }, result);
  }
  return list;
}

template <class D>
Tensor<double, D> fresh_copy(const Tensor<double, D>& t, bool requires_grad) {
  const Tensor<double, D> copy(copy_gradient<double, D>(t.ref()));
  copy.impl().requires_grad = requires_grad;
  return copy;
}

/// Fixed weights in [0.5, 1.5], so that a mistake in one output does not cancel one in another.
template <class D>
Tensor<double, D> check_weights(const Shape& sizes, std::uint64_t seed) {
  std::vector<double> w(static_cast<std::size_t>(sizes.numel()));
  std::uint64_t state = seed * 0x9E3779B97F4A7C15u + 1;
  for (double& x : w) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    x = 0.5 + static_cast<double>(state >> 40) / 16777216.0;
  }
  return Tensor<double, D>::from(w, sizes);
}

template <class D>
double weighted_sum(const DoubleList<D>& outputs, const DoubleList<D>& weights) {
  double sum = 0;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const std::vector<double> y = Tensor<double, D>(copy_gradient<double, D>(outputs[k].ref())).to_vector(), w = weights[k].to_vector();
    for (std::size_t i = 0; i < y.size(); ++i) sum += y[i] * w[i];
  }
  return sum;
}

/// Compares the gradient of a weighted sum of f's outputs with differences; throws a report where they are apart.
template <class D, class F>
bool check_gradients(const char* name, F&& f, const DoubleList<D>& inputs, const std::vector<bool>& active,
                     const GradcheckOptions& options) {
  DoubleList<D> leaves;
  for (std::size_t i = 0; i < inputs.size(); ++i) leaves.push_back(fresh_copy(inputs[i], active[i]));
  DoubleList<D> outputs = f(leaves), weights;
  std::vector<Engine::Root> roots;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    weights.push_back(check_weights<D>(outputs[k].sizes(), k + 1));
    if (outputs[k].requires_grad()) roots.push_back({outputs[k].ref(), weights[k].ref()});
  }
  std::vector<ImplRef> wanted, found;
  for (std::size_t i = 0; i < leaves.size(); ++i)
    if (active[i]) wanted.push_back(leaves[i].ref());
  check<Error>(!wanted.empty(), "{}: no input requires a gradient; call requires_grad_() on one", name);
  found = Engine(false, false).gradients(roots, wanted);

  std::size_t at = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!active[i]) continue;
    const ImplRef& g = found[at++];
    std::vector<double> analytic(static_cast<std::size_t>(inputs[i].numel()), 0.0);
    if (g) analytic = Tensor<double, D>(copy_gradient<double, D>(g)).to_vector();
    check<ShapeError>(analytic.size() == static_cast<std::size_t>(inputs[i].numel()),
                      "{}: the gradient of input {} has {} elements, the input {}", name, i, analytic.size(), inputs[i].numel());
    std::vector<double> values = Tensor<double, D>(copy_gradient<double, D>(inputs[i].ref())).to_vector();
    for (std::size_t j = 0; j < values.size(); ++j) {
      const double x = values[j];
      const auto at_value = [&](double v) {
        values[j] = v;
        DoubleList<D> moved;
        for (std::size_t k = 0; k < inputs.size(); ++k)
          moved.push_back(k == i ? Tensor<double, D>::from(values, inputs[i].sizes()) : fresh_copy(inputs[k], false));
        for (std::size_t k = 0; k < moved.size(); ++k) moved[k].impl().requires_grad = active[k];
        return weighted_sum(f(moved), weights);
      };
      const double numeric = (at_value(x + options.eps) - at_value(x - options.eps)) / (2 * options.eps);
      values[j] = x;
      const double difference = numeric > analytic[j] ? numeric - analytic[j] : analytic[j] - numeric;
      const double size = numeric < 0 ? -numeric : numeric;
      check<Error>(difference <= options.atol + options.rtol * size,
                   "{}: input {}, element {}: the recorded gradient is {}, differences give {} (at x = {})", name, i, j, analytic[j],
                   numeric, x);
    }
  }
  return true;
}

template <class F, class... X>
bool check_first(const char* name, F& f, const GradcheckOptions& options, const X&... inputs) {
  using D = device_t<decltype(std::get<0>(std::tie(inputs...)))>;
  const DoubleList<D> list{as_double(inputs)...};
  const std::vector<bool> active{eval(inputs).requires_grad()...};
  const auto call = [&](const DoubleList<D>& x) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return as_list<D>(f(as_input<X>(x[I])...)); }
    (std::index_sequence_for<X...>{});
  };
  return check_gradients<D>(name, call, list, active, options);
}

template <class F, class... X>
bool check_second(const char* name, F& f, const GradcheckOptions& options, const X&... inputs) {
  using D = device_t<decltype(std::get<0>(std::tie(inputs...)))>;
  DoubleList<D> list{as_double(inputs)...};
  std::vector<bool> active{eval(inputs).requires_grad()...};
  const std::size_t count = list.size();
  const auto call = [&](const DoubleList<D>& x) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return as_list<D>(f(as_input<X>(x[I])...)); }
    (std::index_sequence_for<X...>{});
  };
  // The gradients of f are the function that is checked; the weights of f's outputs are inputs like the others.
  DoubleList<D> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(fresh_copy(list[i], active[i]));
  const DoubleList<D> outputs = call(leaves);
  std::vector<bool> used;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    used.push_back(outputs[k].requires_grad());
    list.push_back(check_weights<D>(outputs[k].sizes(), 100 + k));
    active.push_back(used[k]);
  }
  const auto gradient = [&](const DoubleList<D>& x) {
    const EnableGradGuard enable;
    const DoubleList<D> y = call(DoubleList<D>(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count)));
    std::vector<Engine::Root> roots;
    for (std::size_t k = 0; k < y.size(); ++k)
      if (used[k]) roots.push_back({y[k].ref(), x[count + k].ref()});
    std::vector<ImplRef> wanted;
    for (std::size_t i = 0; i < count; ++i)
      if (active[i]) wanted.push_back(x[i].ref());
    DoubleList<D> result;
    for (ImplRef& g : Engine(true, true).gradients(roots, wanted))
      if (g) result.emplace_back(std::move(g));
    return result;
  };
  return check_gradients<D>(name, gradient, list, active, options);
}

}  // namespace autograd

/// Compares the gradients of f with central differences in double; true if they agree, a report as Error if not. Inputs that
/// require a gradient are varied; keep them away from kinks.
template <class F, tensor_like... X>
bool gradcheck(F&& f, const X&... inputs) {
  return autograd::check_first("gradcheck", f, {}, inputs...);
}
template <class F, tensor_like... X>
bool gradcheck(F&& f, const GradcheckOptions& options, const X&... inputs) {
  return autograd::check_first("gradcheck", f, options, inputs...);
}

/// The same for the gradients of the gradients.
template <class F, tensor_like... X>
bool gradgradcheck(F&& f, const X&... inputs) {
  return autograd::check_second("gradgradcheck", f, {}, inputs...);
}
template <class F, tensor_like... X>
bool gradgradcheck(F&& f, const GradcheckOptions& options, const X&... inputs) {
  return autograd::check_second("gradgradcheck", f, options, inputs...);
}

}  // namespace torchlite::inline TORCHLITE_ABI
