// SPDX-License-Identifier: BSD-3-Clause
#include <ops/linalg/golden_eig.test.cpp>
#include <ops/linalg/golden_einsum.test.cpp>
#include <ops/linalg/golden_factor.test.cpp>
#include <ops/linalg/golden_ldl.test.cpp>
#include <ops/linalg/golden_matrix_exp.test.cpp>
#include <ops/linalg/golden_products.test.cpp>
#include <ops/linalg/golden_solve.test.cpp>
