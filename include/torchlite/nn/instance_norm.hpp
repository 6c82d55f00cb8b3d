// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/norm/instance_norm.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct InstanceNormOptions {
  std::int64_t num_features = 0;
  double eps = 1e-5;
  double momentum = 0.1;
  bool affine = false;
  bool track_running_stats = false;
};

/// What InstanceNorm1d, 2d and 3d share.
template <class Self, class T, class D>
struct InstanceNormBase : Module<Self> {
  InstanceNormBase() = default;
  InstanceNormBase(const InstanceNormOptions& o) : options(o) {
    const Shape sizes{o.num_features};
    if (o.affine) weight = empty<T, D>(sizes), bias = empty<T, D>(sizes);
    if (o.track_running_stats) {
      running_mean = empty<T, D>(sizes), running_var = empty<T, D>(sizes);
      num_batches_tracked = empty<std::int64_t, D>({});
    }
    reset_parameters();
  }

  void reset_parameters() {
    if (weight.defined()) init::ones_(weight), init::zeros_(bias);
    if (!running_mean.defined()) return;
    init::zeros_(running_mean);
    init::ones_(running_var);
    fill_elements<std::int64_t, D>(num_batches_tracked, 0);
  }

  Tensor<T, D> forward(const Tensor<T, D>& x) {
    const bool batched = x.dim() == Self::rank;
    check<ShapeError>((batched || x.dim() == Self::rank - 1) && x.size(batched ? 1 : 0) == options.num_features,
                      "{}: input of shape {}; it must have {} dimensions (one less without a batch) and {} channels",
                      reflect::class_name<Self>(), x.sizes().str(), Self::rank, options.num_features);
    if (!batched) return squeeze(forward(unsqueeze(x, 0)), 0);
    return torchlite::instance_norm(x, running_mean, running_var, weight, bias, training || !running_mean.defined(), options.momentum,
                                    options.eps);
  }

  std::string extra_repr() const {
    return format_text("{}, eps={}, momentum={}, affine={}, track_running_stats={}", options.num_features, repr(options.eps),
                       repr(options.momentum), repr(options.affine), repr(options.track_running_stats));
  }
  auto fields() {
    return nn::fields("weight", weight, "bias", bias, "running_mean", running_mean, "running_var", running_var, "num_batches_tracked",
                      num_batches_tracked, "options", options, "training", training);
  }

  InstanceNormOptions options;
  Parameter<T, D> weight, bias;
  Buffer<T, D> running_mean, running_var;
  Buffer<std::int64_t, D> num_batches_tracked;
  bool training = true;
};

/// Each channel of an example brought to mean 0 and variance 1 (in evaluation, if they are tracked, by the running statistics).
///   x [N, C, L] or [C, L] -> same. Source: Ulyanov et al., 2016.
template <class T = float, class D = Cpu>
struct InstanceNorm1d : InstanceNormBase<InstanceNorm1d<T, D>, T, D> {
  static constexpr int rank = 3;

  InstanceNorm1d() = default;
  InstanceNorm1d(std::int64_t num_features) : InstanceNorm1d(InstanceNormOptions{.num_features = num_features}) {}
  InstanceNorm1d(const InstanceNormOptions& o) : InstanceNormBase<InstanceNorm1d, T, D>(o) {}
};

/// The same for images.
///   x [N, C, H, W] or [C, H, W] -> same.
template <class T = float, class D = Cpu>
struct InstanceNorm2d : InstanceNormBase<InstanceNorm2d<T, D>, T, D> {
  static constexpr int rank = 4;

  InstanceNorm2d() = default;
  InstanceNorm2d(std::int64_t num_features) : InstanceNorm2d(InstanceNormOptions{.num_features = num_features}) {}
  InstanceNorm2d(const InstanceNormOptions& o) : InstanceNormBase<InstanceNorm2d, T, D>(o) {}
};

/// The same for volumes.
///   x [N, C, D, H, W] or [C, D, H, W] -> same.
template <class T = float, class D = Cpu>
struct InstanceNorm3d : InstanceNormBase<InstanceNorm3d<T, D>, T, D> {
  static constexpr int rank = 5;

  InstanceNorm3d() = default;
  InstanceNorm3d(std::int64_t num_features) : InstanceNorm3d(InstanceNormOptions{.num_features = num_features}) {}
  InstanceNorm3d(const InstanceNormOptions& o) : InstanceNormBase<InstanceNorm3d, T, D>(o) {}
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
