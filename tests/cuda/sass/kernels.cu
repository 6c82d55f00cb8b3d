// SPDX-License-Identifier: BSD-3-Clause
// Fused formulas and attention, whose machine code sass.cmake reads.
#include <torchlite/backend/cuda/attention.cuh>
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

// Heads of 64 for half, of 128 for bfloat16, which need most registers, and floats with and without tensor cores.
namespace torchlite::inline TORCHLITE_ABI::backend::cuda {
#define TORCHLITE_SASS(Unit, width)                                                                         \
  template __global__ void attention_kernel(const __grid_constant__ AttentionForward<Unit, width>);         \
  template __global__ void attention_kernel(const __grid_constant__ AttentionBackwardQueries<Unit, width>); \
  template __global__ void attention_kernel(const __grid_constant__ AttentionBackwardKeys<Unit, width>);
using Plain = PlainUnit<float, 4>;
TORCHLITE_SASS(MatrixUnit<half>, 64)
TORCHLITE_SASS(MatrixUnit<bfloat16>, 128)
TORCHLITE_SASS(Tf32Unit, 64)
TORCHLITE_SASS(Plain, 64)
#undef TORCHLITE_SASS
}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
