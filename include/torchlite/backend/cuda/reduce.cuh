// SPDX-License-Identifier: BSD-3-Clause
// Reductions that take their pointwise input along. Whole tensors and contiguous segments go through CUB, which reads the formula
// through an iterator; other layouts through a kernel of ours.
#pragma once
#include <torchlite/backend/cuda/on_device.hpp>
#include <torchlite/backend/cuda/reduce_kernel.cuh>
#include <torchlite/backend/cuda/temporary.cuh>
#include <torchlite/backend/kernel_count.hpp>

#include <cub/device/device_reduce.cuh>
#include <cub/device/device_segmented_reduce.cuh>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/transform_iterator.h>

#include <iterator>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

/// The lifted value of F at element number i of the input, which is rows of `length` elements.
template <class R, class F>
struct FormulaAt {
  static constexpr int operands = FormulaTraits<F>::leaves + 1;

  inputs_t<F> in;
  std::int64_t length;                 ///< elements of a row
  std::int64_t row_strides[operands];  ///< of the leaves and of the index
  std::int64_t element_strides[operands];

  TORCHLITE_HOST_DEVICE typename R::State operator()(std::int64_t i) const {
    const std::int64_t row = i / length, element = i - row * length;
    std::int64_t base[operands], at[operands];
    unrolled<operands>([&](auto k) {
      base[decltype(k)::value] = row * row_strides[decltype(k)::value];
      at[decltype(k)::value] = element * element_strides[decltype(k)::value];
    });
    const auto v = static_cast<typename R::Value>(evaluate_at<F>(in, base, at));
    return R::lift(v, base[operands - 1] + at[operands - 1]);
  }
};

template <class R>
struct Combine {
  TORCHLITE_HOST_DEVICE typename R::State operator()(const typename R::State& a, const typename R::State& b) const {
    return R::combine(a, b);
  }
};

/// Where CUB writes the states, each stored as Out. It has no value type, so that CUB keeps to the states' own.
template <class Out>
struct ResultIterator {
  using iterator_category = std::random_access_iterator_tag;
  using value_type = void;
  using difference_type = std::int64_t;
  using pointer = void;

  struct reference {
    stored_t<Out>* p;
    double divisor;

    template <class State>
    TORCHLITE_HOST_DEVICE const reference& operator=(const State& s) const {
      *p = finished<Out>(s, divisor);
      return *this;
    }
  };

  stored_t<Out>* p;
  double divisor;

  TORCHLITE_HOST_DEVICE reference operator*() const { return {p, divisor}; }
  TORCHLITE_HOST_DEVICE reference operator[](std::int64_t i) const { return {p + i, divisor}; }
  TORCHLITE_HOST_DEVICE ResultIterator operator+(std::int64_t i) const { return {p + i, divisor}; }
  TORCHLITE_HOST_DEVICE ResultIterator& operator+=(std::int64_t i) {
    p += i;
    return *this;
  }
  TORCHLITE_HOST_DEVICE ResultIterator& operator++() { return *this += 1; }
};

struct SegmentStart {
  std::int64_t length;
  TORCHLITE_HOST_DEVICE std::int64_t operator()(std::int64_t segment) const { return segment * length; }
};

/// Reducers that go through CUB where the layout allows; each one costs over a second of compile time for every formula.
template <class R>
inline constexpr bool through_cub = false;
template <class V>
inline constexpr bool through_cub<SumReducer<V>> = !complex_number<V>;
template <class V>
inline constexpr bool through_cub<MaxReducer<V>> = true;
template <class V>
inline constexpr bool through_cub<MinReducer<V>> = true;

/// True if the loops are one reduced dimension, or rows of which each gives one of consecutive results.
inline bool is_segmented(const LoopPlan& plan, int out) {
  if (plan.rank == 1) return plan.strides[out][0] == 0;
  return plan.rank == 2 && plan.strides[out][0] == 1 && plan.strides[out][1] == 0;
}

template <class R, class F, class Out>
void cub_reduce(const ReduceArguments& a, const LoopPlan& plan) {
  constexpr int leaves = FormulaTraits<F>::leaves;
  FormulaAt<R, F> formula;
  for (int k = 0; k < leaves; ++k) formula.in.leaves[k] = a.leaves[k].data;
  for (int k = 0; k < FormulaTraits<F>::scalars; ++k) formula.in.scalars[k] = a.scalars[k];
  formula.length = plan.sizes[plan.rank - 1];
  for (int k = 0; k <= leaves; ++k) {
    formula.row_strides[k] = plan.rank == 2 ? plan.strides[k][0] : 0;
    formula.element_strides[k] = plan.strides[k][plan.rank - 1];
  }
  const auto in = thrust::make_transform_iterator(thrust::counting_iterator<std::int64_t>(0), formula);
  const auto out = ResultIterator<Out>{static_cast<stored_t<Out>*>(a.out), a.divisor};
  const auto stream = current_stream();
  if (plan.rank == 1) {
    with_temporary("cub::DeviceReduce::Reduce", [&](void* memory, std::size_t& bytes) {
      return cub::DeviceReduce::Reduce(memory, bytes, in, out, plan.numel, Combine<R>{}, R::identity(), stream);
    });
  } else {
    const auto starts = thrust::make_transform_iterator(thrust::counting_iterator<std::int64_t>(0), SegmentStart{formula.length});
    with_temporary("cub::DeviceSegmentedReduce::Reduce", [&](void* memory, std::size_t& bytes) {
      return cub::DeviceSegmentedReduce::Reduce(memory, bytes, in, out, plan.sizes[0], starts, starts + 1, Combine<R>{}, R::identity(),
                                                stream);
    });
  }
}

}  // namespace cuda

/// out = R over the reduced dimensions of F(leaves), which is never stored; R::Value is reduced_value_t<F>, Element the dtype that F's
/// values would be stored as.
template <class R, class F, class Out, class Element = Out>
void reduce(Cuda, const ReduceArguments& a) {
  count_kernel();
  if constexpr (cuda::through_cub<R>) {
    if (a.sizes->numel() > 0 && a.out_numel > 0) {
      const LoopPlan plan = cuda::reduce_plan(a);
      // A block for each segment is too much for short ones.
      if (cuda::is_segmented(plan, a.leaf_count + 1) && plan.sizes[plan.rank - 1] >= 512) return cuda::cub_reduce<R, F, Out>(a, plan);
    }
  }
  cuda::block_reduce<R, F, Out, Element>(a);
}
// Complex numbers.
template <class R, class F, class Out, class Element = Out>
  requires(!cuda::runs_as_written<R, F, Out, Element>)
void reduce(Cuda, const ReduceArguments& a) {
  reduce<cuda::on_device_t<R>, cuda::on_device_t<F>, cuda::on_device_t<Out>, cuda::on_device_t<Element>>(Cuda{}, a);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
