// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/init.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/ops/index/embedding.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct EmbeddingOptions {
  std::int64_t num_embeddings = 0;
  std::int64_t embedding_dim = 0;
  std::int64_t padding_idx = no_padding;  ///< this row is zero and takes no gradient
};

/// A table of rows, looked up by number.
///   ids [...] integers -> [..., embedding_dim]
/// Throws IndexError where a number is not in [0, num_embeddings). The rows start normal with mean 0 and deviation 1.
template <class T = float, class D = Cpu>
struct Embedding : Module<Embedding<T, D>> {
  Embedding() = default;
  Embedding(std::int64_t num_embeddings, std::int64_t embedding_dim)
      : Embedding(EmbeddingOptions{num_embeddings, embedding_dim, no_padding}) {}
  Embedding(const EmbeddingOptions& o) : options(o), weight(empty<T, D>({o.num_embeddings, o.embedding_dim})) {
    check<IndexError>(o.padding_idx == no_padding || (o.padding_idx >= -o.num_embeddings && o.padding_idx < o.num_embeddings),
                      "Embedding: padding_idx {} is not one of {} rows", o.padding_idx, o.num_embeddings);
    if (options.padding_idx != no_padding && options.padding_idx < 0) options.padding_idx += o.num_embeddings;
    reset_parameters();
  }

  void reset_parameters() {
    init::normal_(weight);
    if (options.padding_idx != no_padding)
      fill_elements(alias<T, D>(weight, {options.embedding_dim}, {1}, options.padding_idx * options.embedding_dim), T{});
  }

  template <tensor_like I>
  Tensor<T, D> forward(const I& ids) const {
    static_assert(integral<value_t<I>>, "Embedding takes an integer tensor; cast first: ids.to<std::int64_t>()");
    if constexpr (integral<value_t<I>>) return torchlite::embedding(ids, weight, options.padding_idx);
  }

  std::string extra_repr() const {
    std::string text = format_text("{}, {}", options.num_embeddings, options.embedding_dim);
    if (options.padding_idx != no_padding) text += format_text(", padding_idx={}", options.padding_idx);
    return text;
  }
  auto fields() { return nn::fields("weight", weight, "options", options); }

  EmbeddingOptions options;
  Parameter<T, D> weight;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
