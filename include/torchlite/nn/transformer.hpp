// SPDX-License-Identifier: BSD-3-Clause
// Transformers: attention and two-layer networks in turn.
#pragma once
#include <torchlite/nn/dropout.hpp>
#include <torchlite/nn/layer_norm.hpp>
#include <torchlite/nn/module_list.hpp>
#include <torchlite/nn/multihead_attention.hpp>
#include <torchlite/ops/pointwise/activations.hpp>
#include <torchlite/ops/pointwise/relu.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

enum class TransformerActivation { relu, gelu };

struct TransformerLayerOptions {
  std::int64_t d_model = 0;
  std::int64_t nhead = 1;
  std::int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  TransformerActivation activation = TransformerActivation::relu;
  double layer_norm_eps = 1e-5;
  bool batch_first = false;  ///< sequences are [N, L, E] instead of [L, N, E]
  bool norm_first = false;   ///< each part normalises its input, not its result
  bool bias = true;
};

struct TransformerOptions {
  std::int64_t d_model = 512;
  std::int64_t nhead = 8;
  std::int64_t num_encoder_layers = 6;
  std::int64_t num_decoder_layers = 6;
  std::int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  TransformerActivation activation = TransformerActivation::relu;
  double layer_norm_eps = 1e-5;
  bool batch_first = false;
  bool norm_first = false;
  bool bias = true;

  TransformerLayerOptions layer() const {
    return {d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias};
  }
};

/// What encoder and decoder layers share: the parts and their order.
template <class Self, class T, class D>
struct TransformerLayerBase : Module<Self> {
  using Call = MultiheadAttentionCall<T, D>;

  TransformerLayerBase() = default;
  TransformerLayerBase(const TransformerLayerOptions& o)
      : options(o),
        self_attn(attention()),
        linear1({.in_features = o.d_model, .out_features = o.dim_feedforward, .bias = o.bias}),
        linear2({.in_features = o.dim_feedforward, .out_features = o.d_model, .bias = o.bias}),
        norm1(norm()),
        norm2(norm()) {}

  TransformerLayerOptions options;
  MultiheadAttention<T, D> self_attn;
  Linear<T, D> linear1, linear2;
  LayerNorm<T, D> norm1, norm2;
  bool training = true;

 protected:
  MultiheadAttention<T, D> attention() const {
    return MultiheadAttentionOptions{.embed_dim = options.d_model,
                                     .num_heads = options.nhead,
                                     .dropout = options.dropout,
                                     .bias = options.bias,
                                     .batch_first = options.batch_first};
  }
  LayerNorm<T, D> norm() const {
    return LayerNormOptions{.normalized_shape = {options.d_model}, .eps = options.layer_norm_eps, .bias = options.bias};
  }
  Tensor<T, D> drop(const Tensor<T, D>& x) const { return torchlite::dropout(x, options.dropout, training); }
  Tensor<T, D> feed_forward(const Tensor<T, D>& x) const {
    const Tensor<T, D> inner = linear1(x);
    Tensor<T, D> active;
    if (options.activation == TransformerActivation::gelu) active = gelu(inner);
    else active = relu(inner);
    return drop(linear2(drop(active)));
  }
  /// x with a part added, normalised before or after.
  template <class Part>
  Tensor<T, D> add(const Tensor<T, D>& x, const LayerNorm<T, D>& norm, Part part) const {
    if (options.norm_first) return x + part(norm(x));
    return norm(Tensor<T, D>(x + part(x)));
  }
  Tensor<T, D> attend(const MultiheadAttention<T, D>& attn, const Tensor<T, D>& x, const Tensor<T, D>& memory, const Call& call) const {
    return drop(attn(x, memory, memory, call));
  }

  // A sequence without a batch is a batch of one.
  void check_sequence(const Tensor<T, D>& x) const {
    check<ShapeError>((x.dim() == 2 || x.dim() == 3) && x.size(-1) == options.d_model,
                      "{}: input of shape {}; it must be {} (or [L, E] without a batch) with E = {}", reflect::class_name<Self>(),
                      x.sizes().str(), options.batch_first ? "[N, L, E]" : "[L, N, E]", options.d_model);
  }
  int batch_axis() const { return options.batch_first ? 0 : 1; }
  static Call with_batch(Call call) {
    if (call.key_padding_mask.defined() && call.key_padding_mask.dim() == 1) call.key_padding_mask = unsqueeze(call.key_padding_mask, 0);
    return call;
  }
};

