// SPDX-License-Identifier: BSD-3-Clause
#include <nn/golden_convolution.test.cpp>
#include <nn/golden_losses_more.test.cpp>
#include <nn/golden_transformer.test.cpp>
