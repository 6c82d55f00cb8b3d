// SPDX-License-Identifier: BSD-3-Clause
// What poolings share: their checks, and the largest elements of windows of any kind.
#pragma once
#include <torchlite/backend/cpu/max_pool_windows.hpp>
#include <torchlite/ops/conv/triple.hpp>
#include <torchlite/ops/pool/plane_index.hpp>
#include <torchlite/tensor/check_devices.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Values of a max pooling and where in its plane each was found.
template <class T, class D>
struct PoolResult {
  Tensor<T, D> values;
  Tensor<std::int64_t, D> indices;
};

/// Throws ShapeError unless x has `dims` dimensions after its channels, maybe a batch before them, and only that may be empty.
inline void check_pool_input(const char* op, const Shape& x, int dims) {
  static constexpr const char* layouts[] = {"", "[N, C, L] or [C, L]", "[N, C, H, W] or [C, H, W]", "[N, C, D, H, W] or [C, D, H, W]"};
  check<ShapeError>(x.rank() == dims + 1 || x.rank() == dims + 2, "{}: input has shape {}; {} is needed", op, x.str(), layouts[dims]);
  for (int d = x.rank() - dims - 1; d < x.rank(); ++d)
    check<ShapeError>(x[d] > 0, "{}: input has shape {}; only the batch may be empty", op, x.str());
}
/// Batch times channels.
inline std::int64_t pool_planes(const Shape& x, int dims) { return x.rank() == dims + 2 ? x[0] * x[1] : x[0]; }

/// How many windows fit along one axis, checked.
inline std::int64_t pooled_size(const char* op, const Shape& x, std::int64_t in, std::int64_t kernel, std::int64_t stride,
                                std::int64_t padding, std::int64_t dilation, bool ceil_mode) {
  check<Error>(kernel > 0 && stride > 0 && dilation > 0, "{}: kernel size {}, stride {} and dilation {} must be positive", op, kernel,
               stride, dilation);
  check<Error>(padding >= 0 && padding <= ((kernel - 1) * dilation + 1) / 2,
               "{}: padding {} must be at most half of the kernel, which is {} with dilation {}", op, padding, kernel, dilation);
  const std::int64_t out = backend::Pool2dShape::out_size(in, kernel, stride, padding, dilation, ceil_mode);
  check<ShapeError>(out > 0, "{}: a kernel of {} with dilation {} is larger than the padded input {}", op, kernel, dilation, x.str());
  return out;
}

/// x's sizes with the last `dims` replaced by the numbers of windows.
inline Shape windowed_sizes(const Shape& x, int dims, const backend::PoolWindows& w) {
  Shape sizes = x;
  for (int d = 0; d < dims; ++d) sizes[x.rank() - 1 - d] = w.axes[2 - d].out;
  return sizes;
}

template <class I, class D>
void check_plane_index(const char* op, const Tensor<I, D>& index, std::int64_t size) {
  std::int64_t offender = 0;
  check<IndexError>(plane_index_outside(D{}, index.numel(), size, index.data(), &offender) < 0,
                    "{}: index {} is out of range for planes of {} elements", op, offender, size);
}

/// The largest element of each window of the last `dims` dimensions, and where it stands.
template <class T, class D>
PoolResult<T, D> max_windows_recorded(const char* name, Site site, const Tensor<T, D>& x_, int dims, const backend::PoolWindows& w) {
  check_devices(name, x_);
  const Tensor<T, D> x = contiguous(x_);
  const Shape sizes = windowed_sizes(x.sizes(), dims, w);
  PoolResult<T, D> result{empty<T, D>(sizes), empty<std::int64_t, D>(sizes)};
  backend::count_kernel("max_windows");
  if (result.values.numel() > 0) max_pool_windows_forward(D{}, w, x.data(), result.values.data(), result.indices.data());
  if constexpr (differentiable<T>) {
    if (autograd::needed(x))
      result.values =
          autograd::record(name, site, std::move(result.values), autograd::inputs(x),
                           [name, indices = result.indices, planes = w.planes, own = x.sizes()](
                               const autograd::Pass&, const Tensor<T, D>& g) { return plane_add_recorded(name, g, indices, planes, own); });
  }
  return result;
}

}  // namespace torchlite::inline TORCHLITE_ABI
