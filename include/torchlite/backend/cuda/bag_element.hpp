// SPDX-License-Identifier: BSD-3-Clause
// Bags and segments of rows, and sums of neighbours, without the launch: a thread for each element of the result.
#pragma once
#include <torchlite/backend/embedding_bag.hpp>
#include <torchlite/backend/layout.hpp>
#include <torchlite/backend/reducer.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// out [bags, width]: the sum of each bag's rows times their factors, divided by their number if mean.
template <class T>
struct SumBags {
  using R = register_t<T>;
  BagArguments<T> a;
  bool mean;
  T* out;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t bag = i / a.width, k = i % a.width;
    R sum = 0;
    std::int64_t count = 0;
    for (std::int64_t j = a.ends[bag]; j < a.ends[bag + 1]; ++j) {
      if (a.numbers[j] == a.padding) continue;
      const R factor = a.factors == nullptr ? R(1) : static_cast<R>(a.factors[j]);
      sum += factor * static_cast<R>(a.table[a.numbers[j] * a.width + k]);
      ++count;
    }
    out[i] = static_cast<T>(sum * (mean && count > 0 ? R(1) / static_cast<R>(count) : R(1)));
  }
};
/// rows [bags, width]: which row has the largest element of each bag's column (the first of equal ones), -1 in an empty bag.
template <class T>
struct LargestInBags {
  using R = register_t<T>;
  BagArguments<T> a;
  std::int64_t* rows;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t bag = i / a.width, k = i % a.width;
    std::int64_t best = -1;
    R top = 0;
    for (std::int64_t j = a.ends[bag]; j < a.ends[bag + 1]; ++j) {
      const std::int64_t row = a.numbers[j];
      if (row == a.padding) continue;
      const R v = static_cast<R>(a.table[row * a.width + k]);
      if (best < 0 || v > top) best = row, top = v;
    }
    rows[i] = best;
  }
};

/// out[s][k] = the largest (or smallest) of x[first[s]][k] ... x[first[s] + length[s] - 1][k], or `initial` of none.
template <bool Largest, class T>
struct SegmentExtreme {
  using R = register_t<T>;
  const T* x;
  std::int64_t width;
  const std::int64_t *first, *length;
  R initial;
  T* out;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t s = i / width, k = i % width;
    R best = initial;
    for (std::int64_t j = 0; j < length[s]; ++j) {
      const R v = static_cast<R>(x[(first[s] + j) * width + k]);
      best = Largest ? math::max(best, v) : math::min(best, v);
    }
    out[i] = static_cast<T>(best);
  }
};

/// y[o][i][k] = x[o][i - before][k] + ... + x[o][i + after][k], as far as there are such elements.
template <class T>
struct WindowSum {
  using R = register_t<T>;
  RowLayout a;
  std::int64_t before, after;
  const T* x;
  T* y;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t e) const {
    const std::int64_t i = e / a.inner % a.n, low = i < before ? -i : -before, high = i + after < a.n ? after : a.n - 1 - i;
    R sum = 0;
    for (std::int64_t j = low; j <= high; ++j) sum += static_cast<R>(x[e + j * a.inner]);
    y[e] = static_cast<T>(sum);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
