// SPDX-License-Identifier: BSD-3-Clause
// The cases of the kernels' benchmarks, for ours and the peers'.
#pragma once
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace bench {

/// n numbers in [-1, 1), none of them denormal.
template <class T = float>
std::vector<T> numbers(std::int64_t n) {
  std::vector<T> v(static_cast<std::size_t>(n));
  std::uint32_t state = 1;
  for (T& x : v) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<T>(static_cast<double>(state >> 8) / 8388608.0 - 1.0);
  }
  return v;
}

/// The same numbers as the bits of bfloat16, for libraries that have types of their own; cut, not rounded.
inline void fill_bfloat16(void* to, std::int64_t n) {
  const std::vector<float> v = numbers(n);
  for (std::int64_t i = 0; i < n; ++i)
    std::memcpy(static_cast<char*>(to) + 2 * i, reinterpret_cast<const char*>(&v[static_cast<std::size_t>(i)]) + 2, 2);
}

/// m, n, k, transposed operand, batch.
inline void gemm_shapes(benchmark::internal::Benchmark* b) {
  for (const std::int64_t n : {4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048}) b->Args({n, n, n, 0, 1});
  for (const std::int64_t t : {1, 2}) b->Args({64, 64, 64, t, 1})->Args({512, 512, 512, t, 1});
  b->Args({64, 128, 784, 0, 1})->Args({64, 784, 128, 0, 1})->Args({784, 128, 64, 0, 1})->Args({256, 512, 512, 0, 1});
  b->Args({1, 4096, 4096, 0, 1})->Args({4096, 1, 4096, 0, 1})->Args({64, 64, 32, 2, 64})->Args({64, 32, 64, 0, 64});
}

/// batch, in channels, size, out channels, kernel, padding, groups.
inline void conv_shapes(benchmark::internal::Benchmark* b) {
  b->Args({64, 1, 28, 32, 3, 0, 1})->Args({64, 32, 26, 64, 3, 0, 1})->Args({32, 64, 56, 64, 3, 1, 1});
  b->Args({32, 256, 14, 256, 3, 1, 1})->Args({32, 256, 28, 128, 1, 0, 1})->Args({32, 128, 28, 128, 3, 1, 128});
}

/// Those of them that are measured in bfloat16.
inline void short_conv_shapes(benchmark::internal::Benchmark* b) {
  b->Args({64, 32, 26, 64, 3, 0, 1})->Args({32, 64, 56, 64, 3, 1, 1})->Args({32, 256, 14, 256, 3, 1, 1})->Args({32, 256, 28, 128, 1, 0, 1});
}

/// A convolution's sizes as a benchmark's arguments give them.
struct ConvCase {
  std::int64_t batch, in, size, out, kernel, pad, groups, out_size;

  explicit ConvCase(const benchmark::State& s)
      : batch(s.range(0)),
        in(s.range(1)),
        size(s.range(2)),
        out(s.range(3)),
        kernel(s.range(4)),
        pad(s.range(5)),
        groups(s.range(6)),
        out_size(size + 2 * pad - kernel + 1) {}

  std::int64_t x_numel() const { return batch * in * size * size; }
  std::int64_t w_numel() const { return out * (in / groups) * kernel * kernel; }
  std::int64_t y_numel() const { return batch * out * out_size * out_size; }
  double operations() const { return 2.0 * static_cast<double>(y_numel() * (in / groups) * kernel * kernel); }
};

}  // namespace bench
