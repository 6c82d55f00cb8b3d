// SPDX-License-Identifier: BSD-3-Clause
// Random numbers on the device: thread i makes the elements that one Philox block gives, the same numbers as on the Cpu.
#pragma once
#include <torchlite/backend/cuda/replay.hpp>
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/core/random.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// The four words of a block as an array.
struct RandomWords {
  std::uint32_t w[4];
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE RandomWords(RandomStream stream, std::int64_t block) {
    const Uint4 r = stream.block(static_cast<std::uint64_t>(block));
    w[0] = r.x, w[1] = r.y, w[2] = r.z, w[3] = r.w;
  }
};

/// Stores V values at [i V, i V + V), as far as there are n.
template <class T, int V, class R>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void store_values(T* out, std::int64_t n, bool aligned, std::int64_t i, const R (&v)[V]) {
  if (aligned && (i + 1) * V <= n) {
    Packet<stored_t<T>, V> p;
    unrolled<V>([&](auto k) { p.v[decltype(k)::value] = static_cast<stored_t<T>>(v[decltype(k)::value]); });
    packet_at<T, V>(static_cast<void*>(out), i * V) = p;
  } else {
    unrolled<V>([&](auto k) {
      const std::int64_t at = i * V + decltype(k)::value;
      if (at < n) element_at<T>(static_cast<void*>(out), at) = static_cast<stored_t<T>>(v[decltype(k)::value]);
    });
  }
}

/// out = low + scale * uniform in [0, 1); a thread makes four floats or two doubles.
template <class T>
struct FillUniform {
  using R = std::conditional_t<std::is_same_v<T, double>, double, float>;
  static constexpr int width = sizeof(R) == 8 ? 2 : 4;
  RandomSource source;
  T* out;
  std::int64_t n;
  R scale, low;
  bool aligned;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const RandomWords r(source.stream(), i);
    R v[width];
    unrolled<width>([&](auto k) {
      constexpr int e = decltype(k)::value;
      if constexpr (width == 2) v[e] = uniform_double(r.w[2 * e], r.w[2 * e + 1]) * scale + low;
      else v[e] = uniform_float(r.w[e]) * scale + low;
    });
    store_values<T, width>(out, n, aligned, i, v);
  }
};

/// out = mean + scale * standard normal.
template <class T>
struct FillNormal {
  using R = typename FillUniform<T>::R;
  static constexpr int width = FillUniform<T>::width;
  RandomSource source;
  T* out;
  std::int64_t n;
  R scale, mean;
  bool aligned;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const RandomWords r(source.stream(), i);
    R v[width];
    if constexpr (width == 2) {
      const auto pair = normal_pair(Uint4{r.w[0], r.w[1], r.w[2], r.w[3]});
      v[0] = pair.first * scale + mean, v[1] = pair.second * scale + mean;
    } else {
      const auto a = normal_pair(r.w[0], r.w[1]), b = normal_pair(r.w[2], r.w[3]);
      v[0] = a.first * scale + mean, v[1] = a.second * scale + mean;
      v[2] = b.first * scale + mean, v[3] = b.second * scale + mean;
    }
    store_values<T, width>(out, n, aligned, i, v);
  }
};

/// out = low + an integer in [0, count); two for each block.
template <class T>
struct FillIntegers {
  static constexpr int width = 2;
  RandomSource source;
  T* out;
  std::int64_t n;
  std::int64_t low;
  std::uint64_t count;
  bool aligned;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const RandomWords r(source.stream(), i);
    register_t<T> v[width];
    unrolled<width>([&](auto k) {
      constexpr int e = decltype(k)::value;
      v[e] = static_cast<register_t<T>>(low + static_cast<std::int64_t>(bounded(r.w[2 * e], r.w[2 * e + 1], count)));
    });
    store_values<T, width>(out, n, aligned, i, v);
  }
};

/// out = 1 with a probability that the threshold says, else 0.
template <class T>
struct FillBernoulli {
  static constexpr int width = 4;
  RandomSource source;
  T* out;
  std::int64_t n;
  std::uint32_t threshold;
  bool aligned;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    const RandomWords r(source.stream(), i);
    int v[width];
    unrolled<width>([&](auto k) { v[decltype(k)::value] = bernoulli(r.w[decltype(k)::value], threshold) ? 1 : 0; });
    store_values<T, width>(out, n, aligned, i, v);
  }
};

/// y = x * scale where draw i succeeds, else 0.
template <class T>
struct DropElements {
  static constexpr int width = 4;
  RandomSource source;
  const T* x;
  T* y;
  std::int64_t n;
  std::uint32_t threshold;
  register_t<T> scale;
  bool aligned;

  TORCHLITE_HOST_DEVICE void operator()(std::int64_t i) const {
    using R = register_t<T>;
    const RandomWords r(source.stream(), i);
    R v[width];
    if (aligned && (i + 1) * width <= n) {
      Row<const T>{x, 1}.template read<width>(i, v);
    } else {
      unrolled<width>([&](auto k) {
        const std::int64_t at = i * width + decltype(k)::value;
        v[decltype(k)::value] = at < n ? static_cast<R>(x[at]) : R(0);
      });
    }
    unrolled<width>([&](auto k) {
      constexpr int e = decltype(k)::value;
      v[e] = bernoulli(r.w[e], threshold) ? v[e] * scale : R(0);
    });
    store_values<T, width>(y, n, aligned, i, v);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
