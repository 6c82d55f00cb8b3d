// SPDX-License-Identifier: BSD-3-Clause
// The matrix product on the CPU: chooses a path, splits c among threads, walks the blocks.
// An element of c is always summed over k in the same order, so the result depends neither on the number of threads nor
// on the size of the tiles that happened to cover it.
// Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 2008.
#pragma once
#include <torchlite/backend/cpu/gemm_pack.hpp>
#include <torchlite/backend/cpu/gemm_target.hpp>
#include <torchlite/backend/cpu/gemv.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/gemm.hpp>
#include <torchlite/core/math/hyperbolic.hpp>

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The sizes of the blocks, in elements: a block of a stays in a part of the L2 cache that other processes leave, a panel of b in
/// L1 or L2. Twice the rows were 4 % slower on a busy Zen 5 (48 KiB of L1, 1 MiB of L2).
template <class A>
struct BlockSizes {
  static constexpr std::int64_t k = 512, n = 1024;

  /// Equal blocks of k, none above the bound, a function of k alone.
  static std::int64_t even_k(std::int64_t size) {
    if (size <= k) return std::max<std::int64_t>(size, 1);
    const std::int64_t parts = (size + k - 1) / k;
    return ((size + parts - 1) / parts + 3) / 4 * 4;
  }
};

/// How the blocks of one product are read; a may stay where it is if its rows are dense or no pairs are made of it.
struct GemmPlan {
  std::int64_t block_k;
  bool pack_a, pack_b;
  std::int64_t block_m = 96;
};

/// Rows [i0, i1) and columns [j0, j1) of one product, in this thread, to a target that may be of another type than the operands.
template <class T, class C>
void gemm_region(const GemmArguments<T>& g, const TileTarget<C>& target, const GemmPlan& plan, std::int64_t i0, std::int64_t i1,
                 std::int64_t j0, std::int64_t j1) {
  using A = gemm_accumulator_t<T>;
  using P = gemm_packed_t<T>;
  using Source = packed_source_t<P>;
  using Sizes = BlockSizes<A>;
  constexpr std::int64_t width = TileSizes<P>::columns, pair = PackedElement<P>::steps;
  constexpr int lanes = vector_lanes<P>;
  const std::int64_t block_m = plan.pack_a ? plan.block_m : i1 - i0, depth = packed_count<P>(plan.block_k);
  P* packed_a = plan.pack_a ? scratch<P>(Scratch::gemm_a, std::min(block_m, i1 - i0) * depth) : nullptr;
  P* packed_b = nullptr;
  P* packed_tail = nullptr;
  if (plan.pack_b) packed_b = scratch<P>(Scratch::gemm_b, (std::min(Sizes::n, j1 - j0) + width) * depth);
  else if (!masked_vectors<A> && (j1 - j0) % width != 0) packed_tail = scratch<P>(Scratch::gemm_tail, width * depth);
  // Rows of b that lie dense are packed by the first tile that reads them, if they are longer than a vector.
  const bool copying = masked_vectors<A> && std::is_same_v<T, P> && plan.pack_b && g.b_col == 1 &&
                       TileSizes<P>::next_rows(std::min(block_m, i1 - i0)) == TileSizes<P>::rows;
  Tile<P> t{};
  t.alpha = static_cast<A>(g.alpha);
  for (std::int64_t jc = j0; jc < j1; jc += Sizes::n) {
    const std::int64_t je = std::min(jc + Sizes::n, j1);
    for (std::int64_t p = 0; p == 0 || p < g.k; p += plan.block_k) {
      const std::int64_t kc = std::min(plan.block_k, g.k - p), steps = packed_count<P>(kc);
      const bool first = p == 0, last = p + kc >= g.k;
      if (plan.pack_b) {
        for (std::int64_t j = jc; j < je; j += width) {
          const std::int64_t cols = std::min(width, je - j);
          if (copying && cols > lanes) continue;
          pack_panel(g.b + p * g.b_row + j * g.b_col, g.b_col, g.b_row, cols, panel_width<P>(cols), kc, packed_b + (j - jc) * steps);
        }
      } else if (packed_tail && je == j1) {
        const std::int64_t j = jc + (je - jc) / width * width;
        pack_panel(g.b + p * g.b_row + j, g.b_col, g.b_row, je - j, panel_width<P>(je - j), kc, packed_tail);
      }
      for (std::int64_t ic = i0; ic < i1; ic += block_m) {
        const std::int64_t ie = std::min(ic + block_m, i1);
        if (plan.pack_a) {
          for (std::int64_t i = ic; i < ie;) {
            const int rows = TileSizes<P>::next_rows(ie - i);
            pack_panel(g.a + i * g.a_row + p * g.a_col, g.a_row, g.a_col, rows, rows, kc, packed_a + (i - ic) * steps);
            i += rows;
          }
        }
        for (std::int64_t j = jc; j < je; j += width) {
          const int cols = static_cast<int>(std::min(width, je - j));
          P* panel = plan.pack_b ? packed_b + (j - jc) * steps : packed_tail;
          const int panel_row = static_cast<int>(panel_width<P>(cols));
          t.k = steps;
          t.b_copy = copying && ic == i0 && cols > lanes ? panel : nullptr;
          if ((plan.pack_b && !t.b_copy) || (packed_tail && cols < width)) {
            t.b = panel, t.b_row = panel_row, t.b_last = lanes;
          } else {
            t.b = reinterpret_cast<const P*>(g.b + p * g.b_row + j), t.b_row = g.b_row;
            t.b_last = masked_vectors<A> ? cols - panel_row + lanes : lanes;
          }
          for (std::int64_t i = ic; i < ie;) {
            const int rows = TileSizes<P>::next_rows(ie - i);
            if (plan.pack_a) {
              t.a = reinterpret_cast<const Source*>(packed_a + (i - ic) * steps), t.a_row = pair, t.a_col = pair * rows;
            } else {
              t.a = reinterpret_cast<const Source*>(g.a + i * g.a_row + p * g.a_col), t.a_row = g.a_row, t.a_col = pair * g.a_col;
            }
            target.run(t, i, j, rows, cols, first, last);
            if (t.b_copy) t.b = panel, t.b_row = panel_row, t.b_last = lanes, t.b_copy = nullptr;
            i += rows;
          }
        }
      }
    }
  }
}

