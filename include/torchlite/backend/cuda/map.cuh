// SPDX-License-Identifier: BSD-3-Clause
// One kernel for a pointwise formula, forward and backward.
#pragma once
#include <torchlite/backend/cuda/launch.cuh>
#include <torchlite/backend/cuda/map_element.hpp>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/on_device.hpp>
#include <torchlite/backend/cuda/reduce_kernel.cuh>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

template <class F, class Out, int V>
__global__ void __launch_bounds__(block_threads) dense_map_kernel(const __grid_constant__ DenseMap<F> a) {
  const std::int64_t step = std::int64_t{gridDim.x} * block_threads;
  for (std::int64_t p = std::int64_t{blockIdx.x} * block_threads + threadIdx.x; p * V < a.n; p += step) dense_map_packet<F, Out, V>(a, p);
}

template <class F, class Out, int V>
__global__ void __launch_bounds__(block_threads) strided_map_kernel(const __grid_constant__ StridedMap<F> a, std::uint32_t packets) {
  for (std::uint32_t p = blockIdx.x * block_threads + threadIdx.x; p < packets; p += gridDim.x * block_threads)
    strided_map_packet<F, Out, V>(a, p);
}

template <class F, class Out, int V>
__global__ void __launch_bounds__(block_threads)
    dense_backward_kernel(const __grid_constant__ DenseMap<F> a, const __grid_constant__ GradientTargets<F> targets) {
  const std::int64_t step = std::int64_t{gridDim.x} * block_threads;
  for (std::int64_t p = std::int64_t{blockIdx.x} * block_threads + threadIdx.x; p * V < a.n; p += step)
    dense_backward_packet<F, Out, V>(a, targets, p);
}

template <class F, class Out, int V>
__global__ void __launch_bounds__(block_threads)
    strided_backward_kernel(const __grid_constant__ StridedMap<F> a, const __grid_constant__ GradientTargets<F> targets,
                            std::uint32_t packets) {
  for (std::uint32_t p = blockIdx.x * block_threads + threadIdx.x; p < packets; p += gridDim.x * block_threads)
    strided_backward_packet<F, Out, V>(a, targets, p);
}

/// Operand k of a part, moved to where the part starts.
inline void* part_data(const StridedMemory& m, const LoopPart& part, int k) {
  return m.data == nullptr ? nullptr : static_cast<std::byte*>(m.data) + part.offsets[k] * m.element_size;
}

template <class F>
void set_scalars(inputs_t<F>& in, const Scalar* scalars) {
  for (int i = 0; i < FormulaTraits<F>::scalars; ++i) in.scalars[i] = scalars[i];
}

/// Sums a dense temporary of the sizes of a formula's result into the gradient of a leaf that was broadcast. Complex: it may be of complex
/// numbers.
template <bool Complex>
void sum_into(const GradientTarget& t, const Shape& sizes, void* temporary) {
  const Shape strides = contiguous_strides(sizes);
  const Shape out_strides = broadcast_strides(*t.memory.sizes, *t.memory.strides, sizes);
  const Shape no_index = Shape::filled(sizes.rank(), 0);
  const StridedMemory leaf{temporary, &sizes, &strides, static_cast<int>(register_bytes(t.dtype))};
  ReduceArguments a;
  a.sizes = &sizes;
  a.out_strides = &out_strides;
  a.index_strides = &no_index;
  a.out_numel = t.memory.sizes->numel();
  a.out = t.memory.data;
  a.leaves = &leaf;
  a.leaf_count = 1;
  const bool add = t.mode == GradientMode::add;
  if constexpr (Complex) {
    using C = math::DeviceComplex<float>;
    using Z = math::DeviceComplex<double>;
    if (t.dtype == Dtype::complex64) return block_reduce<SumReducer<C>, Leaf<0, C>, C>(a, add);
    if (t.dtype == Dtype::complex128) return block_reduce<SumReducer<Z>, Leaf<0, Z>, Z>(a, add);
  }
  switch (t.dtype) {
    case Dtype::float64: return block_reduce<SumReducer<double>, Leaf<0, double>, double>(a, add);
    case Dtype::float16: return block_reduce<SumReducer<float>, Leaf<0, float>, half>(a, add);
    case Dtype::bfloat16: return block_reduce<SumReducer<float>, Leaf<0, float>, bfloat16>(a, add);
    default: return block_reduce<SumReducer<float>, Leaf<0, float>, float>(a, add);
  }
}

}  // namespace cuda

