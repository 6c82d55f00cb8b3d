// SPDX-License-Identifier: BSD-3-Clause
// One pass over memory for a pointwise formula, forward and backward.
#pragma once
#include <torchlite/backend/cpu/blocks.hpp>
#include <torchlite/backend/cpu/gradient_target.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/stream.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Elements that are worth a thread.
inline constexpr std::int64_t map_grain = 32768;

/// Cuts [begin, end) into dense blocks of whole lanes: f(first, count) for each. The last block starts a few elements early if the number
/// is no multiple of lanes, and they are computed again, which must do no harm. Needs lanes to start with.
template <class F>
TORCHLITE_INLINE void each_block(std::int64_t begin, std::int64_t end, F f) {
  for (std::int64_t at = begin; at < end;) {
    std::int64_t count = std::min(block_size, padded(end - at));
    if (end - count < begin) count -= lane_count;
    const std::int64_t first = std::min(at, end - count);
    f(first, count);
    at = first + count;
  }
}

inline std::byte* element(const StridedMemory& m, std::int64_t i) { return static_cast<std::byte*>(m.data) + i * m.element_size; }

/// Calls block on consecutive dense pieces of [begin, end) of `whole` elements, padded to lanes.
inline void run_flat(const MapArguments& a, ForwardBlock block, std::int64_t begin, std::int64_t end, std::int64_t whole) {
  const void* pointers[max_leaves];
  const bool streamed = is_streamed(a.out.data, whole * a.out.element_size);
  alignas(64) std::byte result[block_size * max_element_size];
  const std::int64_t rest = (end - begin) & (lane_count - 1);
  bool again = rest != 0 && end - begin >= lane_count;  // an element may be computed twice if the first time does not overwrite its source
  for (int k = 0; again && k < a.leaf_count; ++k) again = a.leaves[k].data != a.out.data;
  const std::int64_t stop = again ? end : end - rest;
  each_block(begin, stop, [&](std::int64_t at, std::int64_t n) {
    for (int k = 0; k < a.leaf_count; ++k) pointers[k] = element(a.leaves[k], at);
    std::byte* const target = element(a.out, at);
    if (streamed && n == block_size && at % lane_count == 0) {
      block(pointers, a.scalars, result, n);
      stream_copy(target, result, n * a.out.element_size);
    } else {
      block(pointers, a.scalars, target, n);
    }
  });
  if (streamed) stream_end();
  if (stop < end) {
    alignas(64) std::byte buffers[max_leaves + 1][lane_count * max_element_size];
    const std::int64_t n = end - stop;
    for (int k = 0; k < a.leaf_count; ++k) {
      const int size = a.leaves[k].element_size;
      std::memset(buffers[k], 0, static_cast<std::size_t>(lane_count * size));
      std::memcpy(buffers[k], element(a.leaves[k], stop), static_cast<std::size_t>(n * size));
      pointers[k] = buffers[k];
    }
    block(pointers, a.scalars, buffers[max_leaves], n);
    std::memcpy(element(a.out, stop), buffers[max_leaves], static_cast<std::size_t>(n * a.out.element_size));
  }
}

/// The next block of so many elements that are left: whole lanes as long as there are any, so that only the rest goes through buffers.
constexpr std::int64_t block_length(std::int64_t left) { return left < lane_count ? left : std::min(block_size, left & ~(lane_count - 1)); }

/// out = formula(leaves) for any layout.
inline void run_map(const MapArguments& a, ForwardBlock block) {
  const std::int64_t n = a.out.sizes->numel();
  if (n == 0) return;
  if (a.flat) {
    if (n <= map_grain) return run_flat(a, block, 0, n, n);
    parallel_for((n + block_size - 1) / block_size, map_grain / block_size,
                 [&](std::int64_t begin, std::int64_t end) { run_flat(a, block, begin * block_size, std::min(n, end * block_size), n); });
    return;
  }
  LoopPlan plan(*a.out.sizes);
  for (int k = 0; k < a.leaf_count; ++k) plan.add(a.leaves[k]);
  plan.add(a.out);
  plan.merge();
  const int out = a.leaf_count;
  const bool out_dense = plan.is_dense(out);
  parallel_for((n + block_size - 1) / block_size, map_grain / block_size, [&](std::int64_t begin, std::int64_t end) {
    BlockReader reader(plan, a.leaves, a.leaf_count);
    alignas(64) std::byte buffer[block_size * max_element_size];
    const std::int64_t stop = std::min(n, end * block_size);
    for (std::int64_t at = begin * block_size, count; at < stop; at += count) {
      count = block_length(stop - at);
      const void* const* pointers = reader.read(at, count);
      std::byte* target = static_cast<std::byte*>(a.out.data) + at * a.out.element_size;
      if (out_dense && count == padded(count)) {
        block(pointers, a.scalars, target, count);
      } else {
        block(pointers, a.scalars, buffer, count);
        if (out_dense) std::memcpy(target, buffer, static_cast<std::size_t>(count * a.out.element_size));
        else scatter_block(plan, out, a.out.data, a.out.element_size, at, count, buffer);
      }
    }
  });
}

