// SPDX-License-Identifier: BSD-3-Clause
// The gradient of a convolution's input by patches: a matrix product gives the gradient of every patch, and every input element
// adds up those it was part of.
#pragma once
#include <torchlite/backend/conv.hpp>
#include <torchlite/backend/cpu/gemm.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// `count` elements in the accumulator's type: as they are, or converted into scratch memory.
template <class T>
const gemm_accumulator_t<T>* in_accumulator_type(const T* from, std::int64_t count, [[maybe_unused]] Scratch use) {
  using A = gemm_accumulator_t<T>;
  if constexpr (std::is_same_v<T, A>) return from;
  else {
    A* to = scratch<A>(use, count);
    for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<A>(from[i]);
    return to;
  }
}

/// Adds up the patch gradients of one channel.
///   columns [kernel_h, kernel_w, out_h, out_w] -> dx [in_h, in_w]
/// A vector before and after columns must be readable.
template <class A>
class ColumnSum {
 public:
  explicit ColumnSum(const Conv2dShape& shape) : s_(shape), blocks_(((s_.in_w + s_.stride_w - 1) / s_.stride_w + lanes - 1) / lanes) {
    std::int64_t* numbers = scratch<std::int64_t>(Scratch::offsets, 2 * s_.stride_w * s_.kernel_w + s_.kernel_h);
    shifts_ = numbers, columns_of_ = numbers + s_.stride_w * s_.kernel_w, rows_ = columns_of_ + s_.stride_w * s_.kernel_w;
    masks_ = scratch<Integer>(Scratch::partial, s_.stride_w * s_.kernel_w * blocks_ * lanes);
    for (std::int64_t phase = 0; phase < s_.stride_w; ++phase) {
      std::int64_t count = phase * s_.kernel_w;
      for (std::int64_t kw = 0; kw < s_.kernel_w; ++kw) {
        const std::int64_t distance = phase + s_.pad_w - kw * s_.dilation_w;
        if (distance % s_.stride_w != 0) continue;
        const std::int64_t shift = distance / s_.stride_w;
        for (std::int64_t q = 0; q < blocks_ * lanes; ++q)
          masks_[count * blocks_ * lanes + q] = q + shift >= 0 && q + shift < s_.out_w ? ~Integer(0) : Integer(0);
        columns_of_[count] = kw * s_.out_h * s_.out_w;
        shifts_[count++] = shift;
      }
      for (; count < (phase + 1) * s_.kernel_w; ++count) shifts_[count] = none;
    }
  }

  template <class T>
  void run(const A* columns, T* dx) const {
    for (std::int64_t ih = 0; ih < s_.in_h; ++ih) {
      std::int64_t rows = 0;
      for (std::int64_t kh = 0; kh < s_.kernel_h; ++kh) {
        const std::int64_t distance = ih + s_.pad_h - kh * s_.dilation_h;
        if (distance < 0 || distance % s_.stride_h != 0 || distance / s_.stride_h >= s_.out_h) continue;
        rows_[rows++] = (kh * s_.kernel_w * s_.out_h + distance / s_.stride_h) * s_.out_w;
      }
      for (std::int64_t phase = 0; phase < s_.stride_w; ++phase) {
        const std::int64_t count = (s_.in_w - phase + s_.stride_w - 1) / s_.stride_w;
        for (std::int64_t q = 0; q < count; q += lanes) {
          const vector_register<A> sum = vector_sum(columns, rows, phase, q);
          T* to = dx + ih * s_.in_w + q * s_.stride_w + phase;
          const std::int64_t left = std::min(lanes, count - q);
          if constexpr (std::is_same_v<T, A>) {
            if (s_.stride_w == 1 && left == lanes) {
              store_vector(to, sum);
              continue;
            }
          }
          A buffer[lanes];
          store_vector(buffer, sum);
          for (std::int64_t i = 0; i < left; ++i) to[i * s_.stride_w] = static_cast<T>(buffer[i]);
        }
      }
    }
  }

 private:
  using Integer = std::conditional_t<sizeof(A) == 4, std::uint32_t, std::uint64_t>;
  static constexpr std::int64_t lanes = vector_lanes<A>;
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min();

