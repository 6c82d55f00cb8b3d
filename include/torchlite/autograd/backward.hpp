// SPDX-License-Identifier: BSD-3-Clause
// Gradients as the user asks for them: backward(), grad(), hooks, detach.
#pragma once
#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/autograd/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class T, class D>
const Tensor<T, D>& Tensor<T, D>::requires_grad_(bool on) const {
  static_assert(differentiable<T>, "only floating tensors can require a gradient; cast first: x.to<float>()");
  check<Error>(is_leaf(), "requires_grad_: this tensor was made by {}; only leaves can be switched, detach() makes one", grad_fn());
  impl().requires_grad = on;
  return *this;
}

template <class T, class D>
bool Tensor<T, D>::is_leaf() const {
  const autograd::Gradient* g = autograd::find_gradient(impl());
  return g == nullptr || !g->node;
}

template <class T, class D>
std::string_view Tensor<T, D>::grad_fn() const {
  const autograd::Gradient* g = autograd::find_gradient(impl());
  return g != nullptr && g->node ? g->node->name : "";
}

template <class T, class D>
Tensor<T, D> Tensor<T, D>::grad() const {
  const autograd::Gradient* g = autograd::find_gradient(impl());
  return g == nullptr ? Tensor() : Tensor(g->gradient);
}

template <class T, class D>
void Tensor<T, D>::set_grad(const Tensor& gradient) const {
  check<ShapeError>(!gradient.defined() || gradient.sizes() == sizes(), "set_grad: a gradient of shape {} for a tensor of shape {}",
                    gradient.defined() ? gradient.sizes().str() : "", sizes().str());
  autograd::gradient_of(impl()).gradient = gradient.ref();
}

template <class T, class D>
void Tensor<T, D>::zero_grad() const {
  if (impl().graph != nullptr) autograd::gradient_of(impl()).gradient = nullptr;
}

template <class T, class D>
void Tensor<T, D>::retain_grad() const {
  check<Error>(requires_grad(), "retain_grad: this tensor does not require a gradient, so there will be none to retain");
  autograd::Gradient& g = autograd::gradient_of(impl());
  if (g.node && !g.retained) autograd::retain_gradient(g);
}

template <class T, class D>
bool Tensor<T, D>::retains_grad() const {
  const autograd::Gradient* g = autograd::find_gradient(impl());
  return g != nullptr && g->node && g->retained;
}

template <class T, class D>
Tensor<T, D> Tensor<T, D>::detach() const {
  return alias(*this, sizes(), strides(), storage_offset());
}

