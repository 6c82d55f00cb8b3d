// SPDX-License-Identifier: BSD-3-Clause
// beta * input + alpha * a product: of matrices, of batches of them, of a matrix and a vector, of vectors.
#pragma once
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/linalg/outer.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/expand.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// beta * input + alpha * product, input broadcast to the product; it is not read where beta is 0, so that its NaNs are lost.
template <class T, class D>
Tensor<T, D> add_product(const char* op, const Tensor<T, D>& input, const Tensor<T, D>& product, double beta, double alpha, Site site) {
  check<ShapeError>(broadcast_shapes(op, input.sizes(), product.sizes()) == product.sizes(),
                    "{}: the input is {}, the product is {}; the input must broadcast to it", op, input.sizes().str(),
                    product.sizes().str());
  if constexpr (floating<T>) {
    if (beta == 0) return (product * alpha).eval(site);
    if (beta == 1 && alpha == 1) return (input + product).eval(site);
    return (input * beta + product * alpha).eval(site);
  } else {
    const auto whole = [op](double s) {
      check<DtypeError>(s == static_cast<double>(static_cast<std::int64_t>(s)),
                        "{}: factor {} is no integer, but the tensors hold integers", op, s);
      return static_cast<T>(s);
    };
    const T b = whole(beta), a = whole(alpha);
    if (beta == 0) return Tensor<T, D>(product * a);
    return Tensor<T, D>(input * b + product * a);
  }
}

}  // namespace ops

/// beta * input + alpha * (a b), as all functions of this file: input broadcasts to the product.
///   input [m, n], a [m, k], b [k, n] -> [m, n]
/// Throws ShapeError if the sizes do not fit; so do the others.
template <tensor_like X, tensor_like A, tensor_like B>
tensor_of<X> addmm(const X& input, const A& a_, const B& b_, double beta = 1, double alpha = 1, Site site = Site::current()) {
  const auto& a = eval(a_, site);
  const auto& b = eval(b_, site);
  check<ShapeError>(a.dim() == 2 && b.dim() == 2, "addmm: operands have shapes {} and {}; both must be matrices", a.sizes().str(),
                    b.sizes().str());
  return ops::add_product("addmm", eval(input, site), mm(a, b, site), beta, alpha, site);
}

///   input [m], a [m, k], b [k] -> [m]
template <tensor_like X, tensor_like A, tensor_like B>
tensor_of<X> addmv(const X& input, const A& a, const B& b, double beta = 1, double alpha = 1, Site site = Site::current()) {
  return ops::add_product("addmv", eval(input, site), mv(a, b, site), beta, alpha, site);
}

///   input [m, n], a [m], b [n] -> [m, n]
template <tensor_like X, tensor_like A, tensor_like B>
tensor_of<X> addr(const X& input, const A& a, const B& b, double beta = 1, double alpha = 1, Site site = Site::current()) {
  return ops::add_product("addr", eval(input, site), tensor_of<X>(outer(a, b, site)), beta, alpha, site);
}

///   input [b, m, n], a [b, m, k], b [b, k, n] -> [b, m, n]
template <tensor_like X, tensor_like A, tensor_like B>
tensor_of<X> baddbmm(const X& input, const A& a, const B& b, double beta = 1, double alpha = 1, Site site = Site::current()) {
  return ops::add_product("baddbmm", eval(input, site), bmm(a, b, site), beta, alpha, site);
}

/// The products of the batch are summed: they are one product, k of all the batch long.
///   input [m, n], a [b, m, k], b [b, k, n] -> [m, n]
template <tensor_like X, tensor_like A, tensor_like B>
tensor_of<X> addbmm(const X& input, const A& a_, const B& b_, double beta = 1, double alpha = 1, Site site = Site::current()) {
  const auto& a = eval(a_, site);
  const auto& b = eval(b_, site);
  check<ShapeError>(a.dim() == 3 && b.dim() == 3 && a.sizes()[0] == b.sizes()[0] && a.sizes()[2] == b.sizes()[1],
                    "addbmm: operands have shapes {} and {}; both must be batches of as many matrices that can be multiplied",
                    a.sizes().str(), b.sizes().str());
  const std::int64_t count = a.sizes()[0], m = a.sizes()[1], k = a.sizes()[2], n = b.sizes()[2];
  const auto wide = reshape(permute(a, {1, 0, 2}, site), {m, count * k}, site);
  return ops::add_product("addbmm", eval(input, site), mm(wide, reshape(b, {count * k, n}, site), site), beta, alpha, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
