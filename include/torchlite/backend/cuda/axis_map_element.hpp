// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// One map along the middle axis of x [outer, in, inner] -> y [outer, out, inner]: an element is the sum of its taps, computed in A.
template <class A, class From, class To>
struct MapAxis {
  std::int64_t in, out, inner;
  const std::int64_t *begin, *index;
  const double* weight;  ///< null: all are 1
  const From* x;
  To* y;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t row = i / inner, column = i - row * inner, outer = row / out, k = row - outer * out;
    const From* const from = x + outer * in * inner + column;
    A sum{};
    for (std::int64_t t = begin[k]; t < begin[k + 1]; ++t) {
      const A v = static_cast<A>(from[index[t] * inner]);
      if constexpr (std::is_floating_point_v<A>) sum += weight != nullptr ? static_cast<A>(weight[t]) * v : v;
      else sum = static_cast<A>(sum + v);
    }
    y[i] = static_cast<To>(sum);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
