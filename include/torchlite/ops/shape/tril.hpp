// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/le.hpp>
#include <torchlite/ops/pointwise/sub.hpp>
#include <torchlite/ops/pointwise/where.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// True where column - row <= diagonal.
///   -> [rows, columns] bool
template <class D>
Tensor<bool, D> lower_triangle(std::int64_t rows, std::int64_t columns, std::int64_t diagonal) {
  const Tensor<std::int64_t, D> row = alias(arange<std::int64_t, D>(rows), {rows, 1}, {1, 1}, 0);
  return le(sub(arange<std::int64_t, D>(columns), row), diagonal);
}

/// x with zeros above the given diagonal of its last two dimensions; diagonal 1 is the first one above the main diagonal.
///   x [..., m, n] -> [..., m, n]
template <tensor_like X>
tensor_of<X> tril(const X& x_, std::int64_t diagonal = 0, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 2, "tril: a tensor of shape {} is no matrix; it needs at least 2 dimensions", x.sizes().str());
  return where(lower_triangle<device_t<X>>(x.size(-2), x.size(-1), diagonal), x, static_cast<value_t<X>>(0)).eval(site);
}

/// x with zeros below the given diagonal of its last two dimensions.
///   x [..., m, n] -> [..., m, n]
template <tensor_like X>
tensor_of<X> triu(const X& x_, std::int64_t diagonal = 0, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 2, "triu: a tensor of shape {} is no matrix; it needs at least 2 dimensions", x.sizes().str());
  return where(lower_triangle<device_t<X>>(x.size(-2), x.size(-1), diagonal - 1), static_cast<value_t<X>>(0), x).eval(site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
