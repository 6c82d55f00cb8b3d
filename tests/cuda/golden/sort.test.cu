// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sort/golden_order.test.cpp>
#include <ops/sort/golden_quantile.test.cpp>
#include <ops/sort/golden_search.test.cpp>
#include <ops/scan/golden_scan.test.cpp>
#include <ops/scan/golden_differences.test.cpp>
