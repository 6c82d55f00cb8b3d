// SPDX-License-Identifier: BSD-3-Clause
// Fused formulas whose machine code sass.cmake reads.
#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/reduce.cuh>
#include <torchlite/ops/methods.hpp>

namespace sass {
using namespace torchlite;

Tensor<float, Cuda> fused(const Tensor<float, Cuda>& a, const Tensor<float, Cuda>& b, const Tensor<float, Cuda>& c);
Tensor<float, Cuda> fused(const Tensor<float, Cuda>& a, const Tensor<float, Cuda>& b, const Tensor<float, Cuda>& c) {
  return torchlite::tanh(a * b + c) * torchlite::sigmoid(c);
}
Tensor<torchlite::half, Cuda> fused(const Tensor<torchlite::half, Cuda>& a, const Tensor<torchlite::half, Cuda>& b);
Tensor<torchlite::half, Cuda> fused(const Tensor<torchlite::half, Cuda>& a, const Tensor<torchlite::half, Cuda>& b) {
  return torchlite::tanh(a * b);
}

}  // namespace sass
