// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/class_loss.hpp>
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class T, class D>
struct CrossEntropyOptions {
  Tensor<T, D> weight = {};          ///< [C], of the classes
  std::int64_t ignore_index = -100;  ///< target indices that do not count
  Reduction reduction = Reduction::mean;
  double label_smoothing = 0;  ///< this part of the target is spread evenly over all classes
};

namespace ops {

/// The target as a probability for each class.
template <class T, class D, class U>
Tensor<T, D> cross_entropy_of_probabilities(const Tensor<T, D>& x, const Tensor<U, D>& target, const CrossEntropyOptions<T, D>& options,
                                            Site site) {
  check_reduction(options.reduction);
  check<ShapeError>(x.dim() > 0, "cross_entropy: the input has no dimension of classes; it must be [C], [N, C] or [N, C, d1, ...]");
  check_same_sizes("cross_entropy", x, target);
  const int axis = x.dim() == 1 ? 0 : 1;
  const std::int64_t classes = x.sizes()[axis];
  const double smoothing = options.label_smoothing;
  Tensor<T, D> q = smoothing == 0 ? to<T>(target) : Tensor<T, D>(target * (1 - smoothing) + smoothing / static_cast<double>(classes));
  if (options.weight.defined()) {
    check<ShapeError>(options.weight.sizes() == Shape{classes},
                      "cross_entropy: the weight of shape {} does not fit {} classes; it must be [{}]", options.weight.sizes().str(),
                      classes, classes);
    Shape strides = Shape::filled(x.dim(), 0), sizes = Shape::filled(x.dim(), 1);
    sizes[axis] = classes;
    strides[axis] = options.weight.strides()[0];
    q = q * alias(options.weight, sizes, strides, options.weight.storage_offset());
  }
  const Tensor<T, D> log_p = log_softmax(x, axis, site);
  if (options.reduction == Reduction::none) return -sum(q * log_p, axis, false, site);
  const double count = options.reduction == Reduction::mean ? static_cast<double>(x.numel()) / static_cast<double>(classes) : 1;
  return sum(q * log_p, {}, false, site) * (-1 / count);
}

}  // namespace ops

/// The cross entropy between softmax(input) and the target.
///   input [C], [N, C] or [N, C, d1, ...], unnormalised; target: class indices [], [N] or [N, d1, ...] (integers), or probabilities of
///   the input's sizes (floating) -> [] or, without a reduction, the target's sizes without classes
/// The mean divides by the sum of the targets' weights (indices) or by N (probabilities). Throws IndexError if a target is no class.
template <tensor_like X, tensor_like Y>
auto cross_entropy(const X& input, const Y& target, const CrossEntropyOptions<value_t<X>, device_t<X>>& options = {},
                   Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(floating<T>, "cross_entropy needs a floating dtype; cast first: x.to<float>()");
  check<Error>(options.label_smoothing >= 0 && options.label_smoothing <= 1, "cross_entropy: label_smoothing is {}; it must be in [0, 1]",
               options.label_smoothing);
  if constexpr (floating<value_t<Y>>) return ops::cross_entropy_of_probabilities(eval(input, site), eval(target, site), options, site);
  else
    return ops::class_loss<true>("cross_entropy", eval(input, site), ops::class_indices(eval(target, site)),
                                 ops::ClassLoss<T, D>{options.weight, options.ignore_index, options.reduction, options.label_smoothing},
                                 site);
}

namespace nn::functional {
using torchlite::cross_entropy;
}

}  // namespace torchlite::inline TORCHLITE_ABI
