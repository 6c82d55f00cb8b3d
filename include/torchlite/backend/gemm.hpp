// SPDX-License-Identifier: BSD-3-Clause
// What a matrix product is asked for, on any device: shapes, strides and what happens to the result on its way out.
#pragma once
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/error.hpp>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// What is done to an element of the result before it is stored; gelu, of products only, is its tanh approximation.
enum class Epilogue { none, relu, gelu };

/// How products of floats may be rounded on the way, where the hardware gains by it.
enum class MatmulPrecision { highest, high, medium };

inline std::atomic<MatmulPrecision>& matmul_precision_setting() {
  static std::atomic<MatmulPrecision> precision{MatmulPrecision::highest};
  return precision;
}
inline MatmulPrecision float32_matmul_precision() { return matmul_precision_setting().load(std::memory_order_relaxed); }

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
  T* before_gelu = nullptr;  ///< where what gelu is applied to is kept, with c's strides; null: nowhere
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

/// "highest": products of float32 keep all 24 bits. "high", "medium": Cuda may round the operands to TF32, 11 bits, and adds in float32;
/// the Cpu computes in float32 always. Throws Error for other words.
inline void set_float32_matmul_precision(std::string_view precision) {
  using backend::MatmulPrecision;
  const bool highest = precision == "highest", high = precision == "high";
  check<Error>(highest || high || precision == "medium",
               "set_float32_matmul_precision: \"{}\" is no precision; it must be highest, high or medium", precision);
  backend::matmul_precision_setting() = highest ? MatmulPrecision::highest : (high ? MatmulPrecision::high : MatmulPrecision::medium);
}
/// The word that set_float32_matmul_precision was last given; "highest" at first.
inline std::string_view get_float32_matmul_precision() {
  static constexpr std::string_view words[] = {"highest", "high", "medium"};
  return words[static_cast<int>(backend::float32_matmul_precision())];
}

}  // namespace torchlite::inline TORCHLITE_ABI
