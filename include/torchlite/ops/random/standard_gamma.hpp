// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/distributions.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/random/arguments.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {
/// d x / d alpha of a gamma variate x, elementwise; that it has no derivative itself is said where it is asked for.
template <class T, class D>
Tensor<T, D> standard_gamma_derivative(const Tensor<T, D>& alpha, const Tensor<T, D>& x, Site site) {
  const auto shapes = random::on_host(alpha, alpha.sizes()), values = random::on_host(x, x.sizes());
  Tensor<T, D> out = empty<T, D>(x.sizes());
  random::draw(out, [&](T* data) { backend::standard_gamma_derivatives(Cpu{}, shapes.data(), values.data(), data, values.numel()); });
  if (!autograd::needed(alpha, x)) return out;
  return autograd::record(
      "standard_gamma_derivative", site, std::move(out), autograd::inputs(alpha, x), [](const autograd::Pass&, const Tensor<T, D>& g) {
        fail<Error>("standard_gamma: there is a first derivative only, as in PyTorch; detach the gradient before differentiating it");
        return std::tuple(g, g);
      });
}
}  // namespace ops

/// Gamma distributed numbers of the given shapes and rate 1. They move with alpha (implicit reparameterisation), so that gamma,
/// beta and Dirichlet samples built from them do too; derivatives are of first order only, as in PyTorch.
///   alpha [...] -> [...], same dtype
/// Throws Error unless alpha is not negative and finite. Where alpha is 0, the smallest normal number.
template <tensor_like X>
tensor_of<X> standard_gamma(const X& alpha_, Generator& generator = default_generator(), Site site = Site::current()) {
  using T = value_t<X>;
  static_assert(floating<T>, "standard_gamma needs shapes of a floating dtype; cast first: x.to<float>()");
  const auto& alpha = eval(alpha_, site);
  const auto shapes = random::on_host(alpha, alpha.sizes());
  random::check_elements("standard_gamma", "alpha", shapes, "shapes are finite and not negative", random::is_count);
  const RandomStream stream = generator.draw_elements();
  tensor_of<X> out = empty<T, device_t<X>>(alpha.sizes());
  random::draw(out, [&](T* data) { backend::fill_standard_gamma(Cpu{}, stream, shapes.data(), data, shapes.numel()); });
  if (!autograd::needed(alpha)) return out;
  const auto kept = autograd::save_output(out);
  return autograd::record("standard_gamma", site, std::move(out), autograd::inputs(alpha),
                          [alpha = autograd::save(alpha), kept, site](const autograd::Pass& pass, const tensor_of<X>& g) {
                            return mul(g, ops::standard_gamma_derivative(alpha.get(), pass.output(kept), site)).eval();
                          });
}

}  // namespace torchlite::inline TORCHLITE_ABI
