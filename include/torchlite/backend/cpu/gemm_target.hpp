// SPDX-License-Identifier: BSD-3-Clause
// Where the tiles of a product go.
#pragma once
#include <torchlite/backend/cpu/gemm_kernel.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
#include <torchlite/backend/gemm.hpp>

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Addends in the type of the sums: as they lie, or widened into scratch memory, whole vectors of them, and then next to each other.
template <class C>
const gemm_accumulator_t<C>* gemm_bias(const C* from, std::int64_t count, std::int64_t& step, Scratch use) {
  using A = gemm_accumulator_t<C>;
  if constexpr (sizeof(A) == sizeof(C)) return reinterpret_cast<const A*>(from);
  else {
    if (!from) return nullptr;
    A* to = scratch<A>(use, count + vector_lanes<A>);
    for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<A>(from[i * step]);
    std::fill_n(to + count, vector_lanes<A>, A(0));
    step = 1;
    return to;
  }
}

/// Where tiles of c go: reads what a tile starts from, writes what it computed, by vectors where the layout allows.
template <class C>
struct TileTarget {
  using A = gemm_accumulator_t<C>;
  static constexpr int lanes = vector_lanes<A>;
  static constexpr int max_rows = 12, columns = TileSizes<A>::columns;

  C* c;
  std::int64_t c_row, c_col;
  const A* column_bias = nullptr;
  std::int64_t column_bias_step = 1;
  const A* row_bias = nullptr;
  std::int64_t row_bias_step = 1;
  A beta = 0;
  bool relu = false;

  /// Computes the tile of `rows` x `cols` at (i, j); first and last say which blocks of k this is. t.a, t.b and their strides are set.
  template <class P>
  void run(Tile<P>& t, std::int64_t i, std::int64_t j, int rows, int cols, bool first, bool last) const {
    const int vectors = cols > lanes ? 2 : 1, width = vectors * lanes;
    const bool readable = cols == width || masked_vectors<A>;  // the columns by vectors
    const A factor = first ? beta : A(1);
    const bool reads_bias = first && column_bias;
    C* out = c + i * c_row + j * c_col;
    if constexpr (masked_vectors<A>) t.last = cols - (vectors - 1) * lanes;
    t.row_add = first && row_bias ? row_bias + i * row_bias_step : nullptr;
    t.row_add_step = row_bias_step;
    t.relu = std::is_floating_point_v<A> && relu && last;
    t.init = nullptr;
    t.init_row = 0;
    bool ready = factor == A(0) && !reads_bias;
    if (factor == A(0) && reads_bias && column_bias_step == 1 && (readable || sizeof(A) != sizeof(C))) {
      t.init = column_bias + j;
      ready = true;
    }
    if constexpr (std::is_same_v<C, A> && std::is_floating_point_v<A>) {
      if (c_col == 1 && readable && (ready || (factor == A(1) && !reads_bias))) {
        t.out = out;
        t.out_row = c_row;
        if (!ready) t.init = out, t.init_row = c_row;
        return compute(rows, vectors, t);
      }
    }
    alignas(64) A buffer[max_rows * columns];
    if (!ready) {
      fill(buffer, out, j, rows, cols, width, factor, reads_bias);
      t.init = buffer;
      t.init_row = width;
    }
    if constexpr (std::is_same_v<P, Bfloat16Pair> && std::is_same_v<C, bfloat16>) {
      t.rounded = c_col == 1 && cols == width ? out : nullptr;
      t.out_row = c_row;
      if (t.rounded) return compute(rows, vectors, t);
    }
    t.out = buffer;
    t.out_row = width;
    compute(rows, vectors, t);
    const bool clamp = !std::is_floating_point_v<A> && relu && last;
    for (int r = 0; r < rows; ++r) {
      const A* from = buffer + r * width;
      C* to = out + r * c_row;
      if constexpr (sizeof(C) < sizeof(A)) {
        for (int q = 0; q < cols; q += lanes) {
          C few[lanes];
          const int count = std::min(lanes, cols - q);
          const bool dense = c_col == 1 && count == lanes;
          store_rounded<P>(dense ? to + q : few, load_vector(from + q));
          for (int s = 0; !dense && s < count; ++s) to[(q + s) * c_col] = few[s];
        }
      } else {
        for (int q = 0; q < cols; ++q) {
          C value = static_cast<C>(from[q]);
          if (clamp) value = std::max(value, C(0));
          to[q * c_col] = value;
        }
      }
    }
  }

 private:
  // buffer = factor * c + column_bias, by rows of `width`.
  void fill(A* buffer, const C* out, std::int64_t j, int rows, int cols, int width, A factor, bool reads_bias) const {
    for (int r = 0; r < rows; ++r) {
      A* to = buffer + r * width;
      const C* from = out + r * c_row;
      int q = 0;
      if constexpr (sizeof(C) < sizeof(A)) {
        for (; c_col == 1 && factor != A(0) && q + lanes <= cols; q += lanes) store_vector(to + q, load_packed<A>(from + q) * factor);
      }
      for (; q < width; ++q) to[q] = q < cols && factor != A(0) ? static_cast<A>(factor * static_cast<A>(from[q * c_col])) : A(0);
      if (reads_bias)
        for (q = 0; q < cols; ++q) to[q] = static_cast<A>(to[q] + column_bias[(j + q) * column_bias_step]);
    }
  }

  template <class P>
  static void compute(int rows, int vectors, const Tile<P>& t) {
    if constexpr (std::is_same_v<P, C>) {
      if (t.b_copy) return gemm_tile<P, TileSizes<P>::rows, 2, RowAccess::copying>(t);
    }
    run_tile(rows, vectors, t);
  }
};

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