namespace autograd {

template <class T, class D>
Engine::Root make_root(const char* op, const Tensor<T, D>& output, const Tensor<T, D>& gradient) {
  check<Error>(output.requires_grad(),
               "{}: this tensor has no graph; call requires_grad_() on a leaf it is computed from, outside a NoGradGuard", op);
  if (gradient.defined()) {
    check<ShapeError>(gradient.sizes() == output.sizes(), "{}: a gradient of shape {} for a tensor of shape {}", op, gradient.sizes().str(),
                      output.sizes().str());
    return {output.ref(), gradient.ref()};
  }
  check<Error>(output.numel() == 1, "{}: a tensor of shape {} is no scalar; give the gradient to start from", op, output.sizes().str());
  check<Error>(!complex_number<T>, "{}: a complex number has no gradient to start from; take its real part, or give the gradient", op);
  return {output.ref(), ones_like_gradient<T, D>(output.ref())};
}

struct GradOptions {
  bool retain_graph = false;
  bool create_graph = false;
  bool allow_unused = false;  ///< an input without a path gives an undefined tensor instead of an error
};

/// Gradients of the outputs (summed, each weighted with its entry of grad_outputs) with respect to the inputs; the
/// gradients stored in leaves are not touched. create_graph makes the result differentiable, to any order.
template <class T, class D, class U>
std::vector<Tensor<U, D>> grad(std::span<const Tensor<T, D>> outputs, std::span<const Tensor<U, D>> inputs,
                               std::span<const Tensor<T, D>> grad_outputs, GradOptions options = {}) {
  std::vector<Engine::Root> roots;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    roots.push_back(make_root("grad", outputs[i], i < grad_outputs.size() ? grad_outputs[i] : Tensor<T, D>()));
  std::vector<ImplRef> wanted;
  for (const auto& input : inputs) {
    check<Error>(input.requires_grad(), "grad: an input of shape {} does not require a gradient; call requires_grad_() before it is used",
                 input.sizes().str());
    wanted.push_back(input.ref());
  }
  Engine engine(options.retain_graph || options.create_graph, options.create_graph);
  std::vector<Tensor<U, D>> result;
  for (ImplRef& g : engine.gradients(roots, wanted)) {
    check<Error>(g || options.allow_unused,
                 "grad: an input was not used to compute the outputs; pass allow_unused = true to get an undefined tensor");
    result.emplace_back(std::move(g));
  }
  return result;
}

template <class T, class D, class U, std::size_t N, std::size_t M>
std::array<Tensor<U, D>, M> grad(const Tensor<T, D> (&outputs)[N], const Tensor<U, D> (&inputs)[M], GradOptions options = {}) {
  auto list = grad(std::span<const Tensor<T, D>>(outputs), std::span<const Tensor<U, D>>(inputs), std::span<const Tensor<T, D>>(), options);
  std::array<Tensor<U, D>, M> result;
  for (std::size_t i = 0; i < M; ++i) result[i] = std::move(list[i]);
  return result;
}
template <class T, class D, class U, std::size_t N, std::size_t M>
std::array<Tensor<U, D>, M> grad(const Tensor<T, D> (&outputs)[N], const Tensor<U, D> (&inputs)[M], const Tensor<T, D> (&grad_outputs)[N],
                                 GradOptions options = {}) {
  auto list = grad(std::span<const Tensor<T, D>>(outputs), std::span<const Tensor<U, D>>(inputs),
                   std::span<const Tensor<T, D>>(grad_outputs), options);
  std::array<Tensor<U, D>, M> result;
  for (std::size_t i = 0; i < M; ++i) result[i] = std::move(list[i]);
  return result;
}
/// One output, one input.
template <tensor_like Y, class T, class D>
Tensor<T, D> grad(const Y& output, const Tensor<T, D>& input, GradOptions options = {}) {
  const auto& y = eval(output);
  return grad({y}, {input}, options)[0];
}

/// Switches a hook off when asked to.
class HookHandle {
 public:
  HookHandle() = default;
  explicit HookHandle(Ref<Hook> hook) : hook_(std::move(hook)) {}
  void remove() {
    if (hook_) hook_->removed = true;
  }

 private:
  Ref<Hook> hook_;
};

template <class T, class D, class F>
class FunctionHook final : public Hook {
 public:
  explicit FunctionHook(F function) : function_(std::move(function)) {}
  ImplRef call(const ImplRef& gradient) override {
    const Tensor<T, D> g(gradient);
    if constexpr (std::is_void_v<std::invoke_result_t<F&, const Tensor<T, D>&>>) {
      function_(g);
      return nullptr;
    } else {
      const Tensor<T, D> replaced = function_(g);
      check<ShapeError>(!replaced.defined() || replaced.sizes() == g.sizes(),
                        "register_hook: the hook made a gradient of shape {} from one of shape {}",
                        replaced.defined() ? replaced.sizes().str() : "", g.sizes().str());
      return replaced.ref();
    }
  }

 private:
  F function_;
};

}  // namespace autograd

template <class T, class D>
void Tensor<T, D>::backward(const Tensor& gradient, bool retain_graph, bool create_graph) const {
  autograd::Engine::Root roots[] = {autograd::make_root("backward", *this, gradient)};
  autograd::Engine(retain_graph || create_graph, create_graph).accumulate(roots);
}

template <class T, class D>
template <class F>
auto Tensor<T, D>::register_hook(F hook) const {
  check<Error>(requires_grad(), "register_hook: this tensor does not require a gradient, so no gradient will come by");
  Ref<autograd::Hook> h(new autograd::FunctionHook<T, D, F>(std::move(hook)));
  autograd::Gradient& g = autograd::gradient_of(impl());
  autograd::add_hook(g.node ? g.node->output(g.slot).hooks : g.hooks, h);
  return autograd::HookHandle(h);
}

}  // namespace torchlite::inline TORCHLITE_ABI