/// Self-attention and a network of two layers, each with a residual connection and a normalisation.
///   src [L, N, E] ([N, L, E] with batch_first, [L, E] without a batch) -> same; call: masks, as for MultiheadAttention
/// Source: Vaswani et al., 2017; norm_first: Xiong et al., On layer normalization in the transformer architecture, ICML 2020.
template <class T = float, class D = Cpu>
struct TransformerEncoderLayer : TransformerLayerBase<TransformerEncoderLayer<T, D>, T, D> {
  using Base = TransformerLayerBase<TransformerEncoderLayer<T, D>, T, D>;
  using Call = MultiheadAttentionCall<T, D>;

  TransformerEncoderLayer() = default;
  TransformerEncoderLayer(const TransformerLayerOptions& o) : Base(o) {}

  Tensor<T, D> operator()(const Tensor<T, D>& src, const Call& call = {}) const { return forward(src, call); }
  Tensor<T, D> forward(const Tensor<T, D>& src, const Call& call = {}) const {
    this->check_sequence(src);
    if (src.dim() == 2) return squeeze(forward(unsqueeze(src, this->batch_axis()), Base::with_batch(call)), this->batch_axis());
    const Tensor<T, D> x = this->add(src, this->norm1, [&](const Tensor<T, D>& y) { return this->attend(this->self_attn, y, y, call); });
    return this->add(x, this->norm2, [&](const Tensor<T, D>& y) { return this->feed_forward(y); });
  }
  auto fields() {
    return nn::fields("self_attn", this->self_attn, "linear1", this->linear1, "linear2", this->linear2, "norm1", this->norm1, "norm2",
                      this->norm2, "options", this->options, "training", this->training);
  }
};

/// Self-attention, attention to the encoder's result, and a network of two layers.
///   tgt [L, N, E], memory [S, N, E] (batch_first and no batch as for the encoder) -> tgt's sizes
template <class T = float, class D = Cpu>
struct TransformerDecoderLayer : TransformerLayerBase<TransformerDecoderLayer<T, D>, T, D> {
  using Base = TransformerLayerBase<TransformerDecoderLayer<T, D>, T, D>;
  using Call = MultiheadAttentionCall<T, D>;

  TransformerDecoderLayer() = default;
  TransformerDecoderLayer(const TransformerLayerOptions& o) : Base(o), multihead_attn(this->attention()), norm3(this->norm()) {}

  Tensor<T, D> operator()(const Tensor<T, D>& tgt, const Tensor<T, D>& memory, const Call& call = {}, const Call& memory_call = {}) const {
    return forward(tgt, memory, call, memory_call);
  }
  Tensor<T, D> forward(const Tensor<T, D>& tgt, const Tensor<T, D>& memory, const Call& call = {}, const Call& memory_call = {}) const {
    this->check_sequence(tgt);
    this->check_sequence(memory);
    check<ShapeError>(tgt.dim() == memory.dim(), "TransformerDecoderLayer: tgt {} and memory {}; both must have a batch, or none",
                      tgt.sizes().str(), memory.sizes().str());
    if (tgt.dim() == 2) {
      const int axis = this->batch_axis();
      return squeeze(forward(unsqueeze(tgt, axis), unsqueeze(memory, axis), Base::with_batch(call), Base::with_batch(memory_call)), axis);
    }
    Tensor<T, D> x = this->add(tgt, this->norm1, [&](const Tensor<T, D>& y) { return this->attend(this->self_attn, y, y, call); });
    x = this->add(x, this->norm2, [&](const Tensor<T, D>& y) { return this->attend(multihead_attn, y, memory, memory_call); });
    return this->add(x, norm3, [&](const Tensor<T, D>& y) { return this->feed_forward(y); });
  }
  auto fields() {
    return nn::fields("self_attn", this->self_attn, "multihead_attn", multihead_attn, "linear1", this->linear1, "linear2", this->linear2,
                      "norm1", this->norm1, "norm2", this->norm2, "norm3", norm3, "options", this->options, "training", this->training);
  }

  MultiheadAttention<T, D> multihead_attn;
  LayerNorm<T, D> norm3;
};

/// Copies of an encoder layer, one above the other, and a last normalisation if one is given.
template <class T = float, class D = Cpu>
struct TransformerEncoder : Module<TransformerEncoder<T, D>> {
  using Call = MultiheadAttentionCall<T, D>;