/// out = the leaf, of the same dtype, for any layout: straight from one to the other.
inline void run_copy(const MapArguments& a) {
  const std::int64_t n = a.out.sizes->numel();
  if (n == 0) return;
  LoopPlan plan(*a.out.sizes);
  plan.add(a.leaves[0]);
  plan.add(a.out);
  plan.merge();
  const int size = a.out.element_size;
  const std::int64_t from = plan.strides[0][plan.rank - 1], to = plan.strides[1][plan.rank - 1];
  if (const int d = plan.rank - 2; d >= 0 && to == 1 && from > 1 && plan.strides[0][d] == 1) {  // transposed matrices
    const std::int64_t rows = plan.sizes[d], columns = plan.sizes[d + 1], strip = 64, strips = (rows + strip - 1) / strip;
    parallel_for(n / (rows * columns) * strips, std::max<std::int64_t>(1, map_grain / (strip * columns)),
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t u = begin; u < end; ++u) {
                     const std::int64_t row = u % strips * strip;
                     const LoopPosition at(plan, (u / strips * rows + row) * columns);
                     copy_transposed(size, static_cast<std::byte*>(a.out.data) + at.offset(plan, 1) * size, plan.strides[1][d],
                                     static_cast<const std::byte*>(a.leaves[0].data) + at.offset(plan, 0) * size, from,
                                     std::min(strip, rows - row), columns);
                   }
                 });
    return;
  }
  if (plan.rank == 2 && from == 0 && to == 1) {  // rows of equal elements, as the gradient of a sum has them
    const std::int64_t width = plan.sizes[1], from_row = plan.strides[0][0] * size, to_row = plan.strides[1][0] * size;
    parallel_for(plan.sizes[0], std::max<std::int64_t>(1, map_grain / width), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row)
        copy_run(size, static_cast<std::byte*>(a.out.data) + row * to_row, 1,
                 static_cast<const std::byte*>(a.leaves[0].data) + row * from_row, 0, width);
    });
    return;
  }
  parallel_for((n + block_size - 1) / block_size, map_grain / block_size, [&](std::int64_t begin, std::int64_t end) {
    LoopPosition at(plan, begin * block_size);
    for (std::int64_t left = std::min(n, end * block_size) - begin * block_size; left > 0;) {
      const std::int64_t run = std::min(left, at.run(plan));
      copy_run(size, static_cast<std::byte*>(a.out.data) + at.offset(plan, 1) * size, to,
               static_cast<const std::byte*>(a.leaves[0].data) + at.offset(plan, 0) * size, from, run);
      left -= run;
      if (left > 0) at.advance(plan, run);
    }
  });
}

/// True if the gradients of a formula are as the block function makes them: nothing is broadcast, converted or added up.
inline bool is_flat_backward(const MapBackwardArguments& a) {
  bool flat = a.flat;
  for (int k = 0; k < a.leaf_count; ++k) {
    const GradientTarget& t = a.targets[k];
    flat &= t.mode == GradientMode::none || (t.mode == GradientMode::write && t.dtype != Dtype::float16 && t.dtype != Dtype::bfloat16);
  }
  return flat;
}

/// The same as run_map_backward for a few dense elements, without a plan: whole lanes where they are, the rest in buffers.
inline void run_flat_backward(const MapBackwardArguments& a, BackwardBlock block, std::int64_t n) {
  const void* reads[max_leaves + 1];
  void* writes[max_leaves];
  alignas(64) std::byte unused[block_size * max_element_size];  // in place of values that are not needed and gradients that nobody wants
  const int grad = a.leaf_count;
  const auto read = [&](int k) { return k == grad ? a.grad_out : a.leaves[k]; };
  bool again = n >= lane_count;  // as in run_flat
  for (int k = 0; k < grad; ++k) again &= a.targets[k].memory.data != a.grad_out.data;
  const std::int64_t at = again ? n : n & ~(lane_count - 1);
  each_block(0, at, [&](std::int64_t first, std::int64_t count) {
    for (int k = 0; k <= grad; ++k) reads[k] = read(k).data == nullptr ? unused : element(read(k), first);
    for (int k = 0; k < grad; ++k) writes[k] = a.targets[k].mode == GradientMode::none ? unused : element(a.targets[k].memory, first);
    block(reads, a.scalars, reads[grad], writes, count);
  });
  if (at == n) return;
  alignas(64) std::byte values[max_leaves + 1][lane_count * max_element_size], gradients[max_leaves][lane_count * max_element_size];
  for (int k = 0; k <= grad; ++k) {
    const StridedMemory m = read(k);
    const auto used = m.data == nullptr ? 0 : static_cast<std::size_t>((n - at) * m.element_size);
    if (used > 0) std::memcpy(values[k], element(m, at), used);
    std::memset(values[k] + used, 0, static_cast<std::size_t>(lane_count * m.element_size) - used);
    reads[k] = values[k];
    if (k < grad) writes[k] = gradients[k];
  }
  block(reads, a.scalars, reads[grad], writes, n - at);
  for (int k = 0; k < grad; ++k) {
    const StridedMemory& m = a.targets[k].memory;
    if (a.targets[k].mode != GradientMode::none)
      std::memcpy(element(m, at), gradients[k], static_cast<std::size_t>((n - at) * m.element_size));
  }
}

