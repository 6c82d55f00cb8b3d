// SPDX-License-Identifier: BSD-3-Clause
// What makes the recorded calls, for Cuda.
#include <ops/samples.test.cpp>
