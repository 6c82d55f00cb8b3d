// SPDX-License-Identifier: BSD-3-Clause
// What a matrix product is asked for, on any device: shapes, strides and what happens to the result on its way out.
#pragma once
#include <torchlite/core/dtype.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// What is done to an element of the result before it is stored.
enum class Epilogue { none, relu };

/// c = epilogue(alpha * a b + beta * c + column_bias + row_bias), `batch` times.
///   a [m, k], b [k, n], c [m, n] with any strides, in elements; column_bias [n], row_bias [m], null where there is none
/// With beta == 0 the old c is not read, so that NaNs in it are lost. A batch stride of 0 shares a or b between products.
/// half and bfloat16 are computed and accumulated in float; integers wrap around.
template <class T>
struct GemmArguments {
  std::int64_t m = 0, n = 0, k = 0;
  const T* a = nullptr;
  std::int64_t a_row = 0, a_col = 1;
  const T* b = nullptr;
  std::int64_t b_row = 0, b_col = 1;
  T* c = nullptr;
  std::int64_t c_row = 0, c_col = 1;
  register_t<T> alpha = 1, beta = 0;
  const T* column_bias = nullptr;
  std::int64_t column_bias_step = 1;
  const T* row_bias = nullptr;
  std::int64_t row_bias_step = 1;
  Epilogue epilogue = Epilogue::none;
  std::int64_t batch = 1, a_batch = 0, b_batch = 0, c_batch = 0;

  /// Dense row-major operands: a [m, k], b [k, n], c [m, n].
  static GemmArguments dense(std::int64_t m, std::int64_t n, std::int64_t k, const T* a, const T* b, T* c) {
    GemmArguments g;
    g.m = m, g.n = n, g.k = k;
    g.a = a, g.a_row = k;
    g.b = b, g.b_row = n;
    g.c = c, g.c_row = n;
    g.a_batch = m * k, g.b_batch = k * n, g.c_batch = m * n;
    return g;
  }
};

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
