// SPDX-License-Identifier: BSD-3-Clause
// The functions of tensors as methods of tensors and of expressions. They are declared here and defined in
// ops/methods.hpp, above the functions they call.
#pragma once
#include <torchlite/core/shape.hpp>
#include <torchlite/expr/concepts.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class Self>
struct Methods {
  // pointwise
  auto abs() const;
  auto neg() const;
  auto exp() const;
  auto log() const;
  auto sqrt() const;
  auto rsqrt() const;
  auto square() const;
  auto reciprocal() const;
  auto sin() const;
  auto cos() const;
  auto tanh() const;
  auto sigmoid() const;
  auto erf() const;
  auto relu() const;
  auto sign() const;
  auto floor() const;
  auto ceil() const;
  auto round() const;
  auto isnan() const;
  template <operand A>
  auto add(A&& a) const;
  template <operand A>
  auto sub(A&& a) const;
  template <operand A>
  auto mul(A&& a) const;
  template <operand A>
  auto div(A&& a) const;
  template <operand A>
  auto pow(A&& a) const;
  template <operand A>
  auto eq(A&& a) const;
  template <operand A>
  auto ne(A&& a) const;
  template <operand A>
  auto lt(A&& a) const;
  template <operand A>
  auto le(A&& a) const;
  template <operand A>
  auto gt(A&& a) const;
  template <operand A>
  auto ge(A&& a) const;
  template <operand A, operand B>
  auto clamp(A&& lowest, B&& highest) const;
  template <tensor_like M, scalar S>
  auto masked_fill(M&& mask, S value) const;
  template <dtype To>
  auto to() const;
  template <device To>
  auto to(bool non_blocking = false) const;
  template <device To>
  auto to(To place, bool non_blocking = false) const;
  auto pin_memory() const;
  bool is_pinned() const;

  // reductions
  auto sum() const;
  auto sum(std::int64_t dim, bool keepdim = false) const;
  auto sum(const Shape& dims, bool keepdim = false) const;
  auto mean() const;
  auto mean(std::int64_t dim, bool keepdim = false) const;
  auto mean(const Shape& dims, bool keepdim = false) const;
  auto prod() const;
  auto prod(std::int64_t dim, bool keepdim = false) const;
  auto max() const;
  auto max(std::int64_t dim, bool keepdim = false) const;
  auto min() const;
  auto min(std::int64_t dim, bool keepdim = false) const;
  auto amax(const Shape& dims, bool keepdim = false) const;
  auto amin(const Shape& dims, bool keepdim = false) const;
  auto argmax() const;
  auto argmax(std::int64_t dim, bool keepdim = false) const;
  auto argmin() const;
  auto argmin(std::int64_t dim, bool keepdim = false) const;
  auto any() const;
  auto all() const;
  auto var(std::int64_t dim, bool keepdim = false) const;
  auto std(std::int64_t dim, bool keepdim = false) const;
  auto norm() const;
  auto logsumexp(std::int64_t dim, bool keepdim = false) const;
  auto softmax(std::int64_t dim) const;
  auto log_softmax(std::int64_t dim) const;

  // linear algebra
  template <tensor_like B>
  auto matmul(const B& b) const;
  template <tensor_like B>
  auto mm(const B& b) const;
  template <tensor_like B>
  auto bmm(const B& b) const;
  template <tensor_like B>
  auto dot(const B& b) const;

  // shape
  auto view(const Shape& sizes) const;
  auto reshape(const Shape& sizes) const;
  auto flatten(std::int64_t start_dim = 0, std::int64_t end_dim = -1) const;
  auto transpose(std::int64_t dim0, std::int64_t dim1) const;
  auto t() const;
  auto permute(const Shape& dims) const;
  auto movedim(std::int64_t source, std::int64_t destination) const;
  auto expand(const Shape& sizes) const;
  template <tensor_like B>
  auto expand_as(const B& other) const;
  auto squeeze() const;
  auto squeeze(std::int64_t dim) const;
  auto unsqueeze(std::int64_t dim) const;
  auto select(std::int64_t dim, std::int64_t index) const;
  auto narrow(std::int64_t dim, std::int64_t start, std::int64_t length) const;
  auto diagonal(std::int64_t offset = 0, std::int64_t dim1 = 0, std::int64_t dim2 = 1) const;
  auto unfold(std::int64_t dim, std::int64_t size, std::int64_t step) const;
  auto split(std::int64_t size, std::int64_t dim = 0) const;
  auto chunk(std::int64_t chunks, std::int64_t dim = 0) const;
  auto unbind(std::int64_t dim = 0) const;
  auto contiguous() const;
  auto clone() const;

