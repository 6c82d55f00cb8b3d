// SPDX-License-Identifier: BSD-3-Clause
// Methods that hand all their arguments on: x.f(a...) is f(x, a...), in every form that f has.
#pragma once
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/index/masked.hpp>
#include <torchlite/ops/index/masked_scatter.hpp>
#include <torchlite/ops/index/repeat_interleave.hpp>
#include <torchlite/ops/index/scatter_reduce.hpp>
#include <torchlite/ops/index/sort.hpp>
#include <torchlite/ops/index/take.hpp>
#include <torchlite/ops/linalg/addmm.hpp>
#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/det.hpp>
#include <torchlite/ops/linalg/inner.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/linalg/matrix_exp.hpp>
#include <torchlite/ops/linalg/matrix_power.hpp>
#include <torchlite/ops/linalg/outer.hpp>
#include <torchlite/ops/linalg/pinv.hpp>
#include <torchlite/ops/linalg/qr.hpp>
#include <torchlite/ops/linalg/solve.hpp>
#include <torchlite/ops/linalg/svd.hpp>
#include <torchlite/ops/pointwise/acos.hpp>
#include <torchlite/ops/pointwise/acosh.hpp>
#include <torchlite/ops/pointwise/addcmul.hpp>
#include <torchlite/ops/pointwise/asin.hpp>
#include <torchlite/ops/pointwise/asinh.hpp>
#include <torchlite/ops/pointwise/atan.hpp>
#include <torchlite/ops/pointwise/atan2.hpp>
#include <torchlite/ops/pointwise/atanh.hpp>
#include <torchlite/ops/pointwise/clamp.hpp>
#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/pointwise/cosh.hpp>
#include <torchlite/ops/pointwise/erfc.hpp>
#include <torchlite/ops/pointwise/exp2.hpp>
#include <torchlite/ops/pointwise/expm1.hpp>
#include <torchlite/ops/pointwise/fmod.hpp>
#include <torchlite/ops/pointwise/frac.hpp>
#include <torchlite/ops/pointwise/isfinite.hpp>
#include <torchlite/ops/pointwise/isinf.hpp>
#include <torchlite/ops/pointwise/lerp.hpp>
#include <torchlite/ops/pointwise/log10.hpp>
#include <torchlite/ops/pointwise/log1p.hpp>
#include <torchlite/ops/pointwise/log2.hpp>
#include <torchlite/ops/pointwise/logical_and.hpp>
#include <torchlite/ops/pointwise/logical_not.hpp>
#include <torchlite/ops/pointwise/logical_or.hpp>
#include <torchlite/ops/pointwise/logical_xor.hpp>
#include <torchlite/ops/pointwise/maximum.hpp>
#include <torchlite/ops/pointwise/minimum.hpp>
#include <torchlite/ops/pointwise/nan_to_num.hpp>
#include <torchlite/ops/pointwise/remainder.hpp>
#include <torchlite/ops/pointwise/sgn.hpp>
#include <torchlite/ops/pointwise/sinh.hpp>
#include <torchlite/ops/pointwise/tan.hpp>
#include <torchlite/ops/pointwise/trunc.hpp>
#include <torchlite/ops/reduce/allclose.hpp>
#include <torchlite/ops/reduce/aminmax.hpp>
#include <torchlite/ops/reduce/count_nonzero.hpp>
#include <torchlite/ops/reduce/nansum.hpp>
#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/reduce/renorm.hpp>
#include <torchlite/ops/scan/cummax.hpp>
#include <torchlite/ops/scan/cumprod.hpp>
#include <torchlite/ops/scan/cumsum.hpp>
#include <torchlite/ops/scan/diff.hpp>
#include <torchlite/ops/scan/logcumsumexp.hpp>
#include <torchlite/ops/shape/as_strided.hpp>
#include <torchlite/ops/shape/diag.hpp>
#include <torchlite/ops/shape/expand.hpp>
#include <torchlite/ops/shape/flip.hpp>
#include <torchlite/ops/shape/matrix_transpose.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/repeat.hpp>
#include <torchlite/ops/shape/roll.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/tensor_split.hpp>
#include <torchlite/ops/shape/tril.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/ops/sort/kthvalue.hpp>
#include <torchlite/ops/sort/median.hpp>
#include <torchlite/ops/sort/quantile.hpp>
#include <torchlite/ops/sort/unique.hpp>
#include <torchlite/ops/special/error_function.hpp>
#include <torchlite/ops/special/gamma.hpp>
#include <torchlite/ops/statistics/bincount.hpp>
#include <torchlite/ops/statistics/histogram.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class Self>
template <class... A>
auto Methods<Self>::log2(A&&... a) const {
  return torchlite::log2(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::log10(A&&... a) const {
  return torchlite::log10(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::log1p(A&&... a) const {
  return torchlite::log1p(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::exp2(A&&... a) const {
  return torchlite::exp2(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::expm1(A&&... a) const {
  return torchlite::expm1(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::tan(A&&... a) const {
  return torchlite::tan(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::asin(A&&... a) const {
  return torchlite::asin(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::acos(A&&... a) const {
  return torchlite::acos(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::atan(A&&... a) const {
  return torchlite::atan(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::sinh(A&&... a) const {
  return torchlite::sinh(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::cosh(A&&... a) const {
  return torchlite::cosh(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::asinh(A&&... a) const {
  return torchlite::asinh(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::acosh(A&&... a) const {
  return torchlite::acosh(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::atanh(A&&... a) const {
  return torchlite::atanh(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::erfc(A&&... a) const {
  return torchlite::erfc(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::erfinv(A&&... a) const {
  return torchlite::erfinv(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::lgamma(A&&... a) const {
  return torchlite::lgamma(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::digamma(A&&... a) const {
  return torchlite::digamma(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::trunc(A&&... a) const {
  return torchlite::trunc(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::frac(A&&... a) const {
  return torchlite::frac(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::isinf(A&&... a) const {
  return torchlite::isinf(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::isfinite(A&&... a) const {
  return torchlite::isfinite(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::logical_not(A&&... a) const {
  return torchlite::logical_not(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::clamp_min(A&&... a) const {
  return torchlite::clamp_min(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::clamp_max(A&&... a) const {
  return torchlite::clamp_max(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::maximum(A&&... a) const {
  return torchlite::maximum(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::minimum(A&&... a) const {
  return torchlite::minimum(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::fmod(A&&... a) const {
  return torchlite::fmod(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::remainder(A&&... a) const {
  return torchlite::remainder(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::atan2(A&&... a) const {
  return torchlite::atan2(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::lerp(A&&... a) const {
  return torchlite::lerp(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::addcmul(A&&... a) const {
  return torchlite::addcmul(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::addcdiv(A&&... a) const {
  return torchlite::addcdiv(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::logical_and(A&&... a) const {
  return torchlite::logical_and(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::logical_or(A&&... a) const {
  return torchlite::logical_or(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::logical_xor(A&&... a) const {
  return torchlite::logical_xor(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::nan_to_num(A&&... a) const {
  return torchlite::nan_to_num(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::conj(A&&... a) const {
  return torchlite::conj(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::angle(A&&... a) const {
  return torchlite::angle(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::sgn(A&&... a) const {
  return torchlite::sgn(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::cumsum(A&&... a) const {
  return torchlite::cumsum(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::cumprod(A&&... a) const {
  return torchlite::cumprod(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::cummax(A&&... a) const {
  return torchlite::cummax(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::cummin(A&&... a) const {
  return torchlite::cummin(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::logcumsumexp(A&&... a) const {
  return torchlite::logcumsumexp(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::aminmax(A&&... a) const {
  return torchlite::aminmax(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::median(A&&... a) const {
  return torchlite::median(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::nanmedian(A&&... a) const {
  return torchlite::nanmedian(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::mode(A&&... a) const {
  return torchlite::mode(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::kthvalue(A&&... a) const {
  return torchlite::kthvalue(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::quantile(A&&... a) const {
  return torchlite::quantile(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::nansum(A&&... a) const {
  return torchlite::nansum(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::nanmean(A&&... a) const {
  return torchlite::nanmean(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::count_nonzero(A&&... a) const {
  return torchlite::count_nonzero(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::dist(A&&... a) const {
  return torchlite::dist(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::sort(A&&... a) const {
  return torchlite::sort(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::argsort(A&&... a) const {
  return torchlite::argsort(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::topk(A&&... a) const {
  return torchlite::topk(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::unique(A&&... a) const {
  return torchlite::unique(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::histc(A&&... a) const {
  return torchlite::histc(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::bincount(A&&... a) const {
  return torchlite::bincount(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::diff(A&&... a) const {
  return torchlite::diff(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::renorm(A&&... a) const {
  return torchlite::renorm(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::trace(A&&... a) const {
  return torchlite::trace(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::allclose(A&&... a) const {
  return torchlite::allclose(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::isclose(A&&... a) const {
  return torchlite::isclose(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::equal(A&&... a) const {
  return torchlite::equal(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::mv(A&&... a) const {
  return torchlite::mv(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::addmm(A&&... a) const {
  return torchlite::addmm(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::baddbmm(A&&... a) const {
  return torchlite::baddbmm(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::outer(A&&... a) const {
  return torchlite::outer(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::inner(A&&... a) const {
  return torchlite::inner(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::det(A&&... a) const {
  return torchlite::det(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::slogdet(A&&... a) const {
  return torchlite::slogdet(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::logdet(A&&... a) const {
  return torchlite::logdet(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::inverse(A&&... a) const {
  return torchlite::inverse(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::pinverse(A&&... a) const {
  return torchlite::pinverse(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::cholesky(A&&... a) const {
  return torchlite::cholesky(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::qr(A&&... a) const {
  return torchlite::qr(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::svd(A&&... a) const {
  return torchlite::svd(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::matrix_exp(A&&... a) const {
  return torchlite::matrix_exp(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::matrix_power(A&&... a) const {
  return torchlite::matrix_power(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::view_as(A&&... a) const {
  return torchlite::view_as(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::reshape_as(A&&... a) const {
  return torchlite::reshape_as(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::ravel(A&&... a) const {
  return torchlite::ravel(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::swapaxes(A&&... a) const {
  return torchlite::swapaxes(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::adjoint(A&&... a) const {
  return torchlite::adjoint(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::mT(A&&... a) const {
  return torchlite::mT(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::mH(A&&... a) const {
  return torchlite::mH(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::diag(A&&... a) const {
  return torchlite::diag(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::diag_embed(A&&... a) const {
  return torchlite::diag_embed(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::repeat_interleave(A&&... a) const {
  return torchlite::repeat_interleave(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::tensor_split(A&&... a) const {
  return torchlite::tensor_split(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::hsplit(A&&... a) const {
  return torchlite::hsplit(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::vsplit(A&&... a) const {
  return torchlite::vsplit(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::tril(A&&... a) const {
  return torchlite::tril(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::triu(A&&... a) const {
  return torchlite::triu(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::rot90(A&&... a) const {
  return torchlite::rot90(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
auto Methods<Self>::flip(const Shape& dims) const {
  return torchlite::flip(static_cast<const Self&>(*this).eval(), dims);
}
template <class Self>
auto Methods<Self>::roll(const Shape& shifts, const Shape& dims) const {
  return torchlite::roll(static_cast<const Self&>(*this).eval(), shifts, dims);
}
template <class Self>
auto Methods<Self>::roll(std::int64_t shift, std::int64_t dim) const {
  return torchlite::roll(static_cast<const Self&>(*this).eval(), shift, dim);
}
template <class Self>
auto Methods<Self>::repeat(const Shape& times) const {
  return torchlite::repeat(static_cast<const Self&>(*this).eval(), times);
}
template <class Self>
auto Methods<Self>::tile(const Shape& times) const {
  return torchlite::tile(static_cast<const Self&>(*this).eval(), times);
}
template <class Self>
auto Methods<Self>::broadcast_to(const Shape& sizes) const {
  return torchlite::broadcast_to(static_cast<const Self&>(*this).eval(), sizes);
}
template <class Self>
auto Methods<Self>::unflatten(std::int64_t dim, const Shape& sizes) const {
  return torchlite::unflatten(static_cast<const Self&>(*this).eval(), dim, sizes);
}
template <class Self>
auto Methods<Self>::squeeze(const Shape& dims) const {
  return torchlite::squeeze(static_cast<const Self&>(*this).eval(), dims);
}
template <class Self>
auto Methods<Self>::as_strided(const Shape& sizes, const Shape& strides) const {
  return torchlite::as_strided(static_cast<const Self&>(*this).eval(), sizes, strides);
}
template <class Self>
auto Methods<Self>::as_strided(const Shape& sizes, const Shape& strides, std::int64_t storage_offset) const {
  return torchlite::as_strided(static_cast<const Self&>(*this).eval(), sizes, strides, storage_offset);
}
template <class Self>
auto Methods<Self>::movedim(const Shape& source, const Shape& destination) const {
  return torchlite::movedim(static_cast<const Self&>(*this).eval(), source, destination);
}
template <class Self>
template <class... A>
auto Methods<Self>::scatter(A&&... a) const {
  return torchlite::scatter(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::scatter_add(A&&... a) const {
  return torchlite::scatter_add(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::scatter_reduce(A&&... a) const {
  return torchlite::scatter_reduce(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::index_add(A&&... a) const {
  return torchlite::index_add(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::index_copy(A&&... a) const {
  return torchlite::index_copy(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::index_fill(A&&... a) const {
  return torchlite::index_fill(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::index_put(A&&... a) const {
  return torchlite::index_put(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::take(A&&... a) const {
  return torchlite::take(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::put(A&&... a) const {
  return torchlite::put(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::take_along_dim(A&&... a) const {
  return torchlite::take_along_dim(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::masked_scatter(A&&... a) const {
  return torchlite::masked_scatter(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::nonzero(A&&... a) const {
  return torchlite::nonzero(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}
template <class Self>
template <class... A>
auto Methods<Self>::argwhere(A&&... a) const {
  return torchlite::argwhere(static_cast<const Self&>(*this).eval(), std::forward<A>(a)...);
}

}  // namespace torchlite::inline TORCHLITE_ABI
