// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/split.hpp>
#include <torchlite/tensor/create.hpp>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {
/// 1, x, x^2, ..., x^(count - 1), in a new last dimension.
template <class T, class D>
Tensor<T, D> powers(const Tensor<T, D>& x, std::int64_t count, Site site) {
  if (count == 0) return unsqueeze(x, -1, site) * zeros<T, D>({0});
  std::vector<Tensor<T, D>> list{ones<T, D>(x.sizes())};
  for (std::int64_t k = 1; k < count; ++k) list.push_back(k == 1 ? x : Tensor<T, D>(list.back() * x));
  return stack(list, -1, site);
}
}  // namespace ops

namespace linalg {
/// Vandermonde matrices: row i holds 1, x_i, x_i^2, ... to the power N - 1; N is the number of x by default.
///   x [..., n] -> [..., n, N]
template <tensor_like X>
auto vander(const X& x_, std::optional<std::int64_t> N = {}, Site site = Site::current()) {
  using T = value_t<X>;
  const auto& t = eval(x_, site);
  const tensor_of<X> x = t.dim() == 0 ? unsqueeze(t, 0, site) : t;
  const std::int64_t count = N ? *N : x.sizes().back();
  check<Error>(count > 1, "linalg.vander: N is {}; it must be greater than 1", count);
  if constexpr (differentiable<T>) return ops::powers(x, count, site);
  else return ops::powers(Tensor<std::int64_t, device_t<X>>(x), count, site);
}
}  // namespace linalg

/// A Vandermonde matrix with the powers in descending order, or ascending ones: NumPy's.
///   x [n] -> [n, N], N is n by default
template <tensor_like X>
auto vander(const X& x_, std::optional<std::int64_t> N = {}, bool increasing = false, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() == 1, "vander: a tensor of shape {}; x must have one dimension", x.sizes().str());
  const std::int64_t count = N ? *N : x.sizes()[0];
  check<Error>(count >= 0, "vander: N is {}; it cannot be negative", count);
  const auto descending = [&](const auto& y) {
    auto p = ops::powers(y, count, site);
    if (increasing || count == 0) return p;
    std::vector<decltype(p)> list = unbind(p, -1, site);
    return stack(std::vector<decltype(p)>(list.rbegin(), list.rend()), -1, site);
  };
  if constexpr (differentiable<value_t<X>>) return descending(x);
  else return descending(Tensor<std::int64_t, device_t<X>>(x));
}

}  // namespace torchlite::inline TORCHLITE_ABI
