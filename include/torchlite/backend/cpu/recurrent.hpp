// SPDX-License-Identifier: BSD-3-Clause
// A recurrent layer over whole sequences. The sequences of a batch do not meet, so each thread takes some of them through all steps; a step
// is one matrix product for all gates and one pass over them. What x contributes, and the gradients of the weights, are products over all
// steps at once and not made here.
#pragma once
#include <torchlite/backend/cpu/gemm.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/backend/recurrent.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// A matrix [k, n] cut into panels of as many columns as a tile has, so that a product with few rows reads it as it lies.
template <class T>
class PanelMatrix {
 public:
  static constexpr std::int64_t width = TileSizes<T>::columns;

  PanelMatrix(std::int64_t k, std::int64_t n)
      : k_(k), n_(n), panels_(n / width - (n % width == 1 && n > width ? 1 : 0)), data_(scratch<T>(Scratch::recurrent_weights, k * n)) {}

  /// Takes the elements from[p * step_k + j * step_n].
  void fill(const T* from, std::int64_t step_k, std::int64_t step_n) const {
    for (std::int64_t j = 0; j < n_;) {
      const std::int64_t count = j < panels_ * width ? width : n_ - j;
      for (std::int64_t p = 0; p < k_; p += depth)
        pack(from + p * step_k + j * step_n, step_n, step_k, count, std::min(depth, k_ - p), data_ + j * k_ + p * count);
      j += count;
    }
  }
  /// c = beta c + a this; a [m, k] and c [m, n] with dense rows, a_row and c_row apart. A row of c does not depend on the others: no product
  /// has a single row or column if there are more, for it would be summed in another order, and each is one block of k.
  void multiply(std::int64_t m, const T* a, std::int64_t a_row, T* c, std::int64_t c_row, T beta) const {
    for (std::int64_t i = 0, rows = 0; i < m; i += rows) {
      rows = std::min<std::int64_t>(24, m - i);  // so few that the product does not copy what lies well already
      if (m - i - rows == 1) --rows;
      for (std::int64_t p = 0; p < k_; p += depth) {
        GemmArguments<T> g;
        g.m = rows, g.n = width, g.k = std::min(depth, k_ - p);
        g.a = a + i * a_row + p, g.a_row = a_row;
        g.b = data_ + p * width, g.b_row = width, g.b_batch = width * k_;
        g.c = c + i * c_row, g.c_row = c_row, g.c_batch = width;
        g.beta = p == 0 ? beta : T(1);
        g.batch = panels_;
        if (panels_ > 0) gemm(Cpu{}, g);
        const std::int64_t done = panels_ * width;
        if (done == n_) continue;
        g.n = g.b_row = n_ - done;
        g.b = data_ + done * k_ + p * g.n, g.c += done;
        g.batch = 1;
        gemm(Cpu{}, g);
      }
    }
  }

 private:
  static constexpr std::int64_t depth = BlockSizes<T>::k;

  static void pack(const T* from, std::int64_t step, std::int64_t inner, std::int64_t count, std::int64_t k, T* to) {
    // Panels wider than two vectors, which the products of the library do not have, are copied here.
    if (count <= width) return pack_panel(from, step, inner, count, count, k, to);
    for (std::int64_t p = 0; p < k; ++p)
      for (std::int64_t i = 0; i < count; ++i) to[p * count + i] = from[p * inner + i * step];
  }

  std::int64_t k_, n_, panels_;
  T* data_;
};

/// Calls f(first, last) on parts of the batch, in threads where each has enough to do.
template <class F>
void each_part_of_batch(std::int64_t batch, F&& f) {
  // Parts of fewer sequences waste the rows of a tile; the products inside may be shared instead.
  constexpr std::int64_t least = 8;
  parallel_for(batch, least, f);
}

