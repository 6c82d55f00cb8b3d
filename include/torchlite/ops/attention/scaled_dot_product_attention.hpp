// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/replay.hpp>
#include <torchlite/ops/attention/fused_attention.hpp>
#include <torchlite/ops/autocast/product_caster.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/ge.hpp>
#include <torchlite/ops/pointwise/le.hpp>
#include <torchlite/ops/pointwise/logical_not.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/random/dropout.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/reduce/element_index.hpp>
#include <torchlite/ops/shape/expand.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

struct AttentionOptions {
  double dropout_p = 0;     ///< of the attention weights; always applied if not 0
  bool is_causal = false;   ///< query i sees keys 0 to i only
  double scale = 0;         ///< of the products; 0 means 1 / sqrt(E)
  bool enable_gqa = false;  ///< key and value have fewer heads (dimension -3), each of which serves as many heads of the query
};

namespace ops {

/// 0, 1, ..., n - 1, along dimension `axis` of two.
template <class D>
Tensor<std::int64_t, D> counting(std::int64_t n, int axis) {
  return element_index<D>(ReducedShape("attention", axis == 0 ? Shape{n, 1} : Shape{1, n}, axis, true));
}

/// Every head of k (dimension -3) repeated until there are as many as the query has.
template <class T, class D>
Tensor<T, D> repeat_heads(const Tensor<T, D>& k, std::int64_t heads, Site site) {
  check<ShapeError>(k.dim() >= 3 && k.size(-3) > 0 && heads % k.size(-3) == 0,
                    "scaled_dot_product_attention: {} heads of the query cannot share the heads of a key or value of shape {}", heads,
                    k.sizes().str());
  if (k.size(-3) == heads) return k;
  Shape sizes = k.sizes();
  sizes.insert(k.dim() - 2, heads / k.size(-3));
  Shape merged = k.sizes();
  merged[k.dim() - 3] = heads;
  return reshape(expand(unsqueeze(k, -3, site), sizes, site), merged, site);
}

template <class T, class D>
double attention_scale(const Tensor<T, D>& q, const AttentionOptions& options) {
  return options.scale != 0 ? options.scale : 1 / __builtin_sqrt(static_cast<double>(q.size(-1)));
}

/// Attention with the scores changed by mask(scores) before the softmax.
template <class T, class D, class Mask>
Tensor<T, D> attention(const Tensor<T, D>& q, const Tensor<T, D>& k_, const Tensor<T, D>& v_, const AttentionOptions& options, Mask mask,
                       const Tensor<bool, D>& blind, Site site) {
  check<Error>(options.dropout_p >= 0 && options.dropout_p <= 1, "scaled_dot_product_attention: dropout_p is {}; it must be in [0, 1]",
               options.dropout_p);
  check<ShapeError>(!options.enable_gqa || q.dim() >= 3,
                    "scaled_dot_product_attention: a query of shape {} has no heads; it must be [..., H, L, E]", q.sizes().str());
  const Tensor<T, D> k = options.enable_gqa ? repeat_heads(k_, q.size(-3), site) : k_,
                     v = options.enable_gqa ? repeat_heads(v_, q.size(-3), site) : v_;
  check<ShapeError>(
      q.dim() >= 2 && k.dim() >= 2 && v.dim() >= 2 && q.size(-1) == k.size(-1) && k.size(-2) == v.size(-2),
      "scaled_dot_product_attention: query {}, key {} and value {} do not fit; they must be [..., L, E], [..., S, E] and [..., S, Ev]",
      q.sizes().str(), k.sizes().str(), v.sizes().str());
  const double scale = attention_scale(q, options);
  Tensor<T, D> scores = mask(matmul(Tensor<T, D>(q * scale), transpose(k, -2, -1)));
  if (options.is_causal) {
    const Tensor<bool, D> seen = ge(counting<D>(q.size(-2), 0), counting<D>(k.size(-2), 1));
    scores = where(seen, scores, -std::numeric_limits<double>::infinity());
  }
  // A query that sees no key gets 0, not the NaN of a softmax over nothing; its scores must be finite for the gradient's sake.
  if (blind.defined()) scores = where(blind, 0, scores);
  Tensor<T, D> weights = softmax(scores, -1, site);
  if (blind.defined()) weights = where(blind, 0, weights);
  if (options.dropout_p != 0) weights = dropout(weights, options.dropout_p, true, site);
  return matmul(weights, v);
}

/// Attention without a mask, as composed of operations: for any device, dtype and order of derivatives.
template <class T, class D>
Tensor<T, D> composed_attention(const Tensor<T, D>& q, const Tensor<T, D>& k, const Tensor<T, D>& v, const AttentionOptions& options,
                                Site site) {
  return attention(
      q, k, v, options, [](auto scores) { return scores; }, Tensor<bool, D>(), site);
}

/// True if attention of T is to be computed in half or bfloat16, which D has kernels for.
template <class T, class D>
bool attention_is_cast() {
  if constexpr (std::is_same_v<T, float> && has_fused_attention<half, D>) return amp::ProductCaster<D>::current() != nullptr;
  else return false;
}

/// Attention without a mask, by one kernel where that does it.
template <class T, class D>
Tensor<T, D> unmasked_attention(const Tensor<T, D>& q, const Tensor<T, D>& k, const Tensor<T, D>& v, const AttentionOptions& options,
                                Site site) {
  if constexpr (std::is_same_v<T, float>) {
    if (attention_is_cast<T, D>()) return amp::ProductCaster<D>::current()->attention(q, k, v, options, site);
  }
  if constexpr (has_fused_attention<T, D>) {
    if (options.dropout_p == 0 && FusedAttention<T, D>::fits(q, k, v, options.enable_gqa)) {
      using Y = Tensor<T, D>;
      const FusedAttention<T, D> fused(q, k, v, attention_scale(q, options), options.is_causal);
      if (!autograd::needed(q, k, v)) return fused.out();
      return autograd::record(
          "scaled_dot_product_attention", site, alias(fused.out(), fused.out().sizes(), fused.out().strides(), 0),
          autograd::inputs(q, k, v),
          [fused, options, q = autograd::save(q), k = autograd::save(k), v = autograd::save(v), out = autograd::save_output(fused.out())](
              const autograd::Pass& pass, const Y& g) {
            const std::vector<Y> in{q.get(), k.get(), v.get()};
            if (pass.create_graph())
              return autograd::replay<T, D>(
                  [&](const std::vector<Y>& i) { return std::vector<Y>{composed_attention(i[0], i[1], i[2], options, Site{})}; }, in, {g});
            out.get();  // throws if it was modified in place
            std::vector<Y> gradients;
            for (const Y& x : in) gradients.push_back(empty_laid_out_as(x, x.sizes()));
            fused.gradients(g, gradients[0], gradients[1], gradients[2]);
            return gradients;
          });
    }
  }
  return composed_attention(q, k, v, options, site);
}

/// Causal or full attention of all heads of queries, keys and values that lie side by side: what a transformer's block computes between its
/// two projections, as one node of the graph without copies.
///   all [A, B, 3 E], heads; the sequence is dimension B (batch_first) or A -> [A, B, E]
template <class T, class D>
Tensor<T, D> packed_attention(const Tensor<T, D>& all, std::int64_t heads, bool batch_first, const AttentionOptions& options, Site site) {
  using Y = Tensor<T, D>;
  const std::int64_t e = all.size(-1) / 3, width = e / heads;
  // [A, B, E] with any strides -> [N, heads, L, E / heads]
  const auto split = [=](const Y& t) {
    const Y parts = reshape(t, {t.size(0), t.size(1), heads, width});
    return batch_first ? transpose(parts, 1, 2) : permute(parts, {1, 2, 0, 3});
  };
  const auto join = [=](const Y& y, const Shape& sizes) {
    return reshape(batch_first ? transpose(y, 1, 2) : permute(y, {2, 0, 1, 3}), sizes);
  };
  Shape sizes = all.sizes();
  sizes.back() = e;
  const auto composed = [=](const Y& x, auto attend) {
    return join(attend(split(narrow(x, -1, 0, e)), split(narrow(x, -1, e, e)), split(narrow(x, -1, 2 * e, e))), sizes);
  };
  if constexpr (has_fused_attention<T, D>) {
    if (options.dropout_p == 0 && autograd::needed(all) && all.is_contiguous() && all.numel() > 0 &&
        takes_attention<T>(D{}, width, width, 4) && !attention_is_cast<T, D>()) {
      const auto third = [=](const Y& x, std::int64_t i) {
        const Shape strides{x.strides()[batch_first ? 0 : 1], width, x.strides()[batch_first ? 1 : 0], 1};
        return alias(x, {x.size(batch_first ? 0 : 1), heads, x.size(batch_first ? 1 : 0), width}, strides, x.storage_offset() + i * e);
      };
      const FusedAttention<T, D> fused(third(all, 0), third(all, 1), third(all, 2), attention_scale(third(all, 0), options),
                                       options.is_causal);
      const Y out = [&] {
        const NoGradGuard no_grad;
        return join(fused.out(), sizes);  // fused.out() lies as the queries do: no copy
      }();
      return autograd::record("scaled_dot_product_attention", site, out, autograd::inputs(all),
                              [fused, third, composed, options, all = autograd::save(all), out = autograd::save_output(out), split](
                                  const autograd::Pass& pass, const Y& g) {
                                const Y& x = all.get();
                                if (pass.create_graph())
                                  return autograd::replay<T, D>(
                                      [&](const std::vector<Y>& in) {
                                        return std::vector<Y>{composed(in[0], [&](const Y& q, const Y& k, const Y& v) {
                                          return composed_attention(q, k, v, options, Site{});
                                        })};
                                      },
                                      {x}, {g});
                                out.get();  // throws if it was modified in place
                                const Y dx = empty<T, D>(x.sizes());
                                fused.gradients(split(g), third(dx, 0), third(dx, 1), third(dx, 2));
                                return std::vector<Y>{dx};
                              });
    }
  }
  return composed(all, [&](const Y& q, const Y& k, const Y& v) { return unmasked_attention(q, k, v, options, site); });
}

}  // namespace ops

