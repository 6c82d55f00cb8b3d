// SPDX-License-Identifier: BSD-3-Clause
// Reductions that take their pointwise input along: a block of the input is computed, reduced and forgotten.
#pragma once
#include <torchlite/backend/cpu/blocks.hpp>
#include <torchlite/backend/cpu/map.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/reduce_run.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/backend/reduce.hpp>

#include <memory>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Folds a dense block of values, elements [flat, flat + n) of the input, into the states of their outputs.
template <class R>
void fold_block(const LoopPlan& plan, int out, int index, typename R::State* states, std::int64_t first_out, std::int64_t flat,
                std::int64_t n, const typename R::Value* values) {
  LoopPosition at(plan, flat);
  const std::int64_t out_step = plan.strides[out][plan.rank - 1], index_step = plan.strides[index][plan.rank - 1];
  while (n > 0) {
    const std::int64_t run = std::min(n, at.run(plan));
    typename R::State* s = states + at.offset(plan, out) - first_out;
    const std::int64_t first_index = at.offset(plan, index);
    if (out_step == 0) {
      fold_run<R>(*s, values, run, first_index, index_step);
    } else if (out_step == 1) {
      fold_columns<R>(s, values, run, first_index, index_step);
    } else {
      for (std::int64_t i = 0; i < run; ++i)
        s[i * out_step] = R::combine(s[i * out_step], R::lift(values[i], first_index + i * index_step));
    }
    values += run;
    n -= run;
    if (n > 0) at.advance(plan, run);
  }
}

/// A reduction of dense memory [outer, n, inner] over n.
struct DenseReduction {
  std::int64_t outer = 1, n = 1, inner = 1;
};

/// Whether the leaves are dense and what is reduced are neighbouring dimensions.
inline bool is_dense_reduction(const ReduceArguments& a, DenseReduction& r) {
  for (int k = 0; k < a.leaf_count; ++k)
    if (!(*a.leaves[k].sizes == *a.sizes) || !is_contiguous(*a.sizes, *a.leaves[k].strides)) return false;
  bool reduced = false, after = false;
  for (int d = 0; d < a.sizes->rank(); ++d) {
    const std::int64_t size = (*a.sizes)[d];
    if (size == 1) continue;
    if ((*a.out_strides)[d] == 0) {
      if (after) return false;
      reduced = true;
      r.n *= size;
    } else {
      after = reduced;
      (after ? r.inner : r.outer) *= size;
    }
  }
  return true;
}

/// Dense memory without a plan of its loops, where that is worth it: rows of few elements, and small blocks of columns. False: to be done
/// otherwise.
template <class R, class Finish>
bool reduce_dense(const DenseReduction& r, const typename R::Value* values, Finish& finish) {
  using State = typename R::State;
  constexpr std::int64_t most_columns = 256;
  if (r.inner == 1 && r.n <= 32768) {
    parallel_for(r.outer, std::max<std::int64_t>(1, 32768 / r.n), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) {
        State s = R::identity();
        for (std::int64_t i = 0; i < r.n; i += block_size) fold_run<R>(s, values + row * r.n + i, std::min(block_size, r.n - i), i, 1);
        finish(row, s);
      }
    });
    return true;
  }
  if (r.inner > most_columns || r.outer * r.n * r.inner > 8192) return false;
  State states[most_columns];
  for (std::int64_t o = 0; o < r.outer; ++o) {
    for (std::int64_t k = 0; k < r.inner; ++k) states[k] = R::identity();
    for (std::int64_t i = 0; i < r.n; ++i) fold_columns<R>(states, values + (o * r.n + i) * r.inner, r.inner, i, 0);
    for (std::int64_t k = 0; k < r.inner; ++k) finish(o * r.inner + k, states[k]);
  }
  return true;
}

