// SPDX-License-Identifier: BSD-3-Clause
// Products of complex matrices by four products of real ones, which read the parts of the numbers where they stand.
#pragma once
#include <torchlite/backend/cpu/gemm.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// c = a b + beta * c + biases, for complex matrices; alpha is 1 and beta 0 or 1, there is no epilogue.
template <class R>
void gemm(Cpu, const GemmArguments<std::complex<R>>& g) {
  using C = std::complex<R>;
  check<Error>(g.alpha == C(1) && (g.beta == C(0) || g.beta == C(1)) && g.epilogue == Epilogue::none,
               "gemm: products of complex matrices are neither scaled nor clamped; do that to their result");
  const auto part = [](const C* p, int imaginary) { return p == nullptr ? nullptr : reinterpret_cast<const R*>(p) + imaginary; };
  // The same product of one part of a and one of b, into one part of c.
  const auto run = [&](int a, int b, int c, R sign, bool first) {
    GemmArguments<R> r;
    r.m = g.m, r.n = g.n, r.k = g.k, r.batch = g.batch;
    r.a = part(g.a, a), r.a_row = 2 * g.a_row, r.a_col = 2 * g.a_col, r.a_batch = 2 * g.a_batch;
    r.b = part(g.b, b), r.b_row = 2 * g.b_row, r.b_col = 2 * g.b_col, r.b_batch = 2 * g.b_batch;
    r.c = reinterpret_cast<R*>(g.c) + c, r.c_row = 2 * g.c_row, r.c_col = 2 * g.c_col, r.c_batch = 2 * g.c_batch;
    r.alpha = sign;
    r.beta = first ? g.beta.real() : R(1);
    if (first) {
      r.column_bias = part(g.column_bias, c), r.column_bias_step = 2 * g.column_bias_step;
      r.row_bias = part(g.row_bias, c), r.row_bias_step = 2 * g.row_bias_step;
    }
    gemm(Cpu{}, r);
  };
  run(0, 0, 0, R(1), true);
  run(1, 1, 0, R(-1), false);
  run(0, 1, 1, R(1), true);
  run(1, 0, 1, R(1), false);
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
