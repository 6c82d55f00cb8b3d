// SPDX-License-Identifier: BSD-3-Clause
// Attention without its matrix of scores, as what a block of threads does. Forward: a block has some queries and goes over the keys, a tile
// at a time; what was summed is made smaller whenever a larger score appears. Backward makes the scores again from one logarithm for each
// query: one kernel in which a block has queries gives dq, one in which it has keys gives dk and dv, so that each number is summed by one
// thread in a fixed order.
// Source: Dao, FlashAttention-2, 2023; Milakov and Gimelshein, Online normalizer calculation for softmax, 2018.
#pragma once
#include <torchlite/backend/attention.hpp>
#include <torchlite/backend/cuda/attention_tile.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

// --- geometry ----------------------------------------------------------------------------------------------------------
/// Heads that are wider have no kernel. Narrower ones are filled up with zeros to 32, 64 or 128 columns.
inline constexpr std::int64_t widest_head = 128;

/// How a block shares out a tile: its warps have 8 squares_down rows each; forward goes over `columns` keys at a time, backward over
/// `backward_columns` keys or queries. Chosen so that a block needs less than 99 KB of shared memory and a thread less than 255 registers.
template <class Unit, int Width>
struct AttentionTile {
  using E = typename Unit::Element;
  static constexpr bool two_bytes = sizeof(E) == 2, wide = Width > 64, twice = sizeof(E) == 8;
  static constexpr int squares_down = Unit::squares_down, rows = twice ? 32 : 64;
  static constexpr int warps = rows / (8 * squares_down), threads = warps * warp_threads;
  static constexpr int columns = two_bytes ? 64 : (twice ? 16 : 32);
  static constexpr int backward_columns =
      two_bytes ? (wide ? 32 : 64) : (twice ? (wide ? 8 : 16) : (Unit::matrix && Width == 64 ? 32 : 16));
  static constexpr int row = padded_row<E, Width>;

  /// Elements that a unit without matrices needs to pass tiles of Columns columns on.
  template <int Columns>
  static constexpr int scratch = Unit::matrix ? 0 : rows* padded_row<E, Columns>;
};

/// Which keys a query sees.
struct AttentionView {
  std::int64_t queries, keys;
  bool causal;

  TORCHLITE_HOST_DEVICE bool sees(std::int64_t query, std::int64_t key) const { return key < keys && (!causal || key <= query); }
  /// Where the keys end that some of `rows` queries from `first` on see.
  TORCHLITE_HOST_DEVICE std::int64_t end_of_keys(std::int64_t first, int rows) const {
    const std::int64_t last = first + rows < queries ? first + rows : queries;
    return causal && last < keys ? last : keys;
  }
  /// Where the first tile of queries begins of which one sees key `first`; tiles begin at multiples of `columns`.
  TORCHLITE_HOST_DEVICE std::int64_t first_query(std::int64_t first, int columns) const { return causal ? first / columns * columns : 0; }
  /// Whether `query` and all later ones see all of these keys.
  TORCHLITE_HOST_DEVICE bool whole(std::int64_t query, std::int64_t key, int keys_of_tile) const {
    return key + keys_of_tile <= keys && (!causal || key + keys_of_tile - 1 <= query);
  }
};

/// Head and first row of a block's tile. What takes longest comes first: the last queries, the first keys.
struct AttentionPlace {
  std::int64_t head, first;

  TORCHLITE_HOST_DEVICE AttentionPlace(std::int64_t block, std::int64_t rows, int rows_of_tile, bool last_first) {
    const std::int64_t tiles = (rows + rows_of_tile - 1) / rows_of_tile, tile = block % tiles;
    head = block / tiles;
    first = (last_first ? tiles - 1 - tile : tile) * rows_of_tile;
  }
};

// --- a row of scores, a tile at a time ---------------------------------------------------------------------------------
/// The largest score so far and the sum of 2^(score - largest).
template <class R>
struct RunningSum {
  TORCHLITE_HOST_DEVICE static constexpr R lowest() { return -static_cast<R>(__builtin_huge_valf()); }

  R top = lowest(), sum = R(0);

