// SPDX-License-Identifier: BSD-3-Clause
// Max poolings undone.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pool/max_unpool.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// What the layers for one to three dimensions share.
template <class Self, class Size>
struct MaxUnpoolBase : Module<Self> {
  MaxUnpoolBase() = default;
  MaxUnpoolBase(Size kernel, Size step, Size frame) : kernel_size(kernel), stride(step == Size(0) ? kernel : step), padding(frame) {}

  std::string extra_repr() const {
    return named_values(
        {{"kernel_size", repr(extents(kernel_size))}, {"stride", repr(extents(stride))}, {"padding", repr(extents(padding))}});
  }
  auto fields() { return nn::fields("kernel_size", kernel_size, "stride", stride, "padding", padding); }

  Size kernel_size = 1;
  Size stride = 1;
  Size padding = 0;
};

/// The inverse of MaxPool1d as far as there is one: what it found where it found it, zeros elsewhere.
///   x and indices [N, C, L] or [C, L] -> [..., L2]
struct MaxUnpool1d : MaxUnpoolBase<MaxUnpool1d, std::int64_t> {
  MaxUnpool1d() = default;
  /// stride 0: kernel_size
  MaxUnpool1d(std::int64_t kernel, std::int64_t step = 0, std::int64_t frame = 0) : MaxUnpoolBase(kernel, step, frame) {}

  template <tensor_like X>
  auto forward(const X& x, const Tensor<std::int64_t, device_t<X>>& indices, const Shape& output_size = {}) const {
    return torchlite::max_unpool1d(x, indices, kernel_size, {.stride = stride, .padding = padding, .output_size = output_size});
  }
};

/// The inverse of MaxPool2d as far as there is one: what it found where it found it, zeros elsewhere.
///   x and indices [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct MaxUnpool2d : MaxUnpoolBase<MaxUnpool2d, Pair> {
  MaxUnpool2d() = default;
  /// stride 0: kernel_size
  MaxUnpool2d(Pair kernel, Pair step = 0, Pair frame = 0) : MaxUnpoolBase(kernel, step, frame) {}

  template <tensor_like X>
  auto forward(const X& x, const Tensor<std::int64_t, device_t<X>>& indices, const Shape& output_size = {}) const {
    return torchlite::max_unpool2d(x, indices, kernel_size, {.stride = stride, .padding = padding, .output_size = output_size});
  }
};

/// The inverse of MaxPool3d as far as there is one: what it found where it found it, zeros elsewhere.
///   x and indices [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct MaxUnpool3d : MaxUnpoolBase<MaxUnpool3d, Triple> {
  MaxUnpool3d() = default;
  /// stride 0: kernel_size
  MaxUnpool3d(Triple kernel, Triple step = 0, Triple frame = 0) : MaxUnpoolBase(kernel, step, frame) {}

  template <tensor_like X>
  auto forward(const X& x, const Tensor<std::int64_t, device_t<X>>& indices, const Shape& output_size = {}) const {
    return torchlite::max_unpool3d(x, indices, kernel_size, {.stride = stride, .padding = padding, .output_size = output_size});
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
