// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/ge.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/random/dropout.hpp>
#include <torchlite/ops/reduce/element_index.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

struct AttentionOptions {
  double dropout_p = 0;    ///< of the attention weights; always applied if not 0
  bool is_causal = false;  ///< query i sees keys 0 to i only
  double scale = 0;        ///< of the products; 0 means 1 / sqrt(E)
};

namespace ops {

/// 0, 1, ..., n - 1, along dimension `axis` of two.
template <class D>
Tensor<std::int64_t, D> counting(std::int64_t n, int axis) {
  return element_index<D>(ReducedShape("attention", axis == 0 ? Shape{n, 1} : Shape{1, n}, axis, true));
}

/// Attention with the scores changed by mask(scores) before the softmax.
template <class T, class D, class Mask>
Tensor<T, D> attention(const Tensor<T, D>& q, const Tensor<T, D>& k, const Tensor<T, D>& v, const AttentionOptions& options, Mask mask,
                       Site site) {
  check<ShapeError>(
      q.dim() >= 2 && k.dim() >= 2 && v.dim() >= 2 && q.size(-1) == k.size(-1) && k.size(-2) == v.size(-2),
      "scaled_dot_product_attention: query {}, key {} and value {} do not fit; they must be [..., L, E], [..., S, E] and [..., S, Ev]",
      q.sizes().str(), k.sizes().str(), v.sizes().str());
  const double scale = options.scale != 0 ? options.scale : 1 / __builtin_sqrt(static_cast<double>(q.size(-1)));
  Tensor<T, D> scores = mask(matmul(Tensor<T, D>(q * scale), transpose(k, -2, -1)));
  if (options.is_causal) {
    const Tensor<bool, D> seen = ge(counting<D>(q.size(-2), 0), counting<D>(k.size(-2), 1));
    scores = where(seen, scores, -std::numeric_limits<double>::infinity());
  }
  Tensor<T, D> weights = softmax(scores, -1, site);
  if (options.dropout_p != 0) weights = dropout(weights, options.dropout_p, true, site);
  return matmul(weights, v);
}

}  // namespace ops

/// softmax(query key^T scale) value.
///   query [..., L, E], key [..., S, E], value [..., S, Ev] -> [..., L, Ev]; the leading dimensions broadcast
/// Source: Vaswani et al., Attention is all you need, NeurIPS 2017.
template <tensor_like Q, tensor_like K, tensor_like V>
tensor_of<Q> scaled_dot_product_attention(const Q& query, const K& key, const V& value, const AttentionOptions& options = {},
                                          Site site = Site::current()) {
  static_assert(floating<value_t<Q>>, "scaled_dot_product_attention needs a floating dtype; cast first: x.to<float>()");
  return ops::attention(
      eval(query, site), eval(key, site), eval(value, site), options, [](auto scores) { return scores; }, site);
}

/// The same with a mask that broadcasts to [..., L, S]: bool, true where a key is seen, or floating, added to the scores.
template <tensor_like Q, tensor_like K, tensor_like V, tensor_like M>
tensor_of<Q> scaled_dot_product_attention(const Q& query, const K& key, const V& value, const M& attn_mask,
                                          const AttentionOptions& options = {}, Site site = Site::current()) {
  static_assert(floating<value_t<Q>>, "scaled_dot_product_attention needs a floating dtype; cast first: x.to<float>()");
  static_assert(boolean<value_t<M>> || std::is_same_v<value_t<M>, value_t<Q>>, "attn_mask is a bool tensor or one of the query's dtype");
  check<Error>(!options.is_causal, "scaled_dot_product_attention: attn_mask and is_causal exclude each other");
  const auto& mask = eval(attn_mask, site);
  return ops::attention(
      eval(query, site), eval(key, site), eval(value, site), options,
      [&](const tensor_of<Q>& scores) -> tensor_of<Q> {
        if constexpr (boolean<value_t<M>>) return where(mask, scores, -std::numeric_limits<double>::infinity());
        else return scores + mask;
      },
      site);
}

namespace nn::functional {
using torchlite::scaled_dot_product_attention;
}

}  // namespace torchlite::inline TORCHLITE_ABI