/// A product small enough that its operands stay in the L1 cache is computed from where they lie, in one pass over the tiles.
template <class T>
bool gemm_is_small(const GemmArguments<T>& g) {
  if constexpr (masked_vectors<T>) {
    return g.k > 0 && g.m * g.n * g.k <= (g.m == 1 || g.n == 1 ? 1024 : 64 * 64 * 64) && g.k * g.b_row <= 65536 && g.b_col == 1 &&
           g.c_col == 1 && (g.beta == T(0) || (g.beta == T(1) && !g.column_bias)) && (!g.column_bias || g.column_bias_step == 1);
  }
  return false;
}

template <class T>
void gemm_small(const GemmArguments<T>& g) {
  constexpr int lanes = vector_lanes<T>;
  Tile<T> t;
  t.k = g.k;
  t.a_row = g.a_row, t.a_col = g.a_col;
  t.b_row = g.b_row;
  t.out_row = g.c_row;
  t.row_add_step = g.row_bias_step;
  t.relu = g.epilogue == Epilogue::relu;
  t.alpha = g.alpha;
  for (std::int64_t j = 0; j < g.n; j += 2 * lanes) {
    const int vectors = g.n - j > lanes ? 2 : 1;
    t.last = static_cast<int>(std::min<std::int64_t>(g.n - j - (vectors - 1) * lanes, lanes));
    t.b_last = t.last;
    t.b = g.b + j;
    for (std::int64_t i = 0; i < g.m;) {
      const int rows = TileSizes<T>::next_rows(g.m - i);
      t.a = g.a + i * g.a_row;
      t.out = g.c + i * g.c_row + j;
      t.init = g.beta != T(0) ? t.out : g.column_bias ? g.column_bias + j : nullptr;
      t.init_row = g.beta != T(0) ? g.c_row : 0;
      t.row_add = g.row_bias ? g.row_bias + i * g.row_bias_step : nullptr;
      run_tile(rows, vectors, t);
      i += rows;
    }
  }
}

