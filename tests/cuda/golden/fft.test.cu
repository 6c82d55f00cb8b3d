// SPDX-License-Identifier: BSD-3-Clause
#include <ops/fft/golden_fft.test.cpp>
#include <ops/fft/golden_stft.test.cpp>
#include <ops/golden_complex.test.cpp>
