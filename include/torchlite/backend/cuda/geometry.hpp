// SPDX-License-Identifier: BSD-3-Clause
// Which thread of a kernel does what: index arithmetic and launch geometry. Nothing here needs a GPU; the tests run it on the host.
#pragma once
#include <torchlite/backend/pointwise.hpp>

#include <utility>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Threads of a block in every pointwise and reduction kernel.
inline constexpr int block_threads = 256;
/// Indices and offsets below this are computed in 32 bits.
inline constexpr std::int64_t index_limit = std::int64_t{1} << 30;

template <class F, int... I>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void unrolled(F&& f, std::integer_sequence<int, I...>) {
  (f(std::integral_constant<int, I>{}), ...);
}
/// f(0), f(1) ... f(N - 1), the number as a type: arrays that are indexed by it stay in registers.
template <int N, class F>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void unrolled(F&& f) {
  unrolled(f, std::make_integer_sequence<int, N>{});
}

/// Division of numbers below 2^31 by a number that is fixed: a multiplication and a shift.
/// Source: Granlund and Montgomery, Division by invariant integers using multiplication, PLDI 1994.
struct Divider {
  std::uint32_t divisor = 1, magic = 1, shift = 0;

  Divider() = default;
  constexpr explicit Divider(std::uint32_t d) : divisor(d) {
    while ((std::uint32_t{1} << shift) < d) ++shift;
    const std::uint64_t excess = (std::uint64_t{1} << shift) - d;
    magic = static_cast<std::uint32_t>((excess << 32) / d + 1);
  }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE std::uint32_t divide(std::uint32_t n) const {
#if TORCHLITE_DEVICE_PASS
    return (__umulhi(n, magic) + n) >> shift;
#else
    return (static_cast<std::uint32_t>((static_cast<std::uint64_t>(n) * magic) >> 32) + n) >> shift;
#endif
  }
};

/// Where the elements of K operands are, by the number of the element; for loops below index_limit.
template <int K>
struct Loops {
  using Offset = std::int32_t;
  int rank = 0;
  std::uint32_t numel = 1;
  Divider sizes[max_rank];
  std::int32_t strides[K][max_rank];

  /// The dimensions [first, last) of a plan, its operands [0, K).
  Loops(const LoopPlan& plan, int first, int last) : rank(last - first) {
    for (int d = 0; d < rank; ++d) {
      sizes[d] = Divider(static_cast<std::uint32_t>(plan.sizes[first + d]));
      numel *= sizes[d].divisor;
      for (int k = 0; k < K; ++k) strides[k][d] = static_cast<std::int32_t>(plan.strides[k][first + d]);
    }
  }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void offsets(std::uint32_t i, Offset (&out)[K]) const {
    unrolled<K>([&](auto k) { out[decltype(k)::value] = 0; });
    for (int d = rank - 1; d >= 0; --d) {
      const std::uint32_t next = d > 0 ? sizes[d].divide(i) : 0;
      const std::int32_t at = static_cast<std::int32_t>(i - next * sizes[d].divisor);
      unrolled<K>([&](auto k) { out[decltype(k)::value] += at * strides[decltype(k)::value][d]; });
      i = next;
    }
  }
};

/// The same for loops of any size.
template <int K>
struct WideLoops {
  using Offset = std::int64_t;
  int rank = 0;
  std::int64_t numel = 1;
  std::int64_t sizes[max_rank];
  std::int64_t strides[K][max_rank];

  WideLoops(const LoopPlan& plan, int first, int last) : rank(last - first) {
    for (int d = 0; d < rank; ++d) {
      sizes[d] = plan.sizes[first + d];
      numel *= sizes[d];
      for (int k = 0; k < K; ++k) strides[k][d] = plan.strides[k][first + d];
    }
  }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void offsets(std::int64_t i, Offset (&out)[K]) const {
    unrolled<K>([&](auto k) { out[decltype(k)::value] = 0; });
    for (int d = rank - 1; d >= 0; --d) {
      const std::int64_t next = d > 0 ? i / sizes[d] : 0;
      const std::int64_t at = i - next * sizes[d];
      unrolled<K>([&](auto k) { out[decltype(k)::value] += at * strides[decltype(k)::value][d]; });
      i = next;
    }
  }
};

