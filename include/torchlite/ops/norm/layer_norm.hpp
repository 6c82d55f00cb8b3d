// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/norm.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/rsqrt.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// The last dimensions of x, which must be `sizes`.
inline Axes last_axes(const char* op, const Shape& x, const Shape& sizes) {
  bool fits = sizes.rank() > 0 && sizes.rank() <= x.rank();
  Shape axes;
  for (int d = 0; fits && d < sizes.rank(); ++d) {
    fits = x[x.rank() - sizes.rank() + d] == sizes[d];
    axes.push_back(d - sizes.rank());
  }
  check<ShapeError>(fits, "{}: the normalized shape {} does not fit the input of shape {}; it must be its last sizes", op, sizes.str(),
                    x.str());
  return axes;
}

/// The gradients of layer_norm as differentiable operations.
template <class T, class D>
std::tuple<Tensor<T, D>, Tensor<T, D>, Tensor<T, D>> layer_norm_gradients(const Tensor<T, D>& x, const Tensor<T, D>& weight,
                                                                          const Tensor<T, D>& g, const Axes& axes, const Shape& sizes,
                                                                          double eps) {
  const Tensor<T, D> centred = x - mean(x, axes, true);
  const Tensor<T, D> rstd = rsqrt(mean(square(centred), axes, true) + eps);
  const Tensor<T, D> normal = centred * rstd;
  const Tensor<T, D> gw = weight.defined() ? Tensor<T, D>(g * weight) : g;
  return {rstd * (gw - mean(gw, axes, true) - normal * mean(gw * normal, axes, true)), sum_to_size(Tensor<T, D>(g * normal), sizes),
          sum_to_size(g, sizes)};
}

}  // namespace ops

/// What native_layer_norm gives: the result of layer_norm, and the means and reciprocal deviations that it found, without a graph.
template <class T, class D>
struct NativeLayerNorm {
  Tensor<T, D> output;
  Tensor<register_t<T>, D> mean, rstd;  ///< x's sizes, 1 where normalised
};

namespace ops {

/// layer_norm with flat statistics, one for each row.
template <tensor_like X>
NativeLayerNorm<value_t<X>, device_t<X>> layer_norm_rows(const X& x_, const Shape& normalized_shape, const tensor_of<X>& weight,
                                                         const tensor_of<X>& bias, double eps, Site site) {
  using T = value_t<X>;
  using D = device_t<X>;
  using R = register_t<T>;
  using Y = Tensor<T, D>;
  static_assert(floating<T>, "layer_norm needs a floating dtype; cast first: x.to<float>()");
  const Y& x = eval(x_, site);
  const Axes axes = ops::last_axes("layer_norm", x.sizes(), normalized_shape);
  check_devices("layer_norm", x, weight, bias);
  for (const Y* p : {&weight, &bias})
    check<ShapeError>(!p->defined() || p->sizes() == normalized_shape, "layer_norm: the {} of shape {} must have the normalized shape {}",
                      p == &weight ? "weight" : "bias", p->defined() ? p->sizes().str() : "", normalized_shape.str());
  const std::int64_t n = normalized_shape.numel(), rows = n == 0 ? 0 : x.numel() / n;
  const Y from = ops::dense(x), w = weight.defined() ? ops::dense(weight) : Y(), b = bias.defined() ? ops::dense(bias) : Y();
  Y out = empty<T, D>(x.sizes());
  const Tensor<R, D> means = empty<R, D>({rows}), rstds = empty<R, D>({rows});
  const auto data = [](const Y& t) { return t.defined() ? static_cast<const T*>(t.data()) : nullptr; };
  layer_norm_forward(D{}, rows, n, eps, data(from), data(w), data(b), out.data(), means.data(), rstds.data());
  if (autograd::needed(x, weight, bias))
    out = autograd::record("layer_norm", site, std::move(out), autograd::inputs(x, weight, bias),
                           [x = autograd::save(x), weight = autograd::save(weight), from, w, means, rstds, rows, n, axes,
                            sizes = normalized_shape, eps, data](const autograd::Pass& pass, const Y& g) {
                             const Y &input = x.get(), &scale = weight.get();
                             if (pass.create_graph()) {
                               auto gradients = ops::layer_norm_gradients(input, scale, g, axes, sizes, eps);
                               if (!pass.needs(1)) std::get<1>(gradients) = {};
                               return gradients;
                             }
                             const Y from_g = ops::dense(g);
                             const Y dx = pass.needs(0) ? empty<T, D>(input.sizes()) : Y(), dw = pass.needs(1) ? empty<T, D>(sizes) : Y(),
                                     db = pass.needs(2) ? empty<T, D>(sizes) : Y();
                             const auto target = [](const Y& t) { return t.defined() ? t.data() : nullptr; };
                             layer_norm_backward(D{}, rows, n, data(from), data(w), static_cast<const R*>(means.data()),
                                                 static_cast<const R*>(rstds.data()), data(from_g), target(dx), target(dw), target(db));
                             return std::tuple<Y, Y, Y>(dx, dw, db);
                           });
  return {std::move(out), means, rstds};
}

}  // namespace ops

/// layer_norm together with its statistics.
///   x [..., normalized_shape] -> output of the same sizes, mean and rstd [..., 1, ...]; weight, bias: normalized_shape or undefined
template <tensor_like X>
NativeLayerNorm<value_t<X>, device_t<X>> native_layer_norm(const X& x_, const Shape& normalized_shape, const tensor_of<X>& weight = {},
                                                           const tensor_of<X>& bias = {}, double eps = 1e-5, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  auto [output, means, rstds] = ops::layer_norm_rows(x, normalized_shape, weight, bias, eps, site);
  Shape sizes = x.sizes();
  for (int d = sizes.rank() - normalized_shape.rank(); d < sizes.rank(); ++d) sizes[d] = 1;
  if (normalized_shape.numel() == 0)
    return {output, empty<register_t<value_t<X>>, device_t<X>>(sizes), empty<register_t<value_t<X>>, device_t<X>>(sizes)};
  return {output, reshape(means, sizes), reshape(rstds, sizes)};
}

/// (x - mean) / sqrt(variance + eps) * weight + bias, mean and variance (biased) being those of the last dimensions, together.
///   x [..., normalized_shape] -> same; weight, bias: normalized_shape or undefined
/// One pass forward and one backward. Source: Ba et al., Layer normalization, 2016.
template <tensor_like X>
tensor_of<X> layer_norm(const X& x, const Shape& normalized_shape, const tensor_of<X>& weight = {}, const tensor_of<X>& bias = {},
                        double eps = 1e-5, Site site = Site::current()) {
  return ops::layer_norm_rows(x, normalized_shape, weight, bias, eps, site).output;
}

namespace nn::functional {
using torchlite::layer_norm;
}

}  // namespace torchlite::inline TORCHLITE_ABI
