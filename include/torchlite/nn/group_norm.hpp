// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/norm/group_norm.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct GroupNormOptions {
  std::int64_t num_groups = 1;
  std::int64_t num_channels = 0;
  double eps = 1e-5;
  bool affine = true;
};

/// Each group of channels of an example brought to mean 0 and variance 1, times weight plus bias.
///   x [N, C, ...] -> same. Source: Wu and He, ECCV 2018.
template <class T = float, class D = Cpu>
struct GroupNorm : Module<GroupNorm<T, D>> {
  GroupNorm() = default;
  GroupNorm(std::int64_t num_groups, std::int64_t num_channels)
      : GroupNorm(GroupNormOptions{.num_groups = num_groups, .num_channels = num_channels}) {}
  GroupNorm(const GroupNormOptions& o) : options(o) {
    check<Error>(o.num_groups > 0 && o.num_channels % o.num_groups == 0, "GroupNorm: {} channels cannot be divided into {} groups",
                 o.num_channels, o.num_groups);
    if (o.affine) weight = empty<T, D>({o.num_channels}), bias = empty<T, D>({o.num_channels});
    reset_parameters();
  }

  void reset_parameters() {
    if (weight.defined()) init::ones_(weight), init::zeros_(bias);
  }

  Tensor<T, D> forward(const Tensor<T, D>& x) const { return torchlite::group_norm(x, options.num_groups, weight, bias, options.eps); }

  std::string extra_repr() const {
    return format_text("{}, {}, eps={}, affine={}", options.num_groups, options.num_channels, repr(options.eps), repr(options.affine));
  }
  auto fields() { return nn::fields("weight", weight, "bias", bias, "options", options); }

  GroupNormOptions options;
  Parameter<T, D> weight, bias;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
