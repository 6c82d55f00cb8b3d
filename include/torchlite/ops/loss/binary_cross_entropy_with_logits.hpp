// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/log_sigmoid.hpp>
#include <torchlite/ops/pointwise/operators.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class T, class D>
struct BinaryCrossEntropyWithLogitsOptions {
  Tensor<T, D> weight = {};  ///< of the elements; broadcasts
  Reduction reduction = Reduction::mean;
  Tensor<T, D> pos_weight = {};  ///< of the positive targets; broadcasts
};

/// The binary cross entropy of sigmoid(x): (1 - y) x + (1 + (p - 1) y) log(1 + e^-x) of each pair of elements, p = pos_weight or 1, written so that
/// nothing overflows. One pass forward, one backward.
///   input [...], target [...] -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
auto binary_cross_entropy_with_logits(const X& input, const Y& target,
                                      const BinaryCrossEntropyWithLogitsOptions<value_t<X>, device_t<X>>& options = {},
                                      Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "binary_cross_entropy_with_logits needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("binary_cross_entropy_with_logits", x, y);
  const auto weighted = [&](auto&& losses) {
    if (options.weight.defined()) return ops::reduce_loss(std::move(losses) * options.weight, options.reduction, site);
    return ops::reduce_loss(std::move(losses), options.reduction, site);
  };
  if (options.pos_weight.defined()) return weighted((1 - y) * x - (1 + (options.pos_weight - 1) * y) * log_sigmoid(x));
  return weighted((1 - y) * x - log_sigmoid(x));
}

namespace nn::functional {
using torchlite::binary_cross_entropy_with_logits;
}

}  // namespace torchlite::inline TORCHLITE_ABI
