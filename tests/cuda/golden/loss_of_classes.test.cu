// SPDX-License-Identifier: BSD-3-Clause
#include <ops/loss/golden_classes.test.cpp>
#include <ops/loss/golden_pairs.test.cpp>
