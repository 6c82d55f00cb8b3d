// SPDX-License-Identifier: BSD-3-Clause
#include <nn/golden_activations.test.cpp>
#include <nn/golden_modules.test.cpp>
#include <nn/golden_norms.test.cpp>
