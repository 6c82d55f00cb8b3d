// SPDX-License-Identifier: BSD-3-Clause
// Elements that index tensors point at, without the launch. Several values for one element are put next to each other by a stable sort of
// the places they go to, and one thread takes them in order: results are the same each time, and the same as the Cpu's.
#pragma once
#include <torchlite/backend/cuda/element.hpp>
#include <torchlite/backend/index.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Dense numbers and the range they must be in; `ignored` is allowed as well.
template <class I>
struct NumbersOf {
  const I* data;
  std::int64_t lowest, highest, ignored = 0;
  bool ignores = false;

  TORCHLITE_HOST_DEVICE std::int64_t at(std::int64_t i) const { return static_cast<std::int64_t>(data[i]); }
  TORCHLITE_HOST_DEVICE bool fits(std::int64_t i) const {
    const std::int64_t v = at(i);
    return (v >= lowest && v <= highest) || (ignores && v == ignored);
  }
};

inline LoopPlan plan_of(const StridedMemory& m) {
  LoopPlan plan(*m.sizes);
  plan.add(m);
  plan.merge();
  return plan;
}
/// The same with any layout.
struct StridedNumbers {
  const std::int64_t* data;
  WideLoops<1> loops;
  std::int64_t lowest, highest;

  StridedNumbers(const StridedMemory& m, std::int64_t low, std::int64_t high)
      : data(static_cast<const std::int64_t*>(m.data)), loops(plan_of(m), 0, plan_of(m).rank), lowest(low), highest(high) {}

  TORCHLITE_HOST_DEVICE std::int64_t at(std::int64_t i) const {
    std::int64_t offset[1];
    loops.offsets(i, offset);
    return data[offset[0]];
  }
  TORCHLITE_HOST_DEVICE bool fits(std::int64_t i) const {
    const std::int64_t v = at(i);
    return v >= lowest && v <= highest;
  }
};
/// Brings one of the numbers to where the host can read it.
template <class Numbers>
struct CopyNumber {
  Numbers numbers;
  std::int64_t i;
  std::int64_t* out;
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t) const { *out = numbers.at(i); }
};

/// Some consecutive dimensions of the loop of IndexArguments: where a position's value and its element of data are.
struct IndexLoops {
  int rank = 0, indices = 0;
  std::int64_t numel = 1;
  bool narrow = true;  ///< positions are below index_limit and divided by multiplication
  Divider dividers[max_rank];
  std::int64_t sizes[max_rank];
  std::int64_t value_strides[max_rank], data_strides[max_rank], index_strides[max_rank][max_rank];
  const std::int64_t* index[max_rank];
  std::int64_t index_sizes[max_rank], index_steps[max_rank];

  IndexLoops(const IndexArguments& a, const LoopPlan& plan, int first, int last) : rank(last - first), indices(a.index_count) {
    for (int d = 0; d < rank; ++d) {
      sizes[d] = plan.sizes[first + d];
      numel *= sizes[d];
      value_strides[d] = plan.strides[0][first + d];
      data_strides[d] = plan.strides[1][first + d];
      for (int k = 0; k < indices; ++k) index_strides[k][d] = plan.strides[2 + k][first + d];
    }
    narrow = numel < index_limit;
    if (narrow)
      for (int d = 0; d < rank; ++d) dividers[d] = Divider(static_cast<std::uint32_t>(sizes[d]));
    for (int k = 0; k < indices; ++k) {
      index[k] = static_cast<const std::int64_t*>(a.indices[k].data);
      index_sizes[k] = a.index_sizes[k];
      index_steps[k] = a.index_strides[k];
    }
  }

  /// The offsets that belong to position i; the indices count only if `indexed`.
  TORCHLITE_HOST_DEVICE void locate(std::int64_t i, bool indexed, std::int64_t& value, std::int64_t& data) const {
    value = data = 0;
    std::int64_t offsets[max_rank];
    for (int k = 0; k < indices; ++k) offsets[k] = 0;
    for (int d = rank - 1; d >= 0; --d) {
      const std::int64_t next = d == 0   ? 0
                                : narrow ? static_cast<std::int64_t>(dividers[d].divide(static_cast<std::uint32_t>(i)))
                                         : i / sizes[d];
      const std::int64_t at = i - next * sizes[d];
      value += at * value_strides[d];
      data += at * data_strides[d];
      for (int k = 0; k < indices; ++k) offsets[k] += at * index_strides[k][d];
      i = next;
    }
    if (!indexed) return;
    for (int k = 0; k < indices; ++k) {
      const std::int64_t v = index[k][offsets[k]];
      data += (v < 0 ? v + index_sizes[k] : v) * index_steps[k];
    }
  }
};

inline LoopPlan index_plan(const IndexArguments& a) {
  LoopPlan plan(*a.values.sizes);
  plan.add(a.values);
  plan.add(a.data);
  for (int k = 0; k < a.index_count; ++k) plan.add(a.indices[k]);
  plan.merge();
  return plan;
}
/// How many dimensions at the end of the plan the indices do not vary along: what they point at is a block of those.
inline int block_dimensions(const LoopPlan& plan) {
  int count = 0;
  while (count < plan.rank) {
    for (int k = 2; k < plan.operands; ++k)
      if (plan.strides[k][plan.rank - 1 - count] != 0) return count;
    ++count;
  }
  return count;
}