/// The loops of a reduction; block is null where the only leaf holds the values themselves.
template <class R, class Out, class Element>
void run_reduce(const ReduceArguments& a, ForwardBlock block) {
  using State = typename R::State;
  using Value = typename R::Value;
  Out* const out = static_cast<Out*>(a.out);
  const std::int64_t n = a.sizes->numel();
  const auto finish = [&](std::int64_t i, const State& s) {
    if constexpr (requires { s.index; }) {
      out[i] = s.index;
      if (a.values != nullptr) store<Element>(a.values, i, s.value);
    } else if constexpr (is_inexact<State>) {
      out[i] = convert_number<Out>(s / a.divisor);
    } else {
      out[i] = static_cast<Out>(s);
    }
  };
  if (n == 0) {
    for (std::int64_t i = 0; i < a.out_numel; ++i) finish(i, R::identity());
    return;
  }
  if (DenseReduction dense; (block == nullptr || n <= block_size) && is_dense_reduction(a, dense)) {
    alignas(64) std::byte memory[block_size * sizeof(Value)];
    const void* values = a.leaves[0].data;
    if (block != nullptr) {
      run_flat({{memory, a.sizes, nullptr, sizeof(Value)}, a.leaves, a.leaf_count, a.scalars, true}, block, 0, n, n);
      values = memory;
    }
    if (reduce_dense<R>(dense, static_cast<const Value*>(values), finish)) return;
  }
  LoopPlan plan(*a.sizes);
  for (int k = 0; k < a.leaf_count; ++k) plan.add(a.leaves[k]);
  const int out_operand = a.leaf_count, index_operand = a.leaf_count + 1;
  plan.add({nullptr, a.sizes, a.out_strides, 1});
  plan.add({nullptr, a.sizes, a.index_strides, 1});
  plan.merge();

  // Whole rows of memory, each for one output: nothing has to be gathered.
  const bool rows_in_place = block == nullptr && plan.is_dense(0) && plan.strides[out_operand][plan.rank - 1] == 0;
  const auto fold_range = [&](BlockReader& reader, State* states, std::int64_t first_out, std::int64_t begin, std::int64_t end) {
    if (rows_in_place) {
      const auto* const values = static_cast<const Value*>(a.leaves[0].data);
      const std::int64_t index_step = plan.strides[index_operand][plan.rank - 1];
      LoopPosition position(plan, begin);
      for (std::int64_t at = begin; at < end;) {
        const std::int64_t run = std::min(end - at, position.run(plan)), index = position.offset(plan, index_operand);
        State& s = states[position.offset(plan, out_operand) - first_out];
        for (std::int64_t i = 0; i < run; i += block_size)
          fold_run<R>(s, values + at + i, std::min(block_size, run - i), index + i * index_step, index_step);
        at += run;
        if (at < end) position.advance(plan, run);
      }
      return;
    }
    alignas(64) std::byte memory[block_size * sizeof(Value)];
    for (std::int64_t at = begin; at < end; at += block_size) {
      const std::int64_t count = std::min(block_size, end - at);
      const void* const* pointers = reader.read(at, count);
      const void* values = pointers[0];
      if (block != nullptr) {
        block(pointers, a.scalars, memory, count);
        values = memory;
      }
      fold_block<R>(plan, out_operand, index_operand, states, first_out, at, count, static_cast<const Value*>(values));
    }
  };

  const std::int64_t outer_step = plan.strides[out_operand][0];
  if (outer_step != 0) {
    // The outermost loop is over outputs: groups of them are independent.
    const std::int64_t unit = n / plan.sizes[0];
    const std::int64_t group = std::max<std::int64_t>(1, 4096 / std::max<std::int64_t>(unit, 1));
    const std::int64_t groups = (plan.sizes[0] + group - 1) / group;
    parallel_for(groups, std::max<std::int64_t>(1, 32768 / (group * unit)), [&](std::int64_t begin, std::int64_t end) {
      BlockReader reader(plan, a.leaves, a.leaf_count);
      const std::int64_t group_outputs = std::min(group, plan.sizes[0]) * outer_step;
      State local[64];
      std::unique_ptr<State[]> heap;
      State* states = local;
      if (group_outputs > 64) {
        heap.reset(new State[static_cast<std::size_t>(group_outputs)]);
        states = heap.get();
      }
      for (std::int64_t g = begin; g < end; ++g) {
        const std::int64_t first = g * group, last = std::min(plan.sizes[0], first + group);
        const std::int64_t outputs = (last - first) * outer_step;
        for (std::int64_t i = 0; i < outputs; ++i) states[i] = R::identity();
        fold_range(reader, states, first * outer_step, first * unit, last * unit);
        for (std::int64_t i = 0; i < outputs; ++i) finish(first * outer_step + i, states[i]);
      }
    });
    return;
  }

  // The outermost loop is reduced: chunks of a fixed size have their own states, combined in order.
  const std::int64_t most = std::clamp<std::int64_t>(n / std::max<std::int64_t>(a.out_numel * 4, 1), 1, 64);
  const std::int64_t blocks = (n + block_size - 1) / block_size;
  const std::int64_t chunk_blocks = std::max<std::int64_t>(128, (blocks + most - 1) / most);
  const std::int64_t chunks = (blocks + chunk_blocks - 1) / chunk_blocks;
  State local[64];
  std::unique_ptr<State[]> heap;
  State* states = local;
  if (chunks * a.out_numel > 64) {
    heap.reset(new State[static_cast<std::size_t>(chunks * a.out_numel)]);
    states = heap.get();
  }
  parallel_for(chunks, 1, [&](std::int64_t begin, std::int64_t end) {
    BlockReader reader(plan, a.leaves, a.leaf_count);
    for (std::int64_t c = begin; c < end; ++c) {
      State* own = states + c * a.out_numel;
      for (std::int64_t i = 0; i < a.out_numel; ++i) own[i] = R::identity();
      fold_range(reader, own, 0, c * chunk_blocks * block_size, std::min(n, (c + 1) * chunk_blocks * block_size));
    }
  });
  for (std::int64_t i = 0; i < a.out_numel; ++i) {
    State s = states[i];
    for (std::int64_t c = 1; c < chunks; ++c) s = R::combine(s, states[c * a.out_numel + i]);
    finish(i, s);
  }
}

/// out = R over the reduced dimensions of F(leaves); R::Value is reduced_value_t<F>, Element the dtype that F's values would be stored as.
template <class R, class F, class Out, class Element = Out>
void reduce(Cpu, const ReduceArguments& arguments) {
  using V = typename R::Value;
  count_kernel("reduce");
  if constexpr (std::is_same_v<F, Leaf<0, V>> || (std::is_same_v<F, Leaf<0, bool>> && std::is_same_v<V, std::uint8_t>))
    run_reduce<R, Out, Element>(arguments, nullptr);
  else run_reduce<R, Out, Element>(arguments, &forward_block<F, V>);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
