// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/attention/scaled_dot_product_attention.hpp>
#include <torchlite/ops/linalg/linear.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Which keys a query may not see: floating numbers that are added to the scores, or bool, true where a key is hidden.
template <class T, class D>
struct AttentionMask {
  AttentionMask() = default;
  AttentionMask(const Tensor<T, D>& numbers) : added(numbers) {}          // NOLINT(google-explicit-constructor): a mask of either kind
  AttentionMask(const Tensor<bool, D>& positions) : hidden(positions) {}  // NOLINT(google-explicit-constructor)

  Tensor<T, D> added;
  Tensor<bool, D> hidden;
};

template <class T, class D>
struct MultiHeadAttentionForwardOptions {
  bool training = true;
  AttentionMask<T, D> key_padding_mask = {};  ///< [N, S], or [S] without a batch
  bool need_weights = true;                   ///< the weights are returned, too
  AttentionMask<T, D> attn_mask = {};         ///< [L, S] or [N * heads, L, S]
  bool use_separate_proj_weight = false;      ///< q_proj_weight, k_proj_weight and v_proj_weight instead of in_proj_weight
  Tensor<T, D> q_proj_weight = {}, k_proj_weight = {}, v_proj_weight = {};
  Tensor<T, D> static_k = {}, static_v = {};  ///< [N * heads, S, E / heads], in place of the projected key and value
  bool average_attn_weights = true;           ///< over the heads
  bool is_causal = false;                     ///< attn_mask is the causal one: a hint, as in PyTorch
};

template <class T, class D>
struct MultiHeadAttentionForward {
  Tensor<T, D> attn_output;
  Tensor<T, D> attn_output_weights;  ///< undefined unless they were asked for
};

namespace ops {

/// A mask as numbers to add to scores, with the sizes given; undefined if there is none.
template <class T, class D>
Tensor<T, D> added_mask(const AttentionMask<T, D>& mask, const Shape& sizes) {
  if (mask.added.defined()) return reshape(mask.added, sizes);
  if (!mask.hidden.defined()) return {};
  return where(reshape(mask.hidden, sizes), -std::numeric_limits<double>::infinity(), zeros<T, D>({}));
}

/// The weights of x's third part i, all three lying in one tensor.
template <class T, class D>
Tensor<T, D> third(const Tensor<T, D>& x, std::int64_t i, std::int64_t e) {
  return x.defined() ? narrow(x, 0, i * e, e) : Tensor<T, D>();
}

/// multi_head_attention_forward with dropout(weights) as the caller wants it.
template <class T, class D, class Dropout>
MultiHeadAttentionForward<T, D> multi_head_attention(const Tensor<T, D>& query_, const Tensor<T, D>& key_, const Tensor<T, D>& value_,
                                                     std::int64_t num_heads, const Tensor<T, D>& in_proj_weight,
                                                     const Tensor<T, D>& in_proj_bias, const Tensor<T, D>& bias_k,
                                                     const Tensor<T, D>& bias_v, bool add_zero_attn, const Tensor<T, D>& out_proj_weight,
                                                     const Tensor<T, D>& out_proj_bias,
                                                     const MultiHeadAttentionForwardOptions<T, D>& options, Dropout dropout, Site site) {
  using Y = Tensor<T, D>;
  const bool batched = query_.dim() == 3;
  const auto with_batch = [&](const Y& t) { return batched ? t : unsqueeze(t, 1, site); };
  const Y query = with_batch(query_), key = with_batch(key_), value = with_batch(value_);
  const std::int64_t length = query.size(0), batch = query.size(1), e = query.size(2), width = e / num_heads;
  Y q, k, v;
  if (options.use_separate_proj_weight) {
    q = linear(query, options.q_proj_weight, third(in_proj_bias, 0, e), site);
    k = linear(key, options.k_proj_weight, third(in_proj_bias, 1, e), site);
    v = linear(value, options.v_proj_weight, third(in_proj_bias, 2, e), site);
  } else {
    q = linear(query, third(in_proj_weight, 0, e), third(in_proj_bias, 0, e), site);
    k = linear(key, third(in_proj_weight, 1, e), third(in_proj_bias, 1, e), site);
    v = linear(value, third(in_proj_weight, 2, e), third(in_proj_bias, 2, e), site);
  }
  if (bias_k.defined()) {
    k = cat({k, expand(reshape(bias_k, {1, 1, e}), {1, batch, e})}, 0, site);
    v = cat({v, expand(reshape(bias_v, {1, 1, e}), {1, batch, e})}, 0, site);
  }
  // [L, N, E] -> [N, heads, L, E / heads]
  const auto heads = [&](const Y& t) { return permute(reshape(t, {t.size(0), batch, num_heads, width}), {1, 2, 0, 3}, site); };
  q = heads(q);
  k = options.static_k.defined() ? reshape(options.static_k, {batch, num_heads, -1, width}) : heads(k);
  v = options.static_v.defined() ? reshape(options.static_v, {batch, num_heads, -1, width}) : heads(v);
  if (add_zero_attn) {
    const Y zero = zeros<T, D>({batch, num_heads, 1, width});
    k = cat({k, zero}, 2, site);
    v = cat({v, zero}, 2, site);
  }

  // Keys that were appended are seen by all: the masks are as wide as the keys that were given.
  const std::int64_t keys = k.size(2), source = options.static_k.defined() ? options.static_k.size(1) : key.size(0);
  Y mask = [&] {
    const AttentionMask<T, D>& m = options.attn_mask;
    const int rank = m.added.defined() ? m.added.dim() : (m.hidden.defined() ? m.hidden.dim() : 0);
    return added_mask(m, rank == 3 ? Shape{batch, num_heads, length, source} : Shape{1, 1, length, source});
  }();
  const Y padding = added_mask(options.key_padding_mask, {batch, 1, 1, source});
  if (padding.defined()) mask = mask.defined() ? Y(mask + padding) : padding;
  if (mask.defined() && keys > source) {
    Shape added = mask.sizes();
    added[3] = keys - source;
    mask = cat({mask, zeros<T, D>(added)}, 3, site);
  }

  Y scores = matmul(Y(q * (1 / __builtin_sqrt(static_cast<double>(width)))), transpose(k, -2, -1));
  if (mask.defined()) scores = scores + mask;
  const Y weights = dropout(softmax(scores, -1, site));
  // [N, heads, L, E / heads] -> [L, N, E]
  Y out = linear(reshape(permute(matmul(weights, v), {2, 0, 1, 3}), {length, batch, e}), out_proj_weight, out_proj_bias, site);
  if (!batched) out = squeeze(out, 1, site);
  if (!options.need_weights) return {out, {}};
  Y shown = options.average_attn_weights ? Y(mean(weights, 1, false, site)) : weights;
  if (!batched) shown = squeeze(shown, 0, site);
  return {out, shown};
}

template <class T, class D>
TORCHLITE_COLD void check_multi_head(const Tensor<T, D>& query, const Tensor<T, D>& key, const Tensor<T, D>& value, std::int64_t embed_dim,
                                     std::int64_t num_heads, const Tensor<T, D>& bias_k, const Tensor<T, D>& bias_v,
                                     const MultiHeadAttentionForwardOptions<T, D>& o) {
  constexpr const char* op = "multi_head_attention_forward";
  const int rank = query.dim();
  check<ShapeError>((rank == 2 || rank == 3) && key.dim() == rank && value.dim() == rank,
                    "{}: query {}, key {} and value {}; they must be [L, N, E], [S, N, E] and [S, N, E], or all without N", op,
                    query.sizes().str(), key.sizes().str(), value.sizes().str());
  check<ShapeError>(query.size(-1) == embed_dim, "{}: the query has shape {}; its last size must be {}", op, query.sizes().str(),
                    embed_dim);
  check<Error>(num_heads > 0 && embed_dim % num_heads == 0, "{}: {} features cannot be divided among {} heads", op, embed_dim, num_heads);
  check<ShapeError>(key.size(0) == value.size(0) && (rank == 2 || (key.size(1) == query.size(1) && value.size(1) == query.size(1))),
                    "{}: key {} and value {} do not fit the query {}; sequence lengths of key and value and all batch sizes must be equal",
                    op, key.sizes().str(), value.sizes().str(), query.sizes().str());
  check<Error>(bias_k.defined() == bias_v.defined(), "{}: one of bias_k and bias_v is given; give both or none", op);
  check<Error>(!o.use_separate_proj_weight || (o.q_proj_weight.defined() && o.k_proj_weight.defined() && o.v_proj_weight.defined()),
               "{}: use_separate_proj_weight needs q_proj_weight, k_proj_weight and v_proj_weight", op);
}

}  // namespace ops

