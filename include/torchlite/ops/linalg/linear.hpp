// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/autocast/product_caster.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/reduce/sum.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x w^T + bias.
///   x [..., in], weight [out, in], bias [out] or undefined -> [..., out]
/// Throws ShapeError if x's last size is not weight's.
template <tensor_like X, tensor_like W>
tensor_of<X> linear(const X& x_, const W& weight_, const tensor_of<X>& bias = {}, Site site = Site::current()) {
  static_assert(std::is_same_v<device_t<X>, device_t<W>>,
                "operands live on different devices; move one first, for example with a.to<Cuda>()");
  static_assert(std::is_same_v<value_t<X>, value_t<W>>, "linear needs input and weight of one dtype; cast one with to<T>()");
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_);
  const auto& weight = eval(weight_);
  check<ShapeError>(weight.dim() == 2, "linear: weight has shape {}; it must be [out, in]", weight.sizes().str());
  check<ShapeError>(x.dim() >= 1 && x.sizes().back() == weight.sizes()[1],
                    "linear: x is {}, weight is {}; x's last size must equal weight's", x.sizes().str(), weight.sizes().str());
  check<ShapeError>(!bias.defined() || (bias.dim() == 1 && bias.sizes()[0] == weight.sizes()[0]),
                    "linear: bias is {}, weight is {}; bias must be [out]", bias.defined() ? bias.sizes().str() : "", weight.sizes().str());
  check_devices("linear", x, weight, bias);
  if constexpr (std::is_same_v<T, float>) {
    if (auto* const caster = amp::ProductCaster<D>::current()) return caster->linear(x, weight, bias, site);
  }
  if (x.dim() != 2) {
    Shape sizes = x.sizes();
    sizes.back() = weight.sizes()[0];
    return reshape(linear(reshape(x, Shape{-1, weight.sizes()[1]}), weight, bias, site), sizes);
  }
  Tensor<T, D> y = product(x, weight, bias, Transposed::b);
  if (!autograd::needed(x, weight, bias)) return y;
  return autograd::record("linear", site, std::move(y), autograd::inputs(x, weight, bias),
                          [x = autograd::save(x), w = autograd::save(weight)](const autograd::Pass& pass, const Tensor<T, D>& g) {
                            Tensor<T, D> gx, gw, gb;
                            if (pass.create_graph()) {
                              if (pass.needs(0)) gx = matmul(g, eval(conj(w.get())));
                              if (pass.needs(1)) gw = matmul(transpose(g, 0, 1), eval(conj(x.get())));
                            } else {
                              if (pass.needs(0)) gx = product(g, eval(conj(w.get())));
                              if (pass.needs(1)) gw = product(g, eval(conj(x.get())), {}, Transposed::a);
                            }
                            if (pass.needs(2)) gb = sum(g, Shape{0});
                            return std::tuple(gx, gw, gb);
                          });
}

}  // namespace torchlite::inline TORCHLITE_ABI
