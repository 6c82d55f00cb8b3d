// SPDX-License-Identifier: BSD-3-Clause
#include <ops/linalg/golden_norms.test.cpp>
#include <ops/linalg/golden_orthogonal.test.cpp>
