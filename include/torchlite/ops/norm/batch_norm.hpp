// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/inplace.hpp>
#include <torchlite/backend/cpu/batch_norm.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/rsqrt.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// [C] as [1, C, 1, ...], to broadcast over an input of the given rank.
template <class T, class D>
Tensor<T, D> per_channel(const Tensor<T, D>& t, int rank) {
  Shape sizes = Shape::filled(rank, 1);
  sizes[1] = t.numel();
  return reshape(t, sizes);
}
/// An expression's result in dtype To.
template <dtype To, expression E>
auto as(E&& e) {
  if constexpr (std::is_same_v<value_t<E>, To>) return std::forward<E>(e);
  else return to<To>(std::forward<E>(e));
}
/// The sum over all but the channels, in the type that is computed with.
template <class R, class S, class D = device_t<S>>
Tensor<R, D> channel_sums(const S& x, const Axes& axes, double divisor = 1) {
  const Reads<S> in("batch_norm", x);
  return run_reduction<backend::SumReducer<reduced_value<S>>, R, S>(in, ReducedShape("batch_norm", in.sizes, axes, true), divisor);
}

/// A tensor in dtype To.
template <dtype To, class T, class D>
Tensor<To, D> in_dtype(const Tensor<T, D>& t) {
  if constexpr (std::is_same_v<To, T>) return t;
  else return to<To>(t);
}

/// The gradients of x, weight and bias as differentiable operations; all of them follow from two sums per channel.
template <class T, class D, class Z = Tensor<register_t<T>, D>>
std::tuple<Tensor<T, D>, Tensor<T, D>, Tensor<T, D>> batch_norm_gradients(const Tensor<T, D>& x, const Tensor<T, D>& weight,
                                                                          const Tensor<T, D>& g, const Z& means, const Z& rstds,
                                                                          const Axes& axes, int rank, bool own, double count, double eps,
                                                                          const autograd::Pass& pass) {
  using R = register_t<T>;
  Z m = per_channel(means, rank), rs = per_channel(rstds, rank);
  if (own && pass.create_graph()) {
    m = in_dtype<R>(mean(x, axes, true));
    rs = rsqrt(mean(square(x - m), axes, true) + eps);
  }
  const Z sum_g = in_dtype<R>(sum(g, axes, true)), sum_gx = sum(g * (x - m), axes, true) * rs;
  const Z scale = weight.defined() ? Z(rs * per_channel(weight, rank)) : rs;
  Tensor<T, D> dx;
  if (pass.needs(0)) {
    if (own) {
      const Z along = scale * rs * sum_gx / count, shift = scale * sum_g / count;
      dx = as<T>(g * scale - (x - m) * along - shift);
    } else {
      dx = as<T>(g * scale);
    }
  }
  const Shape flat{means.numel()};
  return {dx, in_dtype<T>(reshape(sum_gx, flat)), in_dtype<T>(reshape(sum_g, flat))};
}

}  // namespace ops

/// What native_batch_norm gives: the result of batch_norm, and the batch's means and reciprocal deviations, without a graph and without elements
/// where running ones were used.
template <class T, class D>
struct NativeBatchNorm {
  Tensor<T, D> output;
  Tensor<register_t<T>, D> save_mean, save_invstd;  ///< [C] or [0]
};