  // The sum over all patches for a vector of input elements of a phase, from element q on.
  TORCHLITE_INLINE vector_register<A> vector_sum(const A* columns, std::int64_t rows, std::int64_t phase, std::int64_t q) const {
    vector_register<A> sum{};
    for (std::int64_t i = phase * s_.kernel_w; i < (phase + 1) * s_.kernel_w && shifts_[i] != none; ++i) {
      const std::int64_t begin = q + shifts_[i];
      if (begin <= -lanes || begin >= s_.out_w) continue;
      // Beyond the ends of the row lie other rows: and-ing drops whatever they hold.
      const vector_register<Integer> mask = load_vector(masks_ + i * blocks_ * lanes + q);
      const A* from = columns + columns_of_[i] + begin;
      for (std::int64_t r = 0; r < rows; ++r) {
        const vector_register<A> value = load_vector(from + rows_[r]);
        sum += (vector_register<A>)((vector_register<Integer>)value & mask);
      }
    }
    return sum;
  }

  const Conv2dShape& s_;
  std::int64_t blocks_;       // vectors that a phase of an input row takes
  std::int64_t* shifts_;      // [phase][kernel_w]: from an element's index in its phase to that of a patch over it, in the same row
  std::int64_t* columns_of_;  // [phase][kernel_w]: where such a tap's columns begin
  Integer* masks_;            // [phase][kernel_w][blocks * lanes]: all ones where the patch exists
  std::int64_t* rows_;        // where the rows of patches begin that cover the current input row
};

/// dx as the sum of patch gradients w^T dy, a block of channels of an image at a time: the block fits the L2 cache.
template <class T>
void conv2d_backward_input_columns(const Conv2dShape& s, const T* dy, const T* w, T* dx) {
  using A = gemm_accumulator_t<T>;
  constexpr std::int64_t lanes = vector_lanes<A>;
  const std::int64_t taps = s.taps(), pixels = s.out_plane(), out = s.group_out(), in = s.group_in();
  constexpr bool pairs = std::is_same_v<gemm_packed_t<T>, Bfloat16Pair>;
  using Operand = std::conditional_t<pairs, T, A>;  // what the product reads; it writes sums
  const auto operand = [](const T* from, std::int64_t count, Scratch use) {
    if constexpr (pairs) return from;
    else return in_accumulator_type(from, count, use);
  };
  const Operand* weights = operand(w, s.out_channels * s.depth(), Scratch::weights);
  const std::int64_t most = std::clamp<std::int64_t>(49152 / (taps * pixels), 1, in), blocks = (in + most - 1) / most;
  const std::int64_t block = (in + blocks - 1) / blocks, work = block * taps * pixels * (out + 4);
  const GemmPlan plan{pairs ? std::max<std::int64_t>(out, 1) : BlockSizes<A>::even_k(out), pairs, pairs};
  parallel_for(s.batch * s.groups * blocks, std::max<std::int64_t>(1, 96 * 96 * 96 / work), [&](std::int64_t begin, std::int64_t end) {
    A* columns = scratch<A>(Scratch::columns, block * taps * pixels + 2 * lanes) + lanes;
    const ColumnSum<A> sum(s);
    for (std::int64_t task = begin; task < end; ++task) {
      const std::int64_t plane = task / blocks, c0 = task % blocks * block, c1 = std::min(c0 + block, in);
      if (c0 >= c1) continue;
      GemmArguments<Operand> g;
      g.m = (c1 - c0) * taps, g.n = pixels, g.k = out;
      g.a = weights + plane % s.groups * out * s.depth() + c0 * taps, g.a_row = 1, g.a_col = s.depth();
      g.b = operand(dy + plane * out * pixels, out * pixels, Scratch::image), g.b_row = pixels;
      gemm_region(g, TileTarget<A>{columns, pixels, 1}, plan, 0, g.m, 0, g.n);
      for (std::int64_t c = c0; c < c1; ++c) sum.run(columns + (c - c0) * taps * pixels, dx + (plane * in + c) * s.in_plane());
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