  // index
  template <tensor_like I>
  auto gather(std::int64_t dim, const I& index) const;
  template <tensor_like I>
  auto index_select(std::int64_t dim, const I& index) const;
  template <tensor_like M>
  auto masked_select(const M& mask) const;

  // Every form of the function of the same name, the tensor being its first argument.
  // pointwise
  template <class... A>
  auto log2(A&&... a) const;
  template <class... A>
  auto log10(A&&... a) const;
  template <class... A>
  auto log1p(A&&... a) const;
  template <class... A>
  auto exp2(A&&... a) const;
  template <class... A>
  auto expm1(A&&... a) const;
  template <class... A>
  auto tan(A&&... a) const;
  template <class... A>
  auto asin(A&&... a) const;
  template <class... A>
  auto acos(A&&... a) const;
  template <class... A>
  auto atan(A&&... a) const;
  template <class... A>
  auto sinh(A&&... a) const;
  template <class... A>
  auto cosh(A&&... a) const;
  template <class... A>
  auto asinh(A&&... a) const;
  template <class... A>
  auto acosh(A&&... a) const;
  template <class... A>
  auto atanh(A&&... a) const;
  template <class... A>
  auto erfc(A&&... a) const;
  template <class... A>
  auto erfinv(A&&... a) const;
  template <class... A>
  auto lgamma(A&&... a) const;
  template <class... A>
  auto digamma(A&&... a) const;
  template <class... A>
  auto trunc(A&&... a) const;
  template <class... A>
  auto frac(A&&... a) const;
  template <class... A>
  auto isinf(A&&... a) const;
  template <class... A>
  auto isfinite(A&&... a) const;
  template <class... A>
  auto logical_not(A&&... a) const;
  template <class... A>
  auto clamp_min(A&&... a) const;
  template <class... A>
  auto clamp_max(A&&... a) const;
  template <class... A>
  auto maximum(A&&... a) const;
  template <class... A>
  auto minimum(A&&... a) const;
  template <class... A>
  auto fmod(A&&... a) const;
  template <class... A>
  auto remainder(A&&... a) const;
  template <class... A>
  auto atan2(A&&... a) const;
  template <class... A>
  auto lerp(A&&... a) const;
  template <class... A>
  auto addcmul(A&&... a) const;
  template <class... A>
  auto addcdiv(A&&... a) const;
  template <class... A>
  auto logical_and(A&&... a) const;
  template <class... A>
  auto logical_or(A&&... a) const;
  template <class... A>
  auto logical_xor(A&&... a) const;
  template <class... A>
  auto nan_to_num(A&&... a) const;
  template <class... A>
  auto conj(A&&... a) const;
  template <class... A>
  auto angle(A&&... a) const;
  template <class... A>
  auto sgn(A&&... a) const;
  // reductions, scans, order
  template <class... A>
  auto cumsum(A&&... a) const;
  template <class... A>
  auto cumprod(A&&... a) const;
  template <class... A>
  auto cummax(A&&... a) const;
  template <class... A>
  auto cummin(A&&... a) const;
  template <class... A>
  auto logcumsumexp(A&&... a) const;
  template <class... A>
  auto aminmax(A&&... a) const;
  template <class... A>
  auto median(A&&... a) const;
  template <class... A>
  auto nanmedian(A&&... a) const;
  template <class... A>
  auto mode(A&&... a) const;
  template <class... A>
  auto kthvalue(A&&... a) const;
  template <class... A>
  auto quantile(A&&... a) const;
  template <class... A>
  auto nansum(A&&... a) const;
  template <class... A>
  auto nanmean(A&&... a) const;
  template <class... A>
  auto count_nonzero(A&&... a) const;
  template <class... A>
  auto dist(A&&... a) const;
  template <class... A>
  auto sort(A&&... a) const;
  template <class... A>
  auto argsort(A&&... a) const;
  template <class... A>
  auto topk(A&&... a) const;
  template <class... A>
  auto unique(A&&... a) const;
  template <class... A>
  auto histc(A&&... a) const;
  template <class... A>
  auto bincount(A&&... a) const;
  template <class... A>
  auto diff(A&&... a) const;
  template <class... A>
  auto renorm(A&&... a) const;
  template <class... A>
  auto trace(A&&... a) const;
  template <class... A>
  auto allclose(A&&... a) const;
  template <class... A>
  auto isclose(A&&... a) const;
  template <class... A>
  auto equal(A&&... a) const;
  // linear algebra
  template <class... A>
  auto mv(A&&... a) const;
  template <class... A>
  auto addmm(A&&... a) const;
  template <class... A>
  auto baddbmm(A&&... a) const;
  template <class... A>
  auto outer(A&&... a) const;
  template <class... A>
  auto inner(A&&... a) const;
  template <class... A>
  auto det(A&&... a) const;
  template <class... A>
  auto slogdet(A&&... a) const;
  template <class... A>
  auto logdet(A&&... a) const;
  template <class... A>
  auto inverse(A&&... a) const;
  template <class... A>
  auto pinverse(A&&... a) const;
  template <class... A>
  auto cholesky(A&&... a) const;
  template <class... A>
  auto qr(A&&... a) const;
  template <class... A>
  auto svd(A&&... a) const;
  template <class... A>
  auto matrix_exp(A&&... a) const;
  template <class... A>
  auto matrix_power(A&&... a) const;
  // shape
  template <class... A>
  auto view_as(A&&... a) const;
  template <class... A>
  auto reshape_as(A&&... a) const;
  template <class... A>
  auto ravel(A&&... a) const;
  template <class... A>
  auto swapaxes(A&&... a) const;
  template <class... A>
  auto adjoint(A&&... a) const;
  template <class... A>
  auto mT(A&&... a) const;
  template <class... A>
  auto mH(A&&... a) const;
  template <class... A>
  auto diag(A&&... a) const;
  template <class... A>
  auto diag_embed(A&&... a) const;
  template <class... A>
  auto repeat_interleave(A&&... a) const;
  template <class... A>
  auto tensor_split(A&&... a) const;
  template <class... A>
  auto hsplit(A&&... a) const;
  template <class... A>
  auto vsplit(A&&... a) const;
  template <class... A>
  auto tril(A&&... a) const;
  template <class... A>
  auto triu(A&&... a) const;
  template <class... A>
  auto rot90(A&&... a) const;
  auto flip(const Shape& dims) const;
  auto roll(const Shape& shifts, const Shape& dims) const;
  auto roll(std::int64_t shift, std::int64_t dim) const;
  auto repeat(const Shape& times) const;
  auto tile(const Shape& times) const;
  auto broadcast_to(const Shape& sizes) const;
  auto unflatten(std::int64_t dim, const Shape& sizes) const;
  auto squeeze(const Shape& dims) const;
  auto as_strided(const Shape& sizes, const Shape& strides) const;
  auto as_strided(const Shape& sizes, const Shape& strides, std::int64_t storage_offset) const;
  auto movedim(const Shape& source, const Shape& destination) const;
  // index
  template <class... A>
  auto scatter(A&&... a) const;
  template <class... A>
  auto scatter_add(A&&... a) const;
  template <class... A>
  auto scatter_reduce(A&&... a) const;
  template <class... A>
  auto index_add(A&&... a) const;
  template <class... A>
  auto index_copy(A&&... a) const;
  template <class... A>
  auto index_fill(A&&... a) const;
  template <class... A>
  auto index_put(A&&... a) const;
  template <class... A>
  auto take(A&&... a) const;
  template <class... A>
  auto put(A&&... a) const;
  template <class... A>
  auto take_along_dim(A&&... a) const;
  template <class... A>
  auto masked_scatter(A&&... a) const;
  template <class... A>
  auto nonzero(A&&... a) const;
  template <class... A>
  auto argwhere(A&&... a) const;
};

}  // namespace torchlite::inline TORCHLITE_ABI
