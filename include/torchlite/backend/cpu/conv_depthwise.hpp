// SPDX-License-Identifier: BSD-3-Clause
// Convolution with one input channel per group: too few products per element for a matrix product, so it is done row by row.
#pragma once
#include <torchlite/backend/cpu/conv_image.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/cpu/scratch.hpp>
#include <torchlite/backend/gemm.hpp>

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// One output row of one channel: V vectors at a time, all taps summed in registers.
template <class A, int V>
TORCHLITE_INLINE void depthwise_vectors(const A* image, const std::int64_t* offsets, std::int64_t taps, const A* w, A bias, bool relu,
                                        A* out) {
  constexpr int lanes = vector_lanes<A>;
  vector_register<A> sum[V];
  unrolled<V>([&](auto v) __attribute__((always_inline)) { sum[decltype(v)::value] = vector_register<A>{} + bias; });
  for (std::int64_t p = 0; p < taps; ++p) {
    const A* at = image + offsets[p];
    const A weight = w[p];
    unrolled<V>([&](auto v) __attribute__((always_inline)) {
      constexpr int i = decltype(v)::value;
      sum[i] = load_vector(at + i * lanes) * weight + sum[i];
    });
  }
  unrolled<V>([&](auto v) __attribute__((always_inline)) {
    constexpr int i = decltype(v)::value;
    if (relu) sum[i] = sum[i] < vector_register<A>{} ? vector_register<A>{} : sum[i];
    store_vector(out + i * lanes, sum[i]);
  });
}

/// y of a convolution whose groups have one input channel each; w [out_channels, taps] in the accumulator's type.
template <class T>
void depthwise_forward(const Conv2dShape& s, const T* x, const gemm_accumulator_t<T>* w, const T* bias, T* y, bool relu) {
  using A = gemm_accumulator_t<T>;
  constexpr int lanes = vector_lanes<A>;
  const ConvBand band(s, s.out_plane());
  const std::int64_t taps = s.taps(), multiplier = s.group_out();
  std::int64_t* offsets = scratch<std::int64_t>(Scratch::offsets, taps);
  band.write_offsets(1, offsets);
  const std::int64_t work = s.out_plane() * taps * multiplier;
  parallel_for(s.batch * s.in_channels, std::max<std::int64_t>(1, 262144 / work), [&](std::int64_t begin, std::int64_t end) {
    A* image = scratch<A>(Scratch::image, band.size<A>(1));
    for (std::int64_t i = begin; i < end; ++i) {
      band.copy(x + i * s.in_plane(), 1, 0, image);
      for (std::int64_t m = 0; m < multiplier; ++m) {
        const std::int64_t channel = i % s.in_channels * multiplier + m;
        const A* weights = w + channel * taps;
        const A add = bias ? static_cast<A>(bias[channel]) : A(0);
        T* plane = y + (i * multiplier + m) * s.out_plane();
        for (std::int64_t oh = 0; oh < s.out_h; ++oh) {
          for (std::int64_t ow = 0; ow < s.out_w; ow += 4 * lanes) {
            const std::int64_t left = std::min<std::int64_t>(4 * lanes, s.out_w - ow);
            const A* at = image + band.pixel(oh, ow);
            T* out = plane + oh * s.out_w + ow;
            A buffer[4 * lanes];
            A* target = buffer;
            // What is written beyond a row is written again by the next one, so a vector only has to stay in its plane.
            if constexpr (std::is_same_v<T, A>) {
              if (oh * s.out_w + ow + 4 * lanes <= s.out_plane()) target = out;
            }
            if (left > 2 * lanes) depthwise_vectors<A, 4>(at, offsets, taps, weights, add, relu, target);
            else if (left > lanes) depthwise_vectors<A, 2>(at, offsets, taps, weights, add, relu, target);
            else depthwise_vectors<A, 1>(at, offsets, taps, weights, add, relu, target);
            if (target != buffer) continue;
            TORCHLITE_VECTORIZE
            for (std::int64_t q = 0; q < left; ++q) out[q] = static_cast<T>(buffer[q]);
          }
        }
      }
    }
  });
}

