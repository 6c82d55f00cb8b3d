// SPDX-License-Identifier: BSD-3-Clause
// Attention in kernels that keep no matrix of scores, for the case that models train with: no mask but the causal one, no dropout.
#pragma once
#include <torchlite/backend/cpu/attention.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/tensor/check_devices.hpp>

#include <algorithm>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::ops {

/// Where the matrices [rows, width] begin that a tensor [..., rows, width] is made of.
inline std::vector<std::int64_t> matrix_offsets(const Shape& sizes, const Shape& strides) {
  std::vector<std::int64_t> offsets{0};
  for (int d = 0; d + 2 < sizes.rank(); ++d) {
    std::vector<std::int64_t> longer;
    longer.reserve(offsets.size() * static_cast<std::size_t>(sizes[d]));
    for (const std::int64_t o : offsets)
      for (std::int64_t i = 0; i < sizes[d]; ++i) longer.push_back(o + i * strides[d]);
    offsets = std::move(longer);
  }
  return offsets;
}

/// A tensor [..., rows, width] as the kernels take it; it is copied only if its rows are not dense.
template <class T, class D>
class HeadsOf {
 public:
  HeadsOf() = default;
  explicit HeadsOf(const Tensor<T, D>& t) : tensor_(t.strides().back() == 1 || t.size(-1) == 1 ? t.detach() : dense(t)) {
    offsets_ = matrix_offsets(tensor_.sizes(), tensor_.strides());
  }
  template <class U = T>
  backend::HeadRows<U> rows() const {
    return {tensor_.data(), offsets_.data(), tensor_.strides()[tensor_.dim() - 2]};
  }
  std::int64_t count() const { return static_cast<std::int64_t>(offsets_.size()); }
  const Tensor<T, D>& tensor() const { return tensor_; }

 private:
  Tensor<T, D> tensor_;
  std::vector<std::int64_t> offsets_;
};

/// On Cuda: at most two dimensions of heads.
template <class T>
class HeadsOf<T, Cuda> {
 public:
  HeadsOf() = default;
  explicit HeadsOf(const Tensor<T, Cuda>& t) : tensor_(t.strides().back() == 1 || t.size(-1) == 1 ? t.detach() : dense(t)) {}
  template <class U = T>
  backend::HeadStrides<U> rows() const {
    const int rank = tensor_.dim();
    const Shape& strides = tensor_.strides();
    return {tensor_.data(), rank > 2 ? tensor_.size(rank - 3) : 1, rank > 3 ? strides[rank - 4] : 0, rank > 2 ? strides[rank - 3] : 0,
            strides[rank - 2]};
  }
  std::int64_t count() const { return tensor_.numel() / (tensor_.size(-2) * tensor_.size(-1)); }
  const Tensor<T, Cuda>& tensor() const { return tensor_; }

 private:
  Tensor<T, Cuda> tensor_;
};

/// Fresh memory for sizes, whose dimensions lie in it in the order in which those of t lie, the last one innermost.
template <class T, class D>
Tensor<T, D> empty_laid_out_as(const Tensor<T, D>& t, const Shape& sizes) {
  const int rank = sizes.rank();
  std::vector<int> order;
  for (int d = 0; d + 1 < rank; ++d) order.push_back(d);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return t.strides()[a] > t.strides()[b]; });
  Shape strides = Shape::filled(rank, 1);
  std::int64_t step = sizes[rank - 1];
  for (std::size_t i = order.size(); i-- > 0;) strides[order[i]] = step, step *= sizes[order[i]];
  return alias(empty<T, D>({step}), sizes, strides, 0);
}

/// Whether a device has kernels of attention for a dtype; takes_attention says for which sizes.
template <class T, class D>
inline constexpr bool has_fused_attention = std::is_same_v<D, Cuda> ||
                                            (std::is_same_v<D, Cpu> && (std::is_same_v<T, float> || std::is_same_v<T, double>));

/// An attention that was computed, with what its gradients need. No graph.
template <class T, class D>
class FusedAttention {
 public:
  using Y = Tensor<T, D>;

  /// True for what the kernel does: as many heads of q as of k and v, or a multiple of them.
  static bool fits(const Y& q, const Y& k, const Y& v, bool grouped) {
    const int rank = q.dim();
    if (rank < 2 || k.dim() != rank || v.dim() != rank || q.numel() == 0 || k.numel() == 0 || v.numel() == 0) return false;
    if (!takes_attention<T>(D{}, q.size(-1), v.size(-1), rank)) return false;
    bool same = q.size(-1) == k.size(-1) && k.size(-2) == v.size(-2);
    for (int d = 0; d + 2 < rank; ++d) {
      const bool heads = grouped && d + 3 == rank;
      same = same && k.size(d) == v.size(d) && (heads ? q.size(d) % k.size(d) == 0 : q.size(d) == k.size(d));
    }
    return same;
  }

  FusedAttention(const Y& q, const Y& k, const Y& v, double scale, bool causal)
      : q_(q), k_(k), v_(v), scale_(static_cast<register_t<T>>(scale)), causal_(causal) {
    check_devices("scaled_dot_product_attention", q, k, v);
    Shape sizes = q.sizes();
    sizes.back() = v.size(-1);
    out_ = HeadsOf<T, D>(empty_laid_out_as(q, sizes));
    logs_ = empty<register_t<T>, D>({q_.count(), q.size(-2)});
    attention_forward(D{}, arguments(), out_.rows(), logs_.data());
  }

  const Y& out() const { return out_.tensor(); }
  /// Writes all three gradients, whose rows must be dense.
  void gradients(const Y& g, const Y& dq, const Y& dk, const Y& dv) const {
    const HeadsOf<T, D> dout(g), of_q(dq), of_k(dk), of_v(dv);
    attention_backward(D{}, arguments(), out_.template rows<const T>(), logs_.data(), dout.template rows<const T>(), of_q.rows(),
                       of_k.rows(), of_v.rows());
  }

 private:
  using Arguments =
      std::conditional_t<std::is_same_v<D, Cuda>, backend::AttentionArguments<T, backend::HeadStrides>, backend::AttentionArguments<T>>;

  Arguments arguments() const {
    Arguments a;
    a.heads = k_.count(), a.group = q_.count() / k_.count();
    a.queries = q_.tensor().size(-2), a.keys = k_.tensor().size(-2);
    a.width = q_.tensor().size(-1), a.value_width = v_.tensor().size(-1);
    a.scale = scale_, a.causal = causal_;
    a.q = q_.template rows<const T>(), a.k = k_.template rows<const T>(), a.v = v_.template rows<const T>();
    return a;
  }

  HeadsOf<T, D> q_, k_, v_, out_;
  Tensor<register_t<T>, D> logs_;
  register_t<T> scale_;
  bool causal_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::ops