/// batch_norm together with its statistics.
///   x [N, C, ...] -> output of the same sizes, save_mean and save_invstd [C]; weight, bias, running_mean, running_var: [C] or undefined
template <tensor_like X>
NativeBatchNorm<value_t<X>, device_t<X>> native_batch_norm(const X& x_, const tensor_of<X>& weight, const tensor_of<X>& bias,
                                                           const tensor_of<X>& running_mean, const tensor_of<X>& running_var, bool training,
                                                           double momentum, double eps, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  using R = register_t<T>;
  using Y = Tensor<T, D>;
  using Z = Tensor<R, D>;
  static_assert(floating<T>, "batch_norm needs a floating dtype; cast first: x.to<float>()");
  const Y& x = eval(x_, site);
  const int rank = x.dim();
  if (x.numel() == 0 && rank < 2) return {Y(x * 1), empty<R, D>({0}), empty<R, D>({0})};  // no channel, and nothing to do
  check<ShapeError>(rank >= 2, "batch_norm: the input of shape {} has no channels; it must be [N, C, ...]", x.sizes().str());
  const std::int64_t channels = x.sizes()[1];
  for (const Y* p : {&running_mean, &running_var, &weight, &bias})
    check<ShapeError>(!p->defined() || p->sizes() == Shape{channels},
                      "batch_norm: a parameter of shape {} does not fit the input of shape {}; it must be [{}]",
                      p->defined() ? p->sizes().str() : "", x.sizes().str(), channels);
  check_devices("batch_norm", x, weight, bias);
  const bool own = training || !running_mean.defined() || !running_var.defined();
  const double count = static_cast<double>(channels > 0 ? x.numel() / channels : 0);
  check<Error>(!own || count > 1 || x.numel() == 0, "batch_norm: training needs more than one value per channel; the input has shape {}",
               x.sizes().str());
  Shape axes{0};
  for (int d = 2; d < rank; ++d) axes.push_back(d);

  backend::ChannelLayout layout{x.sizes()[0], channels, 1};
  for (int d = 2; d < rank; ++d) layout.plane *= x.sizes()[d];
  Y out;
  Z means, rstds, scales;
  const Y from = ops::dense(x), shifts = bias.defined() ? ops::dense(bias) : Y();
  {
    const NoGradGuard guard;
    if (own) {
      Z variances;
      if (layout.plane >= 8) {
        means = empty<R, D>({channels}), variances = empty<R, D>({channels});
        batch_norm_moments(D{}, layout, static_cast<const T*>(from.data()), means.data(), variances.data());
      } else {  // too little memory in a row: by rows of channels instead
        const Z kept = ops::channel_sums<R>(from, axes, count);
        variances = reshape(ops::channel_sums<R>(ops::source(square(from - kept), site), axes, count), {channels});
        means = reshape(kept, {channels});
      }
      rstds = rsqrt(variances + eps);
      if (training && running_mean.defined()) running_mean.copy_(ops::as<T>(running_mean.detach() * (1 - momentum) + means * momentum));
      if (training && running_var.defined())
        running_var.copy_(ops::as<T>(running_var.detach() * (1 - momentum) + variances * (momentum * count / (count - 1))));
    } else {
      means = to<R>(running_mean);
      rstds = rsqrt(to<R>(running_var) + eps);
    }
    scales = weight.defined() ? Z(rstds * weight) : rstds;
    if (layout.plane >= 8) {
      out = empty<T, D>(x.sizes());
      batch_norm_apply(D{}, layout, static_cast<const T*>(from.data()), static_cast<const R*>(means.data()),
                       static_cast<const R*>(scales.data()), shifts.defined() ? static_cast<const T*>(shifts.data()) : nullptr, out.data());
    } else {
      const Z m = ops::per_channel(means, rank), k = ops::per_channel(scales, rank);
      if (bias.defined()) out = ops::as<T>((from - m) * k + ops::per_channel(shifts, rank));
      else out = ops::as<T>((from - m) * k);
    }
  }
  if (autograd::needed(x, weight, bias))
    out = autograd::record("batch_norm", site, std::move(out), autograd::inputs(x, weight, bias),
                           [x = autograd::save(x), weight = autograd::save(weight), from, means, rstds, scales, axes, rank, layout, own,
                            count, eps](const autograd::Pass& pass, const Y& g) {
                             const Y& input = x.get();
                             const Y& w = weight.get();
                             if (pass.create_graph() || layout.plane < 8)
                               return ops::batch_norm_gradients(input, w, g, means, rstds, axes, rank, own, count, eps, pass);
                             const Y from_g = ops::dense(g);
                             Y dx = pass.needs(0) ? empty<T, D>(input.sizes()) : Y();
                             const Z sums_g = empty<R, D>({layout.channels}), sums_gx = empty<R, D>({layout.channels});
                             batch_norm_backward(D{}, layout, own, static_cast<const T*>(from.data()), static_cast<const T*>(from_g.data()),
                                                 static_cast<const R*>(means.data()), static_cast<const R*>(rstds.data()),
                                                 static_cast<const R*>(scales.data()), dx.defined() ? dx.data() : nullptr, sums_g.data(),
                                                 sums_gx.data());
                             return std::tuple<Y, Y, Y>(dx, ops::in_dtype<T>(sums_gx), ops::in_dtype<T>(sums_g));
                           });
  if (!own) return {out, empty<R, D>({0}), empty<R, D>({0})};
  return {out, means, rstds};
}

/// (x - mean) / sqrt(variance + eps) * weight + bias for each channel: with the batch's own mean and variance (biased) in
/// training or without running ones, else with the running ones.
///   x [N, C, ...] -> same; running_mean, running_var, weight, bias: [C] or undefined
/// In training running = (1 - momentum) running + momentum batch, the batch's variance unbiased.
/// Source: Ioffe and Szegedy, Batch normalization, ICML 2015.
template <tensor_like X>
tensor_of<X> batch_norm(const X& x_, const tensor_of<X>& running_mean, const tensor_of<X>& running_var, const tensor_of<X>& weight = {},
                        const tensor_of<X>& bias = {}, bool training = false, double momentum = 0.1, double eps = 1e-5,
                        Site site = Site::current()) {
  return native_batch_norm(x_, weight, bias, running_mean, running_var, training, momentum, eps, site).output;
}

namespace nn::functional {
using torchlite::batch_norm;
}

}  // namespace torchlite::inline TORCHLITE_ABI