/// targets = gradients of the formula. Leaves that were broadcast get sums: each chunk of a fixed size sums into its own
/// copy, and the copies are added in order, so that the result does not depend on the number of threads.
inline void run_map_backward(const MapBackwardArguments& a, BackwardBlock block) {
  const std::int64_t n = a.grad_out.sizes->numel();
  if (n <= map_grain && is_flat_backward(a)) return run_flat_backward(a, block, n);
  StridedMemory reads[max_leaves + 1];
  for (int k = 0; k < a.leaf_count; ++k) reads[k] = a.leaves[k];
  const int grad = a.leaf_count;
  reads[grad] = a.grad_out;

  LoopPlan plan(*a.grad_out.sizes), targets(*a.grad_out.sizes);
  for (int k = 0; k <= a.leaf_count; ++k) plan.add(reads[k]);
  for (int k = 0; k < a.leaf_count; ++k) targets.add(a.targets[k].mode == GradientMode::none ? a.grad_out : a.targets[k].memory);
  if (a.flat) {
    plan.rank = targets.rank = 1;
    plan.sizes[0] = targets.sizes[0] = n;
    for (int k = 0; k <= a.leaf_count; ++k) plan.strides[k][0] = targets.strides[k][0] = 1;
  } else {
    plan.merge();
    targets.merge();
  }

  std::int64_t summed = 0;
  for (int k = 0; k < a.leaf_count; ++k)
    if (a.targets[k].mode != GradientMode::none && a.targets[k].memory.sizes->numel() != n) summed += a.targets[k].memory.sizes->numel();
  // Few chunks if their copies are large, more than there will ever be threads otherwise.
  const std::int64_t blocks = (n + block_size - 1) / block_size;
  std::int64_t chunk_blocks = 1;
  if (summed > 0) {
    const std::int64_t most = std::clamp<std::int64_t>(n / summed, 1, 32);
    chunk_blocks = std::max<std::int64_t>(map_grain / block_size, (blocks + most - 1) / most);
  }
  const std::int64_t chunks = std::max<std::int64_t>((blocks + chunk_blocks - 1) / chunk_blocks, 1);

  GradientCollector collector(a.targets, a.leaf_count, targets, n, summed > 0 ? chunks : 1);
  parallel_for(chunks, std::max<std::int64_t>(1, map_grain / (chunk_blocks * block_size)), [&](std::int64_t begin, std::int64_t end) {
    BlockReader reader(plan, reads, a.leaf_count + 1);
    GradientCollector::Buffers buffers;
    for (std::int64_t chunk = begin; chunk < end; ++chunk) {
      const std::int64_t stop = std::min(n, (chunk + 1) * chunk_blocks * block_size);
      for (std::int64_t at = chunk * chunk_blocks * block_size, count; at < stop; at += count) {
        count = block_length(stop - at);
        const void* const* pointers = reader.read(at, count);
        block(pointers, a.scalars, pointers[grad], collector.pointers(buffers, at, count), count);
        collector.deliver(buffers, chunk, at, count);
      }
    }
    collector.end_thread();
  });
  collector.finish();
}

/// out = F(leaves): one pass over memory.
template <class F, class Out>
void map(Cpu, const MapArguments& arguments) {
  count_kernel("map");
  if constexpr (std::is_same_v<F, Leaf<0, Out>>) run_copy(arguments);
  else run_map(arguments, &forward_block<F, Out>);
}

/// All gradients of F in one pass; Out is the dtype of grad_out.
template <class F, class Out>
void map_backward(Cpu, const MapBackwardArguments& arguments) {
  count_kernel("map_backward");
  run_map_backward(arguments, &backward_block<F, Out>);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
