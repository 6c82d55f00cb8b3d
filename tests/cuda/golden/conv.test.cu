// SPDX-License-Identifier: BSD-3-Clause

#include <ops/conv/golden.test.cpp>