  /// What scores are taken relative to: 0 while there are none but -infinity.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE R base() const { return top == lowest() ? R(0) : top; }
  /// Takes the largest score of the next tile; returns what is to be multiplied with what was summed relative to the old one.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE R raise(R tile_top) {
    const R old = top;
    if (tile_top > top) top = tile_top;
    const R shrink = math::exp2(old - base());
    sum *= shrink;
    return shrink;
  }
  /// The logarithm to base 2 of the whole sum.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE R log() const { return top + math::log2(sum); }
};

struct Larger {
  template <class R>
  TORCHLITE_HOST_DEVICE static R combine(R a, R b) {
    return b > a ? b : a;
  }
};
struct Plus {
  template <class R>
  TORCHLITE_HOST_DEVICE static R combine(R a, R b) {
    return a + b;
  }
};

/// M numbers, one for each row of a thread's part of a tile.
template <class R, int M>
struct RowValues {
  R v[M];
};

inline constexpr double log2_of_e = 1.4426950408889634;

// --- between global and shared memory ------------------------------------------------------------------------------------
/// Rows of a head, dense, as a block reads and writes them.
template <class T>
struct HeadTile {
  T* data;
  std::int64_t row, rows;  ///< from one row to the next; how many there are from here on, which may be more than the tile has
  int width;
  bool packets;  ///< rows are made of whole packets of 16 bytes
};

/// to[r][c] = from[r][c] for Rows rows of Width columns, zeros beyond the head's end.
template <class Unit, int Rows, int Width, class Block, class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void load_tile(const Block& block, T* to, const HeadTile<const T>& from) {
  constexpr int V = row_width<T>, packets = Width / V, total = Rows * packets, threads = Block::threads;
  constexpr int each = total / threads > 4 ? 4 : (total + threads - 1) / threads;  // in flight at a time
  block.each([&](int t) {
    for (int start = t; start < total; start += each * threads) {
      Packet<T, V> p[each];
      repeat<each>([&](int k) {
        const int i = start + k * threads, r = i / packets, c = i % packets * V;
        repeat<V>([&](int x) { p[k].v[x] = static_cast<T>(0.0f); });
        if (i >= total || r >= from.rows || c >= from.width) return;
        const T* const at = from.data + r * from.row;
        if (from.packets) p[k] = packet_at<T, V>(static_cast<const void*>(at), c);
        else
          repeat<V>([&](int x) {
            if (c + x < from.width) p[k].v[x] = at[c + x];
          });
      });
      repeat<each>([&](int k) {
        const int i = start + k * threads, r = i / packets, c = i % packets * V;
        repeat<V>([&](int x) { p[k].v[x] = Unit::prepared(p[k].v[x]); });
        if (i < total) packet_at<T, V>(static_cast<void*>(to), r * padded_row<T, Width> + c) = p[k];
      });
    }
  });
}

/// The parts of all threads, each row times its factor, as rows of a head, by way of shared memory that nobody reads any more.
template <int Width, class Block, class Parts, class Factors, class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void store_tile(const Block& block, Parts& parts, Factors factor, T* by, const HeadTile<T>& to) {
  using Part = typename Parts::value_type;
  constexpr int V = row_width<T>, packets = Width / V, row = padded_row<T, Width>;
  constexpr int warp_rows = 8 * Part::squares_down, rows = Block::threads / warp_threads * warp_rows;
  block.each([&](int t) {
    const int lane = t % warp_threads;
    T* const at = by + (t / warp_threads * warp_rows + row_of_lane(lane)) * row + column_of_lane(lane);
    Part::each([&](int n, int i, int e) { at[8 * i * row + 8 * n + e] = static_cast<T>(parts[t].v[n][i][e] * factor(t, i)); });
  });
  block.barrier();
  block.each([&](int t) {
    for (int i = t; i < rows * packets; i += Block::threads) {
      const int r = i / packets, c = i % packets * V;
      if (r >= to.rows || c >= to.width) continue;
      const Packet<T, V>& p = packet_at<T, V>(static_cast<const void*>(by), r * row + c);
      T* const at = to.data + r * to.row;
      if (to.packets) packet_at<T, V>(static_cast<void*>(at), c) = p;
      else
        repeat<V>([&](int x) {
          if (c + x < to.width) at[c + x] = p.v[x];
        });
    }
  });
}

