// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/tensor/check_devices.hpp>
#include <torchlite/tensor/create.hpp>
#include <torchlite/tensor/dlpack.hpp>
#include <torchlite/tensor/format.hpp>
#include <torchlite/tensor/impl.hpp>
#include <torchlite/tensor/index.hpp>
#include <torchlite/tensor/storage.hpp>
#include <torchlite/tensor/tensor.hpp>
#if TORCHLITE_CUDA
#include <torchlite/tensor/thrust.cuh>
#endif
