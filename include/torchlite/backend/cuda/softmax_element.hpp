// SPDX-License-Identifier: BSD-3-Clause
// What a team of threads does with a row of softmax, forward and backward.
#pragma once
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/logarithm.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// The largest element of a row, 0 if it is -infinity, and the sum of e^(x - top).
template <int V, class Team, class T, class R = typename Row<T>::R>
TORCHLITE_HOST_DEVICE TwoSums<R> exponential_sum(const Team& team, const Row<T>& row, std::int64_t n) {
  using Top = TopState<R>;
  R top = team.template fold<Top>(n / V,
                                  [&](std::int64_t i) {
                                    R v[V];
                                    row.template read<V>(i, v);
                                    Top t = Top::identity();
                                    unrolled<V>([&](auto k) { t = Top::combine(t, {v[decltype(k)::value]}); });
                                    return t;
                                  })
              .top;
  if (top == Top::identity().top) top = R(0);
  const R sum = team.template fold<SumState<R>>(n / V,
                                                [&](std::int64_t i) {
                                                  R v[V];
                                                  row.template read<V>(i, v);
                                                  SumState<R> s{R(0)};
                                                  unrolled<V>([&](auto k) { s.sum += math::exp(v[decltype(k)::value] - top); });
                                                  return s;
                                                })
                    .sum;
  return {top, sum};
}

/// y = e^x / sum e^x (Log: x - log sum e^x).
template <bool Log, class T>
struct SoftmaxForward {
  RowLayout rows;
  const T* x;
  T* y;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    using R = register_t<T>;
    const std::int64_t at = rows.first(r);
    const Row<const T> in{x + at, rows.inner};
    const Row<T> out{y + at, rows.inner};
    const auto found = exponential_sum<V>(team, in, rows.n);
    const R top = found.first, last = Log ? math::log(found.second) : R(1) / found.second;
    team.each(rows.n / V, [&](std::int64_t i) {
      R v[V];
      in.template read<V>(i, v);
      unrolled<V>([&](auto k) {
        R& e = v[decltype(k)::value];
        e = Log ? (e - top) - last : math::exp(e - top) * last;
      });
      out.template write<V>(i, v);
    });
  }
};

/// dx = y (g - sum g y) (Log: g - e^y sum g).
template <bool Log, class T>
struct SoftmaxBackward {
  RowLayout rows;
  const T *y, *g;
  T* dx;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    using R = register_t<T>;
    const std::int64_t at = rows.first(r);
    const Row<const T> values{y + at, rows.inner}, outer{g + at, rows.inner};
    const Row<T> out{dx + at, rows.inner};
    const R sum = team.template fold<SumState<R>>(rows.n / V,
                                                  [&](std::int64_t i) {
                                                    R v[V], w[V];
                                                    outer.template read<V>(i, w);
                                                    if constexpr (!Log) values.template read<V>(i, v);
                                                    SumState<R> s{R(0)};
                                                    unrolled<V>([&](auto k) {
                                                      constexpr int e = decltype(k)::value;
                                                      if constexpr (Log) s.sum += w[e];
                                                      else s.sum += v[e] * w[e];
                                                    });
                                                    return s;
                                                  })
                      .sum;
    team.each(rows.n / V, [&](std::int64_t i) {
      R v[V], w[V];
      values.template read<V>(i, v);
      outer.template read<V>(i, w);
      unrolled<V>([&](auto k) {
        constexpr int e = decltype(k)::value;
        v[e] = Log ? w[e] - math::exp(v[e]) * sum : v[e] * (w[e] - sum);
      });
      out.template write<V>(i, v);
    });
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