// --- the kernels -------------------------------------------------------------------------------------------------------
/// Rows of a tensor [heads, rows, width]; packets as in HeadTile.
template <class T>
struct HeadMatrix {
  HeadStrides<T> heads;
  int width;
  bool packets;

  TORCHLITE_HOST_DEVICE HeadTile<T> tile(std::int64_t head, std::int64_t first, std::int64_t rows) const {
    return {heads.at(head, first), heads.row, rows - first, width, packets};
  }
};

/// What all three kernels are told. scale: of the products, times log2(e).
template <class T>
struct AttentionTask {
  using R = register_t<T>;

  AttentionView view;
  std::int64_t heads, group;  ///< of keys; of queries for each of them
  R scale;
  HeadMatrix<const T> q, k, v;
};

/// out = softmax(scale q k^T) v; logs = the logarithm to base 2 of each query's sum of exponentials.
template <class Unit, int Width>
struct AttentionForward {
  using T = typename Unit::Element;
  using R = typename Unit::R;
  using Tile = AttentionTile<Unit, Width>;
  static constexpr int threads = Tile::threads, rows = Tile::rows, columns = Tile::columns, M = Tile::squares_down;
  static constexpr int shared_elements = (rows + 2 * columns) * Tile::row + Tile::template scratch<columns>;

  AttentionTask<T> task;
  HeadMatrix<T> out;
  R* logs;

  std::int64_t blocks() const { return task.heads * task.group * ((task.view.queries + rows - 1) / rows); }

  template <class Block>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void run(const Block& block, std::int64_t number, T* shared) const {
    const AttentionView view = task.view;
    const AttentionPlace place(number, view.queries, rows, true);
    const std::int64_t first = place.first, source = place.head / task.group;
    T *const queries = shared, *const keys = queries + rows * Tile::row, *const values = keys + columns * Tile::row,
             *const scratch = values + columns * Tile::row;
    using Scores = TilePart<R, M, columns / 8>;
    typename Block::template Each<TilePart<R, M, Width / 8>> sums;
    typename Block::template Each<Scores> scores;
    typename Block::template Each<RowValues<RunningSum<R>, M>> running;
    typename Block::template Each<RowValues<R, M>> folded;
    load_tile<Unit, rows, Width>(block, queries, task.q.tile(place.head, first, view.queries));
    block.each([&](int t) {
      sums[t].clear();
      repeat<M>([&](int i) { running[t].v[i] = RunningSum<R>{}; });
    });
    const std::int64_t end = view.end_of_keys(first, rows);
    for (std::int64_t j = 0; j < end; j += columns) {
      block.barrier();  // whoever still reads the last keys has done so
      load_tile<Unit, columns, Width>(block, keys, task.k.tile(source, j, view.keys));
      load_tile<Unit, columns, Width>(block, values, task.v.tile(source, j, view.keys));
      block.barrier();
      block.each([&](int t) { scores[t].clear(); });
      add_turned_product<Unit, Width>(block, scores, queries, keys);
      const bool whole = view.whole(first, j, columns);
      block.each([&](int t) {
        const int lane = t % warp_threads;
        const std::int64_t query = first + t / warp_threads * 8 * M + row_of_lane(lane), key = j + column_of_lane(lane);
        repeat<M>([&](int i) { folded[t].v[i] = RunningSum<R>::lowest(); });
        Scores::each([&](int n, int i, int e) {
          R& s = scores[t].v[n][i][e];
          s *= task.scale;
          if (!whole && !view.sees(query + 8 * i, key + 8 * n + e)) s = RunningSum<R>::lowest();
          folded[t].v[i] = Larger::combine(folded[t].v[i], s);
        });
      });
      block.template fold_rows<Larger>(folded);
      block.each([&](int t) {
        repeat<M>([&](int i) {
          const R shrink = running[t].v[i].raise(folded[t].v[i]);
          repeat<Width / 8>([&](int n) { repeat<2>([&](int e) { sums[t].v[n][i][e] *= shrink; }); });
        });
        Scores::each([&](int n, int i, int e) {
          R& s = scores[t].v[n][i][e];
          s = math::exp2(s - running[t].v[i].base());
          running[t].v[i].sum += s;
        });
      });
      add_product<Unit, Width>(block, sums, scores, values, scratch);
    }
    block.each([&](int t) { repeat<M>([&](int i) { folded[t].v[i] = running[t].v[i].sum; }); });
    block.template fold_rows<Plus>(folded);
    block.each([&](int t) {
      const int lane = t % warp_threads;
      const std::int64_t query = first + t / warp_threads * 8 * M + row_of_lane(lane);
      repeat<M>([&](int i) {
        running[t].v[i].sum = folded[t].v[i];
        if (lane % 4 == 0 && query + 8 * i < view.queries) logs[place.head * view.queries + query + 8 * i] = running[t].v[i].log();
      });
    });
    block.barrier();  // the queries have been read
    store_tile<Width>(
        block, sums, [&](int t, int i) { return R(1) / running[t].v[i].sum; }, queries, out.tile(place.head, first, view.queries));
  }
};

