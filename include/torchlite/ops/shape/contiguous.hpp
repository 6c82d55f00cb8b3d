// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/accumulate.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
inline auto same_gradient() {
  return [](const Pass&, const auto& g) { return g; };
}
}  // namespace autograd

/// A copy of x in memory of its own, row-major.
///   x [...] -> [...]
template <tensor_like X>
tensor_of<X> clone(const X& x_, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  Tensor<T, D> out = empty<T, D>(x.sizes());
  copy_elements(out, x);
  if constexpr (differentiable<T>)
    if (autograd::needed(x)) return autograd::record("clone", site, std::move(out), autograd::inputs(x), autograd::same_gradient());
  return out;
}

/// x itself if its elements lie row-major without gaps, else a copy that does.
///   x [...] -> [...]
template <tensor_like X>
tensor_of<X> contiguous(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (x.is_contiguous()) return x;
  return clone(x, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
