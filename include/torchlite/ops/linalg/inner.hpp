// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/sum.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Sums of products over the last dimension of both.
///   a [m..., k], b [n..., k] -> [m..., n...]; the product where one of them has no dimensions
/// Throws ShapeError if the last sizes differ.
template <tensor_like A, tensor_like B>
tensor_of<A> inner(const A& a_, const B& b_, Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<A>, value_t<B>>, "inner needs operands of one dtype; cast one with to<T>()");
  const tensor_of<A>& a = eval(a_, site);
  const tensor_of<A>& b = eval(b_, site);
  if (a.dim() == 0 || b.dim() == 0) return (a * b).eval(site);
  check<ShapeError>(a.sizes().back() == b.sizes().back(), "inner: operands have shapes {} and {}; their last sizes must be equal",
                    a.sizes().str(), b.sizes().str());
  const std::int64_t k = a.sizes().back();
  Shape out(a.sizes().begin(), a.sizes().end() - 1);
  std::int64_t m = 1, n = 1;
  for (const std::int64_t s : out) m *= s;
  for (int d = 0; d + 1 < b.dim(); ++d) {
    n *= b.sizes()[d];
    out.push_back(b.sizes()[d]);
  }
  return reshape(matmul(reshape(a, {m, k}, site), transpose(reshape(b, {n, k}, site), 0, 1, site), site), out, site);
}

/// [n] x [n] -> scalar: the sum of products, the first operand conjugated where it is complex.
template <tensor_like A, tensor_like B>
tensor_of<A> vdot(const A& a_, const B& b_, Site site = Site::current()) {
  const auto& a = eval(a_, site);
  const auto& b = eval(b_, site);
  check<ShapeError>(a.dim() == 1 && b.dim() == 1 && a.sizes() == b.sizes(),
                    "vdot: operands have shapes {} and {}; both must be vectors of one size", a.sizes().str(), b.sizes().str());
  return dot(tensor_of<A>(conj(a)), b, site);
}

namespace linalg {
/// The sum of products along a dimension; the others broadcast.
///   a [..., k], b [..., k] -> [...]
template <tensor_like A, tensor_like B>
tensor_of<A> vecdot(const A& a_, const B& b_, std::int64_t dim = -1, Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<A>, value_t<B>>, "linalg.vecdot needs operands of one dtype; cast one with to<T>()");
  const tensor_of<A>& a = eval(a_, site);
  const tensor_of<A>& b = eval(b_, site);
  const Shape sizes = broadcast_shapes("linalg.vecdot", a.sizes(), b.sizes());
  const int axis = normalize_axis("linalg.vecdot", dim, sizes.rank());
  using T = value_t<A>;
  if constexpr (differentiable<T>) return sum((conj(a) * b).eval(site), axis, false, site);
  else return tensor_of<A>(to<T>(sum((a * b).eval(site), axis, false, site)));
}
}  // namespace linalg

}  // namespace torchlite::inline TORCHLITE_ABI
