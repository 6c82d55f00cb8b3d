// SPDX-License-Identifier: BSD-3-Clause
#include <ops/norm/golden.test.cpp>
#include <ops/softmax/golden.test.cpp>
