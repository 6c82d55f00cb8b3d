// SPDX-License-Identifier: BSD-3-Clause
// Pooling on the CPU.
#pragma once
#include <torchlite/backend/cpu/avg_pool.hpp>
#include <torchlite/backend/cpu/max_pool.hpp>
