// SPDX-License-Identifier: BSD-3-Clause
#include <ops/pointwise/golden_activations.test.cpp>
#include <ops/pointwise/golden_arithmetic.test.cpp>
#include <ops/pointwise/golden_numbers.test.cpp>
