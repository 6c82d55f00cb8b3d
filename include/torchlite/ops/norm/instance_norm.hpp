// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/norm/batch_norm.hpp>
#include <torchlite/ops/norm/group_norm.hpp>
#include <torchlite/ops/reduce/var.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// (x - mean) / sqrt(variance + eps) * weight + bias, mean and variance (biased) being those of each channel of each example; without
/// use_input_stats the running ones.
///   x [N, C, ...] -> same; running_mean, running_var, weight, bias: [C] or undefined
/// With use_input_stats running = (1 - momentum) running + momentum times the examples' average, the variances unbiased.
/// Source: Ulyanov et al., Instance normalization, 2016.
template <tensor_like X>
tensor_of<X> instance_norm(const X& x_, const tensor_of<X>& running_mean = {}, const tensor_of<X>& running_var = {},
                           const tensor_of<X>& weight = {}, const tensor_of<X>& bias = {}, bool use_input_stats = true,
                           double momentum = 0.1, double eps = 1e-5, Site site = Site::current()) {
  using T = value_t<X>;
  using Y = tensor_of<X>;
  static_assert(floating<T>, "instance_norm needs a floating dtype; cast first: x.to<float>()");
  const Y& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 2, "instance_norm: the input of shape {} has no channels; it must be [N, C, ...]", x.sizes().str());
  ops::check_channel_parameters("instance_norm", x, {&running_mean, &running_var, &weight, &bias});
  check<Error>(running_mean.defined() == running_var.defined(),
               "instance_norm: one of running_mean and running_var is given; give both or none");
  if (!use_input_stats) {
    check<Error>(running_mean.defined(), "instance_norm: without use_input_stats it needs running_mean and running_var");
    return batch_norm(x, running_mean, running_var, weight, bias, false, momentum, eps, site);
  }
  const std::int64_t batch = x.sizes()[0], channels = x.sizes()[1], n = x.numel() == 0 ? 0 : x.numel() / (batch * channels);
  check<Error>(n != 1, "instance_norm: the input of shape {} has one value per channel; it needs more than one", x.sizes().str());
  if (running_mean.defined() && n > 0) {
    const NoGradGuard guard;
    const Y rows = reshape(x.detach(), {batch, channels, n});
    running_mean.copy_(running_mean.detach() * (1 - momentum) + mean(rows, {0, 2}) * momentum);
    running_var.copy_(running_var.detach() * (1 - momentum) + mean(var(rows, 2), 0) * momentum);
  }
  return group_norm(x, channels > 0 ? channels : 1, weight, bias, eps, site);
}

namespace nn::functional {
using torchlite::instance_norm;
}

}  // namespace torchlite::inline TORCHLITE_ABI
