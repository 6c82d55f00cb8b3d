// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/autocast/product_caster.hpp>
#include <torchlite/ops/linalg/product.hpp>
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The product of matrices, recorded: a [..., m, k], b [..., k, n], batch dimensions broadcast.
template <class T, class D>
Tensor<T, D> matrix_product(const char* name, Site site, const Tensor<T, D>& a, const Tensor<T, D>& b) {
  Tensor<T, D> c = product(a, b);
  if constexpr (differentiable<T>) {
    if (!autograd::needed(a, b)) return c;
    return autograd::record(
        name, site, std::move(c), autograd::inputs(a, b),
        [name, a = autograd::save(a), b = autograd::save(b)](const autograd::Pass& pass, const Tensor<T, D>& g) {
          Tensor<T, D> ga, gb;
          if (pass.create_graph()) {
            if (pass.needs(0)) ga = sum_to_size(matrix_product(name, Site{}, g, transpose(eval(conj(b.get())), -1, -2)), a.get().sizes());
            if (pass.needs(1)) gb = sum_to_size(matrix_product(name, Site{}, transpose(eval(conj(a.get())), -1, -2), g), b.get().sizes());
          } else {
            if (pass.needs(0)) ga = sum_to_size(product(g, transposed(eval(conj(b.get())))), a.get().sizes());
            if (pass.needs(1)) gb = sum_to_size(product(transposed(eval(conj(a.get()))), g), b.get().sizes());
          }
          return std::tuple(ga, gb);
        });
  } else {
    return c;
  }
}

/// The matrix product, by PyTorch's rules.
///   [m, k] x [k, n] -> [m, n];  [k] x [k] -> scalar;  [m, k] x [k] -> [m];  [k] x [k, n] -> [n];
///   [..., m, k] x [..., k, n] -> [..., m, n], the dimensions before the last two broadcast
/// Throws ShapeError if a's last size differs from b's second-last.
template <tensor_like A, tensor_like B>
tensor_of<A> matmul(const A& a_, const B& b_, Site site = Site::current()) {
  static_assert(std::is_same_v<device_t<A>, device_t<B>>,
                "operands live on different devices; move one first, for example with a.to<Cuda>()");
  static_assert(std::is_same_v<value_t<A>, value_t<B>>, "matmul needs operands of one dtype; cast one with to<T>()");
  const auto& a = eval(a_);
  const auto& b = eval(b_);
  check<ShapeError>(a.dim() >= 1 && b.dim() >= 1, "matmul: operands have shapes {} and {}; both need at least one dimension",
                    a.sizes().str(), b.sizes().str());
  const std::int64_t k_a = a.sizes().back(), k_b = b.sizes()[b.dim() == 1 ? 0 : b.dim() - 2];
  check<ShapeError>(k_a == k_b, "matmul: inner sizes differ: a is {}, b is {}; a's last size must equal b's {} ({} != {})", a.sizes().str(),
                    b.sizes().str(), b.dim() == 1 ? "size" : "second-last", k_a, k_b);
  check_devices("matmul", a, b);
  if constexpr (std::is_same_v<value_t<A>, float>) {
    if (auto* const caster = amp::ProductCaster<device_t<A>>::current()) return caster->matmul(a, b, site);
  }
  if (a.dim() == 2 && b.dim() == 2) return matrix_product("mm", site, a, b);
  if (a.dim() == 1 && b.dim() == 1) return reshape(matrix_product("dot", site, unsqueeze(a, 0), unsqueeze(b, 1)), Shape{});
  if (a.dim() == 1) return squeeze(matmul(unsqueeze(a, 0), b, site), -2);
  if (b.dim() == 1) return squeeze(matmul(a, unsqueeze(b, 1), site), -1);
  if (b.dim() == 2 && a.is_contiguous() && a.numel() > 0) {
    // One large product instead of a batch of small ones.
    Shape sizes = a.sizes();
    sizes.back() = b.sizes()[1];
    return view(matrix_product("mm", site, view(a, {-1, k_a}), b), sizes);
  }
  return matrix_product("matmul", site, a, b);
}

/// [m, k] x [k, n] -> [m, n]; throws ShapeError for anything but matrices.
template <tensor_like A, tensor_like B>
tensor_of<A> mm(const A& a_, const B& b_, Site site = Site::current()) {
  const auto& a = eval(a_);
  const auto& b = eval(b_);
  check<ShapeError>(a.dim() == 2 && b.dim() == 2, "mm: operands have shapes {} and {}; both must be matrices", a.sizes().str(),
                    b.sizes().str());
  return matmul(a, b, site);
}

/// [b, m, k] x [b, k, n] -> [b, m, n].
template <tensor_like A, tensor_like B>
tensor_of<A> bmm(const A& a_, const B& b_, Site site = Site::current()) {
  const auto& a = eval(a_);
  const auto& b = eval(b_);
  check<ShapeError>(a.dim() == 3 && b.dim() == 3 && a.sizes()[0] == b.sizes()[0],
                    "bmm: operands have shapes {} and {}; both must be batches of as many matrices", a.sizes().str(), b.sizes().str());
  return matmul(a, b, site);
}

/// [m, k] x [k] -> [m].
template <tensor_like A, tensor_like B>
tensor_of<A> mv(const A& a_, const B& b_, Site site = Site::current()) {
  const auto& a = eval(a_);
  const auto& b = eval(b_);
  check<ShapeError>(a.dim() == 2 && b.dim() == 1, "mv: operands have shapes {} and {}; a matrix and a vector are needed", a.sizes().str(),
                    b.sizes().str());
  return matmul(a, b, site);
}

/// [n] x [n] -> scalar: the sum of products.
template <tensor_like A, tensor_like B>
tensor_of<A> dot(const A& a_, const B& b_, Site site = Site::current()) {
  const auto& a = eval(a_);
  const auto& b = eval(b_);
  check<ShapeError>(a.dim() == 1 && b.dim() == 1, "dot: operands have shapes {} and {}; both must be vectors", a.sizes().str(),
                    b.sizes().str());
  return matmul(a, b, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
