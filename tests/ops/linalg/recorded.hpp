// SPDX-License-Identifier: BSD-3-Clause
// The pivots of recorded calls.
#pragma once
#include <ops/samples.hpp>

namespace samples {

inline Tensor<std::int32_t> pivots(const golden::Array& a) {
  return Tensor<std::int32_t>::from(std::vector<std::int32_t>(a.integers.begin(), a.integers.end()), a.shape);
}

}  // namespace samples
