// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/ctc_loss.hpp>
#include <torchlite/ops/index/indexing.hpp>
#include <torchlite/ops/loss/reduce_loss.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

#include <limits>
#include <memory>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

struct CtcLossOptions {
  std::int64_t blank = 0;  ///< the class that stands for no label
  Reduction reduction = Reduction::mean;
  bool zero_infinity = false;  ///< losses of targets that no path spells are 0, and so are their gradients
};

namespace ops {

/// What the kernels' arguments point to: among others where each target starts.
template <class T, class D>
struct CtcSequences {
  Tensor<T, D> log_probs;
  Tensor<std::int64_t, D> targets, input_lengths, target_lengths, starts;
  Tensor<double, D> losses, alpha;
  backend::CtcArguments<T> arguments;
};

/// Throws before anything is computed: after this every length fits and every label is a class.
TORCHLITE_COLD inline void check_ctc(const Shape& x, const Shape& targets, const std::vector<std::int64_t>& input_lengths,
                                     const std::vector<std::int64_t>& target_lengths, std::int64_t blank) {
  check<ShapeError>(x.rank() == 3, "ctc_loss: log_probs have shape {}; they must be [T, N, C] or [T, C]", x.str());
  check<Error>(blank >= 0 && blank < x[2], "ctc_loss: blank is {}; it must be one of {} classes", blank, x[2]);
  const auto n = static_cast<std::size_t>(x[1]);
  check<ShapeError>(
      input_lengths.size() == n && target_lengths.size() == n,
      "ctc_loss: {} input lengths and {} target lengths for log_probs of shape {}; there must be one for each of {} sequences",
      input_lengths.size(), target_lengths.size(), x.str(), n);
  std::int64_t total = 0, longest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    check<Error>(input_lengths[i] >= 0 && input_lengths[i] <= x[0], "ctc_loss: input length {} is {}; it must be in [0, {}]", i,
                 input_lengths[i], x[0]);
    check<Error>(target_lengths[i] >= 0, "ctc_loss: target length {} is {}; it must not be negative", i, target_lengths[i]);
    total += target_lengths[i];
    longest = target_lengths[i] > longest ? target_lengths[i] : longest;
  }
  if (targets.rank() == 1)
    check<ShapeError>(targets[0] == total, "ctc_loss: {} labels, but the target lengths add up to {}", targets[0], total);
  else
    check<ShapeError>(targets.rank() == 2 && targets[0] == x[1] && targets[1] >= longest,
                      "ctc_loss: targets of shape {} for {} sequences of at most {} labels; they must be [N, S] or all labels in a row",
                      targets.str(), n, longest);
}

template <class T, class D>
Tensor<T, D> ctc_losses(const Tensor<T, D>& x, const Tensor<std::int64_t, D>& targets, const std::vector<std::int64_t>& input_lengths,
                        const std::vector<std::int64_t>& target_lengths, const CtcLossOptions& options, Site site) {
  check_devices("ctc_loss", x, targets);
  using Numbers = Tensor<std::int64_t, D>;
  check_ctc(x.sizes(), targets.sizes(), input_lengths, target_lengths, options.blank);
  const auto in = std::make_shared<CtcSequences<T, D>>();
  backend::CtcArguments<T>& a = in->arguments;
  a.steps = x.sizes()[0], a.batch = x.sizes()[1], a.classes = x.sizes()[2], a.blank = options.blank;
  std::vector<std::int64_t> starts;
  std::int64_t start = 0;
  for (const std::int64_t length : target_lengths) {
    starts.push_back(targets.dim() == 2 ? static_cast<std::int64_t>(starts.size()) * targets.sizes()[1] : start);
    start += length;
    if (2 * length + 1 > a.states) a.states = 2 * length + 1;
  }
  in->log_probs = dense(x), in->targets = dense(targets);
  in->input_lengths = Numbers::from(input_lengths), in->target_lengths = Numbers::from(target_lengths), in->starts = Numbers::from(starts);
  in->losses = empty<double, D>({a.batch}), in->alpha = empty<double, D>({a.batch, a.steps, a.states});
  a.log_probs = in->log_probs.data(), a.targets = in->targets.data(), a.starts = in->starts.data();
  a.input_lengths = in->input_lengths.data(), a.target_lengths = in->target_lengths.data();
  const backend::RangeCheck range = ctc_labels(D{}, a);
  check<IndexError>(range.ok, "ctc_loss: label {} is out of range; it must be one of {} classes", range.offender, a.classes);
  ctc_loss_forward(D{}, a, in->losses.data(), in->alpha.data());
  Tensor<double, D> losses = in->losses;
  if (options.zero_infinity) losses = where(eq(losses, std::numeric_limits<double>::infinity()), 0.0, losses);
  Tensor<T, D> out = to<T>(losses);
  if (!autograd::needed(x)) return out;
  return autograd::record(
      "ctc_loss", site, std::move(out), autograd::inputs(x),
      [in, zero_infinity = options.zero_infinity, x = autograd::save(x)](const autograd::Pass& pass, const Tensor<T, D>& g) {
        Tensor<T, D> dx = empty<T, D>(x.get().sizes());
        const Tensor<T, D> from_g = dense(g);
        ctc_loss_backward(D{}, in->arguments, zero_infinity, in->losses.data(), in->alpha.data(), static_cast<const T*>(from_g.data()),
                          dx.data());
        if (!pass.create_graph()) return dx;
        return autograd::record("ctc_loss_backward", Site{}, std::move(dx), autograd::inputs(x.get(), g),
                                [](const autograd::Pass&, const Tensor<T, D>&) -> std::tuple<Tensor<T, D>, Tensor<T, D>> {
                                  fail<Error>("ctc_loss: its gradient has no gradient; take first derivatives only");
                                });
      });
}

