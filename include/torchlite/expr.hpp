// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/expr/concepts.hpp>
#include <torchlite/expr/expression.hpp>
#include <torchlite/expr/methods.hpp>
#include <torchlite/expr/typing.hpp>
