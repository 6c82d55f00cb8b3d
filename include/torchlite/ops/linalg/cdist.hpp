// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/linalg/distance.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/linalg/matrices.hpp>
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/sign.hpp>
#include <torchlite/ops/reduce/sum.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// g d(distance)/d(a - b) for all pairs, [..., r, s, n], in recorded operations; 0 where a distance is 0.
template <class T, class D>
Tensor<T, D> distance_gradient(const Tensor<T, D>& a, const Tensor<T, D>& b, const Tensor<T, D>& distance, const Tensor<T, D>& g,
                               double p) {
  using Y = Tensor<T, D>;
  const Y d = unsqueeze(a, -2) - unsqueeze(b, -3);
  if (p == 0) return zeros<T, D>(d.sizes());
  if (p == 1) return sign(d) * unsqueeze(g, -1);
  const Y far = unsqueeze(distance, -1), from = unsqueeze(g, -1);
  const auto none = eq(far, 0).eval();
  if (p == 2) return where(none, T(0), d * (from / where(none, T(1), far)));
  if (backend::distance_kind(p) == backend::DistanceKind::largest) return where(eq(abs(d), far), sign(d) * from, T(0));
  const auto same = eq(d, 0).eval();
  const Y size = where(same, T(1), abs(d));
  return where(same, T(0), sign(d) * pow(size, p - 1) * (from * pow(where(none, T(1), far), 1 - p)));
}

/// Distances of dense operands with equal batches.
template <class T, class D>
Tensor<T, D> all_distances(const Tensor<T, D>& a, const Tensor<T, D>& b, double p, Site site) {
  using Y = Tensor<T, D>;
  const MatrixShape sa = matrices("cdist", a.sizes()), sb = matrices("cdist", b.sizes());
  const Y from_a = dense(a), from_b = dense(b), out = empty<T, D>(sa.with({sa.m, sb.m}));
  pair_distances(D{}, p, sa.count, sa.m, sb.m, sa.n, static_cast<const T*>(from_a.data()), static_cast<const T*>(from_b.data()),
                 out.data());
  if (!autograd::needed(a, b)) return out;
  return autograd::record("cdist", site, out, autograd::inputs(a, b),
                          [a = autograd::save(a), b = autograd::save(b), from_a, from_b, out = autograd::save_output(out), p](
                              const autograd::Pass& pass, const Y& g) {
                            Y ga, gb;
                            if (pass.create_graph()) {
                              const Y pairs = distance_gradient(a.get(), b.get(), pass.output(out), g, p);
                              if (pass.needs(0)) ga = sum(pairs, -2);
                              if (pass.needs(1)) gb = neg(sum(pairs, -3));
                              return std::tuple(ga, gb);
                            }
                            const Y dense_g = dense(g), distances = out.get();
                            const MatrixShape shape_a = matrices("cdist", a.get().sizes()), shape_b = matrices("cdist", b.get().sizes());
                            const auto run = [&](const MatrixShape& s, const MatrixShape& other, bool across, const Y& x, const Y& y) {
                              const Y to = empty<T, D>(s.with({s.m, s.n}));
                              pair_distance_gradient(D{}, p, s.count, s.m, other.m, s.n, across, static_cast<const T*>(x.data()),
                                                     static_cast<const T*>(y.data()), static_cast<const T*>(distances.data()),
                                                     static_cast<const T*>(dense_g.data()), to.data());
                              return to;
                            };
                            if (pass.needs(0)) ga = run(shape_a, shape_b, false, from_a, from_b);
                            if (pass.needs(1)) gb = run(shape_b, shape_a, true, from_b, from_a);
                            return std::tuple(ga, gb);
                          });
}

}  // namespace ops

/// The distances between all rows of a and all rows of b: (sum |a_i - b_j|^p)^(1/p), the number of different elements for p = 0.
///   a [..., r, n], b [..., s, n] -> [..., r, s], batch dimensions broadcast
/// The gradient is 0 where a distance is 0. Throws ShapeError if the sizes do not fit, Error for p < 0.
template <tensor_like A, tensor_like B>
tensor_of<A> cdist(const A& a_, const B& b_, double p = 2, Site site = Site::current()) {
  using Y = tensor_of<A>;
  static_assert(factorable<value_t<A>>, "cdist needs float or double; cast first: x.to<float>()");
  static_assert(std::is_same_v<value_t<A>, value_t<B>>, "cdist needs operands of one dtype; cast one with to<T>()");
  const Y& a = eval(a_, site);
  const Y& b = eval(b_, site);
  const ops::MatrixShape sa = ops::matrices("cdist", a.sizes()), sb = ops::matrices("cdist", b.sizes());
  check<ShapeError>(sa.n == sb.n, "cdist: operands have shapes {} and {}; rows must be of the same length", a.sizes().str(),
                    b.sizes().str());
  check<Error>(p >= 0, "cdist: p is {}; it cannot be negative", p);
  check_devices("cdist", a, b);
  const Shape batch = broadcast_shapes("cdist", sa.batch, sb.batch);
  return ops::all_distances(ops::expand_batch(a, batch), ops::expand_batch(b, batch), p, site);
}

/// The distances between the rows of x, each pair once: (0, 1), (0, 2), ..., (1, 2), ...
///   x [n, m] -> [n (n - 1) / 2]
template <tensor_like X>
tensor_of<X> pdist(const X& x_, double p = 2, Site site = Site::current()) {
  using D = device_t<X>;
  const tensor_of<X>& x = eval(x_, site);
  check<ShapeError>(x.dim() == 2, "pdist: a tensor of shape {}; x must be a matrix", x.sizes().str());
  check<Error>(p >= 0, "pdist: p is {}; it cannot be negative", p);
  const std::int64_t n = x.sizes()[0];
  std::vector<std::int64_t> pairs;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = i + 1; j < n; ++j) pairs.push_back(i * n + j);
  return index_select(reshape(cdist(x, x, p, site), {n * n}, site), 0, Tensor<std::int64_t, D>::from(pairs), site);
}

namespace nn::functional {
using torchlite::pdist;
}

}  // namespace torchlite::inline TORCHLITE_ABI
