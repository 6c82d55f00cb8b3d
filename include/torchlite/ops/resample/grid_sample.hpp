// SPDX-License-Identifier: BSD-3-Clause
// Images and volumes read at given places (spatial transformer networks, Jaderberg and others 2015).
#pragma once
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/floor.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/sub.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/resample/weighted_taps.hpp>
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct GridSampleOptions {
  GridMode mode = GridMode::bilinear;
  GridPadding padding_mode = GridPadding::zeros;
  bool align_corners = false;  ///< -1 and 1 are the centres of the outermost elements, instead of their outer edges
};

namespace resampling {
/// Places of grid [N, P, dims] along its component `part`, an axis of `size` elements: [N, P]; piecewise linear in the grid.
template <class T, class D>
Tensor<T, D> places(Site site, const Tensor<T, D>& grid, int part, std::int64_t size, const GridSampleOptions& o) {
  const Tensor<T, D> numbers = select(grid, -1, part, site);
  Tensor<T, D> place = empty<T, D>(numbers.sizes()), slope = empty<T, D>(numbers.sizes());
  backend::count_kernel();
  grid_places(D{}, numbers.numel(),
              backend::GridPlaces<T>{numbers.data(), grid.sizes().back(), size, o.mode, o.padding_mode, o.align_corners, place.data(),
                                     slope.data()});
  if (!autograd::needed(numbers)) return place;
  return autograd::record("grid_sample", site, std::move(place), autograd::inputs(numbers),
                          [slope](const autograd::Pass&, const Tensor<T, D>& g) { return Tensor<T, D>(mul(g, slope)); });
}
/// The weights of the elements around a place along one axis: [N, P] -> [N, taps, P].
template <class T, class D>
Tensor<T, D> axis_weights(Site site, const Tensor<T, D>& place, GridMode mode) {
  const Tensor<T, D> whole(floor(place.detach()));
  const Tensor<T, D> t = sub(place, whole).eval(site);
  if (mode == GridMode::bilinear) return stack({Tensor<T, D>(T(1) - t), t}, 1, site);
  // Keys' cubic with a = -0.75 at distances 1 + t, t, 1 - t and 2 - t.
  const T a = static_cast<T>(-0.75);
  const auto near = [a](const Tensor<T, D>& x) { return Tensor<T, D>(((a + T(2)) * x - (a + T(3))) * x * x + T(1)); };
  const auto far = [a](const Tensor<T, D>& x) { return Tensor<T, D>(((a * x - T(5) * a) * x + T(8) * a) * x - T(4) * a); };
  return stack({far(Tensor<T, D>(t + T(1))), near(t), near(Tensor<T, D>(T(1) - t)), far(Tensor<T, D>(T(2) - t))}, 1, site);
}
}  // namespace resampling

/// x read at the places that the grid names, where -1 and 1 are the ends of x along each axis.
///   x [N, C, H, W], grid [N, H', W', 2] of (x, y) -> [N, C, H', W']
///   x [N, C, D, H, W], grid [N, D', H', W', 3] of (x, y, z) -> [N, C, D', H', W'] (not bicubic)
/// Differentiable in both to any order, also where PyTorch is not. A NaN in the grid gives NaN with padding zeros, except for the
/// nearest element, and the first place with the others. Throws ShapeError if the shapes do not fit.
template <tensor_like X, tensor_like G>
tensor_of<X> grid_sample(const X& x_, const G& grid_, const GridSampleOptions& o = {}, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  using A = register_t<T>;
  static_assert(floating<T>, "grid_sample needs a floating dtype; cast first: x.to<float>()");
  static_assert(std::is_same_v<T, value_t<G>>, "grid_sample needs input and grid of one dtype; cast one with to<T>()");
  const auto& x = eval(x_, site);
  const auto& grid = eval(grid_, site);
  check_devices("grid_sample", x, grid);
  const int dims = x.dim() - 2;
  check<ShapeError>((dims == 2 || dims == 3) && grid.dim() == x.dim() && grid.sizes()[0] == x.sizes()[0] && grid.sizes().back() == dims,
                    "grid_sample: input has shape {}, grid has shape {}; [N, C, H, W] and [N, H', W', 2], or [N, C, D, H, W] and "
                    "[N, D', H', W', 3] are needed",
                    x.sizes().str(), grid.sizes().str());
  check<Error>(dims == 2 || o.mode != GridMode::bicubic, "grid_sample: mode bicubic is for images [N, C, H, W]; input has shape {}",
               x.sizes().str());
  for (int d = 2; d < x.dim(); ++d)
    check<ShapeError>(x.sizes()[d] > 0, "grid_sample: input has shape {}; there is nothing to read", x.sizes().str());
  if constexpr (!std::is_same_v<T, A>) {  // places need more digits than half precision has
    return Tensor<T, D>(to<T>(grid_sample(Tensor<A, D>(to<A>(x)), Tensor<A, D>(to<A>(grid)), o, site)));
  } else {
    WeightedTapsPlan<D> plan;
    backend::WeightedTaps& s = plan.shape;
    s.batch = x.sizes()[0], s.channels = x.sizes()[1];
    Shape result{s.batch, s.channels};
    for (int d = 0; d < dims; ++d) {
      result.push_back(grid.sizes()[d + 1]);
      s.size *= x.sizes()[d + 2], s.points *= grid.sizes()[d + 1], s.taps *= backend::grid_taps(o.mode);
    }
    const Tensor<T, D> points = reshape(contiguous(grid, site), {s.batch, s.points, dims}, site);
    std::vector<Tensor<T, D>> places;
    plan.index = empty<std::int64_t, D>({s.batch, s.taps, s.points});
    backend::GridIndices<T> indices{s.points, dims, {}, {}, o.mode, o.padding_mode, o.align_corners, plan.index.data()};
    for (int d = 0; d < dims; ++d) {
      indices.sizes[d] = x.sizes()[d + 2];
      places.push_back(resampling::places(site, points, dims - 1 - d, indices.sizes[d], o));
      indices.places[d] = places.back().data();
    }
    backend::count_kernel();
    grid_indices(D{}, s.batch, indices);
    Tensor<T, D> weight;
    if (o.mode == GridMode::nearest) weight = ones<T, D>({s.batch, 1, s.points});
    else
      for (int d = 0; d < dims; ++d) {
        const Tensor<T, D> along = resampling::axis_weights(site, places[static_cast<std::size_t>(d)], o.mode);
        weight = d == 0 ? along
                        : reshape(Tensor<T, D>(mul(unsqueeze(weight, 2, site), unsqueeze(along, 1, site))),
                                  {s.batch, weight.sizes()[1] * along.sizes()[1], s.points}, site);
      }
    const Tensor<T, D> flat = reshape(x, {s.batch, s.channels, s.size}, site);
    return reshape(weighted_taps("grid_sample", site, flat, weight, plan), result, site);
  }
}

