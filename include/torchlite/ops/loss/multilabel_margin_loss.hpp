// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/margin_loss.hpp>
#include <torchlite/ops/index/indexing.hpp>
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct MultilabelMarginLossOptions {
  Reduction reduction = Reduction::mean;
};

/// The sum of max(0, 1 - x_i + x_j) / C over the classes i that the target names and the classes j that it does not.
///   input [N, C], [C] or [], target of the same sizes: class indices, of which those after the first -1 do not count
///   -> [] or, without a reduction, [N] ([] for one row)
/// Throws IndexError if a target is neither a class nor -1.
template <tensor_like X, tensor_like Y>
tensor_of<X> multilabel_margin_loss(const X& input, const Y& target, const MultilabelMarginLossOptions& options = {},
                                    Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  using Z = Tensor<T, D>;
  static_assert(floating<T>, "multilabel_margin_loss needs a floating dtype; cast first: x.to<float>()");
  const Z& x = eval(input, site);
  const auto labels = ops::dense(indexing::numbers("multilabel_margin_loss", target));
  check_devices("multilabel_margin_loss", x, labels);
  ops::check_same_sizes("multilabel_margin_loss", x, labels);
  check<ShapeError>(x.dim() <= 2 && (x.dim() == 0 || x.sizes().back() > 0),
                    "multilabel_margin_loss: the input has shape {}; it must be [N, C] or [C] with at least one class", x.sizes().str());
  const std::int64_t classes = x.dim() == 0 ? 1 : x.sizes().back(), rows = x.dim() == 2 ? x.sizes()[0] : 1;
  const backend::RangeCheck range = check_range(D{}, strided_memory(labels), -1, classes - 1);
  check<IndexError>(range.ok, "multilabel_margin_loss: target {} is out of range for {} classes; it must be in [0, {}), or -1 at the end",
                    range.offender, classes, classes);
  const Z from = ops::dense(x), slope = empty<T, D>(x.sizes());
  Z losses = empty<T, D>(x.dim() == 2 ? Shape{rows} : Shape{});
  multilabel_margin_loss(D{}, rows, classes, static_cast<const T*>(from.data()), static_cast<const std::int64_t*>(labels.data()),
                         losses.data(), slope.data());
  if (autograd::needed(x))
    losses = autograd::record("multilabel_margin_loss", site, std::move(losses), autograd::inputs(x),
                              [slope](const autograd::Pass&, const Z& g) { return Z((slope.dim() == 0 ? g : unsqueeze(g, -1)) * slope); });
  return ops::reduce_loss(losses, options.reduction, site);
}

namespace nn::functional {
using torchlite::multilabel_margin_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