/// inner[r] = the sum of gradient times result along row r of [heads * queries]: what the normalisation takes off each slope.
template <class T>
struct AttentionInner {
  using R = register_t<T>;
  std::int64_t queries, width;
  HeadStrides<const T> out, gradient;
  R* inner;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const std::int64_t head = r / queries;
    const Row<const T> y{out.at(head, r - head * queries), 1}, g{gradient.at(head, r - head * queries), 1};
    const auto total = team.template fold<SumState<R>>(width / V, [&](std::int64_t i) {
      R a[V], b[V];
      y.template read<V>(i, a);
      g.template read<V>(i, b);
      SumState<R> s{R(0)};
      repeat<V>([&](int k) { s.sum += a[k] * b[k]; });
      return s;
    });
    team.once([&] { inner[r] = total.sum; });
  }
};

/// What both backward kernels read.
template <class T>
struct AttentionSlopes {
  using R = register_t<T>;
  AttentionTask<T> task;
  HeadMatrix<const T> gradient;
  const R *logs, *inner;
  R factor;  ///< of the products: scale without log2(e)
};

/// Weight and slope of a score: weight = 2^(scale product - log), slope = weight (slope of the weight - inner), 0 where nothing is seen.
template <class R>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void weight_and_slope(R& product, R& slope, R scale, R log, R inner, bool seen) {
  const R weight = seen ? math::exp2(product * scale - log) : R(0);
  product = weight;
  slope = seen ? weight * (slope - inner) : R(0);
}

/// dq = scale slopes k; a block has queries.
template <class Unit, int Width>
struct AttentionBackwardQueries {
  using T = typename Unit::Element;
  using R = typename Unit::R;
  using Tile = AttentionTile<Unit, Width>;
  static constexpr int threads = Tile::threads, rows = Tile::rows, columns = Tile::backward_columns, M = Tile::squares_down;
  static constexpr int shared_elements = (2 * rows + 2 * columns) * Tile::row + Tile::template scratch<columns>;

  AttentionSlopes<T> in;
  HeadMatrix<T> dq;

  std::int64_t blocks() const { return in.task.heads * in.task.group * ((in.task.view.queries + rows - 1) / rows); }

