// SPDX-License-Identifier: BSD-3-Clause
// Derivatives of functions, as torch.autograd.functional has them: f goes in, its Jacobian, Hessian or a product with one comes out.
#pragma once
#include <torchlite/autograd/backward.hpp>
#include <torchlite/autograd/slices.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd::functional {

struct FunctionalOptions {
  bool create_graph = false;  ///< the result can be differentiated again
  bool strict = false;        ///< an output that does not depend on an input is an Error instead of zeros
};

/// A value of f and a product of its derivative with a vector.
template <class Y, class G>
struct Product {
  Y output;
  G product;
};

namespace details {

/// Inputs that f is differentiated at: within a graph that is to be created they stay where they are in theirs.
template <class T, class D>
Tensor<T, D> input_of(const Tensor<T, D>& x, bool create_graph) {
  static_assert(differentiable<T>, "derivatives need inputs of a floating dtype; cast first: x.to<float>()");
  if (create_graph && x.requires_grad()) {
    const Tensor<T, D> view = alias(x, x.sizes(), x.strides(), x.storage_offset());
    return record("input", Site{}, view, inputs(x), [](const Pass&, const Tensor<T, D>& g) { return g; });
  }
  return x.detach().requires_grad_();
}

template <class T, class D>
Tensor<T, D> zeros_of(const Shape& sizes) {
  const Tensor<T, D> out = empty<T, D>(sizes);
  fill_elements(out, T{});
  return out;
}

/// f(inputs...) as a tensor; it must be one.
template <class F, class T, class D, std::size_t N>
auto call(F& f, const std::array<Tensor<T, D>, N>& in) {
  auto result = std::apply([&](const auto&... x) { return f(x...); }, in);
  static_assert(tensor_like<decltype(result)>, "derivatives are of functions that return one tensor");
  return tensor_of<decltype(result)>(eval(result));
}

/// The gradients of one output, weighted, with respect to all inputs: zeros where there is no path.
template <class Y, class T, class D, std::size_t N>
std::array<Tensor<T, D>, N> gradients(const char* op, const Y& y, const Y& weights, const std::array<Tensor<T, D>, N>& in, bool retain,
                                      bool create_graph, bool strict) {
  std::array<Tensor<T, D>, N> out;
  if (y.requires_grad()) {
    std::vector<ImplRef> wanted;
    for (const auto& x : in) wanted.push_back(x.ref());
    Engine::Root roots[] = {{y.ref(), weights.ref()}};
    std::vector<ImplRef> found = Engine(retain || create_graph, create_graph).gradients(roots, wanted);
    for (std::size_t i = 0; i < N; ++i) out[i] = Tensor<T, D>(std::move(found[i]));
  }
  for (std::size_t i = 0; i < N; ++i) {
    check<Error>(!strict || out[i].defined(), "{}: the output does not depend on input {}, which strict = true forbids", op, i);
    if (!out[i].defined()) out[i] = zeros_of<T, D>(in[i].sizes());
  }
  return out;
}

template <class T, class D, std::size_t N>
std::array<Tensor<T, D>, N> inputs_of(const std::array<Tensor<T, D>, N>& x, bool create_graph) {
  std::array<Tensor<T, D>, N> out;
  for (std::size_t i = 0; i < N; ++i) out[i] = input_of(x[i], create_graph);
  return out;
}
template <class T, class D, std::size_t N>
std::array<Tensor<T, D>, N> array_of(const Tensor<T, D> (&x)[N]) {
  std::array<Tensor<T, D>, N> out;
  for (std::size_t i = 0; i < N; ++i) out[i] = x[i];
  return out;
}
template <class X>
void check_like(const char* op, const X& v, const Shape& sizes, const char* whose) {
  check<ShapeError>(v.defined() && v.sizes() == sizes, "{}: v has shape {}, but {} has shape {}; they must be equal", op,
                    v.defined() ? v.sizes().str() : "nothing", whose, sizes.str());
}

/// A dense tensor with other sizes.
template <class T, class D>
Tensor<T, D> reshape_rows(const Tensor<T, D>& t, const Shape& sizes) {
  const Tensor<T, D> dense = t.is_contiguous() ? t : Tensor<T, D>(copy_gradient<T, D>(t.ref()));
  Tensor<T, D> out = alias(dense, sizes, contiguous_strides(sizes), dense.storage_offset());
  if (!needed(t)) return out;
  return record("view", Site{}, std::move(out), inputs(t),
                [own = t.sizes()](const Pass&, const Tensor<T, D>& g) { return reshape_rows(g, own); });
}

template <class F, class T, class D, std::size_t N>
std::array<Tensor<T, D>, N> jacobians(F& f, const std::array<Tensor<T, D>, N>& x, FunctionalOptions options) {
  const EnableGradGuard enable;
  const auto in = inputs_of(x, options.create_graph);
  const auto y = call(f, in);
  using Y = std::remove_cvref_t<decltype(y)>;
  using V = typename Y::value_type;
  static_assert(differentiable<V>, "derivatives are of functions that return a floating dtype");
  std::array<std::vector<Tensor<T, D>>, N> rows;
  for (std::int64_t k = 0; k < y.numel(); ++k) {
    const Y one = zeros_of<V, D>(y.sizes());
    fill_elements(alias(one, {}, {}, k), static_cast<V>(1));
    auto g = gradients("jacobian", y, one, in, k + 1 < y.numel(), options.create_graph, options.strict);
    for (std::size_t i = 0; i < N; ++i) rows[i].push_back(std::move(g[i]));
  }
  std::array<Tensor<T, D>, N> out;
  for (std::size_t i = 0; i < N; ++i) {
    Shape sizes = y.sizes();
    for (const std::int64_t s : in[i].sizes()) sizes.push_back(s);
    if (rows[i].empty()) {
      out[i] = empty<T, D>(sizes);
      continue;
    }
    const Tensor<T, D> all = stack_slices("jacobian", rows[i], 0);
    out[i] = all.requires_grad() ? reshape_rows(all, sizes) : alias(all, sizes, contiguous_strides(sizes), 0);
  }
  return out;
}

/// The gradient of a scalar function, with a graph. A path that is none, or a gradient that does not move, is no error.
template <class F, class T, class D, std::size_t N>
std::array<Tensor<T, D>, N> scalar_gradient(const char* op, F& f, const std::array<Tensor<T, D>, N>& in, bool strict) {
  const auto y = call(f, in);
  using V = value_t<decltype(y)>;
  check<Error>(y.numel() == 1, "{}: the function gives a tensor of shape {}; it must give a single number", op, y.sizes().str());
  return gradients(op, y, tensor_of<decltype(y)>(ones_like_gradient<V, D>(y.ref())), in, true, true, strict);
}

/// The sum of w_i . g_i differentiated with respect to the inputs.
template <class T, class D, std::size_t N>
std::array<Tensor<T, D>, N> weighted_gradients(const std::array<Tensor<T, D>, N>& g, const std::array<Tensor<T, D>, N>& w,
                                               const std::array<Tensor<T, D>, N>& in, bool create_graph) {
  std::vector<Engine::Root> roots;
  for (std::size_t i = 0; i < N; ++i)
    if (g[i].requires_grad()) roots.push_back({g[i].ref(), w[i].ref()});
  std::vector<ImplRef> wanted;
  for (const auto& x : in) wanted.push_back(x.ref());
  std::array<Tensor<T, D>, N> out;
  if (!roots.empty()) {
    std::vector<ImplRef> found = Engine(create_graph, create_graph).gradients(roots, wanted);
    for (std::size_t i = 0; i < N; ++i) out[i] = Tensor<T, D>(std::move(found[i]));
  }
  for (std::size_t i = 0; i < N; ++i)
    if (!out[i].defined()) out[i] = zeros_of<T, D>(in[i].sizes());
  return out;
}

template <class F, class T, class D, std::size_t N>
auto vjps(F& f, const std::array<Tensor<T, D>, N>& x, auto v, FunctionalOptions options) {
  const EnableGradGuard enable;
  const auto in = inputs_of(x, options.create_graph);
  const auto y = call(f, in);
  using Y = std::remove_cvref_t<decltype(y)>;
  if (!v.defined()) {
    check<Error>(y.numel() == 1, "vjp: the function gives a tensor of shape {}; give the v that is to be multiplied with", y.sizes().str());
    v = Y(ones_like_gradient<typename Y::value_type, D>(y.ref()));
  }
  check_like("vjp", v, y.sizes(), "the output");
  auto g = gradients("vjp", y, v, in, false, options.create_graph, options.strict);
  return Product<Y, std::array<Tensor<T, D>, N>>{options.create_graph ? y : y.detach(), std::move(g)};
}

template <class F, class T, class D, std::size_t N>
auto jvps(F& f, const std::array<Tensor<T, D>, N>& x, const std::array<Tensor<T, D>, N>& v, FunctionalOptions options) {
  const EnableGradGuard enable;
  const auto in = inputs_of(x, options.create_graph);
  for (std::size_t i = 0; i < N; ++i) check_like("jvp", v[i], in[i].sizes(), "the input");
  const auto y = call(f, in);
  using Y = std::remove_cvref_t<decltype(y)>;
  // u -> J^T u is linear in u: its transpose, found by differentiating once more, takes v to J v, at any u.
  const Y u = zeros_of<typename Y::value_type, D>(y.sizes()).requires_grad_();
  const auto g = gradients("jvp", y, u, in, true, true, options.strict);
  std::vector<Engine::Root> roots;
  for (std::size_t i = 0; i < N; ++i)
    if (g[i].requires_grad()) roots.push_back({g[i].ref(), v[i].ref()});
  Y product;
  if (!roots.empty()) {
    const ImplRef wanted[] = {u.ref()};
    product = Y(Engine(options.create_graph, options.create_graph).gradients(roots, wanted)[0]);
  }
  if (!product.defined()) product = zeros_of<typename Y::value_type, D>(y.sizes());
  return Product<Y, Y>{options.create_graph ? y : y.detach(), std::move(product)};
}

template <class F, class T, class D, std::size_t N>
auto hessian_products(const char* op, F& f, const std::array<Tensor<T, D>, N>& x, const std::array<Tensor<T, D>, N>& v,
                      FunctionalOptions options) {
  const EnableGradGuard enable;
  const auto in = inputs_of(x, options.create_graph);
  for (std::size_t i = 0; i < N; ++i) check_like(op, v[i], in[i].sizes(), "the input");
  using Y = std::remove_cvref_t<decltype(call(f, in))>;
  Y y;
  const auto kept = [&](const auto&... t) { return y = Y(eval(f(t...))); };
  const auto g = scalar_gradient(op, kept, in, options.strict);
  auto h = weighted_gradients(g, v, in, options.create_graph);
  return Product<Y, std::array<Tensor<T, D>, N>>{options.create_graph ? y : y.detach(), std::move(h)};
}

}  // namespace details

