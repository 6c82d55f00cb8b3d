// SPDX-License-Identifier: BSD-3-Clause
// Random tensors. Element i depends only on the generator's seed, how much was drawn before, and i.
#pragma once
#include <torchlite/backend/cpu/random.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace random {
/// A dense tensor written by fill(device, memory), or by fill(memory), which works on the host whatever the device.
template <class T, class D, class Fill>
void draw(const Tensor<T, D>& out, Fill fill) {
  if constexpr (std::is_invocable_v<Fill, D, T*>) {
    fill(D{}, out.data());
  } else if constexpr (std::is_same_v<D, Cpu>) {
    fill(out.data());
  } else {
    const Tensor<T, Cpu> host = empty<T, Cpu>(out.sizes());
    fill(host.data());
    copy_from_host(D{}, out.data(), host.data(), static_cast<std::size_t>(out.numel()) * sizeof(T));
  }
}
/// target = what fill writes, as an in-place operation: without a graph it is written directly where the layout allows it.
template <class T, class D, class Fill>
const Tensor<T, D>& overwrite(const char* op, const Tensor<T, D>& target, Fill fill) {
  const TensorImpl& impl = target.impl();
  const bool recorded = is_grad_enabled() && (impl.requires_grad || (impl.base && impl.base->requires_grad));
  autograd::check_inplace(op, target, recorded);
  if (!recorded && impl.contiguous) {
    draw(target, fill);
    ++impl.storage->version;
    return target;
  }
  const Tensor<T, D> values = empty<T, D>(target.sizes());
  draw(values, fill);
  return target.copy_(values);
}
template <class T>
inline constexpr std::uint64_t words_per_element = std::is_same_v<T, double> ? 2 : 1;
}  // namespace random

/// Uniform in [0, 1).
///   -> sizes
template <dtype T, device D = Cpu>
Tensor<T, D> rand(const Shape& sizes, Generator& generator = default_generator()) {
  static_assert(differentiable<T>, "rand needs a floating or complex dtype; use randint for integers");
  using R = real_t<T>;
  const Tensor<T, D> out = empty<T, D>(sizes);
  const std::int64_t n = (complex_number<T> ? 2 : 1) * out.numel();
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(n), random::words_per_element<R>);
  random::draw(out, [=](auto device, T* data) { fill_uniform(device, stream, reinterpret_cast<R*>(data), n, 0, 1); });
  return out;
}

/// Normal with mean 0 and standard deviation 1; of complex numbers the parts have variance 1/2 each.
///   -> sizes
template <dtype T, device D = Cpu>
Tensor<T, D> randn(const Shape& sizes, Generator& generator = default_generator()) {
  static_assert(differentiable<T>, "randn needs a floating or complex dtype; use randint for integers");
  using R = real_t<T>;
  constexpr int parts = complex_number<T> ? 2 : 1;
  const Tensor<T, D> out = empty<T, D>(sizes);
  const std::int64_t n = parts * out.numel();
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(n), random::words_per_element<R>);
  random::draw(out, [=](auto device, T* data) {
    fill_normal(device, stream, reinterpret_cast<R*>(data), n, 0, parts == 2 ? 0.70710678118654752440 : 1);
  });
  return out;
}

/// rand and randn of the sizes, dtype and device of x.
template <tensor_like X>
tensor_of<X> rand_like(const X& x, Generator& generator = default_generator()) {
  return rand<value_t<X>, device_t<X>>(eval(x).sizes(), generator);
}
template <tensor_like X>
tensor_of<X> randn_like(const X& x, Generator& generator = default_generator()) {
  return randn<value_t<X>, device_t<X>>(eval(x).sizes(), generator);
}

/// Overwrites x with numbers uniform in [low, high).
template <class T, class D>
const Tensor<T, D>& uniform_(const Tensor<T, D>& x, double low, double high, Generator& generator) {
  static_assert(floating<T>, "uniform_ needs a floating dtype; cast first: x.to<float>()");
  check<Error>(low <= high, "uniform_: low {} is larger than high {}", low, high);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(x.numel()), random::words_per_element<T>);
  return random::overwrite("uniform_", x, [=, n = x.numel()](auto device, T* data) { fill_uniform(device, stream, data, n, low, high); });
}
template <class T, class D>
const Tensor<T, D>& Tensor<T, D>::uniform_(double low, double high) const {
  return torchlite::uniform_(*this, low, high, default_generator());
}

/// Overwrites x with normal numbers of the given mean and standard deviation.
template <class T, class D>
const Tensor<T, D>& normal_(const Tensor<T, D>& x, double mean, double std, Generator& generator) {
  static_assert(floating<T>, "normal_ needs a floating dtype; cast first: x.to<float>()");
  check<Error>(std >= 0, "normal_: a standard deviation of {} is negative", std);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(x.numel()), random::words_per_element<T>);
  return random::overwrite("normal_", x, [=, n = x.numel()](auto device, T* data) { fill_normal(device, stream, data, n, mean, std); });
}
template <class T, class D>
const Tensor<T, D>& Tensor<T, D>::normal_(double mean, double std) const {
  return torchlite::normal_(*this, mean, std, default_generator());
}

}  // namespace torchlite::inline TORCHLITE_ABI
