// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/log_sigmoid.hpp>
#include <torchlite/ops/pointwise/operators.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class T, class D>
struct MultilabelSoftMarginLossOptions {
  Tensor<T, D> weight = {};  ///< of the classes; broadcasts
  Reduction reduction = Reduction::mean;
};

/// The mean over the classes of the binary cross entropies of sigmoid(x).
///   input [..., C], target [..., C] of 0 and 1 -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
tensor_of<X> multilabel_soft_margin_loss(const X& input, const Y& target,
                                         const MultilabelSoftMarginLossOptions<value_t<X>, device_t<X>>& options = {},
                                         Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "multilabel_soft_margin_loss needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("multilabel_soft_margin_loss", x, y);
  check<ShapeError>(x.dim() > 0, "multilabel_soft_margin_loss: the input has no dimension of classes; it must be [..., C]");
  // -(y log_sigmoid(x) + (1 - y) log_sigmoid(-x)), of which the second is log_sigmoid(x) - x.
  if (options.weight.defined())
    return ops::reduce_loss(mean(((1 - y) * x - log_sigmoid(x)) * options.weight, -1, false, site), options.reduction, site);
  return ops::reduce_loss(mean((1 - y) * x - log_sigmoid(x), -1, false, site), options.reduction, site);
}

namespace nn::functional {
using torchlite::multilabel_soft_margin_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
