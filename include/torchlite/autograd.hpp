// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/autograd/any_tensor.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/autograd/checkpoint.hpp>
#include <torchlite/autograd/engine.hpp>
#include <torchlite/autograd/formula_node.hpp>
#include <torchlite/autograd/function.hpp>
#include <torchlite/autograd/grad_mode.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/autograd/inplace.hpp>
#include <torchlite/autograd/node.hpp>
#include <torchlite/autograd/parameter.hpp>
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/autograd/record.hpp>
