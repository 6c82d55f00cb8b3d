// SPDX-License-Identifier: BSD-3-Clause
#include <ops/pool/golden_avg_pool.test.cpp>
#include <ops/pool/golden_max_pool.test.cpp>
#include <ops/pool/golden_fractional_max_pool.test.cpp>
