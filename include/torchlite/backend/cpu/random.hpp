// SPDX-License-Identifier: BSD-3-Clause
// Dense memory filled with random numbers: element i of a draw, whoever computes it.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/random.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Calls block(first, out, n) on pieces of whole tiles.
template <class T, class Block>
void fill_random_blocks(T* out, std::int64_t n, Block block) {
  constexpr std::int64_t tile = static_cast<std::int64_t>(random_tile);
  parallel_for((n + tile - 1) / tile, 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t t = begin; t < end; ++t) {
      const std::int64_t first = t * tile;
      block(static_cast<std::uint64_t>(first), out + first, static_cast<std::size_t>(std::min(tile, n - first)));
    }
  });
}

/// The type in which a draw of dtype T is made; half and bfloat16 are rounded from float.
template <class T>
using draw_t = std::conditional_t<std::is_same_v<T, double>, double, float>;

/// out[i] = low + (high - low) * uniform in [0, 1).
template <class T>
void fill_uniform(Cpu, RandomStream stream, T* out, std::int64_t n, double low, double high) {
  using R = draw_t<T>;
  fill_random_blocks(out, n, [=](std::uint64_t first, T* to, std::size_t count) {
    R numbers[random_tile];
    uniform_block(stream, first, numbers, count);
    const R scale = static_cast<R>(high - low), base = static_cast<R>(low);
    for (std::size_t j = 0; j < count; ++j) to[j] = static_cast<T>(numbers[j] * scale + base);
  });
}

/// out[i] = mean + std * standard normal.
template <class T>
void fill_normal(Cpu, RandomStream stream, T* out, std::int64_t n, double mean, double std) {
  using R = draw_t<T>;
  fill_random_blocks(out, n, [=](std::uint64_t first, T* to, std::size_t count) {
    R numbers[random_tile];
    normal_block(stream, first, numbers, count);
    const R scale = static_cast<R>(std), base = static_cast<R>(mean);
    for (std::size_t j = 0; j < count; ++j) to[j] = static_cast<T>(numbers[j] * scale + base);
  });
}

/// out[i] = low + an integer in [0, count).
template <class T>
void fill_integers(Cpu, RandomStream stream, T* out, std::int64_t n, std::int64_t low, std::uint64_t count) {
  fill_random_blocks(out, n, [=](std::uint64_t first, T* to, std::size_t length) {
    std::uint32_t words[2 * random_tile];
    random_bits_block(stream, 2 * first, words, 2 * length);
    for (std::size_t j = 0; j < length; ++j)
      to[j] = static_cast<T>(static_cast<register_t<T>>(low + static_cast<std::int64_t>(bounded(words[2 * j], words[2 * j + 1], count))));
  });
}

/// out[i] = 1 with probability p, else 0.
template <class T>
void fill_bernoulli(Cpu, RandomStream stream, T* out, std::int64_t n, double p) {
  fill_random_blocks(out, n, [=](std::uint64_t first, T* to, std::size_t count) {
    bool drawn[random_tile];
    bernoulli_block(stream, first, p, drawn, count);
    for (std::size_t j = 0; j < count; ++j) to[j] = static_cast<T>(drawn[j] ? 1 : 0);
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
