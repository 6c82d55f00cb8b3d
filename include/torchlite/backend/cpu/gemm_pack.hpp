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

/// The columns that a panel of b with this many used ones has: one vector or two.
template <class P>
std::int64_t panel_width(std::int64_t count) {
  return count <= vector_lanes<P> ? vector_lanes<P> : 2 * vector_lanes<P>;
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
    if (count == width && width == 2 * lanes) {
      for (std::int64_t p = 0; p < k; ++p) {
        __builtin_prefetch(from + (p + pack_ahead) * inner);
        __builtin_prefetch(from + (p + pack_ahead) * inner + lanes);
        store_vector(to + p * width, load_packed<A>(from + p * inner));
        store_vector(to + p * width + lanes, load_packed<A>(from + p * inner + lanes));
      }
      return;
    }
    if (count >= lanes) {
      // Whole vectors, the last one moved back to end with the row.
      for (std::int64_t p = 0; p < k; ++p) {
        for (std::int64_t i = 0; i + lanes <= count; i += lanes) store_vector(to + p * width + i, load_packed<A>(from + p * inner + i));
        store_vector(to + p * width + count - lanes, load_packed<A>(from + p * inner + count - lanes));
      }
      return;
    }
    if (count == width && inner >= lanes - count) {
      // Whole vectors: each overwrites what the one before wrote too much, as far as neither runs over the end.
      const std::int64_t whole = k - (lanes + width - 1) / width + 1;
      std::int64_t p = 0;
      for (; p < whole; ++p) {
        __builtin_prefetch(from + (p + pack_ahead) * inner);
        store_vector(to + p * width, load_packed<A>(from + p * inner));
      }
      for (; p < k; ++p)
        for (std::int64_t i = 0; i < count; ++i) to[p * width + i] = static_cast<A>(from[p * inner + i]);
      return;
    }
    if constexpr (std::is_same_v<T, float> && std::is_same_v<A, float>) {
      if (count >= 4) {
        for (std::int64_t p = 0; p < k; ++p) {
          for (std::int64_t i = 0; i + 4 <= count; i += 4) copy_quad(from + p * inner + i, to + p * width + i);
          copy_quad(from + p * inner + count - 4, to + p * width + count - 4);
        }
        return;
      }
    }
    for (std::int64_t p = 0; p < k; ++p)
      for (std::int64_t i = 0; i < count; ++i) to[p * width + i] = static_cast<A>(from[p * inner + i]);
    return;
  }
  std::int64_t done = 0;
  if constexpr (std::is_same_v<T, A> && std::is_floating_point_v<A>) {
    if (inner == 1) {
      // Sixteen steps at a time: a cache line of each row is used up while it is at hand.
      done = count / 4 * 4;
      for (std::int64_t begin = 0; begin < k; begin += 16) {
        const std::int64_t end = std::min<std::int64_t>(begin + 16, k);
        for (std::int64_t i = 0; i < done;) {
          const bool whole = std::is_same_v<A, float> && i + float_lanes <= count;
          const std::int64_t rows = whole ? float_lanes : 4;
          const A* source = from + i * step;
          std::int64_t p = begin;
          for (; p + 4 <= end; p += 4) {
            if constexpr (std::is_same_v<A, float>) {
              if (whole) {
                gather_columns(source + p, step, to + p * width + i, width);
                continue;
              }
            }
            transpose_4x4(source + p, step, to + p * width + i, width);
          }
          for (; p < end; ++p)
            for (std::int64_t r = 0; r < rows; ++r) to[p * width + i + r] = source[r * step + p];
          i += rows;
        }
      }
    }
  }
  if constexpr (sizeof(T) < sizeof(A)) {
    if (inner == 1) {
      // The same with vectors that are widened on the way.
      constexpr std::int64_t lanes = vector_lanes<A>;
      alignas(64) A rows[4 * lanes];
      done = count / 4 * 4;
      for (std::int64_t begin = 0; begin < k; begin += lanes) {
        for (std::int64_t i = 0; i < done; i += 4) {
          const T* source = from + i * step + begin;
          if (begin + lanes <= k) {
            for (std::int64_t r = 0; r < 4; ++r) store_vector(rows + r * lanes, load_packed<A>(source + r * step));
            for (std::int64_t p = 0; p < lanes; p += 4) transpose_4x4(rows + p, lanes, to + (begin + p) * width + i, width);
          } else {
            for (std::int64_t p = begin; p < k; ++p)
              for (std::int64_t r = 0; r < 4; ++r) to[p * width + i + r] = static_cast<A>(source[r * step + p - begin]);
          }
        }
      }
    }
  }
  for (std::int64_t i = done; i < count; ++i) {
    const T* source = from + i * step;
    for (std::int64_t p = 0; p < k; ++p) to[p * width + i] = static_cast<A>(source[p * inner]);
  }
}

