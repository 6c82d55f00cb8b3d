// SPDX-License-Identifier: BSD-3-Clause
// What a team of threads does with a row of layer_norm and with a channel of batch_norm.
#pragma once
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/core/math/power.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// value(v[k], k) summed over a packet.
template <int V, class R, class F>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE SumState<R> packet_sum(F f) {
  SumState<R> s{R(0)};
  unrolled<V>([&](auto k) { s.sum += f(decltype(k)::value); });
  return s;
}

/// y = (x - mean) rstd weight + bias; weight and bias may be null.
template <class T>
struct LayerNormForward {
  using R = register_t<T>;
  std::int64_t n;
  R eps;
  const T *x, *weight, *bias;
  T* y;
  R *means, *rstds;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const Row<const T> in{x + r * n, 1};
    const auto sum = [&](auto value) {
      return team
          .template fold<SumState<R>>(n / V,
                                      [&](std::int64_t i) {
                                        R v[V];
                                        in.template read<V>(i, v);
                                        return packet_sum<V, R>([&](int k) { return value(v[k]); });
                                      })
          .sum;
    };
    const R mean = sum([](R v) { return v; }) / static_cast<R>(n);
    const R variance = sum([mean](R v) { return (v - mean) * (v - mean); }) / static_cast<R>(n);
    const R rstd = R(1) / math::sqrt(variance + eps);
    const Row<T> out{y + r * n, 1};
    team.each(n / V, [&](std::int64_t i) {
      R v[V], w[V], b[V];
      in.template read<V>(i, v);
      if (weight != nullptr) Row<const T>{weight, 1}.template read<V>(i, w);
      if (bias != nullptr) Row<const T>{bias, 1}.template read<V>(i, b);
      unrolled<V>([&](auto k) {
        constexpr int e = decltype(k)::value;
        v[e] = (v[e] - mean) * rstd;
        if (weight != nullptr) v[e] *= w[e];
        if (bias != nullptr) v[e] += b[e];
      });
      out.template write<V>(i, v);
    });
    team.once([&] {
      means[r] = mean;
      rstds[r] = rstd;
    });
  }
};

/// dx = rstd (g weight - mean of it - normal * mean of g weight normal), normal being (x - mean) rstd.
template <class T>
struct LayerNormBackward {
  using R = register_t<T>;
  std::int64_t n;
  const T *x, *weight, *g;
  const R *means, *rstds;
  T* dx;

  template <int V>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void read(std::int64_t r, std::int64_t i, R (&normal)[V], R (&outer)[V]) const {
    Row<const T>{x + r * n, 1}.template read<V>(i, normal);
    Row<const T>{g + r * n, 1}.template read<V>(i, outer);
    R w[V];
    if (weight != nullptr) Row<const T>{weight, 1}.template read<V>(i, w);
    unrolled<V>([&](auto k) {
      constexpr int e = decltype(k)::value;
      normal[e] = (normal[e] - means[r]) * rstds[r];
      if (weight != nullptr) outer[e] *= w[e];
    });
  }
  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t r) const {
    const auto sums = team.template fold<TwoSums<R>>(n / V, [&](std::int64_t i) {
      R normal[V], outer[V];
      read<V>(r, i, normal, outer);
      TwoSums<R> s{R(0), R(0)};
      unrolled<V>([&](auto k) {
        constexpr int e = decltype(k)::value;
        s.first += outer[e];
        s.second += outer[e] * normal[e];
      });
      return s;
    });
    const R shift = sums.first / static_cast<R>(n), along = sums.second / static_cast<R>(n), rstd = rstds[r];
    team.each(n / V, [&](std::int64_t i) {
      R normal[V], outer[V];
      read<V>(r, i, normal, outer);
      unrolled<V>([&](auto k) {
        constexpr int e = decltype(k)::value;
        outer[e] = rstd * (outer[e] - shift - normal[e] * along);
      });
      Row<T>{dx + r * n, 1}.template write<V>(i, outer);
    });
  }
};

/// Sums of g normal and of g over the rows of a chunk, one thread for each column and chunk. They are added in the order of the rows.
template <class T>
struct LayerNormColumns {
  using R = register_t<T>;
  std::int64_t rows, n, chunk;
  const T *x, *g;
  const R *means, *rstds;
  TwoSums<R>* partial;  ///< [chunks, n]

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t c = i / n, column = i - c * n, last = (c + 1) * chunk < rows ? (c + 1) * chunk : rows;
    TwoSums<R> s{R(0), R(0)};
    for (std::int64_t r = c * chunk; r < last; ++r) {
      const R outer = static_cast<R>(g[r * n + column]);
      s.first += outer * ((static_cast<R>(x[r * n + column]) - means[r]) * rstds[r]);
      s.second += outer;
    }
    partial[i] = s;
  }
};

