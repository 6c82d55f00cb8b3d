// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/random/rand.hpp>

#include <limits>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI {

namespace random {
/// Throws unless [low, high) is a range of integers and T holds it.
template <class T>
void check_range(const char* op, std::int64_t low, std::int64_t high) {
  check<Error>(low < high, "{}: low {} is not smaller than high {}", op, low, high);
  if constexpr (!floating<T>)
    check<Error>(low >= static_cast<std::int64_t>(std::numeric_limits<T>::min()) &&
                     high - 1 <= static_cast<std::int64_t>(std::numeric_limits<T>::max()),
                 "{}: integers from {} to {} do not fit {}", op, low, high - 1, to_string(dtype_v<T>));
}
}  // namespace random

/// Integers uniform in [low, high).
///   -> sizes
/// Throws Error unless low < high and T holds them.
template <dtype T = std::int64_t, device D = Cpu>
Tensor<T, D> randint(std::int64_t low, std::int64_t high, const Shape& sizes, Generator& generator = default_generator()) {
  random::check_range<T>("randint", low, high);
  const Tensor<T, D> out = empty<T, D>(sizes);
  const std::int64_t n = out.numel();
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(n), 2);
  const std::uint64_t count = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  random::draw(out, [=](auto device, T* data) { fill_integers(device, stream, data, n, low, count); });
  return out;
}
/// Integers uniform in [0, high).
template <dtype T = std::int64_t, device D = Cpu>
Tensor<T, D> randint(std::int64_t high, const Shape& sizes, Generator& generator = default_generator()) {
  return randint<T, D>(0, high, sizes, generator);
}

/// Integers uniform in [low, high), or in [0, high), of the sizes, dtype and device of x.
template <tensor_like X>
tensor_of<X> randint_like(const X& x, std::int64_t low, std::int64_t high, Generator& generator = default_generator()) {
  random::check_range<value_t<X>>("randint_like", low, high);
  return randint<value_t<X>, device_t<X>>(low, high, eval(x).sizes(), generator);
}
template <tensor_like X>
tensor_of<X> randint_like(const X& x, std::int64_t high, Generator& generator = default_generator()) {
  return randint_like(x, 0, high, generator);
}

namespace random {
template <class T, class D>
const Tensor<T, D>& overwrite_integers(const Tensor<T, D>& x, std::int64_t low, std::uint64_t count, Generator& generator) {
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(x.numel()), 2);
  return overwrite("random_", x, [=, n = x.numel()](auto device, T* data) { fill_integers(device, stream, data, n, low, count); });
}
}  // namespace random

/// Overwrites x with integers uniform in [low, high).
template <class T, class D>
const Tensor<T, D>& random_(const Tensor<T, D>& x, std::int64_t low, std::int64_t high, Generator& generator = default_generator()) {
  random::check_range<T>("random_", low, high);
  return random::overwrite_integers(x, low, static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low), generator);
}
template <class T, class D>
const Tensor<T, D>& random_(const Tensor<T, D>& x, std::int64_t high, Generator& generator = default_generator()) {
  return random_(x, 0, high, generator);
}
/// Overwrites x with integers uniform in [0, largest of its dtype], or, for a floating dtype, in [0, 2^(its digits)].
template <class T, class D>
const Tensor<T, D>& random_(const Tensor<T, D>& x, Generator& generator = default_generator()) {
  std::uint64_t count = 0;
  if constexpr (std::is_same_v<T, half>) count = (1u << 11) + 1;
  else if constexpr (std::is_same_v<T, bfloat16>) count = (1u << 8) + 1;
  else if constexpr (floating<T>) count = (std::uint64_t{1} << std::numeric_limits<T>::digits) + 1;
  else count = static_cast<std::uint64_t>(std::numeric_limits<T>::max()) + 1;
  return random::overwrite_integers(x, 0, count, generator);
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
    for (std::int64_t i = 0; i < n; ++i) data[i] = static_cast<T>(static_cast<register_t<T>>(i));
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
