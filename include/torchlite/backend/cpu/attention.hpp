// SPDX-License-Identifier: BSD-3-Clause
// Attention, softmax(scale q k^T) v, without its matrix of scores: blocks of it live in the cache, and backward makes them again from one number
// for each query. Keys that a causal query does not see cost nothing, by blocks.
// Source: Dao et al., FlashAttention, NeurIPS 2022; Milakov and Gimelshein, Online normalizer calculation for softmax, 2018.
#pragma once
#include <torchlite/backend/attention.hpp>
#include <torchlite/backend/cpu/gemm.hpp>
#include <torchlite/backend/cpu/linalg/scalar.hpp>
#include <torchlite/backend/cpu/rows.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

#include <cmath>
#include <limits>

namespace torchlite::inline TORCHLITE_ABI::backend {

inline constexpr std::int64_t query_block = 32, key_block = 256;

/// Whether the kernels do heads [rows, width] and [rows, value_width] of tensors of this rank: all of them.
template <class T>
constexpr bool takes_attention(Cpu, std::int64_t, std::int64_t, int) {
  return true;
}

/// c = a b + beta c, with strides in the order row, column.
template <class T>
void block_product(std::int64_t m, std::int64_t n, std::int64_t k, const T* a, std::int64_t a_row, std::int64_t a_col, const T* b,
                   std::int64_t b_row, T* c, std::int64_t c_row, T beta) {
  GemmArguments<T> g;
  g.m = m, g.n = n, g.k = k;
  g.a = a, g.a_row = a_row, g.a_col = a_col;
  g.b = b, g.b_row = b_row;
  g.c = c, g.c_row = c_row;
  g.beta = beta;
  gemm_single(g, 1);
}

/// to[c * step + r] = from[r * row + c]: the columns of a head, which products read fastest.
template <class T>
void transpose_head(const T* from, std::int64_t row, std::int64_t rows, std::int64_t width, T* to, std::int64_t step) {
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < width; ++c) to[c * step + r] = from[r * row + c];
}
inline void transpose_head(const float* from, std::int64_t row, std::int64_t rows, std::int64_t width, float* to, std::int64_t step) {
  const std::int64_t r4 = rows / 4 * 4, c4 = width / 4 * 4;
  for (std::int64_t r = 0; r < r4; r += 4) {
    for (std::int64_t i = r + 12; i < r + 16; ++i)
      for (std::int64_t c = 0; c < width; c += 16) __builtin_prefetch(from + i * row + c);  // rows lie too far apart to be foreseen
    for (std::int64_t c = 0; c < c4; c += 4) transpose_4x4(from + r * row + c, row, to + c * step + r, step);
  }
  transpose_head<float>(from + r4 * row, row, rows - r4, width, to + r4, step);
  transpose_head<float>(from + c4, row, r4, width - c4, to + c4 * step, step);
}

/// Where the visible keys of query i end in a block of n keys that begins at j.
template <class T>
std::int64_t visible_keys(const AttentionArguments<T>& a, std::int64_t i, std::int64_t j, std::int64_t n) {
  return a.causal ? std::clamp<std::int64_t>(i + 1 - j, 0, n) : n;
}

/// Rows of scores are filled up to whole vectors.
constexpr std::int64_t score_row(std::int64_t n) { return (n + 15) & ~std::int64_t{15}; }

/// x *= factor for n elements, n from score_row; the largest of the results.
template <class T>
T scale_and_top(T* x, std::int64_t n, T factor) {
  constexpr int lanes = vector_lanes<T>;
  vector_register<T> best = vector_register<T>{} - std::numeric_limits<T>::infinity();
  for (std::int64_t j = 0; j < n; j += lanes) {
    const vector_register<T> v = load_vector(x + j) * factor;
    store_vector(x + j, v);
    best = v > best ? v : best;
  }
  return fold_lanes_of<T>(
      best, [](T a, T b) __attribute__((always_inline)) { return b > a ? b : a; });
}

