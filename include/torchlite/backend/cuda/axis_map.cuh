// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/axis_map.hpp>
#include <torchlite/backend/cuda/axis_map_element.hpp>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/team.cuh>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

/// The taps of a map in device memory.
class DeviceTaps {
 public:
  explicit DeviceTaps(const AxisTaps& m) : begin_(bytes_of(m.begin)), index_(bytes_of(m.index)), weight_(bytes_of(m.weight)), map_(m) {
    copy_from_host(Cuda{}, begin_.data(), m.begin.data(), bytes_of(m.begin));
    copy_from_host(Cuda{}, index_.data(), m.index.data(), bytes_of(m.index));
    copy_from_host(Cuda{}, weight_.data(), m.weight.data(), bytes_of(m.weight));
  }
  template <class A, class From, class To>
  void apply(std::int64_t outer, std::int64_t inner, const From* x, To* y) const {
    launch_each("map_axes",
                MapAxis<A, From, To>{map_.in, map_.out, inner, static_cast<const std::int64_t*>(begin_.data()),
                                     static_cast<const std::int64_t*>(index_.data()), static_cast<const double*>(weight_.data()), x, y},
                outer * map_.out * inner);
  }

 private:
  template <class V>
  static std::size_t bytes_of(const V& v) {
    return v.size() * sizeof(v[0]);
  }
  Scratch begin_, index_, weight_;
  const AxisTaps& map_;
};

}  // namespace cuda

/// y = x with all its maps applied; see AxisMapArguments for the layouts.
template <class T>
void map_axes(Cuda, const AxisMapArguments& a, const T* x, T* y) {
  using A = register_t<T>;
  int order[3] = {}, count = 0;
  for (int axis = 0; axis < 3; ++axis)
    if (a.taps[axis]) order[count++] = axis;
  std::int64_t numel = a.planes;
  for (int axis = 0; axis < 3; ++axis) numel *= a.out_size(axis);
  if (numel == 0) return;
  if (count == 0) return cuda::copy_async(y, x, static_cast<std::size_t>(numel) * sizeof(T));
  order_axes(a, order, count);
  std::int64_t now[3] = {a.sizes[0], a.sizes[1], a.sizes[2]}, largest = 0;
  for (int k = 0; k + 1 < count; ++k) {
    now[order[k]] = a.taps[order[k]]->out;
    largest = std::max(largest, a.planes * now[0] * now[1] * now[2]);
  }
  const cuda::Scratch scratch(2 * static_cast<std::size_t>(largest) * sizeof(A));
  A* const buffers[2] = {static_cast<A*>(scratch.data()), static_cast<A*>(scratch.data()) + largest};
  std::copy_n(a.sizes, 3, now);
  for (int k = 0; k < count; ++k) {
    const int axis = order[k];
    std::int64_t outer = a.planes, inner = 1;
    for (int d = 0; d < axis; ++d) outer *= now[d];
    for (int d = axis + 1; d < 3; ++d) inner *= now[d];
    const cuda::DeviceTaps taps(*a.taps[axis]);
    const A* const from = buffers[(k + 1) % 2];
    if (count == 1) taps.template apply<A>(outer, inner, x, y);
    else if (k == 0) taps.template apply<A>(outer, inner, x, buffers[0]);
    else if (k == count - 1) taps.template apply<A>(outer, inner, from, y);
    else taps.template apply<A>(outer, inner, from, buffers[k % 2]);
    now[axis] = a.taps[axis]->out;
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
