// SPDX-License-Identifier: BSD-3-Clause
// The gradients of attention, as what a block of threads does: the scores are made again from one logarithm for each query. One kernel in which
// a block has queries gives dq, one in which it has keys gives dk and dv, so that each number is summed by one thread in a fixed order.
// Source: Dao, FlashAttention-2, 2023.
#pragma once
#include <torchlite/backend/cuda/attention_element.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

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
      const std::int64_t query = first + row_of_thread<M>(t);
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
        const std::int64_t query = first + row_of_thread<M>(t), key = j + column_of_lane(t % warp_threads);
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
          const int column = column_of_lane(t % warp_threads);
          const std::int64_t key = first + row_of_thread<M>(t), query = i0 + column;
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

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
