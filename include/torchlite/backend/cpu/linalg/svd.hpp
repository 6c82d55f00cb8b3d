// SPDX-License-Identifier: BSD-3-Clause
// Singular values by one-sided Jacobi rotations of the triangular factor of QR, which is the most accurate of the known ways:
// small singular values of graded matrices are right to their last digits. Follows Demmel and Veselic, Jacobi's Method is More
// Accurate than QR, 1992, and Drmac and Veselic, New Fast and Accurate Jacobi SVD Algorithm, 2008.
#pragma once
#include <torchlite/backend/cpu/linalg/qr.hpp>

#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Turns rows x and y of w [n, n] so that they are orthogonal, and those of j (if any) along; false if they were.
template <class T>
bool orthogonalise_pair(std::int64_t n, T* w, T* j, std::int64_t first, std::int64_t second, real_of_t<T> tolerance) {
  using R = real_of_t<T>;
  T *x = w + first * n, *y = w + second * n;
  const R a = real_part(inner_product(n, x, x)), b = real_part(inner_product(n, y, y));
  const T c = inner_product(n, y, x);
  const R size = magnitude(c);
  if (!(size > tolerance * std::sqrt(a) * std::sqrt(b)) || size == 0) return false;
  const R zeta = (b - a) / (2 * size);
  const R tangent = std::copysign(R(1), zeta) / (std::fabs(zeta) + std::hypot(R(1), zeta));
  const R cosine = 1 / std::sqrt(1 + tangent * tangent), sine = cosine * tangent;
  const T phase = c / T(size), low = T(-sine) * phase, high = T(sine) * conj_of(phase);
  rotate_rows(n, T(cosine), low, high, x, y);
  if (j) rotate_rows(n, T(cosine), low, high, j + first * n, j + second * n);
  return true;
}

/// Turns the rows of w [n, n] until they are orthogonal to each other, and those of j (if any) along. Blocks of rows, which stay
/// in the cache, meet each other in rounds in which no block appears twice, so that threads may share them. False if that does
/// not end.
template <class T>
bool orthogonalise_rows(std::int64_t n, T* w, T* j) {
  using R = real_of_t<T>;
  constexpr std::int64_t block = 8;
  const R tolerance = std::numeric_limits<R>::epsilon() * std::sqrt(static_cast<R>(n > 4 ? n : 4));
  const std::int64_t blocks = (n + block - 1) / block, players = blocks + blocks % 2, others = players - 1;
  std::vector<unsigned char> turned(static_cast<std::size_t>(players));
  const auto end_of = [n](std::int64_t q) { return q * block + block < n ? q * block + block : n; };
  const std::int64_t work = n * block * block * (j ? 7 : 5);
  for (int sweep = 0; sweep < 60; ++sweep) {
    bool any = false;
    parallel_for(blocks, linalg_grain(work / 2), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t q = begin; q < end; ++q) {
        bool some = false;
        for (std::int64_t x = q * block; x < end_of(q); ++x)
          for (std::int64_t y = x + 1; y < end_of(q); ++y) some = orthogonalise_pair(n, w, j, x, y, tolerance) || some;
        turned[static_cast<std::size_t>(q)] = some ? 1 : 0;
      }
    });
    for (std::int64_t q = 0; q < blocks; ++q) any = any || turned[static_cast<std::size_t>(q)] != 0;
    for (std::int64_t round = 0; round < others; ++round) {
      parallel_for(players / 2, linalg_grain(work), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t q = begin; q < end; ++q) {
          // The circle method for tournaments: the last player stays, the others move on by one.
          std::int64_t first = q == 0 ? others : (round + q) % others, second = q == 0 ? round : (round + others - q) % others;
          if (first > second) std::swap(first, second);
          bool some = false;
          if (second < blocks)
            for (std::int64_t x = first * block; x < end_of(first); ++x)
              for (std::int64_t y = second * block; y < end_of(second); ++y) some = orthogonalise_pair(n, w, j, x, y, tolerance) || some;
          turned[static_cast<std::size_t>(q)] = some ? 1 : 0;
        }
      });
      for (std::int64_t q = 0; q < players / 2; ++q) any = any || turned[static_cast<std::size_t>(q)] != 0;
    }
    if (!any) return true;
  }
  return false;
}

/// Rows [known, n) of an [n, n] matrix whose first rows are orthonormal become orthonormal to all others.
template <class T>
void complete_rows(std::int64_t n, std::int64_t known, T* rows) {
  if (known == n) return;
  std::vector<T> columns(static_cast<std::size_t>(n * known + 1)), tau(static_cast<std::size_t>(known + 1)),
      q(static_cast<std::size_t>(n * n));
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t k = 0; k < known; ++k) columns[static_cast<std::size_t>(i * known + k)] = conj_of(rows[k * n + i]);
  qr_factor_one(n, known, columns.data(), tau.data());
  form_q(n, n, known, columns.data(), known, tau.data(), q.data());
  for (std::int64_t k = known; k < n; ++k)
    for (std::int64_t i = 0; i < n; ++i) rows[k * n + i] = conj_of(q[static_cast<std::size_t>(i * n + k)]);
}

