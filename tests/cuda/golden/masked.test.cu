// SPDX-License-Identifier: BSD-3-Clause
#include <ops/masked/golden_masked.test.cpp>
#include <ops/masked/golden_normalizations.test.cpp>
