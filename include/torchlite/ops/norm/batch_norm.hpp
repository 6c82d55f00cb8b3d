// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/inplace.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/rsqrt.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/mean.hpp>
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

}  // namespace ops

/// (x - mean) / sqrt(variance + eps) * weight + bias for each channel: with the batch's own mean and variance (biased) in
/// training or without running ones, else with the running ones.
///   x [N, C, ...] -> same; running_mean, running_var, weight, bias: [C] or undefined
/// In training running = (1 - momentum) running + momentum batch, the batch's variance unbiased.
/// Source: Ioffe and Szegedy, Batch normalization, ICML 2015.
template <tensor_like X>
tensor_of<X> batch_norm(const X& x_, const tensor_of<X>& running_mean, const tensor_of<X>& running_var, const tensor_of<X>& weight = {},
                        const tensor_of<X>& bias = {}, bool training = false, double momentum = 0.1, double eps = 1e-5, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  using R = register_t<T>;
  using Y = Tensor<T, D>;
  using Z = Tensor<R, D>;
  static_assert(floating<T>, "batch_norm needs a floating dtype; cast first: x.to<float>()");
  const Y& x = eval(x_, site);
  const int rank = x.dim();
  check<ShapeError>(rank >= 2, "batch_norm: the input of shape {} has no channels; it must be [N, C, ...]", x.sizes().str());
  const std::int64_t channels = x.sizes()[1];
  for (const Y* p : {&running_mean, &running_var, &weight, &bias})
    check<ShapeError>(!p->defined() || p->sizes() == Shape{channels}, "batch_norm: a parameter of shape {} does not fit the input of shape {}; it must be [{}]",
                      p->defined() ? p->sizes().str() : "", x.sizes().str(), channels);
  const bool own = training || !running_mean.defined() || !running_var.defined();
  const double count = static_cast<double>(channels > 0 ? x.numel() / channels : 0);
  check<Error>(!own || count > 1 || x.numel() == 0, "batch_norm: training needs more than one value per channel; the input has shape {}", x.sizes().str());
  Shape axes{0};
  for (int d = 2; d < rank; ++d) axes.push_back(d);

  Y out;
  Z means, rstds;
  {
    const NoGradGuard guard;
    const Y data = x.detach();
    if (own) {
      means = ops::channel_sums<R>(data, axes, count);
      const Z variances = ops::channel_sums<R>(ops::source(square(data - means), site), axes, count);
      rstds = rsqrt(variances + eps);
      if (training && running_mean.defined())
        running_mean.copy_(ops::as<T>(running_mean.detach() * (1 - momentum) + reshape(means, {channels}) * momentum));
      if (training && running_var.defined())
        running_var.copy_(ops::as<T>(running_var.detach() * (1 - momentum) + reshape(variances, {channels}) * (momentum * count / (count - 1))));
    } else {
      means = to<R>(ops::per_channel(running_mean, rank));
      rstds = rsqrt(to<R>(ops::per_channel(running_var, rank)) + eps);
    }
    const Z scale = weight.defined() ? Z(rstds * ops::per_channel(weight, rank)) : rstds;
    if (bias.defined()) out = ops::as<T>((data - means) * scale + ops::per_channel(bias, rank));
    else out = ops::as<T>((data - means) * scale);
  }
  if (!autograd::needed(x, weight, bias)) return out;
  return autograd::record("batch_norm", site, std::move(out), autograd::inputs(x, weight, bias),
                          [x = autograd::save(x), weight = autograd::save(weight), means, rstds, axes, rank, channels, own, count, eps](const autograd::Pass& pass, const Y& g) {
                            const Y& input = x.get();
                            Z m = means, rs = rstds;
                            if (own && pass.create_graph()) {
                              m = to<R>(mean(input, axes, true));
                              rs = rsqrt(to<R>(mean(square(input - m), axes, true)) + eps);
                            }
                            // All of dx, dweight and dbias follow from two sums per channel.
                            Z sum_g, sum_gx;
                            if (own || pass.needs(1) || pass.needs(2)) {
                              sum_g = sum(ops::as<R>(g * R(1)), axes, true);
                              sum_gx = sum(g * (input - m), axes, true) * rs;
                            }
                            Y dx, dw, db;
                            if (pass.needs(0)) {
                              const Z scale = weight.get().defined() ? Z(rs * ops::per_channel(weight.get(), rank)) : rs;
                              if (own) {
                                const Z along = scale * rs * sum_gx / count, shift = scale * sum_g / count;
                                dx = ops::as<T>(g * scale - (input - m) * along - shift);
                              } else {
                                dx = ops::as<T>(g * scale);
                              }
                            }
                            if (pass.needs(1)) dw = ops::as<T>(reshape(sum_gx, {channels}) * R(1));
                            if (pass.needs(2)) db = ops::as<T>(reshape(sum_g, {channels}) * R(1));
                            return std::tuple<Y, Y, Y>(dx, dw, db);
                          });
}

namespace nn::functional {
using torchlite::batch_norm;
}

}  // namespace torchlite::inline TORCHLITE_ABI
