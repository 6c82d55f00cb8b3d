// SPDX-License-Identifier: BSD-3-Clause
// A step of a recurrent layer past its matrix product, without the launch: a thread for each unit of each sequence.
#pragma once
#include <torchlite/backend/recurrent.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// The step at time t; h and kept are those of the step before, null for zeros.
template <class Cell, class T>
struct RecurrentStep {
  RecurrentArguments<T> a;
  std::int64_t t;
  const T *from_h, *h, *kept;

  std::int64_t count() const { return a.batch * a.hidden; }
  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t n = i / a.hidden, all = Cell::gates * a.hidden, row = t * a.batch + n;
    const CellRow<T> cell{a.gates + row * all,
                          Cell::apart ? from_h + n * all : nullptr,
                          a.bias_h,
                          h == nullptr ? nullptr : h + n * a.hidden,
                          kept == nullptr ? nullptr : kept + n * a.hidden,
                          Cell::keeps ? a.kept + t * a.kept_step + n * a.hidden : nullptr,
                          a.y + row * a.hidden};
    Cell::template forward<1>(cell, a.hidden, i % a.hidden);
  }
};

/// Backward through it; dh and dkept [batch, hidden] are what the step after gave.
template <class Cell, class T>
struct RecurrentStepBackward {
  RecurrentArguments<T> a;
  RecurrentGradients<T> d;
  std::int64_t t;
  const T *h, *kept;
  T *dh, *dkept;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t n = i / a.hidden, all = Cell::gates * a.hidden, row = t * a.batch + n;
    const CellRow<T> cell{a.gates + row * all,
                          nullptr,
                          nullptr,
                          h == nullptr ? nullptr : h + n * a.hidden,
                          kept == nullptr ? nullptr : kept + n * a.hidden,
                          Cell::keeps ? a.kept + row * a.hidden : nullptr,
                          a.y + row * a.hidden};
    const CellGradients<T> out{dh + n * a.hidden, dkept + n * a.hidden, d.dgates + row * all,
                               Cell::apart ? d.dfrom_h + row * all : nullptr};
    if (d.dy != nullptr) dh[i] += d.dy[row * a.hidden + i % a.hidden];
    Cell::template backward<1>(cell, out, a.hidden, i % a.hidden);
  }
};

/// Goes through the steps forward: multiply(t, h) adds what h gives the gates (or sets from_h), then each step runs.
template <class Cell, class T, class Multiply, class Run>
void recurrent_steps(const RecurrentArguments<T>& a, const T* from_h, Multiply multiply, Run run) {
  const T *h = a.h_0, *kept = a.kept_0;
  for (std::int64_t i = 0; i < a.length; ++i) {
    const std::int64_t t = a.reversed ? a.length - 1 - i : i;
    multiply(t, h);
    run(RecurrentStep<Cell, T>{a, t, from_h, h, kept});
    h = a.y + t * a.batch * a.hidden;
    kept = Cell::keeps ? a.kept + t * a.kept_step : nullptr;
  }
}
/// Goes through them backward: each step runs, then multiply(t) makes dh of what it gave the gates; not behind the first step, unless that
/// is wanted.
template <class Cell, class T, class Multiply, class Run>
void recurrent_steps_backward(const RecurrentArguments<T>& a, const RecurrentGradients<T>& d, T* dh, T* dkept, Multiply multiply, Run run) {
  const std::int64_t size = a.batch * a.hidden;
  for (std::int64_t i = a.length - 1; i >= 0; --i) {
    const std::int64_t t = a.reversed ? a.length - 1 - i : i, before = a.reversed ? t + 1 : t - 1;
    const T* const h = i > 0 ? a.y + before * size : a.h_0;
    const T* const kept = !Cell::keeps ? nullptr : i > 0 ? a.kept + before * size : a.kept_0;
    run(RecurrentStepBackward<Cell, T>{a, d, t, h, kept, dh, dkept});
    if (i > 0 || d.dh_0 != nullptr) multiply(t);
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