  template <class Block>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void run(const Block& block, std::int64_t number, T* shared) const {
    const AttentionTask<T>& task = in.task;
    const AttentionView view = task.view;
    const AttentionPlace place(number, view.queries, rows, true);
    const std::int64_t first = place.first, source = place.head / task.group;
    T *const queries = shared, *const gradients = queries + rows * Tile::row, *const keys = gradients + rows * Tile::row,
             *const values = keys + columns * Tile::row, *const scratch = values + columns * Tile::row;
    using Scores = TilePart<R, M, columns / 8>;
    typename Block::template Each<TilePart<R, M, Width / 8>> sums;
    typename Block::template Each<Scores> weights, slopes;
    typename Block::template Each<RowValues<R, M>> logs, inner;
    load_tile<Unit, rows, Width>(block, queries, task.q.tile(place.head, first, view.queries));
    load_tile<Unit, rows, Width>(block, gradients, in.gradient.tile(place.head, first, view.queries));
    block.each([&](int t) {
      const std::int64_t query = first + t / warp_threads * 8 * M + row_of_lane(t % warp_threads);
      sums[t].clear();
      repeat<M>([&](int i) {
        const bool there = query + 8 * i < view.queries;
        logs[t].v[i] = there ? in.logs[place.head * view.queries + query + 8 * i] : R(0);
        inner[t].v[i] = there ? in.inner[place.head * view.queries + query + 8 * i] : R(0);
      });
    });
    const std::int64_t end = view.end_of_keys(first, rows);
    for (std::int64_t j = 0; j < end; j += columns) {
      block.barrier();  // whoever still reads the last keys has done so
      load_tile<Unit, columns, Width>(block, keys, task.k.tile(source, j, view.keys));
      load_tile<Unit, columns, Width>(block, values, task.v.tile(source, j, view.keys));
      block.barrier();
      block.each([&](int t) { weights[t].clear(), slopes[t].clear(); });
      add_turned_product<Unit, Width>(block, weights, queries, keys);
      add_turned_product<Unit, Width>(block, slopes, gradients, values);
      const bool whole = view.whole(first, j, columns);
      block.each([&](int t) {
        const int lane = t % warp_threads;
        const std::int64_t query = first + t / warp_threads * 8 * M + row_of_lane(lane), key = j + column_of_lane(lane);
        Scores::each([&](int n, int i, int e) {
          const bool seen = query + 8 * i < view.queries && (whole || view.sees(query + 8 * i, key + 8 * n + e));
          weight_and_slope(weights[t].v[n][i][e], slopes[t].v[n][i][e], task.scale, logs[t].v[i], inner[t].v[i], seen);
        });
      });
      add_product<Unit, Width>(block, sums, slopes, keys, scratch);
    }
    block.barrier();  // the queries have been read
    store_tile<Width>(
        block, sums, [&](int, int) { return in.factor; }, queries, dq.tile(place.head, first, view.queries));
  }
};

/// dv = weights^T gradient, dk = scale slopes^T q; a block has keys, the scores are turned: a row for each key, a column for each query.
template <class Unit, int Width>
struct AttentionBackwardKeys {
  using T = typename Unit::Element;
  using R = typename Unit::R;
  using Tile = AttentionTile<Unit, Width>;
  static constexpr int threads = Tile::threads, rows = Tile::rows, columns = Tile::backward_columns, M = Tile::squares_down;
  static constexpr int numbers = 2 * columns * static_cast<int>(sizeof(R) / sizeof(T));  ///< room for the logarithms and inner products
  static constexpr int shared_elements = (2 * rows + 2 * columns) * Tile::row + Tile::template scratch<columns> + numbers;

  AttentionSlopes<T> in;
  HeadMatrix<T> dk, dv;

  std::int64_t blocks() const { return in.task.heads * ((in.task.view.keys + rows - 1) / rows); }

