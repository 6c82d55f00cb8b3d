// SPDX-License-Identifier: BSD-3-Clause
// Max poolings undone.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/max_unpool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// The inverse of MaxPool1d as far as there is one: what it found where it found it, zeros elsewhere.
///   x and indices [N, C, L] or [C, L] -> [..., L2]
struct MaxUnpool1d : Module<MaxUnpool1d> {
  MaxUnpool1d() = default;
  /// stride 0: kernel_size
  MaxUnpool1d(std::int64_t kernel, std::int64_t step = 0, std::int64_t frame = 0)
      : kernel_size(kernel), stride(step == std::int64_t(0) ? kernel : step), padding(frame) {}

  template <tensor_like X>
  auto forward(const X& x, const Tensor<std::int64_t, device_t<X>>& indices, const Shape& output_size = {}) const {
    return torchlite::max_unpool1d(x, indices, kernel_size, {.stride = stride, .padding = padding, .output_size = output_size});
  }
  std::string extra_repr() const {
    return format_text("kernel_size={}, stride={}, padding={}", repr(extents(kernel_size)), repr(extents(stride)), repr(extents(padding)));
  }
  auto fields() { return nn::fields("kernel_size", kernel_size, "stride", stride, "padding", padding); }

  std::int64_t kernel_size = 1;
  std::int64_t stride = 1;
  std::int64_t padding = 0;
};

/// The inverse of MaxPool2d as far as there is one: what it found where it found it, zeros elsewhere.
///   x and indices [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct MaxUnpool2d : Module<MaxUnpool2d> {
  MaxUnpool2d() = default;
  /// stride 0: kernel_size
  MaxUnpool2d(Pair kernel, Pair step = 0, Pair frame = 0) : kernel_size(kernel), stride(step == Pair(0) ? kernel : step), padding(frame) {}

  template <tensor_like X>
  auto forward(const X& x, const Tensor<std::int64_t, device_t<X>>& indices, const Shape& output_size = {}) const {
    return torchlite::max_unpool2d(x, indices, kernel_size, {.stride = stride, .padding = padding, .output_size = output_size});
  }
  std::string extra_repr() const {
    return format_text("kernel_size={}, stride={}, padding={}", repr(extents(kernel_size)), repr(extents(stride)), repr(extents(padding)));
  }
  auto fields() { return nn::fields("kernel_size", kernel_size, "stride", stride, "padding", padding); }

  Pair kernel_size = 1;
  Pair stride = 1;
  Pair padding = 0;
};

/// The inverse of MaxPool3d as far as there is one: what it found where it found it, zeros elsewhere.
///   x and indices [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct MaxUnpool3d : Module<MaxUnpool3d> {
  MaxUnpool3d() = default;
  /// stride 0: kernel_size
  MaxUnpool3d(Triple kernel, Triple step = 0, Triple frame = 0)
      : kernel_size(kernel), stride(step == Triple(0) ? kernel : step), padding(frame) {}

  template <tensor_like X>
  auto forward(const X& x, const Tensor<std::int64_t, device_t<X>>& indices, const Shape& output_size = {}) const {
    return torchlite::max_unpool3d(x, indices, kernel_size, {.stride = stride, .padding = padding, .output_size = output_size});
  }
  std::string extra_repr() const {
    return format_text("kernel_size={}, stride={}, padding={}", repr(extents(kernel_size)), repr(extents(stride)), repr(extents(padding)));
  }
  auto fields() { return nn::fields("kernel_size", kernel_size, "stride", stride, "padding", padding); }

  Triple kernel_size = 1;
  Triple stride = 1;
  Triple padding = 0;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