/// True if the plan's number of elements and every offset are below the limit.
inline bool fits(const LoopPlan& plan, std::int64_t limit = index_limit) {
  if (plan.numel >= limit) return false;
  for (int k = 0; k < plan.operands; ++k) {
    std::int64_t reach = 0;
    for (int d = 0; d < plan.rank; ++d) reach += (plan.sizes[d] - 1) * (plan.strides[k][d] < 0 ? -plan.strides[k][d] : plan.strides[k][d]);
    if (reach >= limit) return false;
  }
  return true;
}

/// A part of a plan: consecutive elements, from number `first` on; operand k starts at offsets[k].
struct LoopPart {
  LoopPlan plan;
  std::int64_t first = 0;
  std::int64_t offsets[LoopPlan::max_operands] = {};
};

/// Calls launch(part) for parts that fit the limit and together are the whole; one part, as a rule.
template <class Launch>
void for_each_part(const LoopPart& part, Launch&& launch, std::int64_t limit = index_limit) {
  if (fits(part.plan, limit)) return launch(part);
  int d = 0;
  while (d < part.plan.rank - 1 && part.plan.sizes[d] == 1) ++d;
  const std::int64_t half_size = part.plan.sizes[d] / 2, rest = part.plan.numel / part.plan.sizes[d];
  if (half_size == 0) return launch(part);
  LoopPart one = part;
  one.plan.sizes[d] = half_size;
  one.plan.numel = half_size * rest;
  for_each_part(one, launch, limit);
  LoopPart other = part;
  other.plan.sizes[d] -= half_size;
  other.plan.numel -= one.plan.numel;
  other.first += one.plan.numel;
  for (int k = 0; k < part.plan.operands; ++k) other.offsets[k] += half_size * part.plan.strides[k][d];
  for_each_part(other, launch, limit);
}

/// Blocks of a kernel whose threads each take `packets / threads` packets in steps of the whole grid. resident: how many blocks
/// the device holds at a time; eight times as many even out blocks that finish late.
constexpr unsigned grid_blocks(std::int64_t packets, std::int64_t resident) {
  const std::int64_t blocks = (packets + block_threads - 1) / block_threads, most = resident * 8;
  return static_cast<unsigned>(blocks < 1 ? 1 : (blocks < most ? blocks : most));
}

/// Bits that hold the numbers 0 ... count - 1.
constexpr int bits_for(std::int64_t count) {
  int bits = 1;
  while (bits < 63 && (std::int64_t{1} << bits) < count) ++bits;
  return bits;
}

/// How a reduction is shared out: each block has `lanes` threads for each of `outputs` results; `splits` blocks share a result.
struct ReduceGeometry {
  int lanes = 1;    ///< a power of two
  int outputs = 1;  ///< lanes * outputs == block_threads
  std::int64_t splits = 1;
  bool outputs_first = false;  ///< neighbouring threads have neighbouring results, not neighbouring elements of one

  /// Depends on the sizes alone, so that the sums are the same on every device.
  ReduceGeometry(std::int64_t results, std::int64_t reduced, bool innermost_is_reduced) : outputs_first(!innermost_is_reduced) {
    const int most = innermost_is_reduced || results < 32 ? block_threads : 8;
    while (lanes < most && lanes < reduced) lanes *= 2;
    outputs = block_threads / lanes;
    const std::int64_t blocks = (results + outputs - 1) / outputs, useful = reduced / (lanes * std::int64_t{16});
    splits = 1024 / (blocks < 1 ? 1 : blocks);
    if (splits > useful) splits = useful;
    if (splits < 1) splits = 1;
  }
  std::int64_t blocks(std::int64_t results) const { return (results + outputs - 1) / outputs; }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE int lane(int thread) const { return outputs_first ? thread / outputs : thread % lanes; }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE int output(int thread) const { return outputs_first ? thread % outputs : thread / lanes; }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE int thread(int lane, int output) const {
    return outputs_first ? lane * outputs + output : output * lanes + lane;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
