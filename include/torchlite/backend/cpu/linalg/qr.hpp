// SPDX-License-Identifier: BSD-3-Clause
// Householder reflections, with LAPACK's choice of signs (geqrf, orgqr, ormqr), so that Q and R agree with it.
// Follows Golub and Van Loan, Matrix Computations, 5.1 and 5.2.
#pragma once
#include <torchlite/backend/cpu/linalg/scalar.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The length of a vector, safe from overflow.
template <class T>
real_of_t<T> vector_length(std::int64_t n, const T* x, std::int64_t step) {
  using R = real_of_t<T>;
  R sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += squared_magnitude(x[i * step]);
  if (sum > std::numeric_limits<R>::min() * R(1e4) && sum < std::numeric_limits<R>::max()) return std::sqrt(sum);
  R most = 0;
  for (std::int64_t i = 0; i < n; ++i) most = magnitude(x[i * step]) > most ? magnitude(x[i * step]) : most;
  if (!(most > 0) || !std::isfinite(most)) return std::sqrt(sum);
  sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += squared_magnitude(x[i * step] / most);
  return most * std::sqrt(sum);
}

/// The reflection I - tau v v^H, v = (1, x), that maps (alpha, x) to (beta, 0): x is overwritten with v's rest, alpha with
/// beta; returns tau, which is 0 where there is nothing to reflect.
template <class T>
T make_reflector(std::int64_t n, T& alpha, T* x, std::int64_t step) {
  const auto rest = vector_length(n, x, step);
  if (rest == 0 && alpha == T(real_part(alpha))) return T(0);
  auto beta = std::hypot(magnitude(alpha), rest);
  if (real_part(alpha) >= 0) beta = -beta;
  const T tau = (T(beta) - alpha) / T(beta), scale = T(1) / (alpha - T(beta));
  for (std::int64_t i = 0; i < n; ++i) x[i * step] *= scale;
  alpha = T(beta);
  return tau;
}

/// c [rows, columns] becomes (I - tau v v^H) c, v = (1, x); work has `columns` elements.
template <class T>
void reflect_rows(std::int64_t rows, std::int64_t columns, T tau, const T* x, std::int64_t step, T* c, std::int64_t c_row, T* work) {
  if (tau == T(0) || rows == 0) return;
  for (std::int64_t j = 0; j < columns; ++j) work[j] = c[j];
  for (std::int64_t i = 1; i < rows; ++i) add_multiple(columns, conj_of(x[(i - 1) * step]), c + i * c_row, work);
  for (std::int64_t j = 0; j < columns; ++j) c[j] -= tau * work[j];
  for (std::int64_t i = 1; i < rows; ++i) add_multiple(columns, T(-tau * x[(i - 1) * step]), work, c + i * c_row);
}

/// c [rows, columns] becomes c (I - tau v v^H); work has `columns` elements.
template <class T>
void reflect_columns(std::int64_t rows, std::int64_t columns, T tau, const T* x, std::int64_t step, T* c, std::int64_t c_row, T* work) {
  if (tau == T(0) || columns == 0) return;
  work[0] = T(1);
  for (std::int64_t j = 1; j < columns; ++j) work[j] = conj_of(x[(j - 1) * step]);
  for (std::int64_t i = 0; i < rows; ++i) {
    T sum = 0;
    for (std::int64_t j = 0; j < columns; ++j) sum += c[i * c_row + j] * conj_of(work[j]);
    add_multiple(columns, T(-tau * sum), work, c + i * c_row);
  }
}

/// One dense matrix [m, n] becomes R, and below it the vectors of its reflections.
template <class T>
void qr_factor_one(std::int64_t m, std::int64_t n, T* a, T* tau) {
  std::vector<T> work(static_cast<std::size_t>(n + 1));
  const std::int64_t k = m < n ? m : n;
  for (std::int64_t j = 0; j < k; ++j) {
    T* below = a + (j + 1) * n + j;
    tau[j] = make_reflector(m - j - 1, a[j * n + j], below, n);
    reflect_rows(m - j, n - j - 1, conj_of(tau[j]), below, n, a + j * n + j + 1, n, work.data());
  }
}

/// c [m, n] becomes Q c, Q^H c (left), c Q or c Q^H (right); Q is the product of `count` reflections, whose vectors are the
/// columns of a, of rows a_row apart.
template <class T>
void reflect_all(std::int64_t count, const T* a, std::int64_t a_row, const T* tau, bool left, bool adjoint, std::int64_t m, std::int64_t n,
                 T* c) {
  std::vector<T> work(static_cast<std::size_t>(n + 1));
  for (std::int64_t q = 0; q < count; ++q) {
    const std::int64_t j = left != adjoint ? count - 1 - q : q;
    const T t = adjoint ? conj_of(tau[j]) : tau[j];
    const T* below = a + (j + 1) * a_row + j;
    if (left) reflect_rows(m - j, n, t, below, a_row, c + j * n, n, work.data());
    else reflect_columns(m, n - j, t, below, a_row, c + j, n, work.data());
  }
}

/// The first `columns` columns of the product of `count` reflections of m-vectors: q [m, columns].
template <class T>
void form_q(std::int64_t m, std::int64_t columns, std::int64_t count, const T* a, std::int64_t a_row, const T* tau, T* q) {
  std::vector<T> work(static_cast<std::size_t>(columns + 1));
  for (std::int64_t i = 0; i < m * columns; ++i) q[i] = T(0);
  for (std::int64_t i = 0; i < m && i < columns; ++i) q[i * columns + i] = T(1);
  for (std::int64_t j = count - 1; j >= 0; --j)
    reflect_rows(m - j, columns - j, tau[j], a + (j + 1) * a_row + j, a_row, q + j * columns + j, columns, work.data());
}

/// All matrices [m, n] of a batch; tau [count, min(m, n)].
template <class T>
void qr_factor(Cpu, std::int64_t count, std::int64_t m, std::int64_t n, T* a, T* tau) {
  const std::int64_t k = m < n ? m : n;
  parallel_for(count, linalg_grain(m * n * k), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) qr_factor_one(m, n, a + i * m * n, tau + i * k);
  });
}

/// q [count, m, columns] from reflections in a [count, m, n].
template <class T>
void form_qs(Cpu, std::int64_t count, std::int64_t m, std::int64_t columns, std::int64_t reflections, const T* a, std::int64_t n,
             const T* tau, T* q) {
  parallel_for(count, linalg_grain(m * columns * reflections), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      form_q(m, columns, reflections, a + i * m * n, n, tau + i * reflections, q + i * m * columns);
  });
}

/// reflect_all for a batch: a [count, r, columns_a], c [count, m, n], r = left ? m : n.
template <class T>
void reflect_batch(Cpu, std::int64_t count, std::int64_t reflections, const T* a, std::int64_t columns_a, const T* tau, bool left,
                   bool adjoint, std::int64_t m, std::int64_t n, T* c) {
  parallel_for(count, linalg_grain(m * n * reflections), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      reflect_all(reflections, a + i * (left ? m : n) * columns_a, columns_a, tau + i * reflections, left, adjoint, m, n, c + i * m * n);
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
