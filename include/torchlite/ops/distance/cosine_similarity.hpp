// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/shape/expand.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// The 2-norm along a dimension as a divisor: not below eps, with the gradient that it has without that bound.
template <class T, class D>
Tensor<T, D> bounded_norm(const Tensor<T, D>& x, std::int64_t dim, double eps, Site site) {
  const Tensor<T, D> n = norm(x, 2, dim, true, site);
  return where(lt(n, eps), n - n.detach() + eps, n);
}

}  // namespace ops

/// x1 . x2 / (max(|x1|, eps) max(|x2|, eps)) along a dimension: the cosine of the angle between two vectors.
///   x1 [a, C, b], x2 [a, C, b], broadcast -> [a, b]
template <tensor_like A, tensor_like B>
tensor_of<A> cosine_similarity(const A& x1, const B& x2, std::int64_t dim = 1, double eps = 1e-8, Site site = Site::current()) {
  using T = tensor_of<A>;
  static_assert(floating<value_t<A>>, "cosine_similarity needs a floating dtype; cast first: x.to<float>()");
  const T& given1 = eval(x1, site);
  const T& given2 = eval(x2, site);
  const Shape sizes = broadcast_shapes("cosine_similarity", given1.sizes(), given2.sizes());
  const T a = expand(given1, sizes, site), b = expand(given2, sizes, site);
  const int axis = normalize_axis("cosine_similarity", dim, sizes.rank());
  const Axes along = sizes.rank() == 0 ? Axes() : Axes(axis);
  // Each is divided before they are multiplied: the squared lengths of long vectors would overflow.
  const T length_a = ops::bounded_norm(a, axis, eps, site), length_b = ops::bounded_norm(b, axis, eps, site);
  return sum((a / length_a) * (b / length_b), along, false, site);
}

namespace nn::functional {
using torchlite::cosine_similarity;
}

}  // namespace torchlite::inline TORCHLITE_ABI
