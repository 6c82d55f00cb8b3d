// SPDX-License-Identifier: BSD-3-Clause
// The register tile: Rows x (Vectors * lanes) elements of a product, accumulated in registers over all of k.
#pragma once
#include <torchlite/backend/cpu/gemm_element.hpp>
#include <torchlite/backend/cpu/vector.hpp>

#include <cstdint>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// One register tile of packed elements P: out = relu?(alpha a b + init + row_add), for as many rows and columns as the kernel has.
/// b has a row of Vectors vectors per packed step of k, and so have init and out per row. Of the last vector of each, b_last lanes of b
/// and `last` of init and out exist. (Masked loads are slow when they miss the L1 cache, so whole vectors are loaded as such.)
template <class P>
struct Tile {
  using Source = packed_source_t<P>;
  using A = packed_accumulator_t<P>;

  std::int64_t k;  // packed steps
  const Source* a;
  std::int64_t a_row, a_col;  // in elements of Source, a_col from one packed step to the next
  const P* b;
  std::int64_t b_row;
  const A* init;  // may be null, and so may row_add
  std::int64_t init_row;
  const A* row_add;
  std::int64_t row_add_step;
  A* out;
  std::int64_t out_row;
  int b_last = vector_lanes<P>, last = vector_lanes<A>;
  bool relu;
  A alpha = 1;
  bfloat16* rounded = nullptr;  // only for pairs: where whole vectors go as bfloat16, rows out_row apart, instead of to out
  P* b_copy = nullptr;          // only for copying tiles: where the rows of b go as whole vectors, one after the other
  // Only for gathered tiles: k is then walked as `lines` times k steps, a line of a being a_line elements apart (and b
  // going on), and row r of a starts at a + offsets[r]. Of the last pair of a line only the first element may exist.
  const std::int64_t* offsets = nullptr;
  std::int64_t lines = 1, a_line = 0;
  bool half_pair = false;
};

/// How a tile finds its rows of a: one stride apart, the same while b is packed for the tiles after it, or each at its own offset.
enum class RowAccess { strided, copying, gathered };

// Four rows share a pointer, since an address can hold one, two or (with a register of its own) three strides: three pointers and two
// strides are all that twelve rows need.
// What the tile is added to is read last, when it has come from memory, and not first, when everything would wait for it.
template <class P, int M, int V, RowAccess R = RowAccess::strided>
TORCHLITE_NOINLINE void gemm_tile(const Tile<P>& t) {
  static_assert(V == 1 || V == 2);
  using A = packed_accumulator_t<P>;
  using Source = packed_source_t<P>;
  using Register = vector_register<A>;
  using Packed = vector_register<P>;
  constexpr int lanes = vector_lanes<A>, tail = (V - 1) * lanes;
  static_assert(lanes == vector_lanes<P>);
  Register acc[M] = {}, acc2[M] = {};  // the first and, if V is 2, the second vector of each row
  if (t.k > 16) {
    // The tile is written long after this, and its lines were last touched long before.
    unrolled<M>([&](auto i) __attribute__((always_inline)) {
      if constexpr (std::is_same_v<P, Bfloat16Pair>) {
        if (t.rounded) return __builtin_prefetch(t.rounded + decltype(i)::value * t.out_row, 1);
      }
      const A* out = t.out + decltype(i)::value * t.out_row;
      __builtin_prefetch(out, 1);
      if constexpr (V == 2) __builtin_prefetch(out + tail, 1);
    });
  }
  const P* b = t.b;
  const std::int64_t b_row = t.b_row;
  const auto add_row = [&](int r, P value, const Packed& x, const Packed& x2) __attribute__((always_inline)) {
    acc[r] = multiply_add<P>(acc[r], x, value);
    if constexpr (V == 2) acc2[r] = multiply_add<P>(acc2[r], x2, value);
  };
  if constexpr (R == RowAccess::gathered) {
    constexpr int steps = PackedElement<P>::steps;
    const Source* a[M];
    unrolled<M>([&](auto i) __attribute__((always_inline)) { a[decltype(i)::value] = t.a + t.offsets[decltype(i)::value]; });
    for (std::int64_t line = 0; line < t.lines; ++line) {
      const std::int64_t begin = line * t.a_line, end = begin + (t.k - t.half_pair) * steps;
      for (std::int64_t p = begin; p < end; p += steps) {
        const Packed x = load_vector(b), x2 = load_vector(b + tail);
        unrolled<M>([&](auto i)
                        __attribute__((always_inline)) { add_row(decltype(i)::value, packed_at<P>(a[decltype(i)::value] + p), x, x2); });
        b += b_row;
      }
      if constexpr (steps == 2) {
        if (!t.half_pair) continue;
        const Packed x = load_vector(b), x2 = load_vector(b + tail);
        unrolled<M>([&](auto i) __attribute__((always_inline)) {
          add_row(decltype(i)::value, first_of_pair(packed_at<P>(a[decltype(i)::value] + end)), x, x2);
        });
        b += b_row;
      }
    }
  } else {
    constexpr int pointers = (M + 3) / 4;
    const std::int64_t a_row = t.a_row, a_col = t.a_col, a_row3 = 3 * t.a_row;
    const Source* a[pointers];
    unrolled<pointers>([&](auto i) __attribute__((always_inline)) { a[decltype(i)::value] = t.a + 4 * decltype(i)::value * a_row; });
    const auto step = [&](const Packed& x, const Packed& x2) __attribute__((always_inline)) {
      unrolled<M>([&](auto i) __attribute__((always_inline)) {
        constexpr int r = decltype(i)::value, q = r % 4;
        add_row(r, packed_at<P>(a[r / 4] + (q == 3 ? a_row3 : q * a_row)), x, x2);
      });
      b += b_row;
      unrolled<pointers>([&](auto i) __attribute__((always_inline)) { a[decltype(i)::value] += a_col; });
    };
    if constexpr (R == RowAccess::copying) {
      P* copy = t.b_copy;
      const LaneMask<P> mask = first_lanes<P>(t.b_last);
      for (std::int64_t p = t.k; p > 0; --p, copy += V * lanes) {
        const Packed x = load_vector(b), x2 = load_lanes(b + tail, mask);
        store_vector(copy, x);
        store_vector(copy + tail, x2);
        // What the next panel copies: it has until then to come from memory.
        __builtin_prefetch(b + V * lanes);
        __builtin_prefetch(b + V * lanes + tail);
        step(x, x2);
      }
    } else if (!masked_vectors<P> || t.b_last == lanes) {
      for (std::int64_t p = t.k; p > 0; --p) step(load_vector(b), load_vector(b + tail));
    } else {
      const LaneMask<P> mask = first_lanes<P>(t.b_last);
      for (std::int64_t p = t.k; p > 0; --p) {
        const Packed x2 = load_lanes(b + tail, mask);
        step(V == 2 ? load_vector(b) : x2, x2);
      }
    }
  }

  const LaneMask<A> mask = first_lanes<A>(t.last);
  const auto last = [&](int r) __attribute__((always_inline))->Register& { return V == 2 ? acc2[r] : acc[r]; };
  if (t.alpha != A(1)) {
    unrolled<M>([&](auto i) __attribute__((always_inline)) {
      constexpr int r = decltype(i)::value;
      acc[r] *= t.alpha;
      acc2[r] *= t.alpha;
    });
  }
  if (t.init) {
    unrolled<M>([&](auto i) __attribute__((always_inline)) {
      constexpr int r = decltype(i)::value;
      const A* init = t.init + r * t.init_row;
      if constexpr (V == 2) acc[r] += load_vector(init);
      last(r) += load_lanes(init + tail, mask);
    });
  }
  if (t.row_add) {
    unrolled<M>([&](auto i) __attribute__((always_inline)) {
      constexpr int r = decltype(i)::value;
      acc[r] += t.row_add[r * t.row_add_step];
      acc2[r] += t.row_add[r * t.row_add_step];
    });
  }
  if constexpr (std::is_floating_point_v<A>) {
    if (t.relu) {
      // A NaN is not below zero and stays, as in PyTorch.
      unrolled<M>([&](auto i) __attribute__((always_inline)) {
        constexpr int r = decltype(i)::value;
        acc[r] = acc[r] < Register{} ? Register{} : acc[r];
        acc2[r] = acc2[r] < Register{} ? Register{} : acc2[r];
      });
    }
  }
  if constexpr (std::is_same_v<P, Bfloat16Pair>) {
    if (t.rounded) {
      unrolled<M>([&](auto i) __attribute__((always_inline)) {
        constexpr int r = decltype(i)::value;
        store_rounded<P>(t.rounded + r * t.out_row, acc[r]);
        if constexpr (V == 2) store_rounded<P>(t.rounded + r * t.out_row + lanes, acc2[r]);
      });
      return;
    }
  }
  unrolled<M>([&](auto i) __attribute__((always_inline)) {
    constexpr int r = decltype(i)::value;
    A* out = t.out + r * t.out_row;
    if constexpr (V == 2) store_vector(out, acc[r]);
    store_lanes(out + tail, last(r), mask);
  });
}

