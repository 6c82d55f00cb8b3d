// SPDX-License-Identifier: BSD-3-Clause
// Scalar functions of float and double that vectorise: a plain loop over math::exp(x[i]) becomes SIMD code under g++ and clang
// at -O2, on any instruction set, and the same function is the CUDA code. Compile with -fno-math-errno -fno-trapping-math
// for sqrt, floor and their like; never with -ffast-math.
//
// The figures beside the functions are the largest errors found on strided sweeps over all floats and doubles, and ns per element
// of a loop over 256 elements, g++ 12 -O2 on one core with AVX-512. AVX2 costs 1.4 times that, SSE2 4 times (double: 8 times).
#pragma once
#include <torchlite/core/math/bits.hpp>
#include <torchlite/core/math/compare.hpp>
#include <torchlite/core/math/complex.hpp>
#include <torchlite/core/math/device_complex.hpp>
#include <torchlite/core/math/error_function.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/math/gamma.hpp>
#include <torchlite/core/math/hyperbolic.hpp>
#include <torchlite/core/math/logarithm.hpp>
#include <torchlite/core/math/power.hpp>
#include <torchlite/core/math/rounding.hpp>
#include <torchlite/core/math/trigonometric.hpp>
