// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// All products: out_ij = a_i b_j.
///   a [m], b [n] -> [m, n], in the promoted dtype
template <tensor_like A, tensor_like B>
auto outer(const A& a_, const B& b_, Site site = Site::current()) {
  const auto& a = eval(a_, site);
  const auto& b = eval(b_, site);
  check<ShapeError>(a.dim() == 1 && b.dim() == 1, "outer: operands have shapes {} and {}; both must be vectors", a.sizes().str(),
                    b.sizes().str());
  return (unsqueeze(a, 1, site) * b).eval(site);
}
/// outer by its other name.
template <tensor_like A, tensor_like B>
auto ger(const A& a, const B& b, Site site = Site::current()) {
  return outer(a, b, site);
}

/// The Kronecker product: every element of a times all of b, as a block.
///   a [m, n], b [p, q] -> [m p, n q]; any number of dimensions up to 4, the missing ones are 1
template <tensor_like A, tensor_like B>
auto kron(const A& a_, const B& b_, Site site = Site::current()) {
  const auto& a = eval(a_, site);
  const auto& b = eval(b_, site);
  const int rank = a.dim() > b.dim() ? a.dim() : b.dim();
  check<ShapeError>(2 * rank <= max_rank, "kron: operands have shapes {} and {}; at most {} dimensions are possible", a.sizes().str(),
                    b.sizes().str(), max_rank / 2);
  Shape of_a, of_b, out;
  for (int d = 0; d < rank; ++d) {
    const int da = d - (rank - a.dim()), db = d - (rank - b.dim());
    const std::int64_t m = da < 0 ? 1 : a.sizes()[da], n = db < 0 ? 1 : b.sizes()[db];
    of_a.push_back(m), of_a.push_back(1);
    of_b.push_back(1), of_b.push_back(n);
    out.push_back(m * n);
  }
  return reshape((reshape(a, of_a, site) * reshape(b, of_b, site)).eval(site), out, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
