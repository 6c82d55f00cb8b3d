// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/relu.hpp>
#include <torchlite/ops/pointwise/square.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class T, class D>
struct MultiMarginLossOptions {
  int p = 1;  ///< 1 or 2
  double margin = 1;
  Tensor<T, D> weight = {};  ///< [C], of the target classes
  Reduction reduction = Reduction::mean;
};

/// sum over c != t of max(0, margin - x_t + x_c)^p / C for each row x and its class t.
///   input [N, C], [C] or [], target [N] or [] of class indices -> [] or, without a reduction, the target's sizes
/// Throws IndexError if a target is no class.
template <tensor_like X, tensor_like Y>
tensor_of<X> multi_margin_loss(const X& input, const Y& target, const MultiMarginLossOptions<value_t<X>, device_t<X>>& options = {},
                               Site site = Site::current()) {
  using Z = tensor_of<X>;
  using D = device_t<X>;
  static_assert(floating<value_t<X>>, "multi_margin_loss needs a floating dtype; cast first: x.to<float>()");
  const Z& x = eval(input, site);
  const auto labels = indexing::numbers("multi_margin_loss", target);
  check<Error>(options.p == 1 || options.p == 2, "multi_margin_loss: p is {}; it must be 1 or 2", options.p);
  check<ShapeError>(x.dim() <= 2 && (x.dim() == 0 || x.sizes().back() > 0),
                    "multi_margin_loss: the input has shape {}; it must be [N, C] or [C] with at least one class", x.sizes().str());
  const std::int64_t rows = x.dim() == 2 ? x.sizes()[0] : 1, classes = x.dim() == 0 ? 1 : x.sizes().back();
  check<ShapeError>(labels.dim() <= 1 && labels.numel() == rows,
                    "multi_margin_loss: the target of shape {} does not fit the input of shape {}; it must have one class for each row",
                    labels.sizes().str(), x.sizes().str());
  check<ShapeError>(!options.weight.defined() || options.weight.sizes() == Shape{classes},
                    "multi_margin_loss: the weight of shape {} does not fit {} classes; it must be [{}]",
                    options.weight.defined() ? options.weight.sizes().str() : "", classes, classes);
  const Z all = reshape(x, {rows, classes}, site);
  const auto column = reshape(labels, {rows, 1}, site);
  const Z own = gather(all, 1, column, site);
  const Tensor<bool, D> others = ne(reshape(arange<std::int64_t, D>(classes), {1, classes}), column);
  Z losses;
  if (options.p == 1) losses = mean(where(others, relu(all - own + options.margin), 0), 1, false, site);
  else losses = mean(where(others, square(relu(all - own + options.margin)), 0), 1, false, site);
  if (options.weight.defined()) losses = losses * index_select(options.weight, 0, reshape(labels, {rows}), site);
  return ops::reduce_loss(reshape(losses, labels.sizes(), site), options.reduction, site);
}

namespace nn::functional {
using torchlite::multi_margin_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
