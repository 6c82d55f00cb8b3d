// SPDX-License-Identifier: BSD-3-Clause
// What samplers do with tensors of parameters.
#pragma once
#include <torchlite/autograd/record.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/reduce/rows.hpp>

namespace torchlite::inline TORCHLITE_ABI::random {

/// A tensor's elements on the host, dense and read with the given (broadcast) sizes.
template <class T, class D>
Tensor<T, Cpu> on_host(const Tensor<T, D>& x, const Shape& sizes) {
  const Tensor<T, D> dense = ops::dense(alias(x, sizes, broadcast_strides(x.sizes(), x.strides(), sizes), x.storage_offset()));
  if constexpr (std::is_same_v<D, Cpu>) {
    return dense;
  } else {
    const Tensor<T, Cpu> host = empty<T, Cpu>(sizes);
    copy_to_host(D{}, host.data(), dense.data(), static_cast<std::size_t>(dense.numel()) * sizeof(T));
    return host;
  }
}

/// Throws Error unless valid(element) holds for all elements.
template <class T, class Valid>
void check_elements(const char* op, const char* what, const Tensor<T, Cpu>& x, const char* rule, Valid valid) {
  const T* data = x.data();
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const double value = static_cast<double>(static_cast<register_t<T>>(data[i]));
    if (!valid(value)) [[unlikely]]
      fail<Error>("{}: {} has an element {}; {}", op, what, value, rule);
  }
}
inline bool is_probability(double p) { return p >= 0 && p <= 1; }
inline bool is_count(double x) { return x >= 0 && x <= 0x1.fffffffffffffp1023; }

/// Makes out the result of a sampler that does not move with its parameters: their gradients are zeros, as in PyTorch.
template <class T, class D, class... X>
Tensor<T, D> with_zero_gradients(const char* op, Tensor<T, D> out, Site site, const X&... parameters) {
  if constexpr (differentiable<T>) {
    if (autograd::needed(parameters...))
      return autograd::record(op, site, std::move(out), autograd::inputs(parameters...),
                              [sizes = std::array<Shape, sizeof...(X)>{parameters.sizes()...}](const autograd::Pass&, const Tensor<T, D>&) {
                                std::vector<Tensor<T, D>> gradients;
                                for (const Shape& s : sizes) gradients.push_back(zeros<T, D>(s));
                                return gradients;
                              });
  }
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI::random
