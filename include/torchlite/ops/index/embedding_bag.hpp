// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/embedding_bag.hpp>
#include <torchlite/ops/index/embedding.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/ge.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/rows.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// What becomes of the rows of a bag.
enum class BagMode { sum, mean, max };

template <class T, class D>
struct EmbeddingBagOptions {
  double max_norm = 0;   ///< if not 0, rows that are used and longer are shortened to it, in place
  double norm_type = 2;  ///< in which norm
  bool scale_grad_by_freq = false;
  BagMode mode = BagMode::mean;
  Tensor<T, D> per_sample_weights = {};   ///< of the input's sizes: factors of the rows, with mode sum
  bool include_last_offset = false;       ///< the last offset is where the last bag ends
  std::int64_t padding_idx = no_padding;  ///< this row counts in no bag
};

namespace ops {

/// Where bags begin and end, checked: [bags + 1].
template <class D>
std::vector<std::int64_t> bag_ends(const Tensor<std::int64_t, D>& input, const Tensor<std::int64_t, D>& offsets, bool include_last) {
  std::vector<std::int64_t> ends;
  if (input.dim() == 2) {
    check<Error>(!offsets.defined(), "embedding_bag: an input of shape {} has one bag in each row; offsets are for an input [n]",
                 input.sizes().str());
    for (std::int64_t b = 0; b <= input.sizes()[0]; ++b) ends.push_back(b * input.sizes()[1]);
    return ends;
  }
  check<ShapeError>(input.dim() == 1, "embedding_bag: an input of shape {}; it must be [bags, size] or, with offsets, [n]",
                    input.sizes().str());
  check<ShapeError>(offsets.defined() && offsets.dim() == 1, "embedding_bag: an input [n] needs offsets [bags]");
  ends = dense(offsets).to_vector();
  check<Error>(!include_last || !ends.empty(), "embedding_bag: include_last_offset needs at least one offset");
  check<IndexError>(ends.empty() || ends.front() == 0, "embedding_bag: the first offset is {}; it must be 0",
                    ends.empty() ? 0 : ends.front());
  check<IndexError>(ends.empty() || ends.back() <= input.numel(), "embedding_bag: the last offset is {}; the input has {} numbers",
                    ends.empty() ? 0 : ends.back(), input.numel());
  for (std::size_t b = 1; b < ends.size(); ++b)
    check<IndexError>(ends[b - 1] <= ends[b], "embedding_bag: offset {} follows offset {}; they must not decrease", ends[b], ends[b - 1]);
  if (!include_last) ends.push_back(input.numel());
  return ends;
}

}  // namespace ops