/// x = e^(x - top) for n elements, n from score_row; their sum.
template <class T>
T exponentials(T* x, std::int64_t n, T top) {
  vector_register<T> sum{};
  for (std::int64_t j = 0; j < n; j += vector_lanes<T>) {
    const vector_register<T> e = exp_below_zero<T>(load_vector(x + j) - top);
    store_vector(x + j, e);
    sum += e;
  }
  return fold_lanes_of<T>(
      sum, [](T a, T b) __attribute__((always_inline)) { return a + b; });
}

/// x *= factor for n elements.
template <class T>
void scale_row(T* x, std::int64_t n, T factor) {
  std::int64_t i = 0;
  for (; i + vector_lanes<T> <= n; i += vector_lanes<T>) store_vector(x + i, load_vector(x + i) * factor);
  for (; i < n; ++i) x[i] *= factor;
}

/// out = the attention of each query, logs [heads * group, queries] = the logarithm of its sum of exponentials, for backward.
template <class T>
void attention_forward(Cpu, const AttentionArguments<T>& a, const HeadRows<T>& out, T* logs) {
  count_kernel("attention_forward");
  constexpr T infinity = std::numeric_limits<T>::infinity();
  const std::int64_t blocks = (a.queries + query_block - 1) / query_block, step = score_row(a.keys), ld = std::min(key_block, step);
  const std::int64_t work = query_block * a.keys * (a.width + a.value_width);
  parallel_for(a.heads * a.group * blocks, std::max<std::int64_t>(1, 96 * 96 * 96 / work), [&](std::int64_t begin, std::int64_t end) {
    T* const columns = scratch<T>(Scratch::attention, a.width * step + query_block * ld);
    T* const scores = columns + a.width * step;
    std::int64_t transposed = -1;
    for (std::int64_t unit = begin; unit < end; ++unit) {
      const std::int64_t head = unit / blocks, source = head / a.group, first = unit % blocks * query_block;
      const std::int64_t rows = std::min(query_block, a.queries - first);
      if (source != transposed) transpose_head(a.k.at(source, 0), a.k.row, a.keys, a.width, columns, step);
      transposed = source;
      T tops[query_block], sums[query_block];
      std::fill_n(tops, rows, -infinity);
      std::fill_n(sums, rows, T(0));
      T* const y = out.at(head, first);
      const std::int64_t seen = a.causal ? std::min(a.keys, first + rows) : a.keys;
      for (std::int64_t j = 0; j < seen; j += key_block) {
        const std::int64_t n = std::min(key_block, seen - j);
        block_product(rows, n, a.width, a.q.at(head, first), a.q.row, 1, columns + j, step, scores, ld, T(0));
        for (std::int64_t r = 0; r < rows; ++r) {
          T* const s = scores + r * ld;
          const std::int64_t own = visible_keys(a, first + r, j, n), whole = score_row(own);
          std::fill(s + own, s + whole, a.scale < 0 ? infinity : -infinity);
          const T top = std::max(tops[r], scale_and_top(s, whole, a.scale));
          const T sum = exponentials(s, whole, std::isinf(top) ? T(0) : top);
          if (whole < n) std::fill(s + whole, s + n, T(0));
          // What was summed so far was relative to the largest score so far.
          const T shrink = tops[r] == top ? T(1) : math::exp(tops[r] - top);
          if (j > 0 && shrink != T(1)) scale_row(y + r * out.row, a.value_width, shrink);
          sums[r] = sums[r] * shrink + sum;
          tops[r] = top;
        }
        block_product(rows, a.value_width, n, scores, ld, 1, a.v.at(source, j), a.v.row, y, out.row, j > 0 ? T(1) : T(0));
      }
      for (std::int64_t r = 0; r < rows; ++r) {
        scale_row(y + r * out.row, a.value_width, 1 / sums[r]);
        logs[head * a.queries + first + r] = tops[r] + math::log(sums[r]);
      }
    }
  });
}