/// Elements of `bytes` bytes that can be moved as one of 16, 8 or 4 bytes: their number. The innermost dimension must be dense in values and data,
/// and everything a multiple of it.
inline int elements_at_a_time(const IndexArguments& a, const LoopPlan& plan, int bytes) {
  const int inner = plan.rank - 1;
  for (int width = 16 / bytes; width > 1; width /= 2) {
    bool fits = block_dimensions(plan) > 0 && plan.strides[0][inner] == 1 && plan.strides[1][inner] == 1 && plan.sizes[inner] % width == 0;
    for (const void* p : {a.values.data, a.data.data})
      fits = fits && reinterpret_cast<std::uintptr_t>(p) % static_cast<unsigned>(width * bytes) == 0;
    for (int d = 0; d < inner; ++d) fits = fits && plan.strides[0][d] % width == 0 && plan.strides[1][d] % width == 0;
    for (int k = 0; k < a.index_count; ++k) fits = fits && a.index_strides[k] % width == 0;
    if (fits) return width;
  }
  return 1;
}
/// The loops in units of `width` elements.
inline IndexLoops in_units(IndexLoops loops, int width) {
  if (width == 1) return loops;
  const int inner = loops.rank - 1;
  loops.sizes[inner] /= width;
  loops.numel /= width;
  for (int d = 0; d < inner; ++d) loops.value_strides[d] /= width, loops.data_strides[d] /= width;
  for (int k = 0; k < loops.indices; ++k) loops.index_steps[k] /= width;
  loops.narrow = loops.numel < index_limit;
  if (loops.narrow)
    for (int d = 0; d < loops.rank; ++d) loops.dividers[d] = Divider(static_cast<std::uint32_t>(loops.sizes[d]));
  return loops;
}

/// values = what the indices point at.
template <class Unit>
struct IndexGet {
  IndexLoops loops;
  Unit* values;
  const Unit* data;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    std::int64_t to, from;
    loops.locate(i, true, to, from);
    values[to] = data[from];
  }
};

/// The place of each block, as a key to sort by, and the block's number.
struct BlockKeys {
  IndexLoops blocks;
  std::uint64_t* keys;
  std::int64_t* numbers;
  std::int64_t lowest;  ///< the smallest offset there can be: keys are not negative

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    std::int64_t value, data;
    blocks.locate(i, true, value, data);
    keys[i] = static_cast<std::uint64_t>(data - lowest);
    numbers[i] = i;
  }
};

/// One thread for each position in sorted order and each element of a block; the first of equal places goes through all of them with
///   operation.run(element of data, count, value(j))          value(j) being a reference to the j-th value for it
template <class T, class Operation>
struct SortedWrites {
  IndexLoops blocks, elements;
  const std::uint64_t* keys;
  const std::int64_t* numbers;
  std::int64_t lowest;
  T *values, *data;
  Operation operation;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t block = i / elements.numel, element = i - block * elements.numel;
    const std::uint64_t key = keys[block];
    if (block > 0 && keys[block - 1] == key) return;
    std::int64_t count = 1;
    while (block + count < blocks.numel && keys[block + count] == key) ++count;
    std::int64_t value_offset, data_offset;
    elements.locate(element, false, value_offset, data_offset);
    const auto value = [&](std::int64_t j) -> T& {
      std::int64_t of_block, unused;
      blocks.locate(numbers[block + j], false, of_block, unused);
      return values[value_offset + of_block];
    };
    operation.run(data[data_offset + static_cast<std::int64_t>(key) + lowest], count, value);
  }
};

/// Of several values the last one stays.
template <class T>
struct PutLast {
  template <class Value>
  TORCHLITE_HOST_DEVICE void run(T& to, std::int64_t count, const Value& value) const {
    to = value(count - 1);
  }
};
/// The values are added, in order; half and bfloat16 are rounded once, at the end.
template <class T>
struct AddInOrder {
  template <class Value>
  TORCHLITE_HOST_DEVICE void run(T& to, std::int64_t count, const Value& value) const {
    auto sum = static_cast<register_t<T>>(to);
    for (std::int64_t j = 0; j < count; ++j) sum += static_cast<register_t<T>>(value(j));
    to = static_cast<T>(sum);
  }
};
/// Reducer::combine in order.
template <class T, class Reducer>
struct CombineInOrder {
  template <class Value>
  TORCHLITE_HOST_DEVICE void run(T& to, std::int64_t count, const Value& value) const {
    using R = register_t<T>;
    T all = to;
    for (std::int64_t j = 0; j < count; ++j)
      all = static_cast<T>(
          static_cast<R>(Reducer::combine(Reducer::lift(static_cast<R>(all), 0), Reducer::lift(static_cast<R>(value(j)), 0))));
    to = all;
  }
};
/// Each value becomes the number of those before it; data counts them.
struct RankInOrder {
  template <class Value>
  TORCHLITE_HOST_DEVICE void run(std::int64_t& counter, std::int64_t count, const Value& rank) const {
    for (std::int64_t j = 0; j < count; ++j) rank(j) = counter++;
  }
};

/// Smallest offset and number of offsets that blocks of these arguments may have in data.
struct KeyRange {
  std::int64_t lowest = 0, count = 1;

  KeyRange(const IndexLoops& blocks) {
    std::int64_t highest = 0;
    const auto add = [&](std::int64_t size, std::int64_t step) { (step < 0 ? lowest : highest) += (size - 1) * step; };
    for (int d = 0; d < blocks.rank; ++d) add(blocks.sizes[d], blocks.data_strides[d]);
    for (int k = 0; k < blocks.indices; ++k) add(blocks.index_sizes[k], blocks.index_steps[k]);
    count = highest - lowest + 1;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
