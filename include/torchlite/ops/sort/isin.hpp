// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/sort.hpp>
#include <torchlite/ops/pointwise/eq.hpp>
#include <torchlite/ops/pointwise/logical_not.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/sort/searchsorted.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// True for the elements that are among the test elements; false for those with `invert`. NaN is among nothing.
///   elements [...], test_elements [...] -> the shape of elements, bool
template <tensor_like X, tensor_like Y>
Tensor<bool, device_t<X>> isin(const X& elements, const Y& test_elements, bool invert = false) {
  using D = device_t<X>;
  using T = promote_t<value_t<X>, value_t<Y>>;
  const NoGradGuard no_grad;
  const Tensor<T, D> x = to<T>(eval(elements)), tests = to<T>(eval(test_elements));
  if (tests.numel() == 0 || x.numel() == 0) return full<bool, D>(x.sizes(), invert);
  const Tensor<T, D> sorted = sort(reshape(tests, {tests.numel()})).values;
  // The first test element that is not smaller, or the last one.
  const Tensor<std::int64_t, D> at = searchsorted(narrow(sorted, 0, 0, sorted.numel() - 1), x);
  const Tensor<bool, D> found = eq(reshape(gather(sorted, 0, reshape(at, {at.numel()})), x.sizes()), x);
  if (invert) return logical_not(found);
  return found;
}

}  // namespace torchlite::inline TORCHLITE_ABI