/// a [m, n] with m >= n, overwritten; s [n] descending; with vectors u [m, columns] and vh [n, n], columns n or m.
template <class T>
bool svd_tall(std::int64_t m, std::int64_t n, std::int64_t columns, T* a, real_of_t<T>* s, T* u, T* vh, bool vectors) {
  using R = real_of_t<T>;
  if (!all_finite(m * n, a)) return false;
  const R scale = largest_magnitude(m * n, a);
  if (scale > 0)
    for (std::int64_t i = 0; i < m * n; ++i) a[i] /= scale;
  const auto size = static_cast<std::size_t>(n * n);
  std::vector<T> tau(static_cast<std::size_t>(n + 1)), w(size), turns(vectors ? size : 0);
  qr_factor_one(m, n, a, tau.data());
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t k = i; k < n; ++k) w[static_cast<std::size_t>(i * n + k)] = a[i * n + k];
  if (vectors)
    for (std::int64_t i = 0; i < n; ++i) turns[static_cast<std::size_t>(i * n + i)] = T(1);
  if (!orthogonalise_rows(n, w.data(), vectors ? turns.data() : static_cast<T*>(nullptr))) return false;

  std::vector<R> lengths(static_cast<std::size_t>(n));
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    lengths[static_cast<std::size_t>(i)] = vector_length(n, w.data() + i * n, std::int64_t{1});
    order[static_cast<std::size_t>(i)] = i;
  }
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t x, std::int64_t y) {
    return lengths[static_cast<std::size_t>(x)] > lengths[static_cast<std::size_t>(y)];
  });
  std::int64_t rank = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const R length = lengths[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])];
    s[i] = length * scale;
    // Rows whose squares underflow were never turned, so they are no directions.
    if (length > std::sqrt(std::numeric_limits<R>::min()) * 16) rank = i + 1;
  }
  if (!vectors) return true;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t from = order[static_cast<std::size_t>(i)];
    const R length = lengths[static_cast<std::size_t>(from)];
    for (std::int64_t k = 0; k < n; ++k) vh[i * n + k] = i < rank ? w[static_cast<std::size_t>(from * n + k)] / T(length) : T(0);
  }
  complete_rows(n, rank, vh);
  for (std::int64_t i = 0; i < m * columns; ++i) u[i] = T(0);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t k = 0; k < n; ++k)
      u[k * columns + i] = conj_of(turns[static_cast<std::size_t>(order[static_cast<std::size_t>(i)] * n + k)]);
  for (std::int64_t i = n; i < columns; ++i) u[i * columns + i] = T(1);
  reflect_all(n, a, n, tau.data(), true, false, m, columns, u);
  return true;
}

/// One dense matrix [m, n] = u diag(s) vh: u [m, k], vh [k, n], k = min(m, n), or square ones if `full`. Without vectors only s.
/// False if the matrix holds infinities or NaNs.
template <class T>
bool svd_one(std::int64_t m, std::int64_t n, const T* a, real_of_t<T>* s, T* u, T* vh, bool vectors, bool full) {
  const auto adjoint = [](std::int64_t rows, std::int64_t columns, const T* from, T* to) {
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) to[j * rows + i] = conj_of(from[i * columns + j]);
  };
  std::vector<T> copy(a, a + m * n);
  if (m >= n) return svd_tall(m, n, full ? m : n, copy.data(), s, u, vh, vectors);
  adjoint(m, n, a, copy.data());
  const std::int64_t columns = full ? n : m;
  std::vector<T> left(static_cast<std::size_t>(vectors ? n * columns : 0)), right(static_cast<std::size_t>(vectors ? m * m : 0));
  if (!svd_tall(n, m, columns, copy.data(), s, left.data(), right.data(), vectors)) return false;
  if (vectors) {
    adjoint(n, columns, left.data(), vh);
    adjoint(m, m, right.data(), u);
  }
  return true;
}

/// All matrices of a batch; failed [count] is 1 where there is no result.
template <class T>
void svd_batch(Cpu, std::int64_t count, std::int64_t m, std::int64_t n, const T* a, real_of_t<T>* s, T* u, T* vh, bool vectors, bool full,
               std::int32_t* failed) {
  const std::int64_t k = m < n ? m : n;
  parallel_for(count, linalg_grain(m * n * k * 8), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      T* own_u = vectors ? u + i * m * (full ? m : k) : nullptr;
      T* own_vh = vectors ? vh + i * n * (full ? n : k) : nullptr;
      failed[i] = svd_one(m, n, a + i * m * n, s + i * k, own_u, own_vh, vectors, full) ? 0 : 1;
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
