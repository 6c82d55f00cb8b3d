// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/random/rand.hpp>

#include <utility>

namespace torchlite::inline TORCHLITE_ABI {

/// Integers uniform in [low, high).
///   -> sizes
/// Throws Error unless low < high.
template <dtype T = std::int64_t, device D = Cpu>
Tensor<T, D> randint(std::int64_t low, std::int64_t high, const Shape& sizes, Generator& generator = default_generator()) {
  check<Error>(low < high, "randint: low {} is not smaller than high {}", low, high);
  const Tensor<T, D> out = empty<T, D>(sizes);
  const std::int64_t n = out.numel();
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(n), 2);
  const std::uint64_t count = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  random::draw(out, [=](T* data) { backend::fill_integers(Cpu{}, stream, data, n, low, count); });
  return out;
}
/// Integers uniform in [0, high).
template <dtype T = std::int64_t, device D = Cpu>
Tensor<T, D> randint(std::int64_t high, const Shape& sizes, Generator& generator = default_generator()) {
  return randint<T, D>(0, high, sizes, generator);
}

/// 0 to n - 1 in random order, every order equally likely.
///   -> [n]
template <dtype T = std::int64_t, device D = Cpu>
Tensor<T, D> randperm(std::int64_t n, Generator& generator = default_generator()) {
  check<Error>(n >= 0, "randperm: {} elements were asked for; their number cannot be negative", n);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(n), 2);
  std::uint32_t words[2 * random_tile];
  const Tensor<T, D> out = empty<T, D>({n});
  random::draw(out, [&](T* data) {
    for (std::int64_t i = 0; i < n; ++i) data[i] = static_cast<T>(i);
    // Fisher and Yates: element i changes places with one of those that are left.
    for (std::int64_t i = 0; i + 1 < n; ++i) {
      const std::size_t at = static_cast<std::size_t>(i) % random_tile;
      if (at == 0) random_bits_block(stream, 2 * static_cast<std::uint64_t>(i), words, 2 * random_tile);
      const std::int64_t other =
          i + static_cast<std::int64_t>(bounded(words[2 * at], words[2 * at + 1], static_cast<std::uint64_t>(n - i)));
      std::swap(data[i], data[other]);
    }
  });
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI
