// SPDX-License-Identifier: BSD-3-Clause
// What a max pooling leaves of its input: the maxima where they stood, zeros elsewhere.
#pragma once
#include <torchlite/ops/conv/pair.hpp>
#include <torchlite/ops/pool/max_windows.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct MaxUnpool1dOptions {
  std::int64_t stride = 0;  ///< 0: the kernel's size
  std::int64_t padding = 0;
  Shape output_size = {};  ///< all sizes or those of the last dimension; empty: the smallest possible ones
};
struct MaxUnpool2dOptions {
  Pair stride = 0;  ///< 0: the kernel's size
  Pair padding = 0;
  Shape output_size = {};  ///< all sizes or those of the last two dimensions; empty: the smallest possible ones
};
struct MaxUnpool3dOptions {
  Triple stride = 0;  ///< 0: the kernel's size
  Triple padding = 0;
  Shape output_size = {};  ///< all sizes or those of the last three dimensions; empty: the smallest possible ones
};

/// The sizes of the result along the last `dims` dimensions, checked.
inline Shape unpooled_sizes(const char* op, const Shape& x, int dims, const Shape& kernel, const Shape& stride, const Shape& padding,
                            const Shape& asked) {
  check_pool_input(op, x, dims);
  Shape spatial = asked;
  if (asked.rank() == dims + 2 || asked.rank() == x.rank()) spatial = Shape(asked.end() - dims, asked.end());
  check<ShapeError>(asked.empty() || spatial.rank() == dims, "{}: output_size is {}; {} or {} sizes are needed", op, asked.str(), dims,
                    dims + 2);
  Shape sizes = x;
  for (int d = 0; d < dims; ++d) {
    check<Error>(kernel[d] > 0 && stride[d] > 0, "{}: kernel size {} and stride {} must be positive", op, kernel[d], stride[d]);
    std::int64_t& size = sizes[x.rank() - dims + d];
    size = (size - 1) * stride[d] + kernel[d] - 2 * padding[d];
    if (!asked.empty()) {
      check<ShapeError>(spatial[d] > size - stride[d] && spatial[d] < size + stride[d],
                        "{}: output_size {} does not belong to an input of shape {}: dimension {} must be between {} and {}", op,
                        asked.str(), x.str(), d, size - stride[d], size + stride[d]);
      size = spatial[d];
    }
    check<ShapeError>(size > 0, "{}: the result of an input of shape {} would be empty", op, x.str());
  }
  return sizes;
}

/// Zeros of the given sizes with x where the indices say; of equal indices the last one counts.
template <class T, class D>
Tensor<T, D> max_unpool_recorded(const char* name, Site site, const Tensor<T, D>& x_, const Tensor<std::int64_t, D>& indices_, int dims,
                                 const Shape& sizes) {
  check_devices(name, x_, indices_);
  check<ShapeError>(indices_.sizes() == x_.sizes(), "{}: input has shape {}, indices have {}; both must be equal", name, x_.sizes().str(),
                    indices_.sizes().str());
  const Tensor<T, D> x = contiguous(x_);
  const Tensor<std::int64_t, D> indices = contiguous(indices_);
  const std::int64_t planes = pool_planes(sizes, dims);
  std::int64_t size = 1;
  for (int d = 0; d < dims; ++d) size *= sizes[sizes.rank() - 1 - d];
  check_plane_index(name, indices, size);
  Tensor<T, D> y = empty<T, D>(sizes);
  backend::count_kernel("max_unpool");
  if (planes > 0) plane_put(D{}, planes, size, x.numel() / planes, x.data(), indices.data(), false, y.data());
  if constexpr (differentiable<T>) {
    if (autograd::needed(x))
      return autograd::record(
          name, site, std::move(y), autograd::inputs(x),
          [name, indices, planes](const autograd::Pass&, const Tensor<T, D>& g) { return plane_get_recorded(name, g, indices, planes); });
  }
  return y;
}

/// The inverse of max_pool1d as far as there is one: x where the indices say, zeros elsewhere.
///   x and indices [N, C, L] or [C, L] -> [..., (L - 1) stride - 2 padding + kernel]
/// Throws ShapeError if output_size differs from that by a stride or more, IndexError if an index is out of range.
template <tensor_like X>
tensor_of<X> max_unpool1d(const X& x_, const Tensor<std::int64_t, device_t<X>>& indices, std::int64_t kernel,
                          const MaxUnpool1dOptions& o = {}, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const Shape sizes =
      unpooled_sizes("max_unpool1d", x.sizes(), 1, {kernel}, {o.stride == 0 ? kernel : o.stride}, {o.padding}, o.output_size);
  return max_unpool_recorded("max_unpool1d", site, x, indices, 1, sizes);
}
/// The inverse of max_pool2d as far as there is one: x where the indices say, zeros elsewhere.
///   x and indices [N, C, H, W] or [C, H, W] -> [..., (H - 1) stride - 2 padding + kernel, ...]
/// Throws ShapeError if output_size differs from that by a stride or more, IndexError if an index is out of range.
template <tensor_like X>
tensor_of<X> max_unpool2d(const X& x_, const Tensor<std::int64_t, device_t<X>>& indices, Pair kernel, const MaxUnpool2dOptions& o = {},
                          Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const Pair stride = o.stride == Pair(0) ? kernel : o.stride;
  const Shape sizes =
      unpooled_sizes("max_unpool2d", x.sizes(), 2, {kernel.h, kernel.w}, {stride.h, stride.w}, {o.padding.h, o.padding.w}, o.output_size);
  return max_unpool_recorded("max_unpool2d", site, x, indices, 2, sizes);
}
/// The inverse of max_pool3d as far as there is one: x where the indices say, zeros elsewhere.
///   x and indices [N, C, D, H, W] or [C, D, H, W] -> [..., (D - 1) stride - 2 padding + kernel, ...]
/// Throws ShapeError if output_size differs from that by a stride or more, IndexError if an index is out of range.
template <tensor_like X>
tensor_of<X> max_unpool3d(const X& x_, const Tensor<std::int64_t, device_t<X>>& indices, Triple kernel, const MaxUnpool3dOptions& o = {},
                          Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const Triple stride = o.stride == Triple(0) ? kernel : o.stride;
  const Shape sizes = unpooled_sizes("max_unpool3d", x.sizes(), 3, {kernel.d, kernel.h, kernel.w}, {stride.d, stride.h, stride.w},
                                     {o.padding.d, o.padding.h, o.padding.w}, o.output_size);
  return max_unpool_recorded("max_unpool3d", site, x, indices, 3, sizes);
}

}  // namespace torchlite::inline TORCHLITE_ABI
