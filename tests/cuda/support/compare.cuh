// SPDX-License-Identifier: BSD-3-Clause
// Device tests compare with the Cpu, whose numbers are tested elsewhere. The main function of the tests skips them all where there is
// no device.
#pragma once
#include <support/catch.hpp>

#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/reduce.cuh>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/shape/to_device.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

namespace compare {
namespace tl = torchlite;

/// Numbers in [-2, 2) that are the same everywhere.
template <class T>
tl::Tensor<T, tl::Cpu> numbers(const tl::Shape& sizes, std::uint32_t seed) {
  std::vector<T> v(static_cast<std::size_t>(sizes.numel()));
  std::uint32_t state = seed * 2654435761u + 1;
  for (T& x : v) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<T>(static_cast<float>(state >> 8) / 4194304.0f - 2.0f);
  }
  return tl::Tensor<T, tl::Cpu>::from(v, sizes);
}

/// Largest difference relative to the largest expected magnitude; shapes must be equal.
template <class T>
double difference(const tl::Tensor<T, tl::Cuda>& got, const tl::Tensor<T, tl::Cpu>& expected) {
  REQUIRE(got.sizes() == expected.sizes());
  const std::vector<T> a = got.to_vector(), b = expected.to_vector();
  double most = 0, scale = 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (std::isnan(x) != std::isnan(y)) return INFINITY;
    if (std::isnan(x)) continue;
    scale = std::max(scale, std::abs(y));
    most = std::max(most, std::abs(x - y));
  }
  return most / scale;
}

template <class T>
inline constexpr double tolerance = 1e-6;
template <>
inline constexpr double tolerance<double> = 1e-14;
template <>
inline constexpr double tolerance<tl::half> = 2e-3;
template <>
inline constexpr double tolerance<tl::bfloat16> = 1.6e-2;

/// A copy on the device that is a leaf of its own graph.
template <class T>
tl::Tensor<T, tl::Cuda> leaf_on_device(const tl::Tensor<T, tl::Cpu>& t) {
  auto copy = tl::to_device<tl::Cuda>(t.detach());
  if (t.requires_grad()) copy.requires_grad_();
  return copy;
}

}  // namespace compare

// What the tests are written in. Not at global scope: the toolkit's headers call sqrt and the like there.
namespace cuda_tests {
using namespace torchlite;
using compare::difference;
using compare::leaf_on_device;
using compare::numbers;
using compare::tolerance;
}  // namespace cuda_tests
