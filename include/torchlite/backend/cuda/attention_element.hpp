// SPDX-License-Identifier: BSD-3-Clause
// Attention without its matrix of scores, as what a block of threads does: it has some queries and goes over the keys, a tile at a time; what
// was summed is made smaller whenever a larger score appears.
// Source: Dao, FlashAttention-2, 2023; Milakov and Gimelshein, Online normalizer calculation for softmax, 2018.
#pragma once
#include <torchlite/backend/cuda/attention_geometry.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

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

// --- between global and shared memory ------------------------------------------------------------------------------------
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
  constexpr int rows = Block::threads / warp_threads * 8 * Part::squares_down;
  block.each([&](int t) {
    T* const at = by + row_of_thread<Part::squares_down>(t) * row + column_of_lane(t % warp_threads);
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

// --- the kernel --------------------------------------------------------------------------------------------------------
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
        const std::int64_t query = first + row_of_thread<M>(t), key = j + column_of_lane(t % warp_threads);
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
      const std::int64_t query = first + row_of_thread<M>(t);
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

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
