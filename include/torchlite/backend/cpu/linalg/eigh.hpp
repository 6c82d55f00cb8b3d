// SPDX-License-Identifier: BSD-3-Clause
// Symmetric eigenproblems: reflections to tridiagonal form, then QL steps with implicit shifts.
// Follows Golub and Van Loan, Matrix Computations, 8.3, and Wilkinson and Reinsch, Handbook for Automatic Computation II.
#pragma once
#include <torchlite/backend/cpu/linalg/qr.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// A dense symmetric matrix a = Q T Q^H, T real and tridiagonal: d [n] its diagonal, e [n - 1] the one beside. With vectors a
/// becomes the adjoint of Q, whose rows are what QL steps turn.
template <class T>
void tridiagonalise(std::int64_t n, T* a, real_of_t<T>* d, real_of_t<T>* e, bool vectors) {
  std::vector<T> tau(static_cast<std::size_t>(n), T(0)), v(static_cast<std::size_t>(n * n)), p(static_cast<std::size_t>(n)), adjoint_v(p),
      adjoint_p(p);
  for (std::int64_t k = 0; k + 1 < n; ++k) {
    const std::int64_t size = n - k - 1;
    T* x = v.data() + k * n + k + 1;  // the vector, its first element 1
    for (std::int64_t i = 0; i < size; ++i) x[i] = a[(k + 1 + i) * n + k];
    d[k] = real_part(a[k * n + k]);
    const T t = tau[static_cast<std::size_t>(k)] = make_reflector(size - 1, x[0], x + 1, std::int64_t{1});
    e[k] = real_part(x[0]);
    x[0] = T(1);
    if (t == T(0)) continue;
    // H^H a H = a - v w^H - w v^H with p = t a v and w = p - (t / 2) (p^H v) v.
    T* trailing = a + (k + 1) * n + k + 1;
    parallel_for(size, linalg_grain(size), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        T sum = 0;
        if constexpr (std::is_floating_point_v<T>) sum = inner_product(size, trailing + i * n, x);
        else
          for (std::int64_t j = 0; j < size; ++j) sum += trailing[i * n + j] * x[j];
        p[static_cast<std::size_t>(i)] = t * sum;
      }
    });
    const T half = T(-0.5) * t * inner_product(size, p.data(), x);
    add_multiple(size, half, x, p.data());
    for (std::int64_t i = 0; i < size; ++i) {
      adjoint_v[static_cast<std::size_t>(i)] = conj_of(x[i]);
      adjoint_p[static_cast<std::size_t>(i)] = conj_of(p[static_cast<std::size_t>(i)]);
    }
    parallel_for(size, linalg_grain(size), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        add_multiple(size, T(-x[i]), adjoint_p.data(), trailing + i * n);
        add_multiple(size, T(-p[static_cast<std::size_t>(i)]), adjoint_v.data(), trailing + i * n);
      }
    });
  }
  if (n > 0) d[n - 1] = real_part(a[n * n - 1]);
  if (!vectors) return;
  std::vector<T> work(static_cast<std::size_t>(n + 1));
  for (std::int64_t i = 0; i < n * n; ++i) a[i] = T(0);
  for (std::int64_t i = 0; i < n; ++i) a[i * n + i] = T(1);
  for (std::int64_t k = n - 2; k >= 0; --k)
    reflect_rows(n - k - 1, n - k - 1, tau[static_cast<std::size_t>(k)], v.data() + k * n + k + 2, std::int64_t{1}, a + (k + 1) * n + k + 1,
                 n, work.data());
  for (std::int64_t i = 0; i < n; ++i) {
    a[i * n + i] = conj_of(a[i * n + i]);
    for (std::int64_t j = 0; j < i; ++j) {
      const T below = a[i * n + j];
      a[i * n + j] = conj_of(a[j * n + i]);
      a[j * n + i] = conj_of(below);
    }
  }
}

