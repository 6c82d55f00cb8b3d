// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/grad_mode.hpp>
#include <torchlite/ops/attention/scaled_dot_product_attention.hpp>
#include <torchlite/ops/conv/conv2d.hpp>
#include <torchlite/ops/conv/conv_transpose.hpp>
#include <torchlite/ops/linalg/linear.hpp>
#include <torchlite/ops/pointwise/to.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI::amp {

/// While it lives, this thread's products of floats on D are computed in T, half or bfloat16, and added up in float; as torch.autocast does:
///   optimizer.zero_grad();
///   auto loss = [&] {
///     amp::Autocast<bfloat16, Cuda> autocast;
///     return nn::functional::cross_entropy(net(images), labels);
///   }();
///   loss.backward();
///   optimizer.step();
/// Products are linear, matmul and what is made of it (mm, bmm, addmm, einsum, attention as composed of operations), convolutions, and on Cuda
/// attention in one kernel. All else, so softmax, norms, losses and sums, stays float, and so do the parameters and their gradients: only copies are rounded. backward() multiplies in
/// T too, wherever it is called. Tensors of other dtypes are left alone.
/// PyTorch's products give T; here a tensor's dtype is its type, and the result is a float again, rounded to T.
/// Guards nest, and Autocast<float, D> inside another switches it off. A parameter is rounded once in a guard's life, until it is changed.
/// The fused attention of the Cpu and the steps of recurrent layers keep float. half needs a GradScaler. Source: Micikevicius et al., Mixed
/// precision training, ICLR 2018.
template <class T, device D = Cpu>
class [[nodiscard]] Autocast final : ProductCaster<D> {
  static_assert(std::is_same_v<T, half> || std::is_same_v<T, bfloat16> || std::is_same_v<T, float>,
                "Autocast computes in half or bfloat16; Autocast<float> switches it off");
  using Floats = Tensor<float, D>;

 public:
  Autocast() : before_(ProductCaster<D>::current()) { ProductCaster<D>::current() = std::is_same_v<T, float> ? nullptr : this; }
  ~Autocast() { ProductCaster<D>::current() = before_; }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  struct Rounded {
    Floats parameter;
    std::uint32_t version;
    Tensor<T, D> copy;

    /// A copy that was made without a graph, or whose graph was gone through, takes no gradient to its parameter.
    bool usable() const {
      if (version != parameter.version()) return false;
      return !is_grad_enabled() || (copy.requires_grad() && !autograd::edge_to(copy.ref()).node->released);
    }
  };

  /// x in T; parameters' copies are kept.
  Tensor<T, D> rounded(const Floats& x, Site site) {
    if (!x.defined()) return {};
    if (!x.requires_grad() || !x.is_leaf()) return Tensor<T, D>(to<T>(x), site);
    for (Rounded& r : rounded_) {
      if (r.parameter.ref() != x.ref()) continue;
      if (!r.usable()) r = {x, x.version(), Tensor<T, D>(to<T>(x), site)};
      return r.copy;
    }
    rounded_.push_back({x, x.version(), Tensor<T, D>(to<T>(x), site)});
    return rounded_.back().copy;
  }
  static Floats widened(const Tensor<T, D>& y, Site site) { return Floats(to<float>(y), site); }

  Floats linear(const Floats& x, const Floats& weight, const Floats& bias, Site site) override {
    return widened(torchlite::linear(rounded(x, site), rounded(weight, site), rounded(bias, site), site), site);
  }
  Floats matmul(const Floats& a, const Floats& b, Site site) override {
    return widened(torchlite::matmul(rounded(a, site), rounded(b, site), site), site);
  }
  Floats conv2d(const char* op, Site site, const Floats& x, const Floats& weight, const Floats& bias, const Conv2dOptions& o) override {
    return widened(conv2d_batch(op, site, rounded(x, site), rounded(weight, site), rounded(bias, site), o), site);
  }
  Floats conv_transpose2d(const char* op, Site site, const Floats& x, const Floats& weight, Pair size, Pair extra,
                          const Conv2dGeometry& g) override {
    return widened(conv_transpose2d_batch(op, site, rounded(x, site), rounded(weight, site), size, extra, g), site);
  }

  Floats attention(const Floats& q, const Floats& k, const Floats& v, const AttentionOptions& o, Site site) override {
    if constexpr (ops::has_fused_attention<T, D>)
      return widened(ops::unmasked_attention(rounded(q, site), rounded(k, site), rounded(v, site), o, site), site);
    else return ops::unmasked_attention(q, k, v, o, site);
  }

  ProductCaster<D>* before_;
  std::vector<Rounded> rounded_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::amp
