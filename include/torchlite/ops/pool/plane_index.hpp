// SPDX-License-Identifier: BSD-3-Clause
// Reading elements of planes by index and adding to them: each is the other's gradient, so that the gradients of max poolings
// have gradients of any order.
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/backend/cpu/plane_index.hpp>
#include <torchlite/ops/shape/contiguous.hpp>

namespace torchlite::inline TORCHLITE_ABI {

template <class T, class D, class I>
Tensor<T, D> plane_add_recorded(const char* name, const Tensor<T, D>& g, const Tensor<I, D>& index, std::int64_t planes,
                                const Shape& sizes);

/// y[p, i] = x[p, index[p, i]] for every plane p; of the sizes of the index.
template <class T, class D, class I>
Tensor<T, D> plane_get_recorded(const char* name, const Tensor<T, D>& x_, const Tensor<I, D>& index, std::int64_t planes) {
  check_devices(name, x_, index);
  const Tensor<T, D> x = contiguous(x_);
  Tensor<T, D> y = empty<T, D>(index.sizes());
  backend::count_kernel("plane_get");
  if (planes > 0) plane_get(D{}, planes, x.numel() / planes, y.numel() / planes, x.data(), index.data(), y.data());
  if (!autograd::needed(x)) return y;
  return autograd::record(name, Site{}, std::move(y), autograd::inputs(x),
                          [name, index, planes, sizes = x.sizes()](const autograd::Pass&, const Tensor<T, D>& g) {
                            return plane_add_recorded(name, g, index, planes, sizes);
                          });
}

/// Zeros of the given sizes to which y[p, index[p, i]] += g[p, i] was done.
template <class T, class D, class I>
Tensor<T, D> plane_add_recorded(const char* name, const Tensor<T, D>& g_, const Tensor<I, D>& index, std::int64_t planes,
                                const Shape& sizes) {
  check_devices(name, g_, index);
  const Tensor<T, D> g = contiguous(g_);
  Tensor<T, D> y = empty<T, D>(sizes);
  backend::count_kernel("plane_add");
  if (planes > 0) plane_put(D{}, planes, y.numel() / planes, g.numel() / planes, g.data(), index.data(), true, y.data());
  if (!autograd::needed(g)) return y;
  return autograd::record(
      name, Site{}, std::move(y), autograd::inputs(g),
      [name, index, planes](const autograd::Pass&, const Tensor<T, D>& v) { return plane_get_recorded(name, v, index, planes); });
}

}  // namespace torchlite::inline TORCHLITE_ABI
