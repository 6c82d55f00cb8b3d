// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/histogram.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/amin.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/tensor/create.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

template <class W, class T, class D>
Tensor<W, D> bincount(const Tensor<T, D>& x, const Tensor<W, D>& weights, std::int64_t minlength) {
  static_assert(integral<T>, "bincount needs an integer dtype; cast first: x.to<std::int64_t>()");
  check_devices("bincount", x, weights);
  check<ShapeError>(x.dim() == 1, "bincount: a tensor of shape {}; it must be a vector", x.sizes().str());
  check<Error>(minlength >= 0, "bincount: minlength is {}; it must not be negative", minlength);
  check<ShapeError>(!weights.defined() || weights.sizes() == x.sizes(),
                    "bincount: weights of shape {} for numbers of shape {}; they must be equal",
                    weights.defined() ? weights.sizes().str() : "", x.sizes().str());
  std::int64_t length = minlength;
  if (x.numel() > 0) {
    const T lowest = amin(x).item();
    check<Error>(lowest >= 0, "bincount: the number {} is negative; only numbers from 0 on are counted", static_cast<std::int64_t>(lowest));
    length = std::max(length, static_cast<std::int64_t>(amax(x).item()) + 1);
  }
  Tensor<W, D> out = zeros<W, D>({length});
  const Tensor<T, D> from = dense(x);
  const Tensor<W, D> w = weights.defined() ? dense(weights) : Tensor<W, D>();
  bincount(D{}, static_cast<const T*>(from.data()), x.numel(), w.defined() ? static_cast<const W*>(w.data()) : nullptr, length, out.data());
  return out;
}

}  // namespace ops

/// How often each number from 0 on occurs.
///   x [n], integers -> [max(minlength, largest number + 1)] int64
/// Throws Error if a number is negative, ShapeError unless x is a vector.
template <tensor_like X>
Tensor<std::int64_t, device_t<X>> bincount(const X& x, std::int64_t minlength = 0) {
  return ops::bincount<std::int64_t>(eval(x), {}, minlength);
}
/// The weights of the elements of each number, added up: out[x[i]] += weights[i].
///   x [n], integers, weights [n] -> [max(minlength, largest number + 1)], float for float weights, double for all others
template <tensor_like X, tensor_like W>
auto bincount(const X& x, const W& weights, std::int64_t minlength = 0) {
  using V = std::conditional_t<std::is_same_v<value_t<W>, float>, float, double>;
  check_devices("bincount", eval(x), eval(weights));
  const Tensor<V, device_t<X>> w = to<V>(eval(weights));
  return ops::bincount<V>(eval(x), w.detach(), minlength);
}

}  // namespace torchlite::inline TORCHLITE_ABI
