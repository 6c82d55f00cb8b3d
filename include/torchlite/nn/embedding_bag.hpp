// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/ops/index/embedding_bag.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct EmbeddingBagOptions {
  std::int64_t num_embeddings = 0;
  std::int64_t embedding_dim = 0;
  double max_norm = 0;  ///< if not 0, rows that are used and longer are shortened to it
  double norm_type = 2;
  bool scale_grad_by_freq = false;
  BagMode mode = BagMode::mean;
  bool include_last_offset = false;
  std::int64_t padding_idx = no_padding;  ///< this row is zero and counts in no bag
};

/// Sums, means or largest elements of bags of rows of a table.
///   ids [bags, size], or [n] with offsets [bags] -> [bags, embedding_dim]
/// The rows start normal with mean 0 and deviation 1.
template <class T = float, class D = Cpu>
struct EmbeddingBag : Module<EmbeddingBag<T, D>> {
  EmbeddingBag() = default;
  EmbeddingBag(std::int64_t num_embeddings, std::int64_t embedding_dim)
      : EmbeddingBag(EmbeddingBagOptions{.num_embeddings = num_embeddings, .embedding_dim = embedding_dim}) {}
  EmbeddingBag(const EmbeddingBagOptions& o) : options(o), weight(empty<T, D>({o.num_embeddings, o.embedding_dim})) {
    check<IndexError>(o.padding_idx == no_padding || (o.padding_idx >= -o.num_embeddings && o.padding_idx < o.num_embeddings),
                      "EmbeddingBag: padding_idx {} is not one of {} rows", o.padding_idx, o.num_embeddings);
    if (options.padding_idx != no_padding && options.padding_idx < 0) options.padding_idx += o.num_embeddings;
    reset_parameters();
  }

  void reset_parameters() {
    init::normal_(weight);
    if (options.padding_idx != no_padding)
      fill_elements(alias<T, D>(weight, {options.embedding_dim}, {1}, options.padding_idx * options.embedding_dim), T{});
  }

  template <tensor_like I>
  Tensor<T, D> forward(const I& ids, const Tensor<std::int64_t, D>& offsets = {}, const Tensor<T, D>& per_sample_weights = {}) const {
    return torchlite::embedding_bag(ids, weight, offsets,
                                    {options.max_norm, options.norm_type, options.scale_grad_by_freq, options.mode, per_sample_weights,
                                     options.include_last_offset, options.padding_idx});
  }

  std::string extra_repr() const {
    constexpr const char* names[] = {"sum", "mean", "max"};
    std::string text =
        format_text("{}, {}, mode='{}'", options.num_embeddings, options.embedding_dim, names[static_cast<int>(options.mode)]);
    if (options.padding_idx != no_padding) text += format_text(", padding_idx={}", options.padding_idx);
    return text;
  }
  auto fields() { return nn::fields("weight", weight, "options", options); }

  EmbeddingBagOptions options;
  Parameter<T, D> weight;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
