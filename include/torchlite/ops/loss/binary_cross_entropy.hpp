// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/pointwise.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace pointwise {

/// -(y log x + (1 - y) log(1 - x)), elementwise; logarithms are not below -100, and the gradient is finite everywhere.
struct BinaryCrossEntropy : Symbolic {
  static constexpr std::string_view name = "binary_cross_entropy";
  static constexpr bool heavy = true;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T y) {
    return (y - T(1)) * max(log1p(-x), T(-100)) - y * max(log(x), T(-100));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T y) {
    return {{(x - y) / max((T(1) - x) * x, T(1e-12)), max(log1p(-x), T(-100)) - max(log(x), T(-100))}};
  }
};
}  // namespace pointwise

template <class T, class D>
struct BinaryCrossEntropyOptions {
  Tensor<T, D> weight = {};  ///< of the elements; broadcasts
  Reduction reduction = Reduction::mean;
};

/// -(y log x + (1 - y) log(1 - x)) of each pair of elements; logarithms are not below -100.
///   input [...] of probabilities, target [...] -> [] or, without a reduction, [...]
template <tensor_like X, tensor_like Y>
auto binary_cross_entropy(const X& input, const Y& target, const BinaryCrossEntropyOptions<value_t<X>, device_t<X>>& options = {},
                          Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "binary_cross_entropy needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(input, site);
  const auto& y = eval(target, site);
  ops::check_same_sizes("binary_cross_entropy", x, y);
  constexpr Pointwise<pointwise::BinaryCrossEntropy> losses;
  if (options.weight.defined()) return ops::reduce_loss(losses(x, y) * options.weight, options.reduction, site);
  return ops::reduce_loss(losses(x, y), options.reduction, site);
}

namespace nn::functional {
using torchlite::binary_cross_entropy;
}

}  // namespace torchlite::inline TORCHLITE_ABI
