// SPDX-License-Identifier: BSD-3-Clause
// What a replay of recorded calls on Cuda needs beside the operations' own headers: all of Cuda's kernels.
#pragma once
#include <torchlite/backend/cuda/attention.cuh>
#include <torchlite/backend/cuda/axis_map.cuh>
#include <torchlite/backend/cuda/bag.cuh>
#include <torchlite/backend/cuda/conv.cuh>
#include <torchlite/backend/cuda/ctc.cuh>
#include <torchlite/backend/cuda/distance.cuh>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/histogram.cuh>
#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/backend/cuda/linalg.cuh>
#include <torchlite/backend/cuda/loss.cuh>
#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/cuda/margin_loss.cuh>
#include <torchlite/backend/cuda/memory.cuh>
#include <torchlite/backend/cuda/norm.cuh>
#include <torchlite/backend/cuda/pool.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/recurrent.cuh>
#include <torchlite/backend/cuda/reduce.cuh>
#include <torchlite/backend/cuda/resample.cuh>
#include <torchlite/backend/cuda/softmax.cuh>
#include <torchlite/backend/cuda/sort.cuh>