/// True if the product was one of a matrix and a vector that lie well in memory, and has been computed.
template <class T>
bool gemm_as_gemv(const GemmArguments<T>& g) {
  if constexpr (!std::is_integral_v<T>) {
    if (g.n == 1 && g.m > 1)
      return gemv(GemvArguments<T>{g.m, g.k, g.a, g.a_row, g.a_col, g.b, g.b_row, g.c, g.c_row, g.alpha, g.beta, g.row_bias,
                                   g.row_bias_step, g.column_bias, g.epilogue});
    if (g.m == 1)
      return gemv(GemvArguments<T>{g.n, g.k, g.b, g.b_col, g.b_row, g.a, g.a_col, g.c, g.c_col, g.alpha, g.beta, g.column_bias,
                                   g.column_bias_step, g.row_bias, g.epilogue});
  }
  return false;
}

/// One product of the batch; `threads` is how many may share it.
template <class T>
void gemm_single(const GemmArguments<T>& g, std::int64_t threads) {
  using A = gemm_accumulator_t<T>;
  if (gemm_is_small(g)) {
    if constexpr (masked_vectors<T>) return gemm_small(g);
  }
  if (g.m == 1 || g.n == 1) {
    if (gemm_as_gemv(g)) return;
  }
  const std::int64_t work = g.m * g.n * g.k;
  const bool small = work <= 64 * 64 * 64, a_often = g.n > 8 * TileSizes<A>::columns && !small;
  // The blocks of c in type T would round between blocks of k, so a narrow T takes k in one piece.
  GemmPlan plan{sizeof(T) == sizeof(A) ? BlockSizes<A>::even_k(g.k) : std::max<std::int64_t>(g.k, 1), true, true};
  if constexpr (sizeof(T) == sizeof(A)) {
    plan.pack_a = a_often || (g.a_col != 1 && !small);
    // Rows of b that stay in the L2 cache, and are not too far apart, are read where they lie unless many tiles read them.
    const std::int64_t row = g.b_row * std::int64_t{sizeof(T)};
    const bool near = row <= 4096 && row * g.k <= 1048576;
    plan.pack_b = g.b_col != 1 || (g.m > (near ? 64 : 2 * TileSizes<A>::rows) && !small);
  } else if constexpr (std::is_same_v<gemm_packed_t<T>, Bfloat16Pair>) {
    plan.pack_a = a_often || g.a_col != 1 || g.k % 2 != 0;
  }
  TileTarget<T> target{g.c, g.c_row, g.c_col};
  target.column_bias_step = g.column_bias_step, target.row_bias_step = g.row_bias_step;
  target.column_bias = gemm_bias(g.column_bias, g.n, target.column_bias_step, Scratch::column_bias);
  target.row_bias = gemm_bias(g.row_bias, g.m, target.row_bias_step, Scratch::row_bias);
  target.beta = static_cast<A>(g.beta);
  target.relu = g.epilogue == Epilogue::relu;
  const std::int64_t useful = std::min(threads, work / (96 * 96 * 96));
  if (useful <= 1) return gemm_region(g, target, plan, 0, g.m, 0, g.n);

  // The grid of parts whose sides sum to the least: each part packs its own rows of a and columns of b.
  constexpr std::int64_t width = TileSizes<A>::columns, height = TileSizes<A>::rows;
  const std::int64_t panels_m = (g.m + height - 1) / height, panels_n = (g.n + width - 1) / width;
  std::int64_t parts_m = 1, parts_n = 1, best = -1;
  for (std::int64_t pm = 1; pm <= useful; ++pm) {
    const std::int64_t pn = useful / pm, rows = (panels_m + pm - 1) / pm, cols = (panels_n + pn - 1) / pn;
    const std::int64_t cost = rows * height * cols * width * 64 + (rows * height + cols * width) * 256;
    if (best < 0 || cost < best) best = cost, parts_m = pm, parts_n = pn;
  }
  parallel_for(parts_m * parts_n, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part) {
      const std::int64_t pm = part / parts_n, pn = part % parts_n;
      const std::int64_t i0 = panels_m * pm / parts_m * height, i1 = std::min(g.m, panels_m * (pm + 1) / parts_m * height);
      const std::int64_t j0 = panels_n * pn / parts_n * width, j1 = std::min(g.n, panels_n * (pn + 1) / parts_n * width);
      if (i0 < i1 && j0 < j1) gemm_region(g, target, plan, i0, i1, j0, j1);
    }
  });
}

