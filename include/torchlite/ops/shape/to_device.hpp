// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/autograd/record.hpp>
#include <torchlite/backend/cuda/unavailable.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The tensor on another device: a copy, or x itself if it lives there already.
///   x [...] -> [...], same dtype, row-major
/// The gradient is copied back. A copy to the host waits for the device; a copy to the device does not.
template <device To, tensor_like X>
Tensor<value_t<X>, To> to_device(const X& x_, Site site = Site::current()) {
  using T = value_t<X>;
  using From = device_t<X>;
  const Tensor<T, From> x = eval(x_);
  if constexpr (std::is_same_v<From, To>) {
    return x;
  } else {
    static_assert(std::is_same_v<From, Cpu> || std::is_same_v<To, Cpu>, "tensors move between Cpu and another device; go by way of Cpu");
    const Tensor<T, From> dense = x.is_contiguous() ? x : Tensor<T, From>(copy_gradient<T, From>(x.ref()));
    const Tensor<T, To> out = empty<T, To>(x.sizes());
    const std::size_t bytes = static_cast<std::size_t>(x.numel()) * sizeof(T);
    if (bytes > 0) {
      if constexpr (std::is_same_v<From, Cpu>) copy_from_host(To{}, out.data(), dense.data(), bytes);
      else copy_to_host(From{}, out.data(), dense.data(), bytes);
    }
    if constexpr (differentiable<T>) {
      if (autograd::needed(x))
        return autograd::record("to", site, out, autograd::inputs(x),
                                [](const autograd::Pass&, const Tensor<T, To>& g) { return to_device<From>(g); });
    }
    return out;
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI
