// SPDX-License-Identifier: BSD-3-Clause
#include <ops/pad/golden_pad.test.cpp>
#include <ops/pool/golden_avg_pool.test.cpp>
#include <ops/pool/golden_fractional_max_pool.test.cpp>
#include <ops/pool/golden_max_pool.test.cpp>
#include <ops/resample/golden_grid_sample.test.cpp>
#include <ops/resample/golden_interpolate.test.cpp>
