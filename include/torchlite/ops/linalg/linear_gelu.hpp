// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/replay.hpp>
#include <torchlite/ops/linalg/linear.hpp>
#include <torchlite/ops/pointwise/gelu.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// g times the derivative of gelu_tanh at x.
struct GeluTanhGradient {
  static constexpr std::string_view name = "gelu_backward";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T g, T x) {
    return g * pointwise::GeluTanh::derivative(x);
  }
};
inline constexpr Pointwise<GeluTanhGradient> gelu_tanh_gradient{};

/// linear_gelu_tanh of a matrix as one product that applies gelu on its way out; if a gradient may be asked for, it also keeps what gelu
/// was applied to.
template <class T, class D>
Tensor<T, D> fused_linear_gelu(const Tensor<T, D>& x, const Tensor<T, D>& weight, const Tensor<T, D>& bias, Site site) {
  using Y = Tensor<T, D>;
  const bool recorded = autograd::needed(x, weight, bias);
  Y y = empty<T, D>(Shape{x.sizes()[0], weight.sizes()[0]});
  const Y before = recorded ? empty<T, D>(y.sizes()) : Y();
  product_into(y, x, weight, bias, backend::Epilogue::gelu, before, Transposed::b);
  if (!recorded) return y;
  return autograd::record("linear_gelu", site, std::move(y), autograd::inputs(x, weight, bias),
                          [x = autograd::save(x), w = autograd::save(weight), b = autograd::save(bias), before](
                              const autograd::Pass& pass, const Y& g) -> std::vector<Y> {
                            if (pass.create_graph())
                              return autograd::replay<T, D>(
                                  [](const std::vector<Y>& in) { return std::vector<Y>{gelu_tanh(linear(in[0], in[1], in[2]))}; },
                                  {x.get(), w.get(), b.get()}, {g});
                            const NoGradGuard no_grad;
                            const Y d = gelu_tanh_gradient(g, before);
                            return {pass.needs(0) ? product(d, w.get()) : Y(), pass.needs(1) ? product(d, x.get(), {}, Transposed::a) : Y(),
                                    pass.needs(2) ? Y(sum(d, Shape{0})) : Y()};
                          });
}

}  // namespace ops

/// gelu_tanh(linear(x, weight, bias)): what nn::Sequential makes of a Linear and the GELUTanh behind it.
///   x [..., in], weight [out, in], bias [out] or undefined -> [..., out]
/// On Cuda one kernel of cuBLASLt computes it for float, half and bfloat16.
template <tensor_like X, tensor_like W>
tensor_of<X> linear_gelu_tanh(const X& x_, const W& weight_, const tensor_of<X>& bias = {}, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  const auto& weight = eval(weight_, site);
  if constexpr (std::is_same_v<D, Cuda> && floating<T> && !std::is_same_v<T, double>) {
    const bool fits = x.dim() >= 1 && weight.dim() == 2 && x.sizes().back() == weight.sizes()[1] && x.numel() > 0 &&
                      (!bias.defined() || (bias.dim() == 1 && bias.numel() == weight.sizes()[0]));
    const bool cast = std::is_same_v<T, float> && amp::ProductCaster<D>::current() != nullptr;
    if (fits && !cast) {  // linear says what does not fit
      check_devices("linear", x, weight, bias);
      Shape sizes = x.sizes();
      sizes.back() = weight.sizes()[0];
      const tensor_of<X> rows = x.dim() == 2 ? x : reshape(x, Shape{-1, weight.sizes()[1]}, site);
      const tensor_of<X> y = ops::fused_linear_gelu(rows, weight, bias, site);
      return x.dim() == 2 ? y : reshape(y, sizes, site);
    }
  }
  return gelu_tanh(linear(x, weight, bias, site)).eval(site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
