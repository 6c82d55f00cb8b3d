// SPDX-License-Identifier: BSD-3-Clause
#include <ops/loss/golden_ctc.test.cpp>
#include <ops/loss/golden_distances.test.cpp>
