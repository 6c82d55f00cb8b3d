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

/// How many taps every element of the result has; 0 if they differ.
inline std::int64_t uniform_taps(const AxisTaps& m) {
  const std::int64_t each = m.out > 0 ? m.begin[static_cast<std::size_t>(m.out)] / m.out : 0;
  for (std::int64_t i = 0; i <= m.out; ++i)
    if (m.begin[static_cast<std::size_t>(i)] != i * each) return 0;
  return each;
}

/// The weights of a map in the type that is computed with.
template <class A>
struct TapWeights {
  const double* weight;

  explicit TapWeights(const AxisTaps& m) : weight(m.weight.empty() ? nullptr : m.weight.data()) {}
  TORCHLITE_INLINE A operator[](std::int64_t t) const { return weight ? static_cast<A>(weight[t]) : static_cast<A>(1); }
  template <class From>
  TORCHLITE_INLINE static A times(A w, From value) {
    if constexpr (std::is_floating_point_v<A>) return w * static_cast<A>(value);
    else return static_cast<A>(value);
  }
};

/// Elements [first, last) of y [outer, out], a map along the last axis of x [outer, in]; each: what uniform_taps says.
template <class A, class From, class To>
void map_last_axis(const AxisTaps& m, std::int64_t each, std::int64_t first, std::int64_t last, const From* x, To* y) {
  using Weights = TapWeights<A>;
  const std::int64_t *begin = m.begin.data(), *index = m.index.data();
  const Weights by(m);
  while (first < last) {
    const std::int64_t o = first / m.out, i0 = first - o * m.out, i1 = std::min(m.out, i0 + last - first);
    const From* from = x + o * m.in;
    To* to = y + o * m.out;
    if (each == 1 && !by.weight) {
      for (std::int64_t i = i0; i < i1; ++i) to[i] = static_cast<To>(static_cast<A>(from[index[i]]));
    } else if (each == 2) {
      for (std::int64_t i = i0; i < i1; ++i)
        to[i] = static_cast<To>(
            static_cast<A>(Weights::times(by[2 * i], from[index[2 * i]]) + Weights::times(by[2 * i + 1], from[index[2 * i + 1]])));
    } else {
      for (std::int64_t i = i0, t = begin[i0]; i < i1; ++i) {
        A sum{};
        for (const std::int64_t end = begin[i + 1]; t < end; ++t) sum = static_cast<A>(sum + Weights::times(by[t], from[index[t]]));
        to[i] = static_cast<To>(sum);
      }
    }
    first += i1 - i0;
  }
}

/// One row of y, `n` elements: the weighted sum of the rows of x that the taps [t0, t1) name, `inner` apart.
template <class A, class From, class To>
void map_row(const AxisTaps& m, std::int64_t t0, std::int64_t t1, std::int64_t inner, const From* x, To* y) {
  using Weights = TapWeights<A>;
  constexpr std::int64_t block = 512;
  const std::int64_t* index = m.index.data();
  const Weights by(m);
  if (t0 == t1) {
    std::fill_n(y, inner, static_cast<To>(A{}));
    return;
  }
  if constexpr (std::is_same_v<From, To>) {
    if (t1 - t0 == 1 && !by.weight) {
      std::copy_n(x + index[t0] * inner, inner, y);
      return;
    }
  }
  A sums[block];
  for (std::int64_t j = 0; j < inner; j += block) {
    const std::int64_t n = std::min(block, inner - j);
    const From* a = x + index[t0] * inner + j;
    const A w = by[t0];
    if (t1 - t0 == 1) {
      for (std::int64_t k = 0; k < n; ++k) y[j + k] = static_cast<To>(Weights::times(w, a[k]));
      continue;
    }
    const From* b = x + index[t0 + 1] * inner + j;
    const A v = by[t0 + 1];
    if (t1 - t0 == 2) {
      for (std::int64_t k = 0; k < n; ++k) y[j + k] = static_cast<To>(static_cast<A>(Weights::times(w, a[k]) + Weights::times(v, b[k])));
      continue;
    }
    for (std::int64_t k = 0; k < n; ++k) sums[k] = static_cast<A>(Weights::times(w, a[k]) + Weights::times(v, b[k]));
    for (std::int64_t t = t0 + 2; t < t1; ++t) {
      const From* c = x + index[t] * inner + j;
      const A u = by[t];
      for (std::int64_t k = 0; k < n; ++k) sums[k] = static_cast<A>(sums[k] + Weights::times(u, c[k]));
    }
    for (std::int64_t k = 0; k < n; ++k) y[j + k] = static_cast<To>(sums[k]);
  }
}

/// One map along the middle axis of x [outer, in, inner] -> y [outer, out, inner]; A: what is computed in.
template <class A, class From, class To>
void map_axis(const AxisTaps& m, std::int64_t outer, std::int64_t inner, const From* x, To* y) {
  const std::int64_t* begin = m.begin.data();
  const std::int64_t taps = m.out > 0 ? begin[m.out] / m.out + 1 : 1, each = inner == 1 ? uniform_taps(m) : 0;
  parallel_for(outer * m.out, std::max<std::int64_t>(1, 32768 / (inner * taps)), [&](std::int64_t first, std::int64_t last) {
    if (inner == 1) return map_last_axis<A>(m, each, first, last, x, y);
    for (std::int64_t r = first; r < last; ++r) {
      const std::int64_t o = r / m.out, i = r - o * m.out;
      map_row<A>(m, begin[i], begin[i + 1], inner, x + o * m.in * inner, y + r * inner);
    }
  });
}

/// The cheapest order to go over the given axes in; elements of the last axis are reached one by one, and cost more.
inline void order_axes(const AxisMapArguments& a, int* order, int count) {
  int tried[3] = {order[0], order[1], order[2]};
  std::int64_t least = -1;
  do {
    std::int64_t sizes[3] = {a.sizes[0], a.sizes[1], a.sizes[2]}, cost = 0;
    for (int k = 0; k < count; ++k) {
      sizes[tried[k]] = a.taps[tried[k]]->out;
      cost += sizes[0] * sizes[1] * sizes[2] * (tried[k] == 2 ? 4 : 1);
    }
    if (least < 0 || cost < least) {
      least = cost;
      std::copy_n(tried, count, order);
    }
  } while (std::next_permutation(tried, tried + count));
}

/// y = x with all its maps applied; see AxisMapArguments for the layouts.
template <class T>
void map_axes(Cpu, const AxisMapArguments& a, const T* x, T* y) {
  using A = register_t<T>;
  int order[3] = {}, count = 0;
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
  order_axes(a, order, count);
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
