// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/gt.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// In place of padding_idx: every row gets a gradient.
inline constexpr std::int64_t no_padding = std::numeric_limits<std::int64_t>::min();

/// The rows of a table that the input names. The gradient adds up in the order of the input, whatever the number of threads.
///   input [...] integers, weight [rows, width] -> [..., width]; row padding_idx gets no gradient
/// Throws IndexError where a number is not in [0, rows).
template <tensor_like I, tensor_like W>
tensor_of<W> embedding(const I& input_, const W& weight_, std::int64_t padding_idx = no_padding, Site site = Site::current()) {
  using T = value_t<W>;
  using D = device_t<W>;
  static_assert(std::is_same_v<device_t<I>, D>, "operands live on different devices; move one first, for example with a.to<Cuda>()");
  const auto input = indexing::numbers("embedding", input_);
  const auto& weight = eval(weight_, site);
  check<ShapeError>(weight.dim() == 2, "embedding: a table of shape {}; it must be [rows, width]", weight.sizes().str());
  indexing::Plan<D> plan;
  plan.sizes = input.sizes();
  plan.source = Shape::filled(input.dim(), -1);
  plan.sizes.push_back(weight.sizes()[1]);
  plan.source.push_back(1);
  plan.add("embedding", input, 0, 0, weight.sizes(), false);
  if (padding_idx == no_padding || !autograd::needed(weight)) return indexing::get<T, D>("embedding", weight, plan, site);

  check_devices("embedding", weight);
  const std::int64_t padding = normalize_index(padding_idx, 0, weight.sizes());
  Tensor<T, D> out = empty<T, D>(plan.sizes);
  index_get<T>(D{}, indexing::Arguments<T, D>(plan, out, weight).kernel);
  return autograd::record("embedding", site, std::move(out), autograd::inputs(weight),
                          [plan, input, padding, own = weight.sizes()](const autograd::Pass&, const Tensor<T, D>& g) {
                            const auto padded = unsqueeze(eq(input, padding), -1);
                            return indexing::scatter_sum<T, D>("embedding", where(padded, static_cast<T>(0), g).eval(), plan, own);
                          });
}

/// What embedding can be asked for besides.
struct EmbeddingOptions {
  std::int64_t padding_idx = no_padding;  ///< this row gets no gradient
  double max_norm = 0;                    ///< if not 0, rows that are used and longer are shortened to it, in place
  double norm_type = 2;                   ///< in which norm
  bool scale_grad_by_freq = false;        ///< the gradient of a row is divided by how often the input names it
};

/// Rows of the weight that the input names and whose p-norm is larger than max_norm are scaled to it, in place and without a graph.
///   weight [rows, width], input [...] integers
template <class T, class D, tensor_like I>
const Tensor<T, D>& embedding_renorm_(const Tensor<T, D>& weight, const I& input, double max_norm, double norm_type = 2) {
  check<ShapeError>(weight.dim() == 2, "embedding: a table of shape {}; it must be [rows, width]", weight.sizes().str());
  const NoGradGuard guard;
  const auto numbers = reshape(indexing::numbers("embedding", input), {-1});
  const auto plan = indexing::slices("embedding", weight.sizes(), 0, numbers);
  const Tensor<T, D> rows = indexing::get<T, D>("embedding", weight.detach(), plan);
  const Tensor<T, D> length = norm(rows, norm_type, 1, true);
  const Tensor<T, D> shorter = rows * where(gt(length, max_norm), max_norm / (length + 1e-7), 1);
  indexing::put_("embedding_renorm_", weight, plan, shorter, false, Site{});
  return weight;
}

namespace ops {

/// How often each element of the input occurs in it.
///   input [n] -> [n]
template <class T, class D>
Tensor<T, D> occurrences(const Tensor<std::int64_t, D>& input, std::int64_t rows) {
  const auto plan = indexing::slices("embedding", Shape{rows}, 0, input);
  const Tensor<T, D> counts = indexing::scatter_sum<T, D>("embedding", ones<T, D>(input.sizes()), plan, {rows});
  return indexing::get<T, D>("embedding", counts, plan);
}

/// x itself; its gradient is multiplied by a factor that broadcasts.
template <class T, class D>
Tensor<T, D> scale_gradient(const Tensor<T, D>& x, const Tensor<T, D>& factor, Site site) {
  if (!autograd::needed(x)) return x;
  Tensor<T, D> same = alias(x, x.sizes(), x.strides(), x.storage_offset());
  return autograd::record("embedding", site, std::move(same), autograd::inputs(x),
                          [factor](const autograd::Pass&, const Tensor<T, D>& g) { return Tensor<T, D>(g * factor); });
}

}  // namespace ops

template <tensor_like I, tensor_like W>
tensor_of<W> embedding(const I& input_, const W& weight_, const EmbeddingOptions& options, Site site = Site::current()) {
  using T = value_t<W>;
  using D = device_t<W>;
  const auto input = indexing::numbers("embedding", input_);
  const Tensor<T, D>& weight = eval(weight_, site);
  if (options.max_norm != 0) embedding_renorm_(weight, input, options.max_norm, options.norm_type);
  const Tensor<T, D> out = embedding(input, weight, options.padding_idx, site);
  if (!options.scale_grad_by_freq) return out;
  const Tensor<T, D> counts = reshape(ops::occurrences<T, D>(reshape(input, {-1}), weight.sizes()[0]), input.sizes());
  return ops::scale_gradient(out, Tensor<T, D>(unsqueeze(1 / counts, -1)), site);
}

/// 1 at the position that the input names, else 0.
///   input [...] integers -> [..., num_classes] int64; num_classes -1 is the largest input + 1
/// Throws IndexError where a number is negative or not below num_classes.
template <tensor_like I>
Tensor<std::int64_t, device_t<I>> one_hot(const I& input_, std::int64_t num_classes = -1) {
  using D = device_t<I>;
  const auto input = indexing::numbers("one_hot", input_);
  if (num_classes < 0) {
    check<ShapeError>(input.numel() > 0, "one_hot: the number of classes cannot be told from an input without elements");
    num_classes = 0;
    const auto dense = contiguous(input);
    std::vector<std::int64_t> labels(static_cast<std::size_t>(dense.numel()));
    copy_to_host(D{}, labels.data(), dense.data(), labels.size() * sizeof(std::int64_t));
    for (std::int64_t label : labels) num_classes = label + 1 > num_classes ? label + 1 : num_classes;
  }
  Shape sizes = input.sizes();
  sizes.push_back(num_classes);
  return scatter(zeros<std::int64_t, D>(sizes), -1, unsqueeze(input, -1), 1);
}

}  // namespace torchlite::inline TORCHLITE_ABI
