// SPDX-License-Identifier: BSD-3-Clause
// Reading and writing elements that index tensors point at. Indices are checked before, by check_range.
#pragma once
#include <torchlite/backend/cpu/blocks.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/index.hpp>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

inline constexpr std::int64_t index_grain = 32768;

/// Walks positions [begin, end) of the loop. body(value offset, data offset, count, value stride, data stride, first index).
template <class Body>
inline void walk_indices(const IndexArguments& a, const LoopPlan& plan, std::int64_t begin, std::int64_t end, Body body) {
  const int inner = plan.rank - 1;
  const std::int64_t value_step = plan.strides[0][inner], data_step = plan.strides[1][inner];
  bool rows = true;  // the indices stay the same along the innermost dimension
  for (int k = 0; k < a.index_count; ++k) rows = rows && plan.strides[2 + k][inner] == 0;
  const auto load = [&](int k, std::int64_t at) {
    const std::int64_t i = static_cast<const std::int64_t*>(a.indices[k].data)[at];
    return i < 0 ? i + a.index_sizes[k] : i;
  };
  LoopPosition position(plan, begin);
  while (begin < end) {
    const std::int64_t run = std::min(end - begin, position.run(plan));
    const std::int64_t values = position.offset(plan, 0), data = position.offset(plan, 1);
    if (rows) {
      std::int64_t at = data, first = 0;
      for (int k = 0; k < a.index_count; ++k) {
        const std::int64_t i = load(k, position.offset(plan, 2 + k));
        if (k == 0) first = i;
        at += i * a.index_strides[k];
      }
      body(values, at, run, value_step, data_step, first);
    } else if (a.index_count == 1) {
      const std::int64_t index = position.offset(plan, 2), step = plan.strides[2][inner], stride = a.index_strides[0];
      for (std::int64_t j = 0; j < run; ++j) {
        const std::int64_t i = load(0, index + j * step);
        body(values + j * value_step, data + j * data_step + i * stride, std::int64_t{1}, std::int64_t{1}, std::int64_t{1}, i);
      }
    } else {
      std::int64_t offsets[max_rank];
      for (int k = 0; k < a.index_count; ++k) offsets[k] = position.offset(plan, 2 + k);
      for (std::int64_t j = 0; j < run; ++j) {
        std::int64_t at = data + j * data_step, first = 0;
        for (int k = 0; k < a.index_count; ++k) {
          const std::int64_t i = load(k, offsets[k] + j * plan.strides[2 + k][inner]);
          if (k == 0) first = i;
          at += i * a.index_strides[k];
        }
        body(values + j * value_step, at, std::int64_t{1}, std::int64_t{1}, std::int64_t{1}, first);
      }
    }
    begin += run;
    if (begin < end) position.advance(plan, run);
  }
}

inline LoopPlan plan_indices(const IndexArguments& a) {
  LoopPlan plan(*a.values.sizes);
  plan.add(a.values);
  plan.add(a.data);
  for (int k = 0; k < a.index_count; ++k) plan.add(a.indices[k]);
  plan.merge();
  return plan;
}

/// In which order writes happen must not depend on the number of threads: each thread goes over all positions and writes those
/// whose first index is in its range.
template <class Write>
inline void walk_writes(const IndexArguments& a, Write write) {
  count_kernel("index_write");
  const std::int64_t n = a.values.sizes->numel();
  if (n == 0) return;
  const LoopPlan plan = plan_indices(a);
  const std::int64_t rows = a.index_count > 0 ? a.index_sizes[0] : 1;
  const bool worth_sharing = n > index_grain && rows > 1 && plan.strides[2][plan.rank - 1] == 0 && plan.sizes[plan.rank - 1] >= 16;
  parallel_for(worth_sharing ? rows : 1, std::max<std::int64_t>(1, rows * index_grain / n), [&](std::int64_t begin, std::int64_t end) {
    const bool all = !worth_sharing;
    walk_indices(a, plan, 0, n,
                 [&](std::int64_t values, std::int64_t data, std::int64_t count, std::int64_t vs, std::int64_t ds, std::int64_t first) {
                   if (all || (first >= begin && first < end)) write(values, data, count, vs, ds);
                 });
  });
}

/// values = what the indices point at. T is the dtype of both.
template <class T>
void index_get(Cpu, const IndexArguments& a) {
  count_kernel("index_get");
  const std::int64_t n = a.values.sizes->numel();
  if (n == 0) return;
  const LoopPlan plan = plan_indices(a);
  auto* out = static_cast<T*>(a.values.data);
  const auto* in = static_cast<const T*>(a.data.data);
  parallel_for(n, index_grain, [&](std::int64_t begin, std::int64_t end) {
    walk_indices(a, plan, begin, end,
                 [&](std::int64_t values, std::int64_t data, std::int64_t count, std::int64_t vs, std::int64_t ds, std::int64_t) {
                   if (count == 1) {
                     out[values] = in[data];
                   } else if (vs == 1 && ds == 1) {
                     std::memcpy(out + values, in + data, static_cast<std::size_t>(count) * sizeof(T));
                   } else {
                     for (std::int64_t j = 0; j < count; ++j) out[values + j * vs] = in[data + j * ds];
                   }
                 });
  });
}