/// to[i] = the pair of low[i] and high[i], zero if high is null, for i in [0, count); asks for what stands `ahead` elements further.
inline void join_rows(const std::uint16_t* low, const std::uint16_t* high, std::int64_t count, Bfloat16Pair* to, std::int64_t ahead) {
  constexpr int lanes = vector_lanes<Bfloat16Pair>;
  typedef std::uint16_t Four __attribute__((vector_size(8)));
  typedef std::uint16_t FourMemory __attribute__((vector_size(8), aligned(2), may_alias));
  typedef std::uint32_t FourPairs __attribute__((vector_size(16)));
  typedef std::uint32_t FourPairsMemory __attribute__((vector_size(16), aligned(4), may_alias));
  const auto four = [](const std::uint16_t* p) __attribute__((always_inline)) {
    return __builtin_convertvector(Four(*reinterpret_cast<const FourMemory*>(p)), FourPairs);
  };
  const auto join_four = [&](std::int64_t i) __attribute__((always_inline)) {
    *reinterpret_cast<FourPairsMemory*>(to + i) = high ? four(low + i) | four(high + i) << 16 : four(low + i);
  };
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    __builtin_prefetch(low + i + ahead);
    __builtin_prefetch((high ? high : low) + i + ahead);
    store_vector(to + i, load_pairs(low + i, high ? high + i : nullptr));
  }
  // What remains is joined again with what stands before it, if it does not fill a vector.
  if (i < count && count >= lanes)
    return store_vector(to + count - lanes, load_pairs(low + count - lanes, high ? high + count - lanes : nullptr));
  for (; i + 4 <= count; i += 4) join_four(i);
  if (i < count && count >= 4) return join_four(count - 4);
  for (; i < count; ++i) to[i] = make_pair_of(low[i], high ? high[i] : std::uint16_t(0));
}

// Rows of elements that are joined, two and two; the second of the last pair may be missing.
inline void pack_joined_pairs(const std::uint16_t* from, std::int64_t inner, std::int64_t count, std::int64_t width, std::int64_t k,
                              Bfloat16Pair* to) {
  constexpr int lanes = vector_lanes<Bfloat16Pair>;
  std::int64_t p = 0;
  if (count == width && count < lanes && inner >= lanes - count) {
    // Whole vectors: each overwrites what the one before wrote too much, as far as neither runs over the end.
    const std::int64_t whole = packed_count<Bfloat16Pair>(k) - (lanes + width - 1) / width + 1;
    for (; p < 2 * whole; p += 2, to += width) store_vector(to, load_pairs(from + p * inner, from + (p + 1) * inner));
  }
  for (; p + 2 <= k; p += 2, to += width) {
    const std::uint16_t *low = from + p * inner, *high = low + inner;
    join_rows(low, high, count, to, count);  // the next panel is asked for
  }
  if (k % 2 != 0) join_rows(from + (k - 1) * inner, nullptr, count, to, 0);
}

/// The same for pairs: to[p * width + i] holds from[i * step + 2 p * inner] and the element after it in k, which is zero beyond the end.
inline void pack_panel(const bfloat16* elements, std::int64_t step, std::int64_t inner, std::int64_t count, std::int64_t width,
                       std::int64_t k, Bfloat16Pair* to) {
  const auto* from = reinterpret_cast<const std::uint16_t*>(elements);
  const std::int64_t pairs = packed_count<Bfloat16Pair>(k);
  if (count < width) {
    for (std::int64_t p = 0; p < pairs; ++p)
      store_vector(to + (p + 1) * width - vector_lanes<Bfloat16Pair>, vector_register<Bfloat16Pair>{});
  }
  if (step == 1) return pack_joined_pairs(from, inner, count, width, k, to);
  std::int64_t done = 0;
  if (inner == 1) {
    // The pairs lie in memory already and are transposed, sixteen steps at a time: a cache line of each row is used up while it is at hand.
    done = count / 4 * 4;
    for (std::int64_t begin = 0; begin < pairs; begin += 16) {
      const std::int64_t end = std::min<std::int64_t>(begin + 16, k / 2);
      for (std::int64_t i = 0; i < done;) {
        const std::uint16_t* source = from + i * step;
        const bool whole = i + float_lanes <= count;
        const std::int64_t rows = whole ? float_lanes : 4;
        std::int64_t p = begin;
        for (; p + 4 <= end; p += 4) {
          if (whole) gather_columns(source + 2 * p, step, to + p * width + i, width);
          else transpose_4x4(source + 2 * p, step, to + p * width + i, width);
        }
        for (; p < end; ++p)
          for (std::int64_t r = 0; r < rows; ++r) to[p * width + i + r] = packed_at<Bfloat16Pair>(source + r * step + 2 * p);
        i += rows;
      }
    }
    if (k % 2 != 0)
      for (std::int64_t i = 0; i < done; ++i) to[(pairs - 1) * width + i] = make_pair_of(from[i * step + k - 1], 0);
  }
  for (std::int64_t i = done; i < count; ++i) {
    const std::uint16_t* source = from + i * step;
    for (std::int64_t p = 0; p < pairs; ++p)
      to[p * width + i] = make_pair_of(source[2 * p * inner], 2 * p + 1 < k ? source[(2 * p + 1) * inner] : std::uint16_t(0));
  }
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
