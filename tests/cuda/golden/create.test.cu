// SPDX-License-Identifier: BSD-3-Clause
#include <ops/create/golden.test.cpp>
#include <ops/random/golden_dropout.test.cpp>
#include <ops/random/golden_samples.test.cpp>
#include <ops/signal/golden_windows.test.cpp>