/// All derivatives of f: element [j..., i...] is d f(x)[j...] / d x[i...]. One backward pass for each element of the output.
///   f: x [m...] -> y [n...];  jacobian -> [n..., m...]
template <class F, class T, class D>
Tensor<T, D> jacobian(F&& f, const Tensor<T, D>& x, FunctionalOptions options = {}) {
  return details::jacobians(f, std::array<Tensor<T, D>, 1>{x}, options)[0];
}
/// Of a function of several tensors, f(x, y): an array with one Jacobian for each.
template <class F, class T, class D, std::size_t N>
std::array<Tensor<T, D>, N> jacobian(F&& f, const Tensor<T, D> (&x)[N], FunctionalOptions options = {}) {
  return details::jacobians(f, details::array_of(x), options);
}

/// All second derivatives of f, which gives a single number.
///   f: x [m...] -> [];  hessian -> [m..., m...]
/// Throws Error if f gives more than one number.
template <class F, class T, class D>
Tensor<T, D> hessian(F&& f, const Tensor<T, D>& x, FunctionalOptions options = {}) {
  const auto gradient = [&](const Tensor<T, D>& t) {
    return details::scalar_gradient("hessian", f, std::array<Tensor<T, D>, 1>{t}, options.strict)[0];
  };
  return jacobian(gradient, x, options);
}
/// Of a function of several tensors: element [i][j] holds the derivatives with respect to input i, then input j.
template <class F, class T, class D, std::size_t N>
std::array<std::array<Tensor<T, D>, N>, N> hessian(F&& f, const Tensor<T, D> (&x)[N], FunctionalOptions options = {}) {
  std::array<std::array<Tensor<T, D>, N>, N> out;
  for (std::size_t i = 0; i < N; ++i) {
    const auto gradient = [&](const auto&... t) {
      return details::scalar_gradient("hessian", f, std::array<Tensor<T, D>, N>{t...}, options.strict)[i];
    };
    out[i] = details::jacobians(gradient, details::array_of(x), options);
  }
  return out;
}

