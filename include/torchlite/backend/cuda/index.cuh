// SPDX-License-Identifier: BSD-3-Clause
// Reading and writing elements that index tensors point at. Indices are checked before, by check_range.
#pragma once
#include <torchlite/backend/cuda/index_check.cuh>
#include <torchlite/backend/cuda/on_device.hpp>
#include <torchlite/backend/cuda/radix_sort.cuh>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/backend/reducer.hpp>

#include <concepts>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

template <class T, int Width>
void launch_get(const IndexArguments& a, const IndexLoops& loops) {
  using Unit = std::conditional_t<Width == 1, T, Packet<stored_t<T>, Width>>;
  const IndexLoops units = in_units(loops, Width);
  launch_each("index_get", IndexGet<Unit>{units, static_cast<Unit*>(a.values.data), static_cast<const Unit*>(a.data.data)}, units.numel);
}

/// Runs an operation over the values of each element that the indices point at.
template <class T, class Operation>
void write_in_order(const char* name, const IndexArguments& a, const Operation& operation) {
  count_kernel(name);
  if (a.values.sizes->numel() == 0) return;
  const LoopPlan plan = index_plan(a);
  const int inner = block_dimensions(plan);
  const IndexLoops blocks(a, plan, 0, plan.rank - inner), elements(a, plan, plan.rank - inner, plan.rank);
  const KeyRange range(blocks);
  SortBuffers sorted(blocks.numel);
  launch_each(name, BlockKeys{blocks, sorted.keys, sorted.numbers, range.lowest}, blocks.numel);
  sort_by_key<>(sorted, bits_for(range.count));
  launch_each(name,
              SortedWrites<T, Operation>{blocks, elements, sorted.keys, sorted.numbers, range.lowest, static_cast<T*>(a.values.data),
                                         static_cast<T*>(a.data.data), operation},
              blocks.numel * elements.numel);
}

}  // namespace cuda

/// values = what the indices point at. T is the dtype of both.
template <class T>
void index_get(Cuda, const IndexArguments& a) {
  count_kernel("index_get");
  if (a.values.sizes->numel() == 0) return;
  const LoopPlan plan = cuda::index_plan(a);
  const cuda::IndexLoops loops(a, plan, 0, plan.rank);
  constexpr int most = 16 / static_cast<int>(sizeof(T));
  if (cuda::elements_at_a_time(a, plan, static_cast<int>(sizeof(T))) == most) cuda::launch_get<cuda::on_device_t<T>, most>(a, loops);
  else cuda::launch_get<cuda::on_device_t<T>, 1>(a, loops);
}

/// What the indices point at = values; of several values for one element the last one stays.
template <class T>
void index_put(Cuda, const IndexArguments& a) {
  using Own = cuda::on_device_t<T>;
  cuda::write_in_order<Own>("index_put", a, cuda::PutLast<Own>{});
}

/// What the indices point at += values, in the order of the values.
template <class T>
void index_accumulate(Cuda, const IndexArguments& a) {
  using Own = cuda::on_device_t<T>;
  cuda::write_in_order<Own>("index_accumulate", a, cuda::AddInOrder<Own>{});
}

/// What the indices point at = Reducer::combine(it, values), in the order of the values.
template <class T, class Reducer>
void index_combine(Cuda, const IndexArguments& a) {
  using Own = cuda::on_device_t<T>;
  cuda::write_in_order<Own>("index_combine", a, cuda::CombineInOrder<Own, cuda::on_device_t<Reducer>>{});
}

/// values = how many values before have pointed at the same element of data, which counts them; both int64.
template <std::same_as<Cuda> D>
void index_rank(D, const IndexArguments& a) {
  cuda::write_in_order<std::int64_t>("index_rank", a, cuda::RankInOrder{});
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