/// grid_sample of images, with PyTorch's numbers for the modes: 0 bilinear, 1 nearest, 2 bicubic; 0 zeros, 1 border, 2 reflection.
template <tensor_like X, tensor_like G>
tensor_of<X> grid_sampler_2d(const X& x, const G& grid, int interpolation_mode, int padding_mode, bool align_corners,
                             Site site = Site::current()) {
  check<Error>(interpolation_mode >= 0 && interpolation_mode <= 2 && padding_mode >= 0 && padding_mode <= 2,
               "grid_sampler_2d: interpolation mode {} and padding mode {} must be 0, 1 or 2", interpolation_mode, padding_mode);
  check<ShapeError>(eval(x, site).dim() == 4, "grid_sampler_2d: input has shape {}; [N, C, H, W] is needed", eval(x, site).sizes().str());
  return grid_sample(x, grid, {static_cast<GridMode>(interpolation_mode), static_cast<GridPadding>(padding_mode), align_corners}, site);
}

/// The grid that grid_sample reads to apply an affine map to an image or a volume.
///   theta [N, 2, 3], size {N, C, H, W} -> [N, H, W, 2];  theta [N, 3, 4], size {N, C, D, H, W} -> [N, D, H, W, 3]
/// Throws ShapeError if theta does not fit the size.
template <tensor_like X>
tensor_of<X> affine_grid(const X& theta_, const Shape& size, bool align_corners = false, Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  static_assert(floating<T>, "affine_grid needs a floating dtype; cast first: theta.to<float>()");
  const auto& theta = eval(theta_, site);
  const int dims = size.rank() - 2;
  check<ShapeError>(
      (dims == 2 || dims == 3) && theta.sizes() == Shape{size[0], dims, dims + 1},
      "affine_grid: theta has shape {}, size is {}; [N, 2, 3] and {{N, C, H, W}}, or [N, 3, 4] and {{N, C, D, H, W}} are needed",
      theta.sizes().str(), size.str());
  Shape spatial(size.begin() + 2, size.end());
  for (std::int64_t n : size) check<ShapeError>(n > 0, "affine_grid: size {} is not positive", size.str());
  const std::int64_t points = spatial.numel();
  std::vector<T> base;
  base.reserve(static_cast<std::size_t>(points * (dims + 1)));
  for (std::int64_t p = 0; p < points; ++p) {
    std::int64_t rest = p;
    for (int d = dims - 1; d >= 0; --d) {  // x is the last axis
      const std::int64_t n = spatial[d], i = rest % n;
      rest /= n;
      const double step = align_corners ? (n > 1 ? 2 * static_cast<double>(i) / static_cast<double>(n - 1) - 1 : 0)
                                        : (2 * static_cast<double>(i) + 1) / static_cast<double>(n) - 1;
      base.push_back(static_cast<T>(step));
    }
    base.push_back(static_cast<T>(1.0));
  }
  const Tensor<T, D> places = Tensor<T, D>::from(base, {1, points, dims + 1});
  Shape result{size[0]};
  for (std::int64_t n : spatial) result.push_back(n);
  result.push_back(dims);
  return reshape(matmul(places, transpose(theta, 1, 2, site), site), result, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
