// SPDX-License-Identifier: BSD-3-Clause
#include <ops/conv/golden.test.cpp>
#include <ops/conv/golden_conv_transpose.test.cpp>
#include <ops/samples.test.cpp>
