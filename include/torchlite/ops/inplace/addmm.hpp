// SPDX-License-Identifier: BSD-3-Clause
// Products added in place: x = beta * x + alpha * (a b). x has the product's shape.
#pragma once
#include <torchlite/ops/inplace/inplace.hpp>
#include <torchlite/ops/linalg/addmm.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x [m, n], a [m, k], b [k, n]
template <class T, class D, tensor_like A, tensor_like B>
const Tensor<T, D>& addmm_(const Tensor<T, D>& x, const A& a, const B& b, double beta = 1, double alpha = 1, Site site = Site::current()) {
  return ops::write_rows_in_place("addmm_", x, site, [&](const Tensor<T, D>& t) { return addmm(t, a, b, beta, alpha, site); });
}
/// x [m], a [m, k], b [k]
template <class T, class D, tensor_like A, tensor_like B>
const Tensor<T, D>& addmv_(const Tensor<T, D>& x, const A& a, const B& b, double beta = 1, double alpha = 1, Site site = Site::current()) {
  return ops::write_rows_in_place("addmv_", x, site, [&](const Tensor<T, D>& t) { return addmv(t, a, b, beta, alpha, site); });
}
/// x [m, n], a [m], b [n]
template <class T, class D, tensor_like A, tensor_like B>
const Tensor<T, D>& addr_(const Tensor<T, D>& x, const A& a, const B& b, double beta = 1, double alpha = 1, Site site = Site::current()) {
  return ops::write_rows_in_place("addr_", x, site, [&](const Tensor<T, D>& t) { return addr(t, a, b, beta, alpha, site); });
}
/// x [batch, m, n], a [batch, m, k], b [batch, k, n]
template <class T, class D, tensor_like A, tensor_like B>
const Tensor<T, D>& baddbmm_(const Tensor<T, D>& x, const A& a, const B& b, double beta = 1, double alpha = 1,
                             Site site = Site::current()) {
  return ops::write_rows_in_place("baddbmm_", x, site, [&](const Tensor<T, D>& t) { return baddbmm(t, a, b, beta, alpha, site); });
}
/// x [m, n], a [batch, m, k], b [batch, k, n]
template <class T, class D, tensor_like A, tensor_like B>
const Tensor<T, D>& addbmm_(const Tensor<T, D>& x, const A& a, const B& b, double beta = 1, double alpha = 1, Site site = Site::current()) {
  return ops::write_rows_in_place("addbmm_", x, site, [&](const Tensor<T, D>& t) { return addbmm(t, a, b, beta, alpha, site); });
}

}  // namespace torchlite::inline TORCHLITE_ABI
