// SPDX-License-Identifier: BSD-3-Clause
// The methods of tensors and expressions: each calls the function of its name on the evaluated tensor.
#pragma once
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/index/masked.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/reduce/all.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/amin.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/reduce/argmax.hpp>
#include <torchlite/ops/reduce/argmin.hpp>
#include <torchlite/ops/reduce/logsumexp.hpp>
#include <torchlite/ops/reduce/max.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/reduce/min.hpp>
#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/reduce/prod.hpp>
#include <torchlite/ops/reduce/std.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/var.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/diagonal.hpp>
#include <torchlite/ops/shape/expand.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/split.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/to_device.hpp>
#include <torchlite/ops/shape/unfold.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class Self>
auto Methods<Self>::abs() const {
  return torchlite::abs(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::neg() const {
  return torchlite::neg(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::exp() const {
  return torchlite::exp(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::log() const {
  return torchlite::log(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::sqrt() const {
  return torchlite::sqrt(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::rsqrt() const {
  return torchlite::rsqrt(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::square() const {
  return torchlite::square(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::reciprocal() const {
  return torchlite::reciprocal(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::sin() const {
  return torchlite::sin(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::cos() const {
  return torchlite::cos(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::tanh() const {
  return torchlite::tanh(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::sigmoid() const {
  return torchlite::sigmoid(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::erf() const {
  return torchlite::erf(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::relu() const {
  return torchlite::relu(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::sign() const {
  return torchlite::sign(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::floor() const {
  return torchlite::floor(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::ceil() const {
  return torchlite::ceil(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::round() const {
  return torchlite::round(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::isnan() const {
  return torchlite::isnan(static_cast<const Self&>(*this).eval());
}
template <class Self>
template <operand A>
auto Methods<Self>::add(A&& a) const {
  return torchlite::add(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::sub(A&& a) const {
  return torchlite::sub(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::mul(A&& a) const {
  return torchlite::mul(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::div(A&& a) const {
  return torchlite::div(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::pow(A&& a) const {
  return torchlite::pow(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::eq(A&& a) const {
  return torchlite::eq(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::ne(A&& a) const {
  return torchlite::ne(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::lt(A&& a) const {
  return torchlite::lt(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::le(A&& a) const {
  return torchlite::le(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::gt(A&& a) const {
  return torchlite::gt(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A>
auto Methods<Self>::ge(A&& a) const {
  return torchlite::ge(static_cast<const Self&>(*this).eval(), std::forward<A>(a));
}
template <class Self>
template <operand A, operand B>
auto Methods<Self>::clamp(A&& lowest, B&& highest) const {
  return torchlite::clamp(static_cast<const Self&>(*this).eval(), std::forward<A>(lowest), std::forward<B>(highest));
}
template <class Self>
template <tensor_like M, scalar S>
auto Methods<Self>::masked_fill(M&& mask, S value) const {
  return torchlite::masked_fill(static_cast<const Self&>(*this).eval(), std::forward<M>(mask), value);
}
template <class Self>
template <dtype To>
auto Methods<Self>::to() const {
  return torchlite::to<To>(static_cast<const Self&>(*this).eval());
}
template <class Self>
template <device To>
auto Methods<Self>::to(bool non_blocking) const {
  return torchlite::to_device<To>(static_cast<const Self&>(*this).eval(), non_blocking);
}
template <class Self>
template <device To>
auto Methods<Self>::to(To place, bool non_blocking) const {
  return torchlite::to_device(static_cast<const Self&>(*this).eval(), place, non_blocking);
}
template <class Self>
auto Methods<Self>::pin_memory() const {
  return torchlite::pin_memory(static_cast<const Self&>(*this).eval());
}
template <class Self>
bool Methods<Self>::is_pinned() const {
  return torchlite::is_pinned(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::sum() const {
  return torchlite::sum(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::sum(std::int64_t dim, bool keepdim) const {
  return torchlite::sum(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::sum(const Shape& dims, bool keepdim) const {
  return torchlite::sum(static_cast<const Self&>(*this).eval(), dims, keepdim);
}
template <class Self>
auto Methods<Self>::mean() const {
  return torchlite::mean(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::mean(std::int64_t dim, bool keepdim) const {
  return torchlite::mean(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::mean(const Shape& dims, bool keepdim) const {
  return torchlite::mean(static_cast<const Self&>(*this).eval(), dims, keepdim);
}
template <class Self>
auto Methods<Self>::prod() const {
  return torchlite::prod(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::prod(std::int64_t dim, bool keepdim) const {
  return torchlite::prod(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::max() const {
  return torchlite::max(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::max(std::int64_t dim, bool keepdim) const {
  return torchlite::max(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::min() const {
  return torchlite::min(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::min(std::int64_t dim, bool keepdim) const {
  return torchlite::min(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::amax(const Shape& dims, bool keepdim) const {
  return torchlite::amax(static_cast<const Self&>(*this).eval(), dims, keepdim);
}
template <class Self>
auto Methods<Self>::amin(const Shape& dims, bool keepdim) const {
  return torchlite::amin(static_cast<const Self&>(*this).eval(), dims, keepdim);
}
template <class Self>
auto Methods<Self>::argmax() const {
  return torchlite::argmax(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::argmax(std::int64_t dim, bool keepdim) const {
  return torchlite::argmax(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::argmin() const {
  return torchlite::argmin(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::argmin(std::int64_t dim, bool keepdim) const {
  return torchlite::argmin(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::any() const {
  return torchlite::any(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::all() const {
  return torchlite::all(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::var(std::int64_t dim, bool keepdim) const {
  return torchlite::var(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::std(std::int64_t dim, bool keepdim) const {
  return torchlite::std(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::norm() const {
  return torchlite::norm(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::logsumexp(std::int64_t dim, bool keepdim) const {
  return torchlite::logsumexp(static_cast<const Self&>(*this).eval(), dim, keepdim);
}
template <class Self>
auto Methods<Self>::softmax(std::int64_t dim) const {
  return torchlite::softmax(static_cast<const Self&>(*this).eval(), dim);
}
template <class Self>
auto Methods<Self>::log_softmax(std::int64_t dim) const {
  return torchlite::log_softmax(static_cast<const Self&>(*this).eval(), dim);
}
template <class Self>
template <tensor_like B>
auto Methods<Self>::matmul(const B& b) const {
  return torchlite::matmul(static_cast<const Self&>(*this).eval(), b);
}
template <class Self>
template <tensor_like B>
auto Methods<Self>::mm(const B& b) const {
  return torchlite::mm(static_cast<const Self&>(*this).eval(), b);
}
template <class Self>
template <tensor_like B>
auto Methods<Self>::bmm(const B& b) const {
  return torchlite::bmm(static_cast<const Self&>(*this).eval(), b);
}
template <class Self>
template <tensor_like B>
auto Methods<Self>::dot(const B& b) const {
  return torchlite::dot(static_cast<const Self&>(*this).eval(), b);
}
template <class Self>
auto Methods<Self>::view(const Shape& sizes) const {
  return torchlite::view(static_cast<const Self&>(*this).eval(), sizes);
}
template <class Self>
auto Methods<Self>::reshape(const Shape& sizes) const {
  return torchlite::reshape(static_cast<const Self&>(*this).eval(), sizes);
}
template <class Self>
auto Methods<Self>::flatten(std::int64_t start_dim, std::int64_t end_dim) const {
  return torchlite::flatten(static_cast<const Self&>(*this).eval(), start_dim, end_dim);
}
template <class Self>
auto Methods<Self>::transpose(std::int64_t dim0, std::int64_t dim1) const {
  return torchlite::transpose(static_cast<const Self&>(*this).eval(), dim0, dim1);
}
template <class Self>
auto Methods<Self>::t() const {
  return torchlite::t(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::permute(const Shape& dims) const {
  return torchlite::permute(static_cast<const Self&>(*this).eval(), dims);
}
template <class Self>
auto Methods<Self>::movedim(std::int64_t source, std::int64_t destination) const {
  return torchlite::movedim(static_cast<const Self&>(*this).eval(), source, destination);
}
template <class Self>
auto Methods<Self>::expand(const Shape& sizes) const {
  return torchlite::expand(static_cast<const Self&>(*this).eval(), sizes);
}
template <class Self>
template <tensor_like B>
auto Methods<Self>::expand_as(const B& other) const {
  return torchlite::expand_as(static_cast<const Self&>(*this).eval(), other);
}
template <class Self>
auto Methods<Self>::squeeze() const {
  return torchlite::squeeze(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::squeeze(std::int64_t dim) const {
  return torchlite::squeeze(static_cast<const Self&>(*this).eval(), dim);
}
template <class Self>
auto Methods<Self>::unsqueeze(std::int64_t dim) const {
  return torchlite::unsqueeze(static_cast<const Self&>(*this).eval(), dim);
}
template <class Self>
auto Methods<Self>::select(std::int64_t dim, std::int64_t index) const {
  return torchlite::select(static_cast<const Self&>(*this).eval(), dim, index);
}
template <class Self>
auto Methods<Self>::narrow(std::int64_t dim, std::int64_t start, std::int64_t length) const {
  return torchlite::narrow(static_cast<const Self&>(*this).eval(), dim, start, length);
}
template <class Self>
auto Methods<Self>::diagonal(std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const {
  return torchlite::diagonal(static_cast<const Self&>(*this).eval(), offset, dim1, dim2);
}
template <class Self>
auto Methods<Self>::unfold(std::int64_t dim, std::int64_t size, std::int64_t step) const {
  return torchlite::unfold(static_cast<const Self&>(*this).eval(), dim, size, step);
}
template <class Self>
auto Methods<Self>::split(std::int64_t size, std::int64_t dim) const {
  return torchlite::split(static_cast<const Self&>(*this).eval(), size, dim);
}
template <class Self>
auto Methods<Self>::chunk(std::int64_t chunks, std::int64_t dim) const {
  return torchlite::chunk(static_cast<const Self&>(*this).eval(), chunks, dim);
}
template <class Self>
auto Methods<Self>::unbind(std::int64_t dim) const {
  return torchlite::unbind(static_cast<const Self&>(*this).eval(), dim);
}
template <class Self>
auto Methods<Self>::contiguous() const {
  return torchlite::contiguous(static_cast<const Self&>(*this).eval());
}
template <class Self>
auto Methods<Self>::clone() const {
  return torchlite::clone(static_cast<const Self&>(*this).eval());
}
template <class Self>
template <tensor_like I>
auto Methods<Self>::gather(std::int64_t dim, const I& index) const {
  return torchlite::gather(static_cast<const Self&>(*this).eval(), dim, index);
}
template <class Self>
template <tensor_like I>
auto Methods<Self>::index_select(std::int64_t dim, const I& index) const {
  return torchlite::index_select(static_cast<const Self&>(*this).eval(), dim, index);
}
template <class Self>
template <tensor_like M>
auto Methods<Self>::masked_select(const M& mask) const {
  return torchlite::masked_select(static_cast<const Self&>(*this).eval(), mask);
}

}  // namespace torchlite::inline TORCHLITE_ABI
