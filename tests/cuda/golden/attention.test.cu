// SPDX-License-Identifier: BSD-3-Clause
#include <ops/attention/golden_attention.test.cpp>
#include <ops/distance/golden_distance.test.cpp>
#include <ops/statistics/golden_statistics.test.cpp>