  TransformerEncoder() = default;
  TransformerEncoder(const TransformerEncoderLayer<T, D>& layer, std::int64_t num_layers, std::optional<LayerNorm<T, D>> last = {})
      : layers(num_layers, [&](std::int64_t) { return layer.clone(); }), norm(std::move(last)) {}

  Tensor<T, D> operator()(const Tensor<T, D>& src, const Call& call = {}) const { return forward(src, call); }
  Tensor<T, D> forward(const Tensor<T, D>& src, const Call& call = {}) const {
    Tensor<T, D> x = src;
    for (const auto& layer : layers) x = layer(x, call);
    return norm ? (*norm)(x) : x;
  }
  auto fields() { return nn::fields("layers", layers, "norm", norm); }

  ModuleList<TransformerEncoderLayer<T, D>> layers;
  std::optional<LayerNorm<T, D>> norm;
};

/// Copies of a decoder layer, one above the other, and a last normalisation if one is given.
template <class T = float, class D = Cpu>
struct TransformerDecoder : Module<TransformerDecoder<T, D>> {
  using Call = MultiheadAttentionCall<T, D>;

  TransformerDecoder() = default;
  TransformerDecoder(const TransformerDecoderLayer<T, D>& layer, std::int64_t num_layers, std::optional<LayerNorm<T, D>> last = {})
      : layers(num_layers, [&](std::int64_t) { return layer.clone(); }), norm(std::move(last)) {}

  Tensor<T, D> operator()(const Tensor<T, D>& tgt, const Tensor<T, D>& memory, const Call& call = {}, const Call& memory_call = {}) const {
    return forward(tgt, memory, call, memory_call);
  }
  Tensor<T, D> forward(const Tensor<T, D>& tgt, const Tensor<T, D>& memory, const Call& call = {}, const Call& memory_call = {}) const {
    Tensor<T, D> x = tgt;
    for (const auto& layer : layers) x = layer(x, memory, call, memory_call);
    return norm ? (*norm)(x) : x;
  }
  auto fields() { return nn::fields("layers", layers, "norm", norm); }

  ModuleList<TransformerDecoderLayer<T, D>> layers;
  std::optional<LayerNorm<T, D>> norm;
};

/// An encoder and a decoder that attends to its result. Matrices start Xavier-uniform.
///   src [S, N, E], tgt [L, N, E] (batch_first and no batch as for the layers) -> tgt's sizes
/// Source: Vaswani et al., 2017.
template <class T = float, class D = Cpu>
struct Transformer : Module<Transformer<T, D>> {
  using Call = MultiheadAttentionCall<T, D>;

  Transformer() = default;
  Transformer(const TransformerOptions& o)
      : options(o),
        encoder(TransformerEncoderLayer<T, D>(o.layer()), o.num_encoder_layers, last(o)),
        decoder(TransformerDecoderLayer<T, D>(o.layer()), o.num_decoder_layers, last(o)) {
    for (const Tensor<T, D>& p : this->parameters())
      if (p.dim() > 1) init::xavier_uniform_(p);
  }

  Tensor<T, D> operator()(const Tensor<T, D>& src, const Tensor<T, D>& tgt, const Call& src_call = {}, const Call& tgt_call = {},
                          const Call& memory_call = {}) const {
    return forward(src, tgt, src_call, tgt_call, memory_call);
  }
  Tensor<T, D> forward(const Tensor<T, D>& src, const Tensor<T, D>& tgt, const Call& src_call = {}, const Call& tgt_call = {},
                       const Call& memory_call = {}) const {
    return decoder(tgt, encoder(src, src_call), tgt_call, memory_call);
  }
  /// True where query i may not see key j, which comes after it: [size, size].
  static Tensor<bool, D> generate_square_subsequent_mask(std::int64_t size) {
    const Tensor<bool, D> mask = empty<bool, D>({size, size});
    for (std::int64_t i = 0; i < size; ++i)
      for (std::int64_t j = 0; j < size; ++j) mask.data()[i * size + j] = j > i;
    return mask;
  }
  auto fields() { return nn::fields("encoder", encoder, "decoder", decoder, "options", options); }

  TransformerOptions options;
  TransformerEncoder<T, D> encoder;
  TransformerDecoder<T, D> decoder;

 private:
  static LayerNorm<T, D> last(const TransformerOptions& o) {
    return LayerNormOptions{.normalized_shape = {o.d_model}, .eps = o.layer_norm_eps, .bias = o.bias};
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