/// The eigenvalues of a real symmetric tridiagonal matrix come to stand in d; the rows of z, if there are any, are turned along.
/// False if an eigenvalue does not converge.
template <class T>
bool tridiagonal_ql(std::int64_t n, real_of_t<T>* d, real_of_t<T>* e, T* z) {
  using R = real_of_t<T>;
  constexpr R eps = std::numeric_limits<R>::epsilon(), tiny = std::numeric_limits<R>::min();
  for (std::int64_t l = 0; l < n; ++l) {
    for (int step = 0;; ++step) {
      std::int64_t m = l;  // [l, m] is a block that has not come apart yet
      while (m + 1 < n && std::fabs(e[m]) > eps * (std::fabs(d[m]) + std::fabs(d[m + 1])) + tiny) ++m;
      if (m == l) break;
      if (step == 60) return false;
      R g = (d[l + 1] - d[l]) / (2 * e[l]), r = std::hypot(g, R(1));
      g = d[m] - d[l] + e[l] / (g + std::copysign(r, g));  // d[m] less the shift
      R s = 1, c = 1, p = 0;
      bool split = false;
      for (std::int64_t i = m - 1; i >= l; --i) {
        const R f = s * e[i], b = c * e[i];
        r = std::hypot(f, g);
        e[i + 1] = r;
        if (r == 0) {
          d[i + 1] -= p;
          e[m] = 0;
          split = true;
          break;
        }
        s = f / r, c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        if (!z) continue;
        rotate_rows(n, T(c), T(-s), T(s), z + i * n, z + (i + 1) * n);
      }
      if (split) continue;
      d[l] -= p;
      e[l] = g;
      if (m < n - 1) e[m] = 0;
    }
  }
  return true;
}

/// One dense matrix, of which the lower or the upper triangle counts: w [n] ascending, and with vectors a becomes V with
/// a = V diag(w) V^H. False if it holds infinities or NaNs, or if an eigenvalue does not converge.
template <class T>
bool eigh_one(std::int64_t n, bool upper, T* a, real_of_t<T>* w, bool vectors) {
  using R = real_of_t<T>;
  if (n == 0) return true;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < i; ++j) {
      if (upper) a[i * n + j] = conj_of(a[j * n + i]);
      else a[j * n + i] = conj_of(a[i * n + j]);
    }
  if (!all_finite(n * n, a)) return false;
  const R scale = largest_magnitude(n * n, a);
  const bool scaled = scale > 0 && (scale < R(1e-12) || scale > R(1e12));
  if (scaled)
    for (std::int64_t i = 0; i < n * n; ++i) a[i] /= scale;
  std::vector<R> e(static_cast<std::size_t>(n), R(0));
  tridiagonalise(n, a, w, e.data(), vectors);
  if (!tridiagonal_ql(n, w, e.data(), vectors ? a : static_cast<T*>(nullptr))) return false;
  for (std::int64_t i = 0; i < n; ++i) {
    std::int64_t least = i;
    for (std::int64_t j = i + 1; j < n; ++j)
      if (w[j] < w[least]) least = j;
    if (least == i) continue;
    std::swap(w[i], w[least]);
    if (vectors)
      for (std::int64_t j = 0; j < n; ++j) std::swap(a[i * n + j], a[least * n + j]);
  }
  if (scaled)
    for (std::int64_t i = 0; i < n; ++i) w[i] *= scale;
  if (vectors)  // rows become columns; V is the adjoint of what was turned
    for (std::int64_t i = 0; i < n; ++i) {
      a[i * n + i] = conj_of(a[i * n + i]);
      for (std::int64_t j = 0; j < i; ++j) {
        const T below = a[i * n + j];
        a[i * n + j] = conj_of(a[j * n + i]);
        a[j * n + i] = conj_of(below);
      }
    }
  return true;
}

/// All matrices of a batch; failed [count] is 1 where there is no result.
template <class T>
void eigh_batch(Cpu, std::int64_t count, std::int64_t n, bool upper, T* a, real_of_t<T>* w, bool vectors, std::int32_t* failed) {
  parallel_for(count, linalg_grain(n * n * n * 4), [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) failed[i] = eigh_one(n, upper, a + i * n * n, w + i * n, vectors) ? 0 : 1;
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
