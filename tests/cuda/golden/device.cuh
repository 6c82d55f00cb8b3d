// SPDX-License-Identifier: BSD-3-Clause
// What a replay of recorded calls on Cuda needs beside the operations' own headers: all of Cuda's kernels, and what second derivatives are
// replaced by.
#pragma once
#include <torchlite/backend/cuda/attention.cuh>
#include <torchlite/backend/cuda/axis_map.cuh>
#include <torchlite/backend/cuda/bag.cuh>
#include <torchlite/backend/cuda/conv.cuh>
#include <torchlite/backend/cuda/ctc.cuh>
#include <torchlite/backend/cuda/distance.cuh>
#include <torchlite/backend/cuda/eig.cuh>
#include <torchlite/backend/cuda/fft.cuh>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/histogram.cuh>
#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/backend/cuda/ldl.cuh>
#include <torchlite/backend/cuda/linalg.cuh>
#include <torchlite/backend/cuda/loss.cuh>
#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/cuda/margin_loss.cuh>
#include <torchlite/backend/cuda/matrix_exp.cuh>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/norm.cuh>
#include <torchlite/backend/cuda/pool.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/recurrent.cuh>
#include <torchlite/backend/cuda/reduce.cuh>
#include <torchlite/backend/cuda/resample.cuh>
#include <torchlite/backend/cuda/softmax.cuh>
#include <torchlite/backend/cuda/sort.cuh>

#include <torchlite/autograd/pointwise.hpp>

#include <concepts>

// Gradients of gradients are the Cpu's business: without their code a file compiles in half of the time.
namespace torchlite::inline TORCHLITE_ABI::autograd {
template <class F, class V, std::same_as<Cuda> D, class Node>
void differentiate_symbolically(Node&, const Tensor<V, D>&) {
  throw Error("backward: device tests take first gradients only");
}
}  // namespace torchlite::inline TORCHLITE_ABI::autograd
