// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/solve.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace linalg {

/// A^n by squaring; of the inverse for a negative n.
///   A [..., m, m] -> [..., m, m]
/// Throws Error for a singular matrix if n is negative.
template <tensor_like A>
tensor_of<A> matrix_power(const A& a_, std::int64_t n, Site site = Site::current()) {
  using T = value_t<A>;
  using D = device_t<A>;
  using Y = Tensor<T, D>;
  const Y& a = eval(a_, site);
  const ops::MatrixShape s = ops::square_matrices("linalg.matrix_power", a.sizes());
  if (n == 0) {  // a part of the graph, with a gradient of zeros
    const Tensor<bool, D> everywhere = full<bool, D>({s.n, s.n}, true);
    return where(everywhere, eye<T, D>(s.n), a).eval(site);
  }
  Y base = a;
  if (n < 0) {
    if constexpr (factorable<T>) base = linalg::inv(a, site);
    else
      fail<DtypeError>("linalg.matrix_power: the power {} needs an inverse, which dtype {} has not; cast to float or double", n,
                       to_string(dtype_v<T>));
  }
  std::uint64_t left = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
  if (left == 1) return n < 0 ? base : clone(base, site);
  Y out;
  for (;; base = matmul(base, base, site)) {
    if ((left & 1) != 0) out = out.defined() ? Y(matmul(out, base, site)) : base;
    left >>= 1;
    if (left == 0) return out;
  }
}

}  // namespace linalg
using linalg::matrix_power;

}  // namespace torchlite::inline TORCHLITE_ABI