/// The products of a batch, not all of which are small.
template <class T>
TORCHLITE_NOINLINE void gemm_batch(GemmArguments<T> g) {
  if (g.m <= 0 || g.n <= 0 || g.batch <= 0) return;
  if (g.k <= 0) g.a = g.b = g.c;  // none of their elements is read, and they may be null, from which no offset is defined
  if (g.c_col != 1 && (g.c_row == 1 || g.n == 1)) {
    // The transposed product writes along rows of memory.
    std::swap(g.m, g.n);
    std::swap(g.a, g.b);
    std::swap(g.a_row, g.b_col);
    std::swap(g.a_col, g.b_row);
    std::swap(g.a_batch, g.b_batch);
    std::swap(g.c_row, g.c_col);
    std::swap(g.column_bias, g.row_bias);
    std::swap(g.column_bias_step, g.row_bias_step);
  }
  if (g.batch > 1 && g.b_batch == 0 && !g.row_bias && g.a_batch == g.m * g.a_row && g.c_batch == g.m * g.c_row) {
    g.m *= g.batch;  // a shared b: one taller product
    g.batch = 1;
  }
  const std::int64_t threads = get_num_threads();
  if (g.batch == 1) return gemm_single(g, threads);
  const auto product = [&g](std::int64_t i) {
    GemmArguments<T> one = g;
    one.a += i * g.a_batch;
    one.b += i * g.b_batch;
    one.c += i * g.c_batch;
    return one;
  };
  const std::int64_t work = g.m * g.n * g.k + g.m * g.n;
  if (g.batch < threads && work > 96 * 96 * 96) {
    for (std::int64_t i = 0; i < g.batch; ++i) gemm_single(product(i), threads);
    return;
  }
  parallel_for(g.batch, std::max<std::int64_t>(1, 96 * 96 * 96 / work), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) gemm_single(product(i), 1);
  });
}

/// gelu of every element of c, whose old values go to before_gelu.
template <class T>
void apply_gelu(const GemmArguments<T>& g) {
  if constexpr (floating<T>) {
    using R = register_t<T>;
    parallel_for(g.batch * g.m, std::max<std::int64_t>(1, 4096 / g.n), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) {
        const std::int64_t start = row / g.m * g.c_batch + row % g.m * g.c_row;
        T* const c = g.c + start;
        if (g.before_gelu != nullptr)
          for (std::int64_t j = 0; j < g.n; ++j) g.before_gelu[start + j * g.c_col] = c[j * g.c_col];
        if (g.c_col == 1)
          for (std::int64_t j = 0; j < g.n; ++j) c[j] = static_cast<T>(math::gelu_tanh(static_cast<R>(c[j])));
        else
          for (std::int64_t j = 0; j < g.n; ++j) c[j * g.c_col] = static_cast<T>(math::gelu_tanh(static_cast<R>(c[j * g.c_col])));
      }
    });
  }
}

/// c = epilogue(alpha * a b + beta * c + biases) for every product of the batch; see GemmArguments.
template <class T>
void gemm(Cpu, const GemmArguments<T>& g) {
  if (g.epilogue == Epilogue::gelu) {
    check<Error>(floating<T>, "gemm: gelu needs a floating dtype");
    if (g.m <= 0 || g.n <= 0) return;
    GemmArguments<T> plain = g;
    plain.epilogue = Epilogue::none;
    gemm(Cpu{}, plain);
    return apply_gelu(g);
  }
  if constexpr (masked_vectors<T>) {
    if (g.batch == 1 && gemm_is_small(g)) return gemm_small(g);
  }
  gemm_batch(g);
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
