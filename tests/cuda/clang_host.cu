// SPDX-License-Identifier: BSD-3-Clause
// nvcc with clang++ as the host's compiler: memory, graphs and a fused kernel, compiled and linked by its test.
#include <torchlite/backend/cuda/graph.cuh>
#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/reduce.cuh>
#include <torchlite/ops/methods.hpp>

#include <cstdio>

int main() {
  namespace tl = torchlite;
  const tl::Tensor<float> x({3}, {1, 2, 3});
  if (!tl::cuda::is_available()) {
    std::printf("compiled by clang++ %d for the host\n", __clang_major__);
    return tl::Tensor<float>(x * 2.0f).to_vector() == std::vector<float>{2, 4, 6} ? 0 : 1;
  }
  return tl::Tensor<float, tl::Cuda>(x.to<tl::Cuda>() * 2.0f).to_vector() == std::vector<float>{2, 4, 6} ? 0 : 1;
}