template <tensor_like I>
std::vector<std::int64_t> ctc_lengths(const I& lengths) {
  return dense(indexing::numbers("ctc_loss", lengths)).to_vector();
}

}  // namespace ops

/// Connectionist temporal classification: -log of the probability that a sequence of labels is spelt, with any timing, blanks between them
/// and repetitions.
///   log_probs [T, N, C] (or [T, C]) as log_softmax gives them, targets [N, S] (or [S]) or all labels in a row, input_lengths and target_lengths
///   [N] -> [] or, without a reduction, [N] (or [])
/// The mean divides each loss by its target's length first. As in PyTorch the gradient is the one that log_softmax passes on unchanged.
/// Computed in double. Throws if a length does not fit or a label is no class.
/// Source: Graves et al., Connectionist temporal classification, ICML 2006.
template <tensor_like X, tensor_like Y>
tensor_of<X> ctc_loss(const X& log_probs, const Y& targets_, const std::vector<std::int64_t>& input_lengths,
                      const std::vector<std::int64_t>& target_lengths, const CtcLossOptions& options = {}, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(floating<T>, "ctc_loss needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(log_probs, site);
  const auto targets = indexing::numbers("ctc_loss", targets_);
  ops::check_reduction(options.reduction);
  if (x.dim() == 2) {
    const auto losses = ops::ctc_losses<T, D>(unsqueeze(x, 1, site), targets.dim() == 1 ? unsqueeze(targets, 0) : targets, input_lengths,
                                              target_lengths, options, site);
    if (options.reduction == Reduction::none) return squeeze(losses, 0, site);
    const double length = static_cast<double>(std::max<std::int64_t>(1, target_lengths[0]));
    return sum(options.reduction == Reduction::mean ? tensor_of<X>(losses / length) : losses, {}, false, site);
  }
  const auto losses = ops::ctc_losses<T, D>(x, targets, input_lengths, target_lengths, options, site);
  if (options.reduction != Reduction::mean) return ops::reduce_loss(losses, options.reduction, site);
  const auto lengths = Tensor<std::int64_t, D>::from(target_lengths, Shape{static_cast<std::int64_t>(target_lengths.size())});
  return mean(losses / clamp(lengths, 1, std::numeric_limits<std::int64_t>::max()), {}, false, site);
}
template <tensor_like X, tensor_like Y, tensor_like I, tensor_like L>
tensor_of<X> ctc_loss(const X& log_probs, const Y& targets, const I& input_lengths, const L& target_lengths,
                      const CtcLossOptions& options = {}, Site site = Site::current()) {
  return ctc_loss(log_probs, targets, ops::ctc_lengths(input_lengths), ops::ctc_lengths(target_lengths), options, site);
}

namespace nn::functional {
using torchlite::ctc_loss;
}

}  // namespace torchlite::inline TORCHLITE_ABI
