// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/data/collate.hpp>
#include <torchlite/data/dataset.hpp>
#include <torchlite/data/idx.hpp>
#include <torchlite/data/loader.hpp>
#include <torchlite/data/mnist.hpp>
#include <torchlite/data/progress.hpp>
#include <torchlite/data/sampler.hpp>
#include <torchlite/data/tensor_dataset.hpp>
