// SPDX-License-Identifier: BSD-3-Clause
// Linear maps along axes on the CPU. Sums run in the order of the taps, whatever the number of threads; half precision is
// rounded once, at the end.
#pragma once
#include <torchlite/backend/axis_map.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/core/dtype.hpp>

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// One map along the middle axis of x [outer, in, inner] -> y [outer, out, inner]; A: what is computed in.
template <class A, class From, class To>
void map_axis(const AxisTaps& m, std::int64_t outer, std::int64_t inner, const From* x, To* y) {
  constexpr std::int64_t block = 512;
  const std::int64_t *begin = m.begin.data(), *index = m.index.data();
  const double* weight = m.weight.empty() ? nullptr : m.weight.data();
  const auto by = [weight](std::int64_t t) { return weight ? static_cast<A>(weight[t]) : static_cast<A>(1); };
  const auto term = [](A w, From value) {
    if constexpr (std::is_floating_point_v<A>) return w * static_cast<A>(value);
    else return static_cast<A>(value);
  };
  const std::int64_t taps = m.out > 0 ? begin[m.out] / m.out + 1 : 1;
  parallel_for(outer * m.out, std::max<std::int64_t>(1, 32768 / (inner * taps)), [&](std::int64_t first, std::int64_t last) {
    A sums[block];
    for (std::int64_t r = first; r < last; ++r) {
      const std::int64_t o = r / m.out, i = r - o * m.out, t0 = begin[i], t1 = begin[i + 1];
      const From* from = x + o * m.in * inner;
      To* to = y + r * inner;
      if (inner == 1) {
        A sum{};
        for (std::int64_t t = t0; t < t1; ++t) sum = static_cast<A>(sum + term(by(t), from[index[t]]));
        *to = static_cast<To>(sum);
        continue;
      }
      for (std::int64_t j = 0; j < inner; j += block) {
        const std::int64_t n = std::min(block, inner - j);
        if (t0 == t1) {
          std::fill_n(to + j, n, static_cast<To>(A{}));
          continue;
        }
        const auto row = [&](std::int64_t t) { return from + index[t] * inner + j; };
        const From* a = row(t0);
        const A w = by(t0);
        if (t1 - t0 == 1) {
          for (std::int64_t k = 0; k < n; ++k) to[j + k] = static_cast<To>(term(w, a[k]));
          continue;
        }
        const From* b = row(t0 + 1);
        const A v = by(t0 + 1);
        if (t1 - t0 == 2) {
          for (std::int64_t k = 0; k < n; ++k) to[j + k] = static_cast<To>(static_cast<A>(term(w, a[k]) + term(v, b[k])));
          continue;
        }
        for (std::int64_t k = 0; k < n; ++k) sums[k] = static_cast<A>(term(w, a[k]) + term(v, b[k]));
        for (std::int64_t t = t0 + 2; t < t1; ++t) {
          const From* c = row(t);
          const A u = by(t);
          for (std::int64_t k = 0; k < n; ++k) sums[k] = static_cast<A>(sums[k] + term(u, c[k]));
        }
        for (std::int64_t k = 0; k < n; ++k) to[j + k] = static_cast<To>(sums[k]);
      }
    }
  });
}

/// y = x with all its maps applied; see AxisMapArguments for the layouts.
template <class T>
void map_axes(Cpu, const AxisMapArguments& a, const T* x, T* y) {
  using A = register_t<T>;
  int order[3], count = 0;
  for (int axis = 0; axis < 3; ++axis)
    if (a.taps[axis]) order[count++] = axis;
  std::int64_t out_plane = 1, in_plane = 1;
  for (int axis = 0; axis < 3; ++axis) out_plane *= a.out_size(axis), in_plane *= a.sizes[axis];
  if (a.planes * out_plane == 0) return;
  if (count == 0) {
    std::copy_n(x, a.planes * in_plane, y);
    return;
  }
  if (count == 1) {
    std::int64_t outer = a.planes, inner = 1;
    for (int axis = 0; axis < order[0]; ++axis) outer *= a.sizes[axis];
    for (int axis = order[0] + 1; axis < 3; ++axis) inner *= a.sizes[axis];
    return map_axis<A>(*a.taps[order[0]], outer, inner, x, y);
  }
  // What makes a plane smallest comes first.
  std::sort(order, order + count, [&](int p, int q) {
    const std::int64_t left = a.taps[p]->out * a.sizes[q], right = a.taps[q]->out * a.sizes[p];
    return left != right ? left < right : p < q;
  });
  std::int64_t sizes[3] = {a.sizes[0], a.sizes[1], a.sizes[2]}, largest = 1;
  for (int k = 0; k + 1 < count; ++k) {
    sizes[order[k]] = a.taps[order[k]]->out;
    largest = std::max(largest, sizes[0] * sizes[1] * sizes[2]);
  }
  const auto plane = [&](std::int64_t p) {
    A* buffers[2] = {scratch<A>(Scratch::image, largest), scratch<A>(Scratch::columns, largest)};
    std::int64_t now[3] = {a.sizes[0], a.sizes[1], a.sizes[2]};
    for (int k = 0; k < count; ++k) {
      const int axis = order[k];
      const std::int64_t outer = axis == 0 ? 1 : (axis == 1 ? now[0] : now[0] * now[1]);
      const std::int64_t inner = axis == 2 ? 1 : (axis == 1 ? now[2] : now[1] * now[2]);
      const AxisTaps& m = *a.taps[axis];
      const bool first = k == 0, last = k == count - 1;
      const A* from = buffers[(k + 1) % 2];
      if (first) map_axis<A>(m, outer, inner, x + p * in_plane, buffers[0]);
      else if (last) map_axis<A>(m, outer, inner, from, y + p * out_plane);
      else map_axis<A>(m, outer, inner, from, buffers[k % 2]);
      now[axis] = m.out;
    }
  };
  if (a.planes < get_num_threads()) {
    for (std::int64_t p = 0; p < a.planes; ++p) plane(p);
    return;
  }
  parallel_for(a.planes, std::max<std::int64_t>(1, 32768 / (in_plane + out_plane)), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) plane(p);
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
