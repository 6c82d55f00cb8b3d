// SPDX-License-Identifier: BSD-3-Clause
// The windows of an image as columns, and columns added up to an image: each is the other's transpose.
#pragma once
#include <torchlite/ops/conv/pair.hpp>
#include <torchlite/ops/resample/axis_map.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/ops/shape/view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct UnfoldOptions {
  Pair dilation = 1;
  Pair padding = 0;
  Pair stride = 1;
};

/// The elements of all windows of one axis, the first ones of all windows first: element k * out + i is element
/// i * stride + k * dilation - padding, or 0 where there is none.
inline backend::AxisTaps sliding_taps(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, std::int64_t padding,
                                      std::int64_t dilation) {
  backend::AxisTaps taps(in);
  for (std::int64_t k = 0; k < kernel; ++k)
    for (std::int64_t i = 0; i < out; ++i) {
      const std::int64_t at = i * stride + k * dilation - padding;
      if (at >= 0 && at < in) taps.tap(at);
      taps.next();
    }
  return taps;
}
/// How many windows fit, not positive if none.
inline std::int64_t sliding_count(std::int64_t in, std::int64_t kernel, std::int64_t stride, std::int64_t padding, std::int64_t dilation) {
  const std::int64_t room = in + 2 * padding - dilation * (kernel - 1) - 1;
  return room < 0 ? 0 : room / stride + 1;
}

/// The number of windows of an image, checked.
inline Pair unfolded_size(const char* op, std::int64_t h, std::int64_t w, Pair kernel, const UnfoldOptions& o) {
  check<Error>(kernel.h > 0 && kernel.w > 0 && o.stride.h > 0 && o.stride.w > 0 && o.dilation.h > 0 && o.dilation.w > 0 &&
                   o.padding.h >= 0 && o.padding.w >= 0,
               "{}: kernel ({}, {}), stride ({}, {}) and dilation ({}, {}) must be positive, padding ({}, {}) must not be negative", op,
               kernel.h, kernel.w, o.stride.h, o.stride.w, o.dilation.h, o.dilation.w, o.padding.h, o.padding.w);
  const Pair n(sliding_count(h, kernel.h, o.stride.h, o.padding.h, o.dilation.h),
               sliding_count(w, kernel.w, o.stride.w, o.padding.w, o.dilation.w));
  check<ShapeError>(n.h > 0 && n.w > 0,
                    "{}: a kernel of ({}, {}) with dilation ({}, {}) does not fit an image of ({}, {}) with padding ({}, {})", op, kernel.h,
                    kernel.w, o.dilation.h, o.dilation.w, h, w, o.padding.h, o.padding.w);
  return n;
}

/// Every window of an image as a column (im2col).
///   x [N, C, H, W] or [C, H, W] -> [N, C kH kW, L], L the number of windows, row by row
/// Throws ShapeError if no window fits.
template <tensor_like X>
tensor_of<X> unfold(const X& x_, Pair kernel, const UnfoldOptions& o = {}, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (x.dim() == 3) return squeeze(unfold(unsqueeze(x, 0, site), kernel, o, site), 0, site);
  check<ShapeError>(x.dim() == 4 && x.sizes()[1] > 0 && x.sizes()[2] > 0 && x.sizes()[3] > 0,
                    "unfold: input has shape {}; [N, C, H, W] or [C, H, W] is needed, and only the batch may be empty", x.sizes().str());
  const std::int64_t n = x.sizes()[0], c = x.sizes()[1], h = x.sizes()[2], w = x.sizes()[3];
  const Pair count = unfolded_size("unfold", h, w, kernel, o);
  AxisMaps maps;
  maps.set(-2, sliding_taps(h, count.h, kernel.h, o.stride.h, o.padding.h, o.dilation.h));
  maps.set(-1, sliding_taps(w, count.w, kernel.w, o.stride.w, o.padding.w, o.dilation.w));
  const auto windows = view(map_axes_recorded("unfold", site, x, std::move(maps)), {n, c, kernel.h, count.h, kernel.w, count.w}, site);
  return reshape(permute(windows, {0, 1, 2, 4, 3, 5}, site), {n, c * kernel.h * kernel.w, count.h * count.w}, site);
}

/// The image whose pixels are the sums of what the columns of unfold have there (col2im).
///   x [N, C kH kW, L] or [C kH kW, L] -> [N, C, output_size.h, output_size.w]
/// Throws ShapeError if the columns are not those of such an image.
template <tensor_like X>
tensor_of<X> fold(const X& x_, Pair output_size, Pair kernel, const UnfoldOptions& o = {}, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (x.dim() == 2) return squeeze(fold(unsqueeze(x, 0, site), output_size, kernel, o, site), 0, site);
  const std::int64_t h = output_size.h, w = output_size.w;
  const Pair count = unfolded_size("fold", h, w, kernel, o);
  const std::int64_t taps = kernel.h * kernel.w;
  check<ShapeError>(x.dim() == 3 && x.sizes()[1] > 0 && x.sizes()[1] % taps == 0 && x.sizes()[2] == count.h * count.w,
                    "fold: input has shape {}; [N, C * {}, {}] or [C * {}, {}] is needed for an image of ({}, {}) and a kernel of ({}, {})",
                    x.sizes().str(), taps, count.h * count.w, taps, count.h * count.w, h, w, kernel.h, kernel.w);
  const std::int64_t n = x.sizes()[0], c = x.sizes()[1] / taps;
  AxisMaps maps;
  maps.set(-2, sliding_taps(h, count.h, kernel.h, o.stride.h, o.padding.h, o.dilation.h).transposed());
  maps.set(-1, sliding_taps(w, count.w, kernel.w, o.stride.w, o.padding.w, o.dilation.w).transposed());
  const auto windows = permute(reshape(x, {n, c, kernel.h, kernel.w, count.h, count.w}, site), {0, 1, 2, 4, 3, 5}, site);
  return map_axes_recorded("fold", site, reshape(windows, {n, c, count.h * kernel.h, count.w * kernel.w}, site), std::move(maps));
}

}  // namespace torchlite::inline TORCHLITE_ABI
