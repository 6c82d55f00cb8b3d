// SPDX-License-Identifier: BSD-3-Clause
// Reductions of any layout by a kernel of ours: groups of threads fold the elements of a result, a second kernel combines the
// groups where several blocks share a result.
#pragma once
#include <torchlite/backend/cuda/launch.cuh>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/reduce_element.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

template <class R, class F, class Out, class Element, template <int> class L>
__global__ void __launch_bounds__(block_threads)
    reduce_kernel(const __grid_constant__ ReduceKernelArguments<F, L> a, typename R::State* partials) {
  using State = typename R::State;
  __shared__ State states[block_threads];
  const int thread = static_cast<int>(threadIdx.x), lane = a.geometry.lane(thread), output = a.geometry.output(thread);
  const std::int64_t o = std::int64_t{blockIdx.x} * a.geometry.outputs + output, results = a.kept.numel;
  states[thread] = o < results ? reduce_lane<R, F, L>(a, o, blockIdx.y, lane) : R::identity();
  for (int half_lanes = a.geometry.lanes / 2; half_lanes > 0; half_lanes /= 2) {
    __syncthreads();
    if (lane < half_lanes) states[thread] = R::combine(states[thread], states[a.geometry.thread(lane + half_lanes, output)]);
  }
  if (lane != 0 || o >= results) return;
  if (partials != nullptr) partials[std::int64_t{blockIdx.y} * results + o] = states[thread];
  else store_result<Out, Element>(a, o, states[thread]);
}

template <class R, class F, class Out, class Element, template <int> class L>
__global__ void __launch_bounds__(block_threads)
    combine_kernel(const __grid_constant__ ReduceKernelArguments<F, L> a, const typename R::State* partials) {
  const std::int64_t results = a.kept.numel, o = std::int64_t{blockIdx.x} * block_threads + threadIdx.x;
  if (o >= results) return;
  typename R::State s = partials[o];
  for (std::int64_t split = 1; split < a.geometry.splits; ++split) s = R::combine(s, partials[split * results + o]);
  store_result<Out, Element>(a, o, s);
}

template <class R, class Out>
__global__ void __launch_bounds__(block_threads) identity_kernel(stored_t<Out>* out, std::int64_t n, double divisor) {
  const std::int64_t i = std::int64_t{blockIdx.x} * block_threads + threadIdx.x;
  if (i < n) out[i] = finished<Out>(R::identity(), divisor);
}

inline unsigned blocks_for(std::int64_t threads) { return static_cast<unsigned>((threads + block_threads - 1) / block_threads); }

template <class R, class F, class Out, class Element, template <int> class L>
void launch_reduce(const ReduceArguments& a, const LoopPlan& plan, bool add) {
  const KeptDimensions kept(plan, a.leaf_count + 1);
  std::int64_t results = 1;
  for (int d = kept.first; d < kept.last; ++d) results *= plan.sizes[d];
  const ReduceGeometry geometry(results, plan.numel / results, kept.last < plan.rank || results == 1);
  ReduceKernelArguments<F, L> k(plan, kept.first, kept.last, geometry);
  for (int i = 0; i < FormulaTraits<F>::leaves; ++i) k.in.leaves[i] = a.leaves[i].data;
  for (int i = 0; i < FormulaTraits<F>::scalars; ++i) k.in.scalars[i] = a.scalars[i];
  k.result = a.out;
  k.values = a.values;
  k.divisor = a.divisor;
  k.add = add;
  using State = typename R::State;
  const bool split = geometry.splits > 1;
  const Scratch partials(split ? static_cast<std::size_t>(geometry.splits * results) * sizeof(State) : 0);
  const dim3 grid(static_cast<unsigned>(geometry.blocks(results)), static_cast<unsigned>(geometry.splits));
  reduce_kernel<R, F, Out, Element, L><<<grid, block_threads, 0, current_stream()>>>(k, static_cast<State*>(partials.data()));
  check_launch("reduce");
  if (split) {
    combine_kernel<R, F, Out, Element, L>
        <<<blocks_for(results), block_threads, 0, current_stream()>>>(k, static_cast<const State*>(partials.data()));
    check_launch("reduce");
  }
}

/// out = (or +=) R over the reduced dimensions of F(leaves).
template <class R, class F, class Out, class Element = Out>
void block_reduce(const ReduceArguments& a, bool add = false) {
  if (a.out_numel == 0) return;
  if (a.sizes->numel() == 0) {
    if (add) return;
    identity_kernel<R, Out>
        <<<blocks_for(a.out_numel), block_threads, 0, current_stream()>>>(static_cast<stored_t<Out>*>(a.out), a.out_numel, a.divisor);
    return check_launch("reduce");
  }
  const LoopPlan plan = reduce_plan(a);
  if (fits(plan)) launch_reduce<R, F, Out, Element, Loops>(a, plan, add);
  else launch_reduce<R, F, Out, Element, WideLoops>(a, plan, add);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