/// sums[tap] += the products of a plane of x under a tap with one of dy, lane by lane, for N taps at once.
template <class A, int N>
void depthwise_products(const ConvBand& band, const A* image, const std::int64_t* offsets, const A* gradient, const A* last_lanes,
                        A* sums) {
  constexpr std::int64_t lanes = vector_lanes<A>;
  const std::int64_t width = band.s.out_w, full = (width - 1) / lanes * lanes;
  // In the last vector of a row, what lies beyond the row must not reach the sum, be it infinite.
  const auto keep = load_vector(last_lanes) > vector_register<A>{};
  vector_register<A> sum[N];
  unrolled<N>([&](auto i) __attribute__((always_inline)) { sum[decltype(i)::value] = load_vector(sums + decltype(i)::value * lanes); });
  for (std::int64_t oh = 0; oh < band.s.out_h; ++oh, gradient += width) {
    const A* row = image + band.pixel(oh, 0);
    for (std::int64_t q = 0; q < full; q += lanes) {
      const vector_register<A> g = load_vector(gradient + q);
      unrolled<N>([&](auto i) __attribute__((always_inline)) {
        sum[decltype(i)::value] = load_vector(row + offsets[decltype(i)::value] + q) * g + sum[decltype(i)::value];
      });
    }
    const vector_register<A> g = load_vector(gradient + full);
    unrolled<N>([&](auto i) __attribute__((always_inline)) {
      constexpr int n = decltype(i)::value;
      sum[n] = keep ? load_vector(row + offsets[n] + full) * g + sum[n] : sum[n];
    });
  }
  unrolled<N>([&](auto i) __attribute__((always_inline)) { store_vector(sums + decltype(i)::value * lanes, sum[decltype(i)::value]); });
}

/// dw [out_channels, taps] of such a convolution; each channel is summed over the batch in order.
template <class T>
void depthwise_backward_weight(const Conv2dShape& s, const T* dy, const T* x, T* dw) {
  using A = gemm_accumulator_t<T>;
  constexpr std::int64_t lanes = vector_lanes<A>;
  const ConvBand band(s, s.out_plane());
  const std::int64_t taps = s.taps(), multiplier = s.group_out(), out = s.out_plane();
  std::int64_t* offsets = scratch<std::int64_t>(Scratch::offsets, taps);
  band.write_offsets(1, offsets);
  A last_lanes[lanes];
  for (std::int64_t q = 0; q < lanes; ++q) last_lanes[q] = q <= (s.out_w - 1) % lanes ? A(1) : A(0);
  parallel_for(s.in_channels, std::max<std::int64_t>(1, 262144 / (s.batch * out * taps * multiplier)),
               [&](std::int64_t begin, std::int64_t end) {
                 A* image = scratch<A>(Scratch::image, band.size<A>(1));
                 A* gradient = scratch<A>(Scratch::columns, out + lanes);
                 A* sums = scratch<A>(Scratch::partial, (end - begin) * multiplier * taps * lanes);
                 std::fill_n(sums, (end - begin) * multiplier * taps * lanes, A(0));
                 // Image after image, channel after channel, as they lie in memory.
                 for (std::int64_t b = 0; b < s.batch; ++b)
                   for (std::int64_t c = begin; c < end; ++c) {
                     band.copy(x + (b * s.in_channels + c) * s.in_plane(), 1, 0, image);
                     for (std::int64_t m = 0; m < multiplier; ++m) {
                       ConvBand::copy_run(dy + ((b * s.in_channels + c) * multiplier + m) * out, out, gradient);
                       A* total = sums + ((c - begin) * multiplier + m) * taps * lanes;
                       std::int64_t p = 0;
                       for (; p + 9 <= taps; p += 9)
                         depthwise_products<A, 9>(band, image, offsets + p, gradient, last_lanes, total + p * lanes);
                       for (; p + 3 <= taps; p += 3)
                         depthwise_products<A, 3>(band, image, offsets + p, gradient, last_lanes, total + p * lanes);
                       for (; p < taps; ++p) depthwise_products<A, 1>(band, image, offsets + p, gradient, last_lanes, total + p * lanes);
                     }
                   }
                 for (std::int64_t p = 0; p < (end - begin) * multiplier * taps; ++p) {
                   A total = 0;
                   for (std::int64_t q = 0; q < lanes; ++q) total += sums[p * lanes + q];
                   dw[begin * multiplier * taps + p] = static_cast<T>(total);
                 }
               });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
