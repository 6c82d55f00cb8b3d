// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/tensor/tensor.hpp>
#define CHECK(x) (x)
