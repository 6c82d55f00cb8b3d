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
  auto to() const;

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
};

}  // namespace torchlite::inline TORCHLITE_ABI
