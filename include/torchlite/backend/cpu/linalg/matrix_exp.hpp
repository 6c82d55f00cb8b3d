// SPDX-License-Identifier: BSD-3-Clause
// The exponential of a matrix by scaling, a Pade approximant of degree 13, and squaring; see ExponentialPade.
#pragma once
#include <torchlite/backend/cpu/linalg/lu.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// c = a b for dense n x n matrices.
template <class T>
void square_product(std::int64_t n, const T* a, const T* b, T* c) {
  gemm(Cpu{}, GemmArguments<T>::dense(n, n, n, a, b, c));
}

/// out = exp(a), both dense n x n.
template <class T>
void matrix_exp_one(std::int64_t n, const T* a, T* out) {
  using R = real_of_t<T>;
  const std::int64_t size = n * n;
  R norm = 0;
  for (std::int64_t j = 0; j < n; ++j) {
    R column = 0;
    for (std::int64_t i = 0; i < n; ++i) column += magnitude(a[i * n + j]);
    norm = column > norm || std::isnan(column) ? column : norm;
  }
  const int squarings = count_squarings(norm);
  if (squarings < 0) {
    for (std::int64_t i = 0; i < size; ++i) out[i] = T(std::numeric_limits<R>::quiet_NaN());
    return;
  }
  const ExponentialPade<R> pade;
  const R(&b)[14] = pade.b;
  const auto count = static_cast<std::size_t>(size);
  std::vector<T> x(a, a + size), x2(count), x4(count), x6(count), u(count), v(count), w(count);
  const R shrink = std::ldexp(R(1), -squarings);
  for (T& e : x) e *= shrink;
  square_product(n, x.data(), x.data(), x2.data());
  square_product(n, x2.data(), x2.data(), x4.data());
  square_product(n, x2.data(), x4.data(), x6.data());
  const auto combine = [&](const R* c, T* to) {  // c0 x6 + c1 x4 + c2 x2
    for (std::size_t i = 0; i < count; ++i) to[i] = c[0] * x6[i] + c[1] * x4[i] + c[2] * x2[i];
  };
  const auto polynomial = [&](int odd, T* to) {
    const R high[] = {b[12 + odd], b[10 + odd], b[8 + odd]}, low[] = {b[6 + odd], b[4 + odd], b[2 + odd]};
    combine(high, w.data());
    square_product(n, x6.data(), w.data(), to);
    combine(low, w.data());
    for (std::size_t i = 0; i < count; ++i) to[i] += w[i];
    for (std::int64_t i = 0; i < n; ++i) to[i * n + i] += b[odd];
  };
  polynomial(1, v.data());
  square_product(n, x.data(), v.data(), u.data());
  polynomial(0, v.data());
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = v[i] + u[i];
    w[i] = v[i] - u[i];
  }
  std::vector<std::int32_t> pivots(static_cast<std::size_t>(n));
  lu_factor_one(n, n, w.data(), pivots.data());
  exchange_rows(n, pivots.data(), false, n, out);
  solve_triangle(Triangle<T>{n, w.data(), n, 1, false, true}, n, out, n, std::int64_t{1});
  solve_triangle(Triangle<T>{n, w.data(), n, 1, true, false}, n, out, n, std::int64_t{1});
  for (int i = 0; i < squarings; ++i) {
    square_product(n, out, out, w.data());
    for (std::size_t k = 0; k < count; ++k) out[k] = w[k];
  }
}

/// All matrices of a batch.
template <class T>
void matrix_exp(Cpu, std::int64_t count, std::int64_t n, const T* a, T* out) {
  parallel_for(count, linalg_grain(n * n * n * 8), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) matrix_exp_one(n, a + i * n * n, out + i * n * n);
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
