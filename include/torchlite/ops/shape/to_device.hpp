// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/autograd/record.hpp>
#include <torchlite/backend/cuda/no_kernel.hpp>
#include <torchlite/backend/cuda/unavailable.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Fresh memory on the host, its content undefined, that devices read and write by themselves.
template <dtype T, device D = Cuda>
Tensor<T, Cpu> empty_pinned(const Shape& sizes) {
  check_sizes("empty_pinned", sizes, sizeof(T));
  void* const data = allocate_pinned(D{}, static_cast<std::size_t>(sizes.numel()) * sizeof(T));
  return Tensor<T, Cpu>::from_blob(static_cast<T*>(data), sizes, [](T* p) { deallocate_pinned(D{}, p); });
}

/// Whether copies between the tensor and a Cuda device can run beside other work.
template <tensor_like X>
bool is_pinned(const X& x) {
  if constexpr (!std::is_same_v<device_t<X>, Cpu>) return false;
  else return eval(x).numel() > 0 && is_pinned(Cuda{}, eval(x).data());
}

/// The same values in pinned host memory; x itself if it is there already. No graph is recorded.
///   x [...] -> [...], same dtype, row-major
template <tensor_like X>
tensor_of<X> pin_memory(const X& x_, Site site = Site::current()) {
  static_assert(std::is_same_v<device_t<X>, Cpu>, "pin_memory is for tensors on Cpu: it is their memory that a device can read");
  using T = value_t<X>;
  const tensor_of<X>& x = eval(x_, site);
  if (x.is_contiguous() && is_pinned(x)) return x;
  const tensor_of<X> dense = x.is_contiguous() ? x : tensor_of<X>(copy_gradient<T, Cpu>(x.ref()));
  const tensor_of<X> out = empty_pinned<T>(x.sizes());
  if (x.numel() > 0) copy_from_host(Cpu{}, out.data(), dense.data(), static_cast<std::size_t>(x.numel()) * sizeof(T));
  return out;
}

/// The device that the tensor is on, with its number where there are several.
template <tensor_like X>
device_t<X> device_of(const X& x) {
  if constexpr (requires { device_t<X>{}.index; }) return {eval(x).impl().storage->device};
  else return {};
}

namespace ops {

/// Fresh memory on `to` with the values of x, which is row-major; no graph.
template <class T, class From, class To>
Tensor<T, To> copy_to_device(const Tensor<T, From>& x, To to, bool non_blocking) {
  const std::size_t bytes = static_cast<std::size_t>(x.numel()) * sizeof(T);
  [[maybe_unused]] const auto source = on_device(device_of(x));
  [[maybe_unused]] const auto target = on_device(to);
  if constexpr (std::is_same_v<From, To>) {
    const Tensor<T, To> out = empty<T, To>(x.sizes());
    copy_between(to, out.data(), device_of(x), x.data(), bytes);
    return out;
  } else if constexpr (std::is_same_v<From, Cpu>) {
    const Tensor<T, To> out = empty<T, To>(x.sizes());
    if constexpr (requires { copy_from_host_async(to, out.data(), x.data(), bytes); }) {
      if (non_blocking) return copy_from_host_async(to, out.data(), x.data(), bytes), out;
    }
    if (bytes > 0) copy_from_host(to, out.data(), x.data(), bytes);
    return out;
  } else {
    if constexpr (requires(T * p) { copy_to_host_async(From{}, p, x.data(), bytes); }) {
      if (non_blocking) {
        const Tensor<T, To> pinned = empty_pinned<T>(x.sizes());
        return copy_to_host_async(From{}, pinned.data(), x.data(), bytes), pinned;
      }
    }
    const Tensor<T, To> out = empty<T, To>(x.sizes());
    if (bytes > 0) copy_to_host(From{}, out.data(), x.data(), bytes);
    return out;
  }
}

}  // namespace ops

/// The tensor on another device: a copy, or x itself if it lives there already. Cuda{1} is the device with that number.
///   x [...] -> [...], same dtype, row-major
/// The gradient is copied back. The host waits for a copy between it and a device, unless non_blocking is set; then pinned memory that
/// is copied from must not change, and a copy to the host (pinned, too) must not be read, before the stream has come to it.
template <device To, tensor_like X>
Tensor<value_t<X>, To> to_device(const X& x_, To to, bool non_blocking = false, Site site = Site::current()) {
  using T = value_t<X>;
  using From = device_t<X>;
  const Tensor<T, From> x = eval(x_);
  if constexpr (std::is_same_v<From, To>) {
    if constexpr (requires { to.index; }) {
      const int wanted = to.index;
      if (wanted < 0 || wanted == x.impl().storage->device) return x;
    } else {
      return x;
    }
  } else {
    static_assert(std::is_same_v<From, Cpu> || std::is_same_v<To, Cpu>, "tensors move between Cpu and another device; go by way of Cpu");
  }
  if constexpr (!std::is_same_v<From, To> || requires { to.index; }) {
    const Tensor<T, From> dense = x.is_contiguous() ? x : Tensor<T, From>(copy_gradient<T, From>(x.ref()));
    const Tensor<T, To> out = ops::copy_to_device(dense, to, non_blocking);
    if constexpr (differentiable<T>) {
      if (autograd::needed(x))
        return autograd::record("to", site, out, autograd::inputs(x),
                                [home = device_of(x)](const autograd::Pass&, const Tensor<T, To>& g) { return to_device(g, home); });
    }
    return out;
  }
}
template <device To, tensor_like X>
Tensor<value_t<X>, To> to_device(const X& x, bool non_blocking = false, Site site = Site::current()) {
  if constexpr (std::is_same_v<device_t<X>, To>) return eval(x);
  else return to_device(x, To{}, non_blocking, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