template <class Cell, class T>
void recurrent_forward(Cpu, const RecurrentArguments<T>& a) {
  count_kernel("recurrent_forward");
  const std::int64_t hidden = a.hidden, all = Cell::gates * hidden;
  const PanelMatrix<T> weight(hidden, all);
  weight.fill(a.weight, 1, hidden);
  each_part_of_batch(a.batch, [&](std::int64_t first, std::int64_t last) {
    const std::int64_t count = last - first;
    T* const from_h = Cell::apart ? scratch<T>(Scratch::recurrent_state, count * all) : nullptr;
    const T* h = a.h_0 == nullptr ? nullptr : a.h_0 + first * hidden;
    const T* kept = a.kept_0 == nullptr ? nullptr : a.kept_0 + first * hidden;
    for (std::int64_t i = 0; i < a.length; ++i) {
      const std::int64_t t = a.reversed ? a.length - 1 - i : i;
      T* const gates = a.gates + (t * a.batch + first) * all;
      T* const y = a.y + (t * a.batch + first) * hidden;
      T* const now = Cell::keeps ? a.kept + t * a.kept_step + first * hidden : nullptr;
      if (h != nullptr) {
        if constexpr (Cell::apart) weight.multiply(count, h, hidden, from_h, all, T(0));
        else weight.multiply(count, h, hidden, gates, all, T(1));
      } else if constexpr (Cell::apart) {
        std::fill_n(from_h, count * all, T(0));
      }
      for (std::int64_t n = 0; n < count; ++n) {
        const auto at = [&](auto* p) { return p == nullptr ? p : p + n * hidden; };
        const CellRow<T> row{gates + n * all, Cell::apart ? from_h + n * all : nullptr, a.bias_h, at(h), at(kept), at(now), y + n * hidden};
        each_unit(
            hidden, [&]<int N>(std::int64_t j) __attribute__((always_inline)) { Cell::template forward<N>(row, hidden, j); });
      }
      h = y;
      kept = now;
    }
  });
}

/// The gradients of all that forward took; its results must still be there.
template <class Cell, class T>
void recurrent_backward(Cpu, const RecurrentArguments<T>& a, const RecurrentGradients<T>& d) {
  count_kernel("recurrent_backward");
  const std::int64_t hidden = a.hidden, all = Cell::gates * hidden;
  const PanelMatrix<T> weight(all, hidden);
  weight.fill(a.weight, hidden, 1);
  each_part_of_batch(a.batch, [&](std::int64_t first, std::int64_t last) {
    const std::int64_t count = last - first, size = count * hidden;
    T *const dh = scratch<T>(Scratch::recurrent_state, 2 * size), *const dkept = dh + size;
    std::fill_n(dh, size, T(0));
    if (d.dkept_n != nullptr) std::copy_n(d.dkept_n + first * hidden, size, dkept);
    else std::fill_n(dkept, size, T(0));
    for (std::int64_t i = a.length - 1; i >= 0; --i) {
      const std::int64_t t = a.reversed ? a.length - 1 - i : i, before = a.reversed ? t + 1 : t - 1;
      const auto step = [&](auto* p, std::int64_t at, std::int64_t width) { return p + (at * a.batch + first) * width; };
      const T* const dy = d.dy == nullptr ? nullptr : step(d.dy, t, hidden);
      const T *h = nullptr, *kept = nullptr;
      if (i > 0) {
        h = step(static_cast<const T*>(a.y), before, hidden);
        if (Cell::keeps) kept = step(static_cast<const T*>(a.kept), before, hidden);
      } else {
        if (a.h_0 != nullptr) h = a.h_0 + first * hidden;
        if (a.kept_0 != nullptr) kept = a.kept_0 + first * hidden;
      }
      T *const dgates = step(d.dgates, t, all), *const dfrom_h = Cell::apart ? step(d.dfrom_h, t, all) : nullptr;
      for (std::int64_t n = 0; n < count; ++n) {
        const auto at = [&](auto* p, std::int64_t width) { return p == nullptr ? p : p + n * width; };
        const CellRow<T> row{step(a.gates, t, all) + n * all,
                             nullptr,
                             nullptr,
                             at(h, hidden),
                             at(kept, hidden),
                             Cell::keeps ? step(a.kept, t, hidden) + n * hidden : nullptr,
                             step(a.y, t, hidden) + n * hidden};
        const CellGradients<T> out{dh + n * hidden, dkept + n * hidden, dgates + n * all, at(dfrom_h, all)};
        const T* const more = at(dy, hidden);
        each_unit(
            hidden, [&]<int N>(std::int64_t j) __attribute__((always_inline)) {
              if (more != nullptr) {
                TORCHLITE_VECTORIZE
                for (int k = 0; k < N; ++k) out.dh[j + k] += more[j + k];
              }
              Cell::template backward<N>(row, out, hidden, j);
            });
      }
      if (i == 0 && d.dh_0 == nullptr) break;
      weight.multiply(count, Cell::apart ? dfrom_h : dgates, all, dh, hidden, Cell::apart ? T(1) : T(0));
    }
    if (d.dh_0 != nullptr) std::copy_n(dh, size, d.dh_0 + first * hidden);
    if (d.dkept_0 != nullptr) std::copy_n(dkept, size, d.dkept_0 + first * hidden);
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
