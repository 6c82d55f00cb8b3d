// SPDX-License-Identifier: BSD-3-Clause
#include <ops/pointwise/golden_activations.test.cpp>
#include <ops/pointwise/golden_arithmetic.test.cpp>
#include <ops/pointwise/golden_numbers.test.cpp>
#include <ops/special/golden_polynomial_samples.test.cpp>
#include <ops/special/golden_samples.test.cpp>
