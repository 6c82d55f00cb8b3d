// SPDX-License-Identifier: BSD-3-Clause
// Copies of pieces of a and b in the order in which the register tile reads them.
#pragma once
#include <torchlite/backend/cpu/transpose.hpp>
#include <torchlite/core/dtype.hpp>

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The type a product of T is accumulated in: float for half and bfloat16, unsigned for integers, whose overflow is defined.
template <class T, bool Integral = std::is_integral_v<T>>
struct GemmAccumulator {
  using type = register_t<T>;
};
template <class T>
struct GemmAccumulator<T, true> {
  using type = std::make_unsigned_t<T>;
};
template <class T>
using gemm_accumulator_t = typename GemmAccumulator<T>::type;

/// The columns that a panel of b with this many used ones has: one vector or two.
template <class A>
std::int64_t panel_width(std::int64_t count) {
  return count <= vector_lanes<A> ? vector_lanes<A> : 2 * vector_lanes<A>;
}

/// Rows that a panel is cut from lie so far apart that the processor does not foresee them: they are asked for this many early.
inline constexpr std::int64_t pack_ahead = 16;

/// to[p * width + i] = from[i * step + p * inner] for i in [0, count), p in [0, k), and zero for i in [count, width).
/// This is a panel of a (i counts rows, width == count) as well as one of b (i counts columns, width is one or two vectors).
template <class T, class A>
void pack_panel(const T* from, std::int64_t step, std::int64_t inner, std::int64_t count, std::int64_t width, std::int64_t k, A* to) {
  if (count < width) {
    // Only the last vector of a row is ever incomplete; what is not padding is overwritten below.
    for (std::int64_t p = 0; p < k; ++p) store_vector(to + (p + 1) * width - vector_lanes<A>, vector_register<A>{});
  }
  if (step == 1) {
    constexpr int lanes = vector_lanes<A>;
    if constexpr (sizeof(T) == sizeof(A)) {
      const A* source = reinterpret_cast<const A*>(from);
      if (count == width && width == 2 * lanes) {
        for (std::int64_t p = 0; p < k; ++p) {
          __builtin_prefetch(source + (p + pack_ahead) * inner);
          __builtin_prefetch(source + (p + pack_ahead) * inner + lanes);
          store_vector(to + p * width, load_vector(source + p * inner));
          store_vector(to + p * width + lanes, load_vector(source + p * inner + lanes));
        }
        return;
      }
      if (count >= lanes) {
        // Whole vectors, the last one moved back to end with the row.
        for (std::int64_t p = 0; p < k; ++p) {
          for (std::int64_t i = 0; i + lanes <= count; i += lanes) store_vector(to + p * width + i, load_vector(source + p * inner + i));
          store_vector(to + p * width + count - lanes, load_vector(source + p * inner + count - lanes));
        }
        return;
      }
      if (count == width && inner >= lanes - count) {
        // Whole vectors: each overwrites what the one before wrote too much, as far as neither runs over the end.
        const std::int64_t whole = k - (lanes + width - 1) / width + 1;
        std::int64_t p = 0;
        for (; p < whole; ++p) {
          __builtin_prefetch(source + (p + pack_ahead) * inner);
          store_vector(to + p * width, load_vector(source + p * inner));
        }
        for (; p < k; ++p)
          for (std::int64_t i = 0; i < count; ++i) to[p * width + i] = source[p * inner + i];
        return;
      }
      if constexpr (std::is_same_v<A, float>) {
        if (count >= 4) {
          for (std::int64_t p = 0; p < k; ++p) {
            for (std::int64_t i = 0; i + 4 <= count; i += 4) copy_quad(source + p * inner + i, to + p * width + i);
            copy_quad(source + p * inner + count - 4, to + p * width + count - 4);
          }
          return;
        }
      }
    }
    for (std::int64_t p = 0; p < k; ++p) {
      std::int64_t i = 0;
      for (; i + lanes <= count; i += lanes) {
        TORCHLITE_VECTORIZE
        for (int q = 0; q < lanes; ++q) to[p * width + i + q] = static_cast<A>(from[p * inner + i + q]);
      }
      for (; i < count; ++i) to[p * width + i] = static_cast<A>(from[p * inner + i]);
    }
    return;
  }
  std::int64_t done = 0;
  if constexpr (std::is_same_v<T, float> && std::is_same_v<A, float>) {
    if (inner == 1) {
      // Sixteen steps at a time: a cache line of each row is used up while it is at hand.
      done = count / 4 * 4;
      for (std::int64_t begin = 0; begin < k; begin += 16) {
        const std::int64_t end = std::min<std::int64_t>(begin + 16, k);
        for (std::int64_t i = 0; i < done;) {
          const bool whole = i + float_lanes <= count;
          const std::int64_t rows = whole ? float_lanes : 4;
          const float* source = from + i * step;
          std::int64_t p = begin;
          for (; p + 4 <= end; p += 4) {
            if (whole) gather_columns(source + p, step, to + p * width + i, width);
            else transpose_4x4(source + p, step, to + p * width + i, width);
          }
          for (; p < end; ++p)
            for (std::int64_t r = 0; r < rows; ++r) to[p * width + i + r] = source[r * step + p];
          i += rows;
        }
      }
    }
  }
  for (std::int64_t i = done; i < count; ++i) {
    const T* source = from + i * step;
    for (std::int64_t p = 0; p < k; ++p) to[p * width + i] = static_cast<A>(source[p * inner]);
  }
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
