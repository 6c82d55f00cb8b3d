// SPDX-License-Identifier: BSD-3-Clause
// A linear map along the last dimensions of a tensor as a recorded operation. Its gradient is the transposed map, which is
// such an operation again.
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/backend/cpu/axis_map.hpp>
#include <torchlite/ops/shape/contiguous.hpp>

#include <memory>

namespace torchlite::inline TORCHLITE_ABI {

/// Maps along the last three dimensions of a tensor; those that are not set leave their dimension as it is.
class AxisMaps {
 public:
  /// dim: -1, -2 or -3.
  void set(int dim, backend::AxisTaps taps) {
    taps_[dim + 3] = std::move(taps);
    used_[dim + 3] = true;
  }
  bool used(int dim) const { return used_[dim + 3]; }
  const backend::AxisTaps& taps(int dim) const { return taps_[dim + 3]; }

  Shape result(Shape sizes) const {
    for (int dim = -3; dim < 0; ++dim)
      if (used(dim)) sizes[sizes.rank() + dim] = taps(dim).out;
    return sizes;
  }
  AxisMaps transposed() const {
    AxisMaps t;
    for (int dim = -3; dim < 0; ++dim)
      if (used(dim)) t.set(dim, taps(dim).transposed());
    return t;
  }
  backend::AxisMapArguments arguments(const Shape& sizes) const {
    backend::AxisMapArguments a;
    for (int d = 0; d < sizes.rank(); ++d) {
      const int axis = d - sizes.rank() + 3;
      if (axis < 0) a.planes *= sizes[d];
      else a.sizes[axis] = sizes[d];
    }
    for (int axis = 0; axis < 3; ++axis) a.taps[axis] = used_[axis] ? &taps_[axis] : nullptr;
    return a;
  }

 private:
  backend::AxisTaps taps_[3];
  bool used_[3] = {};
};

/// x with the maps applied.
///   x [..., a, b, c] -> [..., a', b', c']
template <class T, class D>
Tensor<T, D> map_axes_recorded(const char* name, Site site, const Tensor<T, D>& x_, std::shared_ptr<const AxisMaps> maps) {
  check_devices(name, x_);
  const Tensor<T, D> x = contiguous(x_);
  Tensor<T, D> y = empty<T, D>(maps->result(x.sizes()));
  backend::count_kernel("map_axes");
  map_axes(D{}, maps->arguments(x.sizes()), x.data(), y.data());
  if constexpr (differentiable<T>) {
    if (autograd::needed(x))
      return autograd::record(name, site, std::move(y), autograd::inputs(x),
                              [name, maps = std::move(maps)](const autograd::Pass&, const Tensor<T, D>& g) {
                                return map_axes_recorded(name, Site{}, g, std::make_shared<const AxisMaps>(maps->transposed()));
                              });
  }
  return y;
}
template <class T, class D>
Tensor<T, D> map_axes_recorded(const char* name, Site site, const Tensor<T, D>& x, AxisMaps maps) {
  return map_axes_recorded(name, site, x, std::make_shared<const AxisMaps>(std::move(maps)));
}

}  // namespace torchlite::inline TORCHLITE_ABI
