// SPDX-License-Identifier: BSD-3-Clause
// The elementwise part of recurrent cells, forward and backward, over the units of one sequence: what is left of a step when the matrix
// products are done, N units at a time (one on a GPU's thread). Gates lie side by side, `hidden` apart; forward leaves their activated
// values in place of what came in.
#pragma once
#include <torchlite/core/config.hpp>
#include <torchlite/core/math/hyperbolic.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// What a step works on, for one sequence; a cell reads what it has.
template <class T>
struct CellRow {
  T* gates;              ///< from x and h; activated by forward. Backward: the activated ones
  const T* from_h;       ///< GRU: the share of h, which its reset gate scales
  const T* bias_h;       ///< GRU: what belongs to from_h
  const T* h_before;     ///< null: zeros
  const T* kept_before;  ///< LSTM: c of the step before; null: zeros
  T* kept;               ///< LSTM: c; GRU: from_h of the new gate, with its bias
  T* h;
};
/// The same for gradients.
template <class T>
struct CellGradients {
  T* dh;       ///< in: of h; GRU, out: what goes to h_before past the matrix product
  T* dkept;    ///< LSTM: of c, from the step after; out: of c of the step before
  T* dgates;   ///< of what forward took as gates
  T* dfrom_h;  ///< GRU: of from_h
};

/// h = tanh(gate), or relu.
template <bool Rectified>
struct ElmanCell {
  static constexpr const char* name = "rnn";
  static constexpr int gates = 1;
  static constexpr bool apart = false;  ///< the shares of x and h come in one sum
  static constexpr bool keeps = false;

  template <int N, class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static void forward(const CellRow<T>& row, std::int64_t, std::int64_t j) {
    T *const g = row.gates + j, *const h = row.h + j;
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) {
      if constexpr (Rectified) h[k] = math::select(g[k] < T(0), T(0), g[k]);
      else h[k] = math::tanh(g[k]);
    }
  }
  template <int N, class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static void backward(const CellRow<T>& row, const CellGradients<T>& d, std::int64_t,
                                                              std::int64_t j) {
    const T *const h = row.h + j, *const dh = d.dh + j;
    T* const dg = d.dgates + j;
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) {
      if constexpr (Rectified) dg[k] = math::select(h[k] > T(0), dh[k], T(0));
      else dg[k] = dh[k] * (T(1) - h[k] * h[k]);
    }
  }
};

/// Gates i, f, g, o: c = sigmoid(f) c_before + sigmoid(i) tanh(g), h = sigmoid(o) tanh(c).
struct LstmCell {
  static constexpr const char* name = "lstm";
  static constexpr int gates = 4;
  static constexpr bool apart = false;
  static constexpr bool keeps = true;

  template <int N, class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static void forward(const CellRow<T>& row, std::int64_t hidden, std::int64_t j) {
    T *const i = row.gates + j, *const f = i + hidden, *const g = f + hidden, *const o = g + hidden;
    T *const c = row.kept + j, *const h = row.h + j;
    // Loops of one function each: a long one waits for the latency of its chain, and has too many numbers for the registers.
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) i[k] = math::sigmoid(i[k]);
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) f[k] = math::sigmoid(f[k]);
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) g[k] = math::tanh(g[k]);
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) o[k] = math::sigmoid(o[k]);
    if (row.kept_before == nullptr) {
      TORCHLITE_VECTORIZE
      for (int k = 0; k < N; ++k) c[k] = i[k] * g[k];
    } else {
      const T* const before = row.kept_before + j;
      TORCHLITE_VECTORIZE
      for (int k = 0; k < N; ++k) c[k] = f[k] * before[k] + i[k] * g[k];
    }
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) h[k] = o[k] * math::tanh(c[k]);
  }
  template <int N, class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static void backward(const CellRow<T>& row, const CellGradients<T>& d, std::int64_t hidden,
                                                              std::int64_t j) {
    const T *const i = row.gates + j, *const f = i + hidden, *const g = f + hidden, *const o = g + hidden;
    const T *const c = row.kept + j, *const dh = d.dh + j;
    T *const di = d.dgates + j, *const df = di + hidden, *const dg = df + hidden, *const d_o = dg + hidden, *const dc = d.dkept + j;
    alignas(64) T before[N];
    for (int k = 0; k < N; ++k) before[k] = 0;
    if (row.kept_before != nullptr)
      for (int k = 0; k < N; ++k) before[k] = row.kept_before[j + k];
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) {
      const T t = math::tanh(c[k]), of_c = dc[k] + dh[k] * o[k] * (T(1) - t * t);
      d_o[k] = dh[k] * t * o[k] * (T(1) - o[k]);
      di[k] = of_c * g[k] * i[k] * (T(1) - i[k]);
      df[k] = of_c * before[k] * f[k] * (T(1) - f[k]);
      dg[k] = of_c * i[k] * (T(1) - g[k] * g[k]);
      dc[k] = of_c * f[k];
    }
  }
};

