// SPDX-License-Identifier: BSD-3-Clause
#include <ops/scan/golden_differences.test.cpp>
#include <ops/scan/golden_scan.test.cpp>
#include <ops/shape/golden.test.cpp>
#include <ops/shape/golden_join.test.cpp>
#include <ops/shape/golden_views.test.cpp>
#include <ops/sort/golden_order.test.cpp>
#include <ops/sort/golden_quantile.test.cpp>
#include <ops/sort/golden_search.test.cpp>
