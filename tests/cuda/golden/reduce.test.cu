// SPDX-License-Identifier: BSD-3-Clause
#include <ops/reduce/golden_closeness.test.cpp>
#include <ops/reduce/golden_extremes.test.cpp>
#include <ops/reduce/golden_norm.test.cpp>
#include <ops/reduce/golden_segment_reduce.test.cpp>
#include <ops/reduce/golden_sums.test.cpp>
