// SPDX-License-Identifier: BSD-3-Clause
#include <ops/index/golden.test.cpp>
#include <ops/index/golden_embedding_bag.test.cpp>
#include <ops/index/golden_more.test.cpp>