/// The gradients of q, k and v, all of which are written. out and logs are forward's results.
template <class T>
void attention_backward(Cpu, const AttentionArguments<T>& a, const HeadRows<const T>& out, const T* logs, const HeadRows<const T>& dout,
                        const HeadRows<T>& dq, const HeadRows<T>& dk, const HeadRows<T>& dv) {
  count_kernel("attention_backward");
  const std::int64_t step = score_row(a.keys), ld = std::min(key_block, step);
  const std::int64_t work = 2 * a.group * a.queries * a.keys * (a.width + a.value_width);
  // One thread has all that adds to a head's keys, so that the order of the sums is one.
  parallel_for(a.heads, std::max<std::int64_t>(1, 96 * 96 * 96 / work), [&](std::int64_t begin, std::int64_t end) {
    T* const columns = scratch<T>(Scratch::attention, (a.width + a.value_width) * step + 2 * query_block * ld);
    T* const value_columns = columns + a.width * step;
    T *const weights = value_columns + a.value_width * step, *const slopes = weights + query_block * ld;
    for (std::int64_t source = begin; source < end; ++source) {
      transpose_head(a.k.at(source, 0), a.k.row, a.keys, a.width, columns, step);
      transpose_head(a.v.at(source, 0), a.v.row, a.keys, a.value_width, value_columns, step);
      for (std::int64_t j = 0; j < a.keys; ++j) {
        std::fill_n(dk.at(source, j), a.width, T(0));
        std::fill_n(dv.at(source, j), a.value_width, T(0));
      }
      for (std::int64_t head = source * a.group; head < (source + 1) * a.group; ++head) {
        for (std::int64_t first = 0; first < a.queries; first += query_block) {
          const std::int64_t rows = std::min(query_block, a.queries - first);
          const T *const q = a.q.at(head, first), *const g = dout.at(head, first);
          T inner[query_block];  // of the gradient and the result: what the normalisation takes off each slope
          for (std::int64_t r = 0; r < rows; ++r) inner[r] = inner_product(a.value_width, g + r * dout.row, out.at(head, first + r));
          const std::int64_t seen = a.causal ? std::min(a.keys, first + rows) : a.keys;
          for (std::int64_t j = 0; j < seen; j += key_block) {
            const std::int64_t n = std::min(key_block, seen - j);
            block_product(rows, n, a.width, q, a.q.row, 1, columns + j, step, weights, ld, T(0));
            block_product(rows, n, a.value_width, g, dout.row, 1, value_columns + j, step, slopes, ld, T(0));
            for (std::int64_t r = 0; r < rows; ++r) {
              T *const w = weights + r * ld, *const s = slopes + r * ld;
              const std::int64_t own = visible_keys(a, first + r, j, n), whole = std::min(ld, score_row(own));
              const T log = logs[head * a.queries + first + r], scale = a.scale, off = inner[r];
              for (std::int64_t c = 0; c < whole; c += vector_lanes<T>) {
                const vector_register<T> e = exp_below_zero<T>(load_vector(w + c) * scale - log);
                store_vector(w + c, e);
                store_vector(s + c, e * (load_vector(s + c) - off) * scale);
              }
              if (own < n) {
                std::fill(w + own, w + n, T(0));
                std::fill(s + own, s + n, T(0));
              }
            }
            block_product(n, a.value_width, rows, weights, 1, ld, g, dout.row, dv.at(source, j), dv.row, T(1));
            block_product(n, a.width, rows, slopes, 1, ld, q, a.q.row, dk.at(source, j), dk.row, T(1));
            block_product(rows, a.width, n, slopes, ld, 1, a.k.at(source, j), a.k.row, dq.at(head, first), dq.row, j > 0 ? T(1) : T(0));
          }
        }
      }
    }
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