/// Attention in several subspaces, with all parameters given: query, key and value are projected, attend in num_heads parts, and are projected
/// again. nn::MultiheadAttention is the layer.
///   query [L, N, E], key [S, N, Ek], value [S, N, Ev] (all without N if not batched), in_proj_weight [3 E, E], in_proj_bias [3 E], bias_k and
///   bias_v [1, 1, E] (a key and value more) or undefined, out_proj_weight [E, E], out_proj_bias [E]
///   -> attn_output [L, N, E], attn_output_weights [N, L, S] ([N, heads, L, S] not averaged)
/// Source: Vaswani et al., Attention is all you need, NeurIPS 2017.
template <class T, class D>
MultiHeadAttentionForward<T, D> multi_head_attention_forward(
    const Tensor<T, D>& query, const Tensor<T, D>& key, const Tensor<T, D>& value, std::int64_t embed_dim_to_check, std::int64_t num_heads,
    const Tensor<T, D>& in_proj_weight, const Tensor<T, D>& in_proj_bias, const Tensor<T, D>& bias_k, const Tensor<T, D>& bias_v,
    bool add_zero_attn, double dropout_p, const Tensor<T, D>& out_proj_weight, const Tensor<T, D>& out_proj_bias,
    const MultiHeadAttentionForwardOptions<T, D>& options = {}, Site site = Site::current()) {
  static_assert(floating<T>, "multi_head_attention_forward needs a floating dtype; cast first: x.to<float>()");
  ops::check_multi_head(query, key, value, embed_dim_to_check, num_heads, bias_k, bias_v, options);
  return ops::multi_head_attention(
      query, key, value, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, add_zero_attn, out_proj_weight, out_proj_bias, options,
      [&](const Tensor<T, D>& weights) { return options.training && dropout_p != 0 ? dropout(weights, dropout_p, true, site) : weights; },
      site);
}

namespace nn::functional {
using torchlite::multi_head_attention_forward;
}

}  // namespace torchlite::inline TORCHLITE_ABI