/// Sums, means or largest elements of bags of rows of a table, without a tensor of all those rows; 0 for an empty bag.
///   input [bags, size], or [n] with offsets [bags] where each bag begins; weight [rows, width] -> [bags, width]
/// Throws IndexError where a number is not in [0, rows), or offsets decrease.
template <tensor_like I, tensor_like W>
tensor_of<W> embedding_bag(const I& input_, const W& weight_, const Tensor<std::int64_t, device_t<W>>& offsets = {},
                           const EmbeddingBagOptions<value_t<W>, device_t<W>>& options = {}, Site site = Site::current()) {
  using T = value_t<W>;
  using D = device_t<W>;
  using Y = Tensor<T, D>;
  using Numbers = Tensor<std::int64_t, D>;
  const Numbers given = indexing::numbers("embedding_bag", input_);
  const Y& weight = eval(weight_, site);
  check<ShapeError>(weight.dim() == 2, "embedding_bag: a table of shape {}; it must be [rows, width]", weight.sizes().str());
  check_devices("embedding_bag", weight, options.per_sample_weights);
  check_devices("embedding_bag", given, offsets);
  const std::vector<std::int64_t> ends = ops::bag_ends(given, offsets, options.include_last_offset);
  const Y& factors = options.per_sample_weights;
  if (factors.defined()) {
    check<ShapeError>(factors.sizes() == given.sizes(),
                      "embedding_bag: per_sample_weights of shape {} for an input of shape {}; they must be equal", factors.sizes().str(),
                      given.sizes().str());
    check<Error>(options.mode == BagMode::sum, "embedding_bag: per_sample_weights need mode sum");
  }
  check<Error>(!options.scale_grad_by_freq || options.mode != BagMode::max, "embedding_bag: scale_grad_by_freq does not go with mode max");
  const std::int64_t rows = weight.sizes()[0], width = weight.sizes()[1], bags = static_cast<std::int64_t>(ends.size()) - 1;
  const Numbers input = ops::dense(reshape(given, {given.numel()}));
  const backend::RangeCheck range = check_range(D{}, strided_memory(input), 0, rows - 1);
  check<IndexError>(range.ok, "embedding_bag: index {} is out of range for a table of shape {}", range.offender, weight.sizes().str());
  const std::int64_t padding = options.padding_idx == no_padding ? -1 : normalize_index(options.padding_idx, 0, weight.sizes());
  if (options.max_norm != 0) embedding_renorm_(weight, input, options.max_norm, options.norm_type);

  const Y table = ops::dense(weight), weights = factors.defined() ? ops::dense(factors) : Y();
  backend::BagArguments<T> a;
  a.bags = bags, a.width = width, a.padding = padding;
  const Numbers ends_there = Numbers::from(ends);
  a.table = table.data(), a.numbers = input.data(), a.ends = ends_there.data(), a.factors = weights.defined() ? weights.data() : nullptr;
  if (options.mode == BagMode::max) {
    const Numbers best = empty<std::int64_t, D>({bags, width});
    largest_in_bags(D{}, a, best.data());
    if (rows == 0) return zeros<T, D>({bags, width});
    return where(ge(best, 0), gather(weight, 0, Numbers(where(ge(best, 0), best, 0)), site), 0);
  }
  const bool average = options.mode == BagMode::mean;
  Y out = empty<T, D>({bags, width});
  sum_bags(D{}, a, average, out.data());
  if (!autograd::needed(weight, factors)) return out;
  return autograd::record("embedding_bag", site, std::move(out), autograd::inputs(weight, factors),
                          [weight = autograd::save(weight), factors = autograd::save(factors), input, ends, padding, average, rows,
                           by_count = options.scale_grad_by_freq](const autograd::Pass& pass, const Y& g) {
                            // The bag of each number, and the part that it has in the bag's result.
                            const std::int64_t n = input.numel();
                            std::vector<std::int64_t> owners(static_cast<std::size_t>(n));
                            std::vector<double> parts_of_bags(owners.size());
                            for (std::size_t b = 0; b + 1 < ends.size(); ++b)
                              for (auto i = static_cast<std::size_t>(ends[b]); i < static_cast<std::size_t>(ends[b + 1]); ++i)
                                owners[i] = static_cast<std::int64_t>(b), parts_of_bags[i] = 1;
                            const Numbers bag = Numbers::from(owners);
                            auto part = Tensor<double, D>::from(parts_of_bags);
                            if (padding >= 0) part = where(eq(input, padding), 0.0, part);
                            if (average) {
                              const Tensor<double, D> counts = index_add(zeros<double, D>({g.sizes()[0]}), 0, bag, part);
                              part = part / clamp(index_select(counts, 0, bag), 1.0, static_cast<double>(n));
                            }
                            const Y share = unsqueeze(to<T>(part), 1), from_bags = index_select(g, 0, bag) * share;
                            Y of_weight, of_factors;
                            if (pass.needs(0)) {
                              Y parts = factors.get().defined() ? Y(from_bags * reshape(factors.get(), {n, 1})) : from_bags;
                              if (by_count) parts = parts / unsqueeze(ops::occurrences<T, D>(input, rows), 1);
                              of_weight = indexing::scatter_sum<T, D>("embedding_bag", parts,
                                                                      indexing::slices("embedding_bag", weight.get().sizes(), 0, input),
                                                                      weight.get().sizes());
                            }
                            if (pass.needs(1))
                              of_factors = reshape(sum(from_bags * index_select(weight.get(), 0, input), 1), factors.get().sizes());
                            return std::tuple(of_weight, of_factors);
                          });
}

namespace nn::functional {
using torchlite::embedding_bag;
}

}  // namespace torchlite::inline TORCHLITE_ABI