/// Gates r, z, n: h = n + z (h_before - n) with n = tanh(n_x + r n_h).
struct GruCell {
  static constexpr const char* name = "gru";
  static constexpr int gates = 3;
  static constexpr bool apart = true;
  static constexpr bool keeps = true;

  template <int N, class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static void forward(const CellRow<T>& row, std::int64_t hidden, std::int64_t j) {
    T *const r = row.gates + j, *const z = r + hidden, *const n = z + hidden, *const kept = row.kept + j, *const h = row.h + j;
    const T *const r_h = row.from_h + j, *const z_h = r_h + hidden, *const n_h = z_h + hidden;
    alignas(64) T bias[3][N], before[N];
    for (int k = 0; k < N; ++k) bias[0][k] = bias[1][k] = bias[2][k] = before[k] = 0;
    if (row.bias_h != nullptr)
      for (int b = 0; b < 3; ++b)
        for (int k = 0; k < N; ++k) bias[b][k] = row.bias_h[b * hidden + j + k];
    if (row.h_before != nullptr)
      for (int k = 0; k < N; ++k) before[k] = row.h_before[j + k];
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) r[k] = math::sigmoid(r[k] + r_h[k] + bias[0][k]);
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) z[k] = math::sigmoid(z[k] + z_h[k] + bias[1][k]);
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) {
      kept[k] = n_h[k] + bias[2][k];
      n[k] = math::tanh(n[k] + r[k] * kept[k]);
      h[k] = n[k] + z[k] * (before[k] - n[k]);
    }
  }
  template <int N, class T>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static void backward(const CellRow<T>& row, const CellGradients<T>& d, std::int64_t hidden,
                                                              std::int64_t j) {
    const T *const r = row.gates + j, *const z = r + hidden, *const n = z + hidden, *const kept = row.kept + j;
    T *const dr = d.dgates + j, *const dz = dr + hidden, *const dn = dz + hidden, *const dh = d.dh + j;
    T *const dr_h = d.dfrom_h + j, *const dz_h = dr_h + hidden, *const dn_h = dz_h + hidden;
    alignas(64) T before[N];
    for (int k = 0; k < N; ++k) before[k] = 0;
    if (row.h_before != nullptr)
      for (int k = 0; k < N; ++k) before[k] = row.h_before[j + k];
    TORCHLITE_VECTORIZE
    for (int k = 0; k < N; ++k) {
      const T of_n = dh[k] * (T(1) - z[k]) * (T(1) - n[k] * n[k]);
      dn[k] = of_n;
      dn_h[k] = of_n * r[k];
      dr[k] = dr_h[k] = of_n * kept[k] * r[k] * (T(1) - r[k]);
      dz[k] = dz_h[k] = dh[k] * (before[k] - n[k]) * z[k] * (T(1) - z[k]);
      dh[k] = dh[k] * z[k];
    }
  }
};

/// f.template operator()<N>(j) for units j in [0, hidden), N at a time: no loop of a cell needs a tail.
template <class F>
TORCHLITE_INLINE void each_unit(std::int64_t hidden, F&& f) {
  std::int64_t j = 0;
  for (; j + 64 <= hidden; j += 64) f.template operator()<64>(j);
  for (; j + 16 <= hidden; j += 16) f.template operator()<16>(j);
  for (; j < hidden; ++j) f.template operator()<1>(j);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