/// The chunks' sums, added in order; dweight and dbias may be null.
template <class T>
struct SumChunks {
  using R = register_t<T>;
  std::int64_t n, chunks;
  const TwoSums<R>* partial;
  T *first, *second;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    TwoSums<R> s = TwoSums<R>::identity();
    for (std::int64_t c = 0; c < chunks; ++c) s = TwoSums<R>::combine(s, partial[c * n + i]);
    if (first != nullptr) first[i] = static_cast<T>(s.first);
    if (second != nullptr) second[i] = static_cast<T>(s.second);
  }
};

/// Rows of a chunk: enough chunks to fill a device, though not so many that their sums become work.
constexpr std::int64_t rows_of_chunk(std::int64_t rows, std::int64_t n) {
  const std::int64_t wanted = 262144 / (n > 0 ? n : 1), most = (rows + 15) / 16;
  const std::int64_t chunks = wanted < 1 ? 1 : (wanted < most ? wanted : most);
  return chunks < 1 ? rows : (rows + chunks - 1) / chunks;
}

// --- channels ----------------------------------------------------------------------------------------------------------
/// Number i of the V-element packets of a channel, as an offset.
template <int V>
struct ChannelPackets {
  ChannelLayout s;

  TORCHLITE_HOST_DEVICE std::int64_t count() const { return s.batch * (s.plane / V); }
  TORCHLITE_HOST_DEVICE std::int64_t at(std::int64_t channel, std::int64_t i) const {
    const std::int64_t packets = s.plane / V, n = i / packets;
    return s.at(n, channel) + (i - n * packets) * V;
  }
};

/// Mean and (biased) variance of each channel.
template <class T>
struct BatchNormMoments {
  using R = register_t<T>;
  ChannelLayout s;
  const T* x;
  R *means, *variances;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t c) const {
    const ChannelPackets<V> packets{s};
    const R count = static_cast<R>(s.count());
    const auto sum = [&](auto value) {
      return team
          .template fold<SumState<R>>(packets.count(),
                                      [&](std::int64_t i) {
                                        R v[V];
                                        Row<const T>{x + packets.at(c, i), 1}.template read<V>(0, v);
                                        return packet_sum<V, R>([&](int k) { return value(v[k]); });
                                      })
          .sum;
    };
    const R mean = sum([](R v) { return v; }) / count;
    const R variance = sum([mean](R v) { return (v - mean) * (v - mean); }) / count;
    team.once([&] {
      means[c] = mean;
      variances[c] = variance;
    });
  }
};

/// y = (x - mean) scale + shift; one thread for each packet.
template <class T, int V>
struct BatchNormApply {
  using R = register_t<T>;
  ChannelLayout s;
  const T* x;
  const R *means, *scales;
  const T* shifts;
  T* y;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const std::int64_t c = i / (s.plane / V) % s.channels;
    const R mean = means[c], scale = scales[c], shift = shifts == nullptr ? R(0) : static_cast<R>(shifts[c]);
    R v[V];
    Row<const T>{x, 1}.template read<V>(i, v);
    unrolled<V>([&](auto k) { v[decltype(k)::value] = (v[decltype(k)::value] - mean) * scale + shift; });
    Row<T>{y, 1}.template write<V>(i, v);
  }
};

/// The two sums of a channel, and dx if asked for; own: mean and variance came from x itself.
template <class T>
struct BatchNormBackward {
  using R = register_t<T>;
  ChannelLayout s;
  bool own;
  const T *x, *g;
  const R *means, *rstds, *scales;
  T* dx;
  R *sums_g, *sums_gx;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t c) const {
    const ChannelPackets<V> packets{s};
    const R mean = means[c], rstd = rstds[c], scale = scales[c], count = static_cast<R>(s.count());
    const auto sums = team.template fold<TwoSums<R>>(packets.count(), [&](std::int64_t i) {
      const std::int64_t at = packets.at(c, i);
      R v[V], w[V];
      Row<const T>{x + at, 1}.template read<V>(0, v);
      Row<const T>{g + at, 1}.template read<V>(0, w);
      TwoSums<R> t{R(0), R(0)};
      unrolled<V>([&](auto k) {
        constexpr int e = decltype(k)::value;
        t.first += w[e];
        t.second += w[e] * (v[e] - mean);
      });
      return t;
    });
    team.once([&] {
      sums_g[c] = sums.first;
      sums_gx[c] = sums.second * rstd;
    });
    if (dx == nullptr) return;
    const R along = own ? sums.second / count * rstd * rstd * scale : R(0), shift = own ? sums.first / count * scale : R(0);
    team.each(packets.count(), [&](std::int64_t i) {
      const std::int64_t at = packets.at(c, i);
      R v[V], w[V];
      Row<const T>{x + at, 1}.template read<V>(0, v);
      Row<const T>{g + at, 1}.template read<V>(0, w);
      unrolled<V>([&](auto k) {
        constexpr int e = decltype(k)::value;
        v[e] = w[e] * scale - (v[e] - mean) * along - shift;
      });
      Row<T>{dx + at, 1}.template write<V>(0, v);
    });
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
