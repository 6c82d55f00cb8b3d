// SPDX-License-Identifier: BSD-3-Clause
#include <ops/shape/golden.test.cpp>
#include <ops/shape/golden_join.test.cpp>
#include <ops/shape/golden_views.test.cpp>