/// out = F(leaves): one kernel; several if an index would not fit 30 bits.
template <class F, class Out>
void map(Cuda, const MapArguments& a) {
  count_kernel();
  constexpr int leaves = FormulaTraits<F>::leaves, width = cuda::packet_width<F, Out>();
  const std::int64_t n = a.out.sizes->numel();
  if (n == 0) return;
  LoopPlan plan(*a.out.sizes);
  for (int k = 0; k < leaves; ++k) plan.add(a.leaves[k]);
  plan.add(a.out);
  plan.merge();

  if (a.flat || (plan.rank == 1 && [&] {
        for (int k = 0; k <= leaves; ++k)
          if (!plan.is_dense(k)) return false;
        return true;
      }())) {
    cuda::DenseMap<F> d{};
    d.out = a.out.data;
    d.n = n;
    d.aligned = cuda::is_aligned(a.out.data, width * a.out.element_size);
    for (int k = 0; k < leaves; ++k) {
      d.in.leaves[k] = a.leaves[k].data;
      d.aligned = d.aligned && cuda::is_aligned(a.leaves[k].data, width * a.leaves[k].element_size);
    }
    cuda::set_scalars<F>(d.in, a.scalars);
    static thread_local int resident = 0;
    const auto kernel = &cuda::dense_map_kernel<F, Out, width>;
    const unsigned blocks = cuda::grid_blocks((n + width - 1) / width, cuda::resident_blocks(kernel, resident));
    kernel<<<blocks, cuda::block_threads, 0, cuda::current_stream()>>>(d);
    return cuda::check_launch("map");
  }

  cuda::for_each_part({plan}, [&](const cuda::LoopPart& part) {
    cuda::StridedMap<F> s(part.plan);
    const void* data[leaves + 1];
    int element_sizes[leaves + 1];
    for (int k = 0; k < leaves; ++k) {
      data[k] = s.in.leaves[k] = cuda::part_data(a.leaves[k], part, k);
      element_sizes[k] = a.leaves[k].element_size;
    }
    data[leaves] = s.out = cuda::part_data(a.out, part, leaves);
    element_sizes[leaves] = a.out.element_size;
    s.rows = cuda::takes_rows(part.plan, data, element_sizes, leaves + 1, leaves, width);
    cuda::set_scalars<F>(s.in, a.scalars);
    static thread_local int resident = 0;
    const auto kernel = &cuda::strided_map_kernel<F, Out, width>;
    const std::int64_t packets = cuda::packet_count<width>(part.plan.numel);
    const unsigned blocks = cuda::grid_blocks(packets, cuda::resident_blocks(kernel, resident));
    kernel<<<blocks, cuda::block_threads, 0, cuda::current_stream()>>>(s, static_cast<std::uint32_t>(packets));
    cuda::check_launch("map");
  });
}

