// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/linear.hpp>
#include <torchlite/ops/attention/scaled_dot_product_attention.hpp>
#include <torchlite/ops/pointwise/logical_not.hpp>
#include <torchlite/ops/pointwise/logical_or.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

struct MultiheadAttentionOptions {
  std::int64_t embed_dim = 0;
  std::int64_t num_heads = 1;
  double dropout = 0;  ///< of the attention weights, in training
  bool bias = true;
  bool batch_first = true;  ///< false: tensors are [L, N, E], as they are in PyTorch unless it is told otherwise
};

/// How one call attends.
template <class T, class D>
struct MultiheadAttentionCall {
  bool is_causal = false;                 ///< query i sees keys 0 to i only
  Tensor<bool, D> key_padding_mask = {};  ///< [N, S], true where a key is not seen
  Tensor<bool, D> attn_mask = {};         ///< broadcasts to [N, heads, L, S], true where a key is not seen
};

/// Attention in several subspaces: queries, keys and values are projected, attend in num_heads parts, and are projected again.
///   query [N, L, E], key and value [N, S, E] -> [N, L, E]
///   attention(x, x, x, {.is_causal = true})
/// Source: Vaswani et al., 2017.
template <class T = float, class D = Cpu>
struct MultiheadAttention : Module<MultiheadAttention<T, D>> {
  MultiheadAttention() = default;
  MultiheadAttention(std::int64_t embed_dim, std::int64_t num_heads)
      : MultiheadAttention(MultiheadAttentionOptions{.embed_dim = embed_dim, .num_heads = num_heads}) {}
  MultiheadAttention(const MultiheadAttentionOptions& o)
      : options(o),
        in_proj_weight(empty<T, D>({3 * o.embed_dim, o.embed_dim})),
        out_proj({.in_features = o.embed_dim, .out_features = o.embed_dim, .bias = o.bias}) {
    check<Error>(o.num_heads > 0 && o.embed_dim % o.num_heads == 0, "MultiheadAttention: embed_dim {} is not divisible by num_heads {}",
                 o.embed_dim, o.num_heads);
    if (o.bias) in_proj_bias = empty<T, D>({3 * o.embed_dim});
    init::xavier_uniform_(in_proj_weight);
    if (o.bias) init::zeros_(in_proj_bias), init::zeros_(out_proj.bias);
  }

  /// The base takes no argument in braces.
  Tensor<T, D> operator()(const Tensor<T, D>& query, const Tensor<T, D>& key, const Tensor<T, D>& value,
                          const MultiheadAttentionCall<T, D>& call = {}) const {
    Tensor<T, D> result = forward(query, key, value, call);
    if (ForwardObserver* observer = forward_observer()) [[unlikely]]
      observer->after(this, "MultiheadAttention", result.sizes());
    return result;
  }

  Tensor<T, D> forward(const Tensor<T, D>& query, const Tensor<T, D>& key, const Tensor<T, D>& value,
                       const MultiheadAttentionCall<T, D>& call = {}) const {
    check<ShapeError>(query.dim() == 3 && key.dim() == 3 && value.dim() == 3,
                      "MultiheadAttention: query {}, key {}, value {}; each must have 3 dimensions", query.sizes().str(), key.sizes().str(),
                      value.sizes().str());
    const std::int64_t e = options.embed_dim;
    const AttentionOptions attention{.dropout_p = training ? options.dropout : 0, .is_causal = call.is_causal};
    const bool masked = call.attn_mask.defined() || call.key_padding_mask.defined();
    const bool self = query.ref() == key.ref() && key.ref() == value.ref();
    if (self && !masked)
      return out_proj(ops::packed_attention(torchlite::linear(query, in_proj_weight, in_proj_bias), options.num_heads, options.batch_first,
                                            attention, Site{}));
    Tensor<T, D> q, k, v;
    if (self) {
      const Tensor<T, D> all = torchlite::linear(query, in_proj_weight, in_proj_bias);
      q = heads(narrow(all, -1, 0, e));
      k = heads(narrow(all, -1, e, e));
      v = heads(narrow(all, -1, 2 * e, e));
    } else {
      q = heads(project(query, 0));
      k = heads(project(key, 1));
      v = heads(project(value, 2));
    }
    Tensor<T, D> y;
    if (!masked) {
      y = scaled_dot_product_attention(q, k, v, attention);
    } else {
      check<Error>(!call.is_causal, "MultiheadAttention: a mask and is_causal exclude each other; put the causal part into attn_mask");
      y = scaled_dot_product_attention(q, k, v, seen(call), attention);
    }
    y = transpose(y, 1, 2);  // [N, L, heads, E / heads]
    if (!options.batch_first) y = transpose(y, 0, 1);
    return out_proj(reshape(y, query.sizes()));
  }

  std::string extra_repr() const { return format_text("embed_dim={}, num_heads={}", options.embed_dim, options.num_heads); }
  auto fields() {
    return nn::fields("in_proj_weight", in_proj_weight, "in_proj_bias", in_proj_bias, "out_proj", out_proj, "options", options, "training",
                      training);
  }

  MultiheadAttentionOptions options;
  Parameter<T, D> in_proj_weight, in_proj_bias;
  Linear<T, D> out_proj;
  bool training = true;

 private:
  /// x times the i-th third of in_proj.
  Tensor<T, D> project(const Tensor<T, D>& x, std::int64_t i) const {
    const std::int64_t e = options.embed_dim;
    const Tensor<T, D> bias = in_proj_bias.defined() ? narrow(in_proj_bias, 0, i * e, e) : Tensor<T, D>();
    return torchlite::linear(x, narrow(in_proj_weight, 0, i * e, e), bias);
  }
  /// [N, L, E] -> [N, heads, L, E / heads]
  Tensor<T, D> heads(const Tensor<T, D>& x) const {
    const Tensor<T, D> parts = reshape(x, {x.size(0), x.size(1), options.num_heads, options.embed_dim / options.num_heads});
    return options.batch_first ? transpose(parts, 1, 2) : permute(parts, {1, 2, 0, 3});
  }
  /// True where a key is seen.
  static Tensor<bool, D> seen(const MultiheadAttentionCall<T, D>& call) {
    if (!call.key_padding_mask.defined()) return logical_not(call.attn_mask);
    const Tensor<bool, D> padding = unsqueeze(unsqueeze(call.key_padding_mask, 1), 1);
    if (!call.attn_mask.defined()) return logical_not(padding);
    return logical_not(logical_or(padding, call.attn_mask));
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
