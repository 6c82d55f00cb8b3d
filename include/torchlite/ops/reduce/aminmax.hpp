// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/amin.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// What aminmax gives.
template <class T, class D>
struct MinMax {
  Tensor<T, D> min;
  Tensor<T, D> max;
};

/// The smallest and the largest elements over all dimensions or over the given ones: auto [min, max] = aminmax(x). NaN where there
/// is one; equal ones share the gradient.
///   x [...] -> min, max [] or x's sizes without the dimensions (1 in their place with keepdim)
/// Throws IndexError if there is no element to choose from.
template <tensor_like X>
MinMax<value_t<X>, device_t<X>> aminmax(const X& x_, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  ops::ReducedShape("aminmax", x.sizes(), dims, keepdim).check_not_empty("aminmax");
  return {amin(x, dims, keepdim, site), amax(x, dims, keepdim, site)};
}

}  // namespace torchlite::inline TORCHLITE_ABI