/// All gradients of F in one kernel; those of leaves that were broadcast are summed by a second one. Out is the dtype of grad_out.
template <class F, class Out>
void map_backward(Cuda, const MapBackwardArguments& a) {
  count_kernel();
  constexpr int leaves = FormulaTraits<F>::leaves, width = cuda::packet_width<F, Out>();
  const Shape& sizes = *a.grad_out.sizes;
  const std::int64_t n = sizes.numel();

  // Temporaries for the gradients of leaves that were broadcast, one behind the other in one block.
  cuda::GradientTargets<F> targets;
  std::int64_t starts[leaves + 1] = {}, bytes = 0;
  bool summed[leaves + 1] = {};
  for (int k = 0; k < leaves; ++k) {
    const GradientTarget& t = a.targets[k];
    if (t.mode == GradientMode::none) continue;
    summed[k] = t.memory.sizes->numel() != n;
    if (!summed[k]) {
      targets.of[k] = {t.memory.data, t.mode == GradientMode::add, false};
    } else {
      starts[k] = bytes;
      bytes += (n * cuda::register_bytes(t.dtype) + 255) & ~std::int64_t{255};
    }
  }
  const cuda::Scratch scratch(static_cast<std::size_t>(bytes));
  for (int k = 0; k < leaves; ++k)
    if (summed[k]) targets.of[k] = {static_cast<std::byte*>(scratch.data()) + starts[k], false, true};
  const auto finish = [&] {
    for (int k = 0; k < leaves; ++k)
      if (summed[k]) cuda::sum_into<cuda::has_complex_leaf<cuda::leaves_of<F>>>(a.targets[k], sizes, targets.of[k].data);
  };
  if (n == 0) return finish();
  const auto target_bytes = [&](int k) {
    return targets.of[k].wide && a.targets[k].memory.element_size < 4 ? 4 : a.targets[k].memory.element_size;
  };

  LoopPlan plan(sizes);
  for (int k = 0; k < leaves; ++k) plan.add(a.leaves[k].data ? a.leaves[k] : a.grad_out);
  plan.add(a.grad_out);
  plan.merge();

  if (a.flat || (plan.rank == 1 && [&] {
        for (int k = 0; k <= leaves; ++k)
          if (!plan.is_dense(k)) return false;
        return true;
      }())) {
    cuda::DenseMap<F> d{};
    d.out = a.grad_out.data;
    d.n = n;
    d.aligned = cuda::is_aligned(a.grad_out.data, width * a.grad_out.element_size);
    for (int k = 0; k < leaves; ++k) {
      d.in.leaves[k] = a.leaves[k].data;
      d.aligned = d.aligned && cuda::is_aligned(a.leaves[k].data, width * a.leaves[k].element_size) &&
                  cuda::is_aligned(targets.of[k].data, width * target_bytes(k));
    }
    cuda::set_scalars<F>(d.in, a.scalars);
    static thread_local int resident = 0;
    const auto kernel = &cuda::dense_backward_kernel<F, Out, width>;
    const unsigned blocks = cuda::grid_blocks((n + width - 1) / width, cuda::resident_blocks(kernel, resident));
    kernel<<<blocks, cuda::block_threads, 0, cuda::current_stream()>>>(d, targets);
    cuda::check_launch("map_backward");
    return finish();
  }

  cuda::for_each_part({plan}, [&](const cuda::LoopPart& part) {
    cuda::StridedMap<F> s(part.plan);
    cuda::GradientTargets<F> part_targets = targets;
    const void* data[leaves + 1];
    int element_sizes[leaves + 1];
    bool aligned = true;
    for (int k = 0; k < leaves; ++k) {
      data[k] = s.in.leaves[k] = cuda::part_data(a.leaves[k], part, k);
      element_sizes[k] = a.leaves[k].element_size;
      if (targets.of[k].data == nullptr) continue;
      part_targets.of[k].data = static_cast<std::byte*>(targets.of[k].data) + part.first * target_bytes(k);
      aligned = aligned && cuda::is_aligned(part_targets.of[k].data, width * target_bytes(k));
    }
    s.out = cuda::part_data(a.grad_out, part, leaves);
    data[leaves] = s.out;
    element_sizes[leaves] = a.grad_out.element_size;
    s.rows = aligned && cuda::takes_rows(part.plan, data, element_sizes, leaves + 1, -1, width);
    cuda::set_scalars<F>(s.in, a.scalars);
    static thread_local int resident = 0;
    const auto kernel = &cuda::strided_backward_kernel<F, Out, width>;
    const std::int64_t packets = cuda::packet_count<width>(part.plan.numel);
    const unsigned blocks = cuda::grid_blocks(packets, cuda::resident_blocks(kernel, resident));
    kernel<<<blocks, cuda::block_threads, 0, cuda::current_stream()>>>(s, part_targets, static_cast<std::uint32_t>(packets));
    cuda::check_launch("map_backward");
  });
  finish();
}

// Complex numbers.
template <class F, class Out>
  requires(!cuda::runs_as_written<F, Out>)
void map(Cuda, const MapArguments& a) { map<cuda::on_device_t<F>, cuda::on_device_t<Out>>(Cuda{}, a); }
template <class F, class Out>
  requires(!cuda::runs_as_written<F, Out>)
void map_backward(Cuda, const MapBackwardArguments& a) { map_backward<cuda::on_device_t<F>, cuda::on_device_t<Out>>(Cuda{}, a); }

}  // namespace torchlite::inline TORCHLITE_ABI::backend
