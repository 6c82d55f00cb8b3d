// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd.hpp>
#include <torchlite/backend.hpp>
#include <torchlite/core.hpp>
#include <torchlite/data.hpp>
#include <torchlite/expr.hpp>
#include <torchlite/io.hpp>
#include <torchlite/nn.hpp>
#include <torchlite/ops.hpp>
#include <torchlite/optim.hpp>
#include <torchlite/tensor.hpp>
