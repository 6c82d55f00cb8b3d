// SPDX-License-Identifier: BSD-3-Clause
// Signals, images and volumes made larger or smaller.
#pragma once
#include <torchlite/ops/pool/adaptive_pool.hpp>
#include <torchlite/ops/resample/resample_taps.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

/// What an element of the result is made of: the nearest element (nearest is PyTorch's, with its rounding towards the start;
/// nearest_exact rounds to the nearest centre), a line between neighbours in one, two or three dimensions, a cubic in two, the mean of
/// what it covers.
enum class InterpolateMode { nearest, nearest_exact, linear, bilinear, bicubic, trilinear, area };

struct InterpolateOptions {
  Shape size = {};                        ///< of the result's last dimensions; one number means all
  std::vector<double> scale_factor = {};  ///< instead of size; one number means all
  InterpolateMode mode = InterpolateMode::nearest;
  bool align_corners = false;           ///< the first and last elements' centres coincide, instead of their outer edges
  bool recompute_scale_factor = false;  ///< place the elements by the ratio of the sizes, not by scale_factor
  bool antialias = false;               ///< bilinear and bicubic: smooth when the result is smaller
};

namespace resampling {
inline const char* name_of(InterpolateMode mode) {
  static constexpr const char* names[] = {"nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear", "area"};
  return names[static_cast<int>(mode)];
}

/// The axes of an interpolation of x [N, C, ...], checked.
inline std::vector<Axis> axes_of(const Shape& x, const InterpolateOptions& o) {
  const int dims = x.rank() - 2;
  const char* mode = name_of(o.mode);
  static constexpr int needs[] = {0, 0, 1, 2, 2, 3, 0};
  const int needed = needs[static_cast<int>(o.mode)];
  check<ShapeError>(dims >= 1 && dims <= 3, "interpolate: input has shape {}; [N, C, L], [N, C, H, W] or [N, C, D, H, W] is needed",
                    x.str());
  check<ShapeError>(needed == 0 || needed == dims, "interpolate: mode {} needs an input of {} dimensions; its shape is {}", mode,
                    needed + 2, x.str());
  check<ShapeError>(o.size.empty() != o.scale_factor.empty(),
                    "interpolate: exactly one of size ({}) and scale_factor ({} numbers) must be given", o.size.str(),
                    o.scale_factor.size());
  const int given = o.size.empty() ? static_cast<int>(o.scale_factor.size()) : o.size.rank();
  check<ShapeError>(given == 1 || given == dims, "interpolate: {} sizes or scale factors for an input of shape {}; one or {} are needed",
                    given, x.str(), dims);
  check<Error>(!o.align_corners || needed > 0, "interpolate: align_corners has no meaning in mode {}; it is for linear ones", mode);
  check<Error>(!o.antialias || o.mode == InterpolateMode::bilinear || o.mode == InterpolateMode::bicubic,
               "interpolate: antialias has no meaning in mode {}; it is for bilinear and bicubic", mode);
  check<Error>(!o.recompute_scale_factor || o.size.empty(), "interpolate: recompute_scale_factor has no meaning with a size");
  check<ShapeError>(x[1] > 0, "interpolate: input has shape {}; only the batch may be empty", x.str());
  std::vector<Axis> axes;
  for (int d = 0; d < dims; ++d) {
    Axis a{x[d + 2], 0, 0, o.align_corners};
    if (o.size.empty()) {
      const double factor = o.scale_factor[o.scale_factor.size() == 1 ? 0 : static_cast<std::size_t>(d)];
      const double size = std::floor(static_cast<double>(a.in) * factor);
      check<Error>(size >= 0 && size < 0x1p53, "interpolate: scale factor {} of {} elements", factor, a.in);
      a.out = static_cast<std::int64_t>(size);
      if (!o.recompute_scale_factor && o.mode != InterpolateMode::area) a.factor = factor;
    } else {
      a.out = o.size[o.size.rank() == 1 ? 0 : d];
    }
    check<ShapeError>(a.in > 0 && a.out > 0, "interpolate: dimension {} of an input of shape {} would have size {}; sizes must be positive",
                      d + 2, x.str(), a.out);
    axes.push_back(a);
  }
  return axes;
}
/// The maps of the last dimensions.
inline AxisMaps maps_of(const std::vector<Axis>& axes, InterpolateMode mode, bool antialias, bool single) {
  AxisMaps maps;
  const int dims = static_cast<int>(axes.size());
  for (int d = 0; d < dims; ++d) {
    const Axis& a = axes[static_cast<std::size_t>(d)];
    // PyTorch leaves an axis that keeps its size alone only without a scale factor.
    if (a.in == a.out && (a.factor <= 0 || a.factor == 1 || a.align_corners)) continue;
    const bool cubic = mode == InterpolateMode::bicubic;
    if (mode == InterpolateMode::nearest || mode == InterpolateMode::nearest_exact)
      maps.set(d - dims, nearest(a, mode == InterpolateMode::nearest_exact, single));
    else if (antialias) maps.set(d - dims, antialiased(a, cubic));
    else maps.set(d - dims, cubic ? resampling::cubic(a) : linear(a));
  }
  return maps;
}
}  // namespace resampling