/// v^T J: f(x) and the gradient of its output weighted with v; v may be left out where f gives a single number.
///   f: x [m...] -> y [n...], v [n...];  {.output = [n...], .product = [m...]}
template <class F, class T, class D>
auto vjp(F&& f, const Tensor<T, D>& x, const std::type_identity_t<Tensor<T, D>>& v = {}, FunctionalOptions options = {}) {
  auto r = details::vjps(f, std::array<Tensor<T, D>, 1>{x}, v, options);
  return Product<decltype(r.output), Tensor<T, D>>{std::move(r.output), std::move(r.product[0])};
}
template <class F, class T, class D, std::size_t N>
auto vjp(F&& f, const Tensor<T, D> (&x)[N], const std::type_identity_t<Tensor<T, D>>& v = {}, FunctionalOptions options = {}) {
  return details::vjps(f, details::array_of(x), v, options);
}

/// J v: f(x) and how it changes when x moves along v. By two backward passes (the derivative of v^T J with respect to v, which
/// is the transpose), as torch.autograd.functional does; there is no forward mode, so f must be twice differentiable here.
///   f: x [m...] -> y [n...], v [m...];  {.output = [n...], .product = [n...]}
template <class F, class T, class D>
auto jvp(F&& f, const Tensor<T, D>& x, const std::type_identity_t<Tensor<T, D>>& v, FunctionalOptions options = {}) {
  return details::jvps(f, std::array<Tensor<T, D>, 1>{x}, std::array<Tensor<T, D>, 1>{v}, options);
}
template <class F, class T, class D, std::size_t N>
auto jvp(F&& f, const Tensor<T, D> (&x)[N], const Tensor<T, D> (&v)[N], FunctionalOptions options = {}) {
  return details::jvps(f, details::array_of(x), details::array_of(v), options);
}