/// softmax(query key^T scale) value.
///   query [..., L, E], key [..., S, E], value [..., S, Ev] -> [..., L, Ev]; the leading dimensions broadcast
/// Source: Vaswani et al., Attention is all you need, NeurIPS 2017.
template <tensor_like Q, tensor_like K, tensor_like V>
tensor_of<Q> scaled_dot_product_attention(const Q& query, const K& key, const V& value, const AttentionOptions& options = {},
                                          Site site = Site::current()) {
  static_assert(floating<value_t<Q>>, "scaled_dot_product_attention needs a floating dtype; cast first: x.to<float>()");
  return ops::unmasked_attention(eval(query, site), eval(key, site), eval(value, site), options, site);
}

/// The same with a mask that broadcasts to [..., L, S]: bool, true where a key is seen, or floating, added to the scores. A query that sees no key
/// gets zeros.
template <tensor_like Q, tensor_like K, tensor_like V, tensor_like M>
tensor_of<Q> scaled_dot_product_attention(const Q& query, const K& key, const V& value, const M& attn_mask,
                                          const AttentionOptions& options = {}, Site site = Site::current()) {
  static_assert(floating<value_t<Q>>, "scaled_dot_product_attention needs a floating dtype; cast first: x.to<float>()");
  static_assert(boolean<value_t<M>> || std::is_same_v<value_t<M>, value_t<Q>>, "attn_mask is a bool tensor or one of the query's dtype");
  check<Error>(!options.is_causal, "scaled_dot_product_attention: attn_mask and is_causal exclude each other");
  const auto& mask = eval(attn_mask, site);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Tensor<bool, device_t<Q>> blind;
  if (mask.dim() > 0 && mask.size(-1) > 0) {
    const auto hidden = mask.detach();
    if constexpr (boolean<value_t<M>>) blind = logical_not(any(hidden, -1, true));
    else blind = le(amax(hidden, -1, true), -infinity);
    if (!any(blind).item()) blind = {};
  }
  return ops::attention(
      eval(query, site), eval(key, site), eval(value, site), options,
      [&](const tensor_of<Q>& scores) -> tensor_of<Q> {
        if constexpr (boolean<value_t<M>>) return where(mask, scores, -infinity);
        else return scores + mask;
      },
      blind, site);
}

namespace nn::functional {
using torchlite::scaled_dot_product_attention;
}

}  // namespace torchlite::inline TORCHLITE_ABI