/// x resized along all dimensions after the channels.
///   x [N, C, L], [N, C, H, W] or [N, C, D, H, W] -> [N, C, ...size] or each size floor(n scale_factor)
/// Integers can be resized by the nearest element only. Throws ShapeError or Error where the options do not fit the input.
/// Each dimension is resized in turn, in the element type (half in float, rounded once).
template <tensor_like X>
tensor_of<X> interpolate(const X& x_, const InterpolateOptions& o, Site site = Site::current()) {
  using T = value_t<X>;
  using A = register_t<T>;
  const auto& x = eval(x_, site);
  const std::vector<resampling::Axis> axes = resampling::axes_of(x.sizes(), o);
  if constexpr (floating<T>) {
    if (o.mode == InterpolateMode::area) {
      if (axes.size() == 1) return adaptive_avg_pool1d(x, axes[0].out, site);
      if (axes.size() == 2) return adaptive_avg_pool2d(x, {axes[0].out, axes[1].out}, site);
      return adaptive_avg_pool3d(x, {axes[0].out, axes[1].out, axes[2].out}, site);
    }
  } else {
    check<DtypeError>(o.mode == InterpolateMode::nearest || o.mode == InterpolateMode::nearest_exact,
                      "interpolate: mode {} needs a floating dtype, not {}; cast first: x.to<float>()", resampling::name_of(o.mode),
                      to_string(dtype_v<T>));
  }
  return map_axes_recorded("interpolate", site, x, resampling::maps_of(axes, o.mode, o.antialias, !std::is_same_v<A, double>));
}

/// interpolate by PyTorch's older name.
template <tensor_like X>
tensor_of<X> upsample(const X& x, const InterpolateOptions& o, Site site = Site::current()) {
  return interpolate(x, o, site);
}
/// interpolate in mode nearest.
template <tensor_like X>
tensor_of<X> upsample_nearest(const X& x, const Shape& size, const std::vector<double>& scale_factor = {}, Site site = Site::current()) {
  return interpolate(x, {.size = size, .scale_factor = scale_factor}, site);
}
/// interpolate in mode bilinear with align_corners.
template <tensor_like X>
tensor_of<X> upsample_bilinear(const X& x, const Shape& size, const std::vector<double>& scale_factor = {}, Site site = Site::current()) {
  return interpolate(x, {.size = size, .scale_factor = scale_factor, .mode = InterpolateMode::bilinear, .align_corners = true}, site);
}

/// An antialiased resizing of images to a size, with the places of its elements given apart: scale factors, 0 for the ratio of
/// the sizes. What interpolate(..., antialias) is made of.
///   x [N, C, H, W] -> [N, C, size.h, size.w]
template <tensor_like X>
tensor_of<X> upsample_bilinear2d_aa(const X& x_, Pair size, bool align_corners = false, double scales_h = 0, double scales_w = 0,
                                    Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "upsample_bilinear2d_aa needs a floating dtype; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  InterpolateOptions o{.size = {size.h, size.w}, .mode = InterpolateMode::bilinear, .align_corners = align_corners, .antialias = true};
  std::vector<resampling::Axis> axes = resampling::axes_of(x.sizes(), o);
  axes[0].factor = scales_h, axes[1].factor = scales_w;
  return map_axes_recorded("upsample_bilinear2d_aa", site, x, resampling::maps_of(axes, o.mode, true, false));
}

}  // namespace torchlite::inline TORCHLITE_ABI