/// H v for f that gives a single number: f(x) and the product, at the cost of two backward passes.
///   f: x [m...] -> [], v [m...];  {.output = [], .product = [m...]}
template <class F, class T, class D>
auto hvp(F&& f, const Tensor<T, D>& x, const std::type_identity_t<Tensor<T, D>>& v, FunctionalOptions options = {}) {
  auto r = details::hessian_products("hvp", f, std::array<Tensor<T, D>, 1>{x}, std::array<Tensor<T, D>, 1>{v}, options);
  return Product<decltype(r.output), Tensor<T, D>>{std::move(r.output), std::move(r.product[0])};
}
template <class F, class T, class D, std::size_t N>
auto hvp(F&& f, const Tensor<T, D> (&x)[N], const Tensor<T, D> (&v)[N], FunctionalOptions options = {}) {
  return details::hessian_products("hvp", f, details::array_of(x), details::array_of(v), options);
}

/// v^T H, which is H v since H is symmetric; PyTorch has both names.
template <class F, class T, class D>
auto vhp(F&& f, const Tensor<T, D>& x, const std::type_identity_t<Tensor<T, D>>& v, FunctionalOptions options = {}) {
  auto r = details::hessian_products("vhp", f, std::array<Tensor<T, D>, 1>{x}, std::array<Tensor<T, D>, 1>{v}, options);
  return Product<decltype(r.output), Tensor<T, D>>{std::move(r.output), std::move(r.product[0])};
}
template <class F, class T, class D, std::size_t N>
auto vhp(F&& f, const Tensor<T, D> (&x)[N], const Tensor<T, D> (&v)[N], FunctionalOptions options = {}) {
  return details::hessian_products("vhp", f, details::array_of(x), details::array_of(v), options);
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd::functional

namespace torchlite::inline TORCHLITE_ABI::func {

using autograd::functional::hvp, autograd::functional::jvp, autograd::functional::vjp;

/// The gradient of f, which gives a single number, with respect to its first argument, as a function. It can be differentiated
/// again: grad(grad(f)).
template <class F>
auto grad(F f) {
  return [f = std::move(f)]<class T, class D, class... A>(const Tensor<T, D>& x, const A&... a) {
    const auto of_first = [&](const Tensor<T, D>& t) { return f(t, a...); };
    const EnableGradGuard enable;
    return autograd::functional::details::scalar_gradient(
        "grad", of_first, std::array<Tensor<T, D>, 1>{autograd::functional::details::input_of(x, true)}, false)[0];
  };
}

/// The Jacobian of f with respect to its first argument, as a function that can be differentiated again.
template <class F>
auto jacrev(F f) {
  return [f = std::move(f)]<class T, class D, class... A>(const Tensor<T, D>& x, const A&... a) {
    return autograd::functional::jacobian([&](const Tensor<T, D>& t) { return f(t, a...); }, x, {.create_graph = true});
  };
}

}  // namespace torchlite::inline TORCHLITE_ABI::func
