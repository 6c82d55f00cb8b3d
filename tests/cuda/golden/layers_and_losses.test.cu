// SPDX-License-Identifier: BSD-3-Clause
#include <nn/golden_losses.test.cpp>
#include <nn/golden_pooling.test.cpp>
#include <nn/golden_recurrent.test.cpp>
