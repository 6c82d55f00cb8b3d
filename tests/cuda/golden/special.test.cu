// SPDX-License-Identifier: BSD-3-Clause
#include <ops/special/golden_samples.test.cpp>
#include <ops/special/golden_polynomial_samples.test.cpp>
