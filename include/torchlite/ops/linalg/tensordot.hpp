// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/sum.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Sums of products over dimensions of a and the dimensions of b that belong to them.
///   a [m..., k...], b [k..., n...], {{dims of a}, {dims of b}} -> [m..., n...]
/// A size of 1 belongs to any other one, which is summed. Throws ShapeError if other sizes of dimensions that belong together differ.
template <tensor_like A, tensor_like B>
tensor_of<A> tensordot(const A& a_, const B& b_, const Shape& dims_a, const Shape& dims_b, Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<A>, value_t<B>>, "tensordot needs operands of one dtype; cast one with to<T>()");
  tensor_of<A> a = eval(a_, site), b = eval(b_, site);
  check<ShapeError>(dims_a.rank() == dims_b.rank(), "tensordot: dimensions {} of a and {} of b; there must be as many of each",
                    dims_a.str(), dims_b.str());
  Shape order_a, order_b, out;
  unsigned seen_a = 0, seen_b = 0;
  std::int64_t m = 1, n = 1, k = 1;
  for (int i = 0; i < dims_a.rank(); ++i) {
    const int p = normalize_axis("tensordot", dims_a[i], a.dim()), q = normalize_axis("tensordot", dims_b[i], b.dim());
    check<ShapeError>(p < a.dim() && q < b.dim() && (a.sizes()[p] == b.sizes()[q] || a.sizes()[p] == 1 || b.sizes()[q] == 1),
                      "tensordot: dimension {} of {} and dimension {} of {} belong together; their sizes must be equal or 1", p,
                      a.sizes().str(), q, b.sizes().str());
    check<ShapeError>(((seen_a >> p) & 1u) == 0 && ((seen_b >> q) & 1u) == 0, "tensordot: {} or {} names a dimension twice", dims_a.str(),
                      dims_b.str());
    if (a.sizes()[p] != b.sizes()[q]) {
      tensor_of<A>& longer = a.sizes()[p] == 1 ? b : a;
      longer = to<value_t<A>>(sum(longer, a.sizes()[p] == 1 ? q : p, true, site)).eval(site);
    }
    seen_a |= 1u << p;
    seen_b |= 1u << q;
    k *= a.sizes()[p];
    order_b.push_back(q);
  }
  for (int d = 0; d < a.dim(); ++d) {
    if (((seen_a >> d) & 1u) != 0) continue;
    order_a.push_back(d);
    out.push_back(a.sizes()[d]);
    m *= a.sizes()[d];
  }
  for (int i = 0; i < dims_a.rank(); ++i) order_a.push_back(normalize_axis("tensordot", dims_a[i], a.dim()));
  for (int d = 0; d < b.dim(); ++d) {
    if (((seen_b >> d) & 1u) != 0) continue;
    order_b.push_back(d);
    out.push_back(b.sizes()[d]);
    n *= b.sizes()[d];
  }
  return reshape(mm(reshape(permute(a, order_a, site), {m, k}, site), reshape(permute(b, order_b, site), {k, n}, site), site), out, site);
}
/// The last `dims` dimensions of a and the first ones of b.
template <tensor_like A, tensor_like B>
tensor_of<A> tensordot(const A& a_, const B& b_, std::int64_t dims = 2, Site site = Site::current()) {
  const auto& a = eval(a_, site);
  const auto& b = eval(b_, site);
  check<ShapeError>(dims >= 0 && dims <= a.dim() && dims <= b.dim(),
                    "tensordot: {} dimensions of operands of shapes {} and {}; both must have as many", dims, a.sizes().str(),
                    b.sizes().str());
  Shape of_a, of_b;
  for (std::int64_t i = 0; i < dims; ++i) of_a.push_back(a.dim() - dims + i), of_b.push_back(i);
  return tensordot(a, b, of_a, of_b, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
