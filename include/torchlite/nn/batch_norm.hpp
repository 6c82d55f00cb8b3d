// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/norm/batch_norm.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct BatchNormOptions {
  std::int64_t num_features = 0;
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;  ///< none: running statistics are plain averages over all batches
  bool affine = true;
  bool track_running_stats = true;
};

/// What BatchNorm1d, 2d and 3d share.
template <class Self, class T, class D>
struct BatchNormBase : Module<Self> {
  BatchNormBase() = default;
  BatchNormBase(const BatchNormOptions& o) : options(o) {
    const Shape sizes{o.num_features};
    if (o.affine) {
      weight = empty<T, D>(sizes);
      bias = empty<T, D>(sizes);
    }
    if (o.track_running_stats) {
      running_mean = empty<T, D>(sizes);
      running_var = empty<T, D>(sizes);
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
    check<ShapeError>(Self::takes_rank(x.dim()) && x.size(1) == options.num_features,
                      "{}: input of shape {}; it must be {} with {} channels", reflect::class_name<Self>(), x.sizes().str(),
                      Self::shape_text, options.num_features);
    double momentum = options.momentum.value_or(0);
    if (training && running_mean.defined()) {
      if constexpr (std::is_same_v<D, Cpu>) ++*num_batches_tracked.data();
      else num_batches_tracked.add_(1);
      if (!options.momentum) momentum = 1 / static_cast<double>(num_batches_tracked.item());
    }
    const bool empty_batch = training && x.numel() == 0;  // which has no statistics
    return torchlite::batch_norm(x, empty_batch ? Tensor<T, D>() : running_mean, empty_batch ? Tensor<T, D>() : running_var, weight, bias,
                                 training || !running_mean.defined(), momentum, options.eps);
  }

  std::string extra_repr() const {
    return format_text("{}, eps={}, momentum={}, affine={}, track_running_stats={}", options.num_features, repr(options.eps),
                       options.momentum ? repr(*options.momentum) : "None", repr(options.affine), repr(options.track_running_stats));
  }
  auto fields() {
    return nn::fields("weight", weight, "bias", bias, "running_mean", running_mean, "running_var", running_var, "num_batches_tracked",
                      num_batches_tracked, "options", options, "training", training);
  }

  BatchNormOptions options;
  Parameter<T, D> weight, bias;
  Buffer<T, D> running_mean, running_var;
  Buffer<std::int64_t, D> num_batches_tracked;
  bool training = true;
};

/// Each channel brought to mean 0 and variance 1 over the batch (in evaluation: by the running statistics), times weight plus bias.
///   x [N, C] or [N, C, L] -> same. Source: Ioffe and Szegedy, ICML 2015.
template <class T = float, class D = Cpu>
struct BatchNorm1d : BatchNormBase<BatchNorm1d<T, D>, T, D> {
  static constexpr const char* shape_text = "[N, C] or [N, C, L]";
  static constexpr bool takes_rank(int rank) { return rank == 2 || rank == 3; }

  BatchNorm1d() = default;
  BatchNorm1d(std::int64_t num_features) : BatchNorm1d(BatchNormOptions{.num_features = num_features}) {}
  BatchNorm1d(const BatchNormOptions& o) : BatchNormBase<BatchNorm1d, T, D>(o) {}
};

/// The same for images.
///   x [N, C, H, W] -> same
template <class T = float, class D = Cpu>
struct BatchNorm2d : BatchNormBase<BatchNorm2d<T, D>, T, D> {
  static constexpr const char* shape_text = "[N, C, H, W]";
  static constexpr bool takes_rank(int rank) { return rank == 4; }

  BatchNorm2d() = default;
  BatchNorm2d(std::int64_t num_features) : BatchNorm2d(BatchNormOptions{.num_features = num_features}) {}
  BatchNorm2d(const BatchNormOptions& o) : BatchNormBase<BatchNorm2d, T, D>(o) {}
};

/// The same for volumes.
///   x [N, C, D, H, W] -> same
template <class T = float, class D = Cpu>
struct BatchNorm3d : BatchNormBase<BatchNorm3d<T, D>, T, D> {
  static constexpr const char* shape_text = "[N, C, D, H, W]";
  static constexpr bool takes_rank(int rank) { return rank == 5; }

  BatchNorm3d() = default;
  BatchNorm3d(std::int64_t num_features) : BatchNorm3d(BatchNormOptions{.num_features = num_features}) {}
  BatchNorm3d(const BatchNormOptions& o) : BatchNormBase<BatchNorm3d, T, D>(o) {}
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