/// What the indices point at = values; of several values for one element the last one stays.
template <class T>
void index_put(Cpu, const IndexArguments& a) {
  const auto* in = static_cast<const T*>(a.values.data);
  auto* out = static_cast<T*>(a.data.data);
  walk_writes(a, [&](std::int64_t values, std::int64_t data, std::int64_t count, std::int64_t vs, std::int64_t ds) {
    for (std::int64_t j = 0; j < count; ++j) out[data + j * ds] = in[values + j * vs];
  });
}

/// What the indices point at += values, in the order of the values.
template <class T>
void index_accumulate(Cpu, const IndexArguments& a) {
  using R = register_t<T>;
  const auto* in = static_cast<const T*>(a.values.data);
  auto* out = static_cast<T*>(a.data.data);
  walk_writes(a, [&](std::int64_t values, std::int64_t data, std::int64_t count, std::int64_t vs, std::int64_t ds) {
    if (vs == 1 && ds == 1 && count > 1) {
      T* TORCHLITE_RESTRICT to = out + data;
      const T* TORCHLITE_RESTRICT from = in + values;
      TORCHLITE_VECTORIZE
      for (std::int64_t j = 0; j < count; ++j) to[j] = static_cast<T>(static_cast<R>(to[j]) + static_cast<R>(from[j]));
    } else {
      for (std::int64_t j = 0; j < count; ++j)
        out[data + j * ds] = static_cast<T>(static_cast<R>(out[data + j * ds]) + static_cast<R>(in[values + j * vs]));
    }
  });
}

/// What the indices point at = Reducer::combine(it, values), in the order of the values.
template <class T, class Reducer>
void index_combine(Cpu, const IndexArguments& a) {
  using R = register_t<T>;
  const auto* in = static_cast<const T*>(a.values.data);
  auto* out = static_cast<T*>(a.data.data);
  const auto lift = [](T x) { return Reducer::lift(static_cast<R>(x), 0); };
  walk_writes(a, [&](std::int64_t values, std::int64_t data, std::int64_t count, std::int64_t vs, std::int64_t ds) {
    for (std::int64_t j = 0; j < count; ++j) {
      T& to = out[data + j * ds];
      to = static_cast<T>(static_cast<R>(Reducer::combine(lift(to), lift(in[values + j * vs]))));
    }
  });
}

/// values = how many values before have pointed at the same element of data, which counts them; both int64.
inline void index_rank(Cpu, const IndexArguments& a) {
  auto* rank = static_cast<std::int64_t*>(a.values.data);
  auto* counter = static_cast<std::int64_t*>(a.data.data);
  walk_writes(a, [&](std::int64_t values, std::int64_t data, std::int64_t count, std::int64_t vs, std::int64_t ds) {
    for (std::int64_t j = 0; j < count; ++j) rank[values + j * vs] = counter[data + j * ds]++;
  });
}

/// Whether all of these int64 numbers are in [lowest, highest].
inline RangeCheck check_range(Cpu, const StridedMemory& numbers, std::int64_t lowest, std::int64_t highest) {
  const std::int64_t n = numbers.sizes->numel();
  if (n == 0) return {};
  LoopPlan plan(*numbers.sizes);
  plan.add(numbers);
  plan.merge();
  const auto* data = static_cast<const std::int64_t*>(numbers.data);
  const std::int64_t step = plan.strides[0][plan.rank - 1];
  LoopPosition position(plan, 0);
  for (std::int64_t at = 0; at < n;) {
    const std::int64_t run = position.run(plan);
    const std::int64_t* row = data + position.offset(plan, 0);
    for (std::int64_t j = 0; j < run; ++j)
      if (row[j * step] < lowest || row[j * step] > highest) return {false, row[j * step]};
    at += run;
    if (at < n) position.advance(plan, run);
  }
  return {};
}

/// The number of true elements of n.
inline std::int64_t count_true(Cpu, const bool* mask, std::int64_t n) {
  count_kernel("count_true");
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < n; ++i) count += mask[i] ? 1 : 0;
  return count;
}

/// The positions of the true elements of a row-major mask, each written as sizes.rank() numbers, in order.
inline void write_true_positions(Cpu, const bool* mask, const Shape& sizes, std::int64_t* out) {
  count_kernel("write_true_positions");
  const std::int64_t n = sizes.numel();
  const int rank = sizes.rank();
  for (std::int64_t i = 0; i < n; ++i) {
    if (!mask[i]) continue;
    std::int64_t rest = i;
    for (int d = rank - 1; d > 0; --d) {
      out[d] = rest % sizes[d];
      rest /= sizes[d];
    }
    out[0] = rest;
    out += rank;
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
