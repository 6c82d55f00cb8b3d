// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/matmul.hpp>

#include <initializer_list>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// Where to split each product [i, j] of a chain of matrices, number k of sizes p[k] x p[k + 1], so that the fewest numbers are
/// multiplied. Source: Cormen et al., Introduction to Algorithms, 15.2.
inline std::vector<std::size_t> best_splits(const std::vector<double>& p) {
  const std::size_t n = p.size() - 1;
  std::vector<double> cost(n * n, 0);
  std::vector<std::size_t> split(n * n, 0);
  for (std::size_t length = 1; length < n; ++length)
    for (std::size_t i = 0; i + length < n; ++i) {
      const std::size_t j = i + length;
      cost[i * n + j] = -1;
      for (std::size_t k = i; k < j; ++k) {
        const double c = cost[i * n + k] + cost[(k + 1) * n + j] + p[i] * p[k + 1] * p[j + 1];
        if (cost[i * n + j] < 0 || c < cost[i * n + j]) cost[i * n + j] = c, split[i * n + j] = k;
      }
    }
  return split;
}

template <class T, class D>
Tensor<T, D> chain_product(const std::vector<Tensor<T, D>>& list, const std::vector<std::size_t>& split, std::size_t i, std::size_t j,
                           Site site) {
  if (i == j) return list[i];
  const std::size_t k = split[i * list.size() + j];
  return matmul(chain_product(list, split, i, k, site), chain_product(list, split, k + 1, j, site), site);
}

}  // namespace ops

namespace linalg {

/// The product of two or more matrices, in the order that multiplies the fewest numbers.
///   [m, a], [a, b], ..., [z, n] -> [m, n]; the first may be a vector [a], the last one a vector [z]: the result lacks that dimension
/// Throws ShapeError if the sizes do not fit.
template <class T, class D>
Tensor<T, D> multi_dot(const std::vector<Tensor<T, D>>& tensors, Site site = Site::current()) {
  const std::size_t n = tensors.size();
  check<Error>(n >= 2, "linalg.multi_dot: there are {} tensors; at least 2 are needed", n);
  std::vector<Tensor<T, D>> list = tensors;
  for (std::size_t i = 0; i < n; ++i)
    check<ShapeError>(list[i].dim() == 2 || (list[i].dim() == 1 && (i == 0 || i + 1 == n)),
                      "linalg.multi_dot: tensor {} has shape {}; all must be matrices, the first and the last may be vectors", i,
                      list[i].sizes().str());
  const bool row = list[0].dim() == 1, column = list[n - 1].dim() == 1;
  if (row) list[0] = unsqueeze(list[0], 0, site);
  if (column) list[n - 1] = unsqueeze(list[n - 1], 1, site);
  std::vector<double> p{static_cast<double>(list[0].sizes()[0])};
  for (std::size_t i = 0; i < n; ++i) {
    check<ShapeError>(i == 0 || list[i].sizes()[0] == list[i - 1].sizes()[1],
                      "linalg.multi_dot: tensors {} and {} have shapes {} and {}, which cannot be multiplied", i == 0 ? i : i - 1, i,
                      tensors[i == 0 ? i : i - 1].sizes().str(), tensors[i].sizes().str());
    p.push_back(static_cast<double>(list[i].sizes()[1]));
  }
  Tensor<T, D> out = ops::chain_product(list, ops::best_splits(p), 0, n - 1, site);
  if (row) out = squeeze(out, 0, site);
  if (column) out = squeeze(out, -1, site);
  return out;
}
template <class T, class D>
Tensor<T, D> multi_dot(std::initializer_list<Tensor<T, D>> tensors, Site site = Site::current()) {
  return linalg::multi_dot(std::vector<Tensor<T, D>>(tensors), site);
}

}  // namespace linalg

/// linalg::multi_dot of one or more matrices, by its old name: chain_matmul(a, b, c).
template <tensor_like X, tensor_like... Rest>
tensor_of<X> chain_matmul(const X& first, const Rest&... rest) {
  const tensor_of<X>& x = eval(first);
  check<ShapeError>(x.dim() == 2 && ((eval(rest).dim() == 2) && ...), "chain_matmul: the first operand has shape {}; all must be matrices",
                    x.sizes().str());
  if constexpr (sizeof...(Rest) == 0) return x;
  else return linalg::multi_dot(std::vector<tensor_of<X>>{x, tensor_of<X>(eval(rest))...});
}

}  // namespace torchlite::inline TORCHLITE_ABI