/// The tile sizes of this instruction set, for packed elements P: as many accumulators as leave registers for a row of b and an element of a.
template <class P>
struct TileSizes {
  static constexpr int vectors = 2;
  static constexpr int columns = vectors * vector_lanes<P>;
  static constexpr int rows = std::is_integral_v<P> ? 4 : vector_bytes == 64 ? 12 : vector_bytes == 32 ? 6 : 4;

  /// The rows of the next tile where `left` remain.
  static int next_rows(std::int64_t left) {
    if constexpr (rows == 12) {
      if (left == 16) return 8;
      if (left >= 12) return 12;
      if (left >= 8) return 8;
    }
    if constexpr (rows == 6) {
      if (left == 8) return 4;
      if (left >= 6) return 6;
    }
    return left >= 4 ? 4 : left >= 2 ? 2 : 1;
  }
  /// The same for gathered tiles, whose rows are often the taps of a few 3x3 kernels.
  static int next_gathered_rows(std::int64_t left) { return rows == 12 && left < 36 && left % 9 == 0 ? 9 : next_rows(left); }
};

template <class P, RowAccess R, int V>
void run_tile_rows(int rows, const Tile<P>& t) {
  constexpr int most = TileSizes<P>::rows;
  if constexpr (most == 12) {
    if (rows == 12) return gemm_tile<P, 12, V, R>(t);
    if constexpr (R == RowAccess::gathered) {
      if (rows == 9) return gemm_tile<P, 9, V, R>(t);
    }
    if (rows == 8) return gemm_tile<P, 8, V, R>(t);
  }
  if constexpr (most == 6) {
    if (rows == 6) return gemm_tile<P, 6, V, R>(t);
  }
  if (rows == 4) return gemm_tile<P, 4, V, R>(t);
  if (rows == 2) return gemm_tile<P, 2, V, R>(t);
  gemm_tile<P, 1, V, R>(t);
}

/// Runs the kernel of `rows` (a value of next_rows or next_gathered_rows) by one or two vectors.
template <class P, RowAccess R = RowAccess::strided>
void run_tile(int rows, int vectors, const Tile<P>& t) {
  if (vectors == 2) run_tile_rows<P, R, 2>(rows, t);
  else run_tile_rows<P, R, 1>(rows, t);
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