  template <class Block>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void run(const Block& block, std::int64_t number, T* shared) const {
    const AttentionTask<T>& task = in.task;
    const AttentionView view = task.view;
    const AttentionPlace place(number, view.keys, rows, false);
    const std::int64_t first = place.first, source = place.head;
    T *const keys = shared, *const values = keys + rows * Tile::row, *const queries = values + rows * Tile::row,
             *const gradients = queries + columns * Tile::row, *const scratch = gradients + columns * Tile::row;
    R *const logs = reinterpret_cast<R*>(scratch + Tile::template scratch<columns>), *const inner = logs + columns;
    using Scores = TilePart<R, M, columns / 8>;
    typename Block::template Each<TilePart<R, M, Width / 8>> key_sums, value_sums;
    typename Block::template Each<Scores> weights, slopes;
    load_tile<Unit, rows, Width>(block, keys, task.k.tile(source, first, view.keys));
    load_tile<Unit, rows, Width>(block, values, task.v.tile(source, first, view.keys));
    block.each([&](int t) { key_sums[t].clear(), value_sums[t].clear(); });
    const std::int64_t start = view.first_query(first, columns);
    for (std::int64_t head = source * task.group; head < (source + 1) * task.group; ++head) {
      for (std::int64_t i0 = start; i0 < view.queries; i0 += columns) {
        block.barrier();  // whoever still reads the last queries has done so
        load_tile<Unit, columns, Width>(block, queries, task.q.tile(head, i0, view.queries));
        load_tile<Unit, columns, Width>(block, gradients, in.gradient.tile(head, i0, view.queries));
        block.each([&](int t) {
          for (int c = t; c < columns; c += threads) {
            const bool there = i0 + c < view.queries;
            logs[c] = there ? in.logs[head * view.queries + i0 + c] : R(0);
            inner[c] = there ? in.inner[head * view.queries + i0 + c] : R(0);
          }
        });
        block.barrier();
        block.each([&](int t) { weights[t].clear(), slopes[t].clear(); });
        add_turned_product<Unit, Width>(block, weights, keys, queries);
        add_turned_product<Unit, Width>(block, slopes, values, gradients);
        const bool whole = i0 + columns <= view.queries && view.whole(i0, first, rows);
        block.each([&](int t) {
          const int lane = t % warp_threads, column = column_of_lane(lane);
          const std::int64_t key = first + t / warp_threads * 8 * M + row_of_lane(lane), query = i0 + column;
          Scores::each([&](int n, int i, int e) {
            const bool seen = whole || (query + 8 * n + e < view.queries && view.sees(query + 8 * n + e, key + 8 * i));
            weight_and_slope(weights[t].v[n][i][e], slopes[t].v[n][i][e], task.scale, logs[column + 8 * n + e], inner[column + 8 * n + e],
                             seen);
          });
        });
        add_product<Unit, Width>(block, value_sums, weights, gradients, scratch);
        add_product<Unit, Width>(block, key_sums, slopes, queries, scratch);
      }
    }
    block.barrier();  // keys and values have been read
    store_tile<Width>(
        block, key_sums, [&](int, int) { return in.factor; }, keys, dk.tile(source, first, view.keys));
    store_tile<Width>(
        block, value_sums, [](int, int) { return R(1); }, values, dv.tile(source, first, view.keys));
  }
};

// --- what is launched ---------------------------------------------------------------------------------------------------
/// run(unit, width as a type) for heads of a width, `matrix` if tensor cores may make the products.
template <class T, class Run>
void with_attention_unit(std::int64_t width, bool matrix, Run run) {
  const auto by_width = [&](auto narrow_unit, auto wide_unit) {
    if (width <= 32) run(narrow_unit, std::integral_constant<int, 32>{});
    else if (width <= 64) run(narrow_unit, std::integral_constant<int, 64>{});
    else run(wide_unit, std::integral_constant<int, 128>{});
  };
  if constexpr (sizeof(T) == 2) {
    by_width(MatrixUnit<T>{}, MatrixUnit<T>{});
  } else if constexpr (std::is_same_v<T, float>) {
    if (matrix) by_width(Tf32Unit{}, Tf32Unit{});
    else by_width(PlainUnit<float, 4>{}, PlainUnit<float, 2>{});
  } else {
    by_width(PlainUnit<T, 1>{}, PlainUnit<T, 1>{});
  }
}

/// Heads [rows, width] as the kernels take them.
template <class T>
HeadMatrix<T> head_matrix(const HeadStrides<T>& h, std::int64_t width) {
  constexpr std::int64_t packet = row_width<std::remove_const_t<T>>;
  const bool packets = width % packet == 0 && h.row % packet == 0 && h.outer_step % packet == 0 && h.inner_step % packet == 0 &&
                       is_packet_aligned(h.data, 16);
  return {h, static_cast<int>(width), packets};
}

template <class T>
AttentionTask<T> attention_task(const AttentionArguments<T, HeadStrides>& a) {
  return {{a.queries, a.keys, a.causal},
          a.heads,
          a.group,
          static_cast<register_t<T>>(a.scale * log2_of_e),
          head_matrix(a.q, a.width),
          head_matrix(a.k, a.width),
          head_matrix(a.v, a.value_width)};
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
