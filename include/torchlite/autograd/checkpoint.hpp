// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/backward.hpp>
#include <torchlite/core/random.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// f(inputs...) without keeping what it computes on the way: backward runs f again. Random numbers are the same both times.
/// Source: Chen et al., Training deep nets with sublinear memory cost, 2016.
template <class F, class First, class... Rest>
auto checkpoint(F f, const First& first, const Rest&... rest) {
  const auto run = [](F& function, const auto&... x) {
    auto y = function(x...);
    return tensor_of<decltype(y)>(eval(y));
  };
  // Expressions run first, where they are still recorded.
  static_cast<void>(eval(first));
  (static_cast<void>(eval(rest)), ...);
  const auto state = default_generator().get_state();
  auto out = [&] {
    const NoGradGuard no_grad;
    return run(f, eval(first), eval(rest)...);
  }();
  using Out = decltype(out);
  // f may have caught tensors that require gradients, so it is recorded even if no input does.
  if (!is_grad_enabled()) return out;
  const auto kept = std::tuple(save(eval(first)), save(eval(rest))...);
  auto edges = inputs(eval(first), eval(rest)...);
  // A fresh handle, in case f handed an input through.
  out = alias(out, out.sizes(), out.strides(), out.storage_offset());
  return record("checkpoint", Site{}, std::move(out), std::move(edges), [f, run, kept, state](const Pass& pass, const Out& g) mutable {
    const EnableGradGuard enable;
    const auto now = default_generator().get_state();
    default_generator().set_state(state);
    return std::apply(
        [&](const auto&... saved) {
          if (pass.create_graph()) {
            const Out y = run(f, saved.get()...);
            default_generator().set_state(now);
            std::vector<ImplRef> wanted{saved.get().ref()...};
            Engine::Root roots[] = {{y.ref(), g.ref()}};
            std::vector<ImplRef> found = Engine(true, true).gradients(roots, wanted);
            std::tuple<std::remove_cvref_t<decltype(saved.get())>...> gradients;
            std::size_t i = 0;
            std::apply([&](auto&... x) { ((x = std::remove_cvref_t<decltype(x)>(found[i++])), ...); }, gradients);
            return gradients;
          }
          // Leaves in place of the inputs: their gradients are the answer, those of caught tensors accumulate as always.
          const auto leaf = [](const auto& t) {
            auto copy = t.detach();
            copy.impl().requires_grad = t.requires_grad();
            return copy;
          };
          const auto leaves = std::tuple(leaf(saved.get())...);
          const Out y = std::apply([&](const auto&... x) { return run(f, x...); }, leaves);
          default_generator().set_state(now);
          if (y.requires_grad()) {
            Engine::Root roots[] = {{y.ref(), g.ref()}};
            Engine(false, false).accumulate(roots);
          }
          return std::apply([](const auto&... x) { return std::tuple(x.grad()...); }, leaves);
        },
        kept);
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
