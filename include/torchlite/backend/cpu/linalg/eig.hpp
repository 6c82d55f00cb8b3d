// SPDX-License-Identifier: BSD-3-Clause
// Eigenvalues and eigenvectors of general matrices: balanced, brought to Hessenberg form by reflections, then to triangular form by QR steps
// with shifts (two conjugate ones at a time if the matrix is real, so that conjugate pairs stay exact). Computed in double for every dtype.
// Sources: Golub and Van Loan, Matrix Computations, 7.4 to 7.6; Wilkinson and Reinsch, Handbook for Automatic Computation II, hqr2 and
// comlr2; Parlett and Reinsch, "Balancing a matrix", Numer. Math. 1969.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/core/dtype.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {
namespace eigen {

using Complex = std::complex<double>;
inline constexpr double epsilon = 2.220446049250313e-16;
/// Steps that one eigenvalue may take; more than a dozen are rare.
inline constexpr int most_steps = 300;

inline double size_of_number(double x) { return std::fabs(x); }
inline double size_of_number(Complex x) { return std::fabs(x.real()) + std::fabs(x.imag()); }
inline double conjugate(double x) { return x; }
inline Complex conjugate(Complex x) { return std::conj(x); }

/// Row i times 1 / s_i, column i times s_i, until their norms are alike; s are powers of 2, so nothing is rounded.
template <class T>
void balance(std::int64_t n, T* a, double* s) {
  std::fill(s, s + n, 1.0);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::int64_t i = 0; i < n; ++i) {
      double row = 0, column = 0;
      for (std::int64_t j = 0; j < n; ++j)
        if (j != i) row += size_of_number(a[i * n + j]), column += size_of_number(a[j * n + i]);
      if (row == 0 || column == 0 || !std::isfinite(row + column)) continue;
      const double sum = row + column;
      double f = 1;
      for (; column < row / 2; column *= 4) f *= 2;
      for (; column >= row * 2; column /= 4) f /= 2;
      if ((column + row) / f >= 0.95 * sum || f == 1) continue;
      changed = true;
      s[i] *= f;
      for (std::int64_t j = 0; j < n; ++j) a[i * n + j] /= f;
      for (std::int64_t j = 0; j < n; ++j) a[j * n + i] *= f;
    }
  }
}

/// a becomes q^H a q, zero below its first subdiagonal; q [n, n] is written if it is not null.
template <class T>
void reduce_to_hessenberg(std::int64_t n, T* a, T* q) {
  if (q != nullptr) {
    std::fill(q, q + n * n, T(0));
    for (std::int64_t i = 0; i < n; ++i) q[i * n + i] = T(1);
  }
  std::vector<T> v(static_cast<std::size_t>(n));
  for (std::int64_t k = 0; k + 2 < n; ++k) {
    double scale = 0, square = 0;
    for (std::int64_t i = k + 1; i < n; ++i) scale = std::max(scale, size_of_number(a[i * n + k]));
    if (scale == 0 || !std::isfinite(scale)) continue;
    for (std::int64_t i = k + 1; i < n; ++i) {
      v[static_cast<std::size_t>(i)] = a[i * n + k] / scale;
      square += std::norm(Complex(v[static_cast<std::size_t>(i)]));
    }
    T& first = v[static_cast<std::size_t>(k + 1)];
    const double length = std::sqrt(square), own = std::abs(Complex(first));
    const T direction = own == 0 ? T(1) : T(first / own);
    first += direction * length;
    const double factor = 1 / (length * (length + own));  // 2 / |v|^2
    // (1 - factor v v^H) from the left, then from the right.
    for (std::int64_t j = k; j < n; ++j) {
      T sum = 0;
      for (std::int64_t i = k + 1; i < n; ++i) sum += conjugate(v[static_cast<std::size_t>(i)]) * a[i * n + j];
      sum *= factor;
      for (std::int64_t i = k + 1; i < n; ++i) a[i * n + j] -= v[static_cast<std::size_t>(i)] * sum;
    }
    const auto from_right = [&](T* m) {
      for (std::int64_t i = 0; i < n; ++i) {
        T sum = 0;
        for (std::int64_t j = k + 1; j < n; ++j) sum += m[i * n + j] * v[static_cast<std::size_t>(j)];
        sum *= factor;
        for (std::int64_t j = k + 1; j < n; ++j) m[i * n + j] -= sum * conjugate(v[static_cast<std::size_t>(j)]);
      }
    };
    from_right(a);
    if (q != nullptr) from_right(q);
    for (std::int64_t i = k + 2; i < n; ++i) a[i * n + k] = T(0);
  }
}

/// Two columns, or two rows, turned by a plane rotation with real entries.
inline void rotate(std::int64_t count, double* x, double* y, std::int64_t step, double c, double s) {
  for (std::int64_t i = 0; i < count; ++i) {
    const double a = x[i * step], b = y[i * step];
    x[i * step] = c * a + s * b;
    y[i * step] = c * b - s * a;
  }
}

/// A real Hessenberg matrix h becomes triangular but for 2 x 2 blocks, which have conjugate eigenvalues; z is multiplied by what does it.
class RealSchur {
 public:
  RealSchur(std::int64_t n, double* h, double* z, Complex* values) : n_(n), h_(h), z_(z), values_(values) {}

  bool run() {
    double norm = 0;
    for (std::int64_t i = 0; i < n_; ++i)
      for (std::int64_t j = std::max<std::int64_t>(i - 1, 0); j < n_; ++j) norm += std::fabs(at(i, j));
    if (!std::isfinite(norm)) return false;
    std::int64_t last = n_ - 1;
    int steps = 0;
    while (last >= 0) {
      std::int64_t first = last;
      for (; first > 0; --first) {
        double near = std::fabs(at(first - 1, first - 1)) + std::fabs(at(first, first));
        if (near == 0) near = norm;
        if (std::fabs(at(first, first - 1)) <= epsilon * near) {
          at(first, first - 1) = 0;
          break;
        }
      }
      if (first == last) {
        at(last, last) += moved_;
        values_[last] = at(last, last);
        --last, steps = 0;
      } else if (first == last - 1) {
        split_block(last);
        last -= 2, steps = 0;
      } else {
        if (++steps > most_steps) return false;
        step(first, last, steps);
      }
    }
    return true;
  }

 private:
  double& at(std::int64_t i, std::int64_t j) { return h_[i * n_ + j]; }

  /// The block that ends at m: triangular if its eigenvalues are real.
  void split_block(std::int64_t m) {
    const std::int64_t k = m - 1;
    const double w = at(m, k) * at(k, m), p = (at(k, k) - at(m, m)) / 2, discriminant = p * p + w;
    const double root = std::sqrt(std::fabs(discriminant));
    at(m, m) += moved_, at(k, k) += moved_;
    const double x = at(m, m);
    if (discriminant < 0) {
      values_[k] = {x + p, root};
      values_[m] = {x + p, -root};
      return;
    }
    const double z = p >= 0 ? p + root : p - root;
    values_[k] = x + z;
    values_[m] = z != 0 ? x - w / z : x + z;
    const double below = at(m, k), length = std::hypot(below, z), s = below / length, c = z / length;
    rotate(n_ - k, &at(k, k), &at(m, k), 1, c, s);
    rotate(m + 1, h_ + k, h_ + m, n_, c, s);
    if (z_ != nullptr) rotate(n_, z_ + k, z_ + m, n_, c, s);
    at(m, k) = 0;
  }

  /// A QR step with the two eigenvalues of the last block as shifts, on rows and columns first to last.
  void step(std::int64_t first, std::int64_t last, int steps) {
    double x = at(last, last), y = at(last - 1, last - 1), w = at(last, last - 1) * at(last - 1, last);
    if (steps % 10 == 0) {  // no progress: a shift from elsewhere
      moved_ += x;
      for (std::int64_t i = 0; i <= last; ++i) at(i, i) -= x;
      const double s = std::fabs(at(last, last - 1)) + std::fabs(at(last - 1, last - 2));
      x = y = 0.75 * s;
      w = -0.4375 * s * s;
    }
    // The step may begin where two subdiagonal elements in a row are small.
    double p = 0, q = 0, r = 0;
    std::int64_t m = last - 2;
    for (;; --m) {
      const double z = at(m, m), rr = x - z, ss = y - z;
      p = (rr * ss - w) / at(m + 1, m) + at(m, m + 1);
      q = at(m + 1, m + 1) - z - rr - ss;
      r = at(m + 2, m + 1);
      const double s = std::fabs(p) + std::fabs(q) + std::fabs(r);
      p /= s, q /= s, r /= s;
      if (m == first) break;
      if (std::fabs(at(m, m - 1)) * (std::fabs(q) + std::fabs(r)) <
          epsilon * (std::fabs(p) * (std::fabs(at(m - 1, m - 1)) + std::fabs(z) + std::fabs(at(m + 1, m + 1)))))
        break;
    }
    for (std::int64_t i = m + 2; i <= last; ++i) {
      at(i, i - 2) = 0;
      if (i > m + 2) at(i, i - 3) = 0;
    }
    for (std::int64_t k = m; k < last; ++k) {
      const bool three = k != last - 1;
      double scale = 0;
      if (k != m) {
        p = at(k, k - 1), q = at(k + 1, k - 1), r = three ? at(k + 2, k - 1) : 0;
        scale = std::fabs(p) + std::fabs(q) + std::fabs(r);
        if (scale == 0) continue;
        p /= scale, q /= scale, r /= scale;
      }
      const double s = std::copysign(std::sqrt(p * p + q * q + r * r), p);
      if (s == 0) continue;
      if (k != m) at(k, k - 1) = -s * scale;
      else if (first != m) at(k, k - 1) = -at(k, k - 1);
      p += s;
      reflect(k, last, three, p / s, q / s, r / s, q / p, r / p);
    }
  }

  /// The reflection 1 - (x, y, z) (1, q, r)^T of rows and columns k to k + 2.
  void reflect(std::int64_t k, std::int64_t last, bool three, double x, double y, double z, double q, double r) {
    for (std::int64_t j = k; j < n_; ++j) {
      double sum = at(k, j) + q * at(k + 1, j);
      if (three) sum += r * at(k + 2, j), at(k + 2, j) -= sum * z;
      at(k, j) -= sum * x;
      at(k + 1, j) -= sum * y;
    }
    const auto columns = [&](double* rows, std::int64_t count) {
      for (std::int64_t i = 0; i < count; ++i) {
        double* row = rows + i * n_ + k;
        double sum = x * row[0] + y * row[1];
        if (three) sum += z * row[2], row[2] -= sum * r;
        row[0] -= sum;
        row[1] -= sum * q;
      }
    };
    columns(h_, std::min(last, k + 3) + 1);
    if (z_ != nullptr) columns(z_, n_);
  }

  std::int64_t n_;
  double *h_, *z_;
  Complex* values_;
  double moved_ = 0;  ///< what was subtracted from the diagonal of the rows not done
};

/// Rows k and k + 1 of t times the adjoint of g, columns k and k + 1 of t and z times g = ((c, -conj(s)), (s, conj(c))).
inline void turn(std::int64_t n, Complex* t, Complex* z, std::int64_t k, std::int64_t first_column, std::int64_t rows, Complex c,
                 Complex s) {
  for (std::int64_t j = first_column; j < n; ++j) {
    const Complex a = t[k * n + j], b = t[(k + 1) * n + j];
    t[k * n + j] = std::conj(c) * a + std::conj(s) * b;
    t[(k + 1) * n + j] = c * b - s * a;
  }
  const auto columns = [&](Complex* m, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      const Complex a = m[i * n + k], b = m[i * n + k + 1];
      m[i * n + k] = a * c + b * s;
      m[i * n + k + 1] = b * std::conj(c) - a * std::conj(s);
    }
  };
  columns(t, rows);
  if (z != nullptr) columns(z, n);
}

/// A complex Hessenberg matrix t becomes triangular; z is multiplied by what does it.
inline bool complex_schur(std::int64_t n, Complex* t, Complex* z) {
  const auto at = [=](std::int64_t i, std::int64_t j) -> Complex& { return t[i * n + j]; };
  double norm = 0;
  for (std::int64_t i = 0; i < n * n; ++i) norm += size_of_number(t[i]);
  if (!std::isfinite(norm)) return false;
  std::int64_t last = n - 1;
  int steps = 0;
  while (last >= 0) {
    std::int64_t first = last;
    for (; first > 0; --first) {
      double near = size_of_number(at(first - 1, first - 1)) + size_of_number(at(first, first));
      if (near == 0) near = norm;
      if (size_of_number(at(first, first - 1)) <= epsilon * near) {
        at(first, first - 1) = 0;
        break;
      }
    }
    if (first == last) {
      --last, steps = 0;
      continue;
    }
    if (++steps > most_steps) return false;
    // The eigenvalue of the last block that is nearer to its last element.
    const Complex d = at(last, last), half = (at(last - 1, last - 1) - d) * 0.5, product = at(last - 1, last) * at(last, last - 1);
    Complex shift = d, root = std::sqrt(half * half + product);
    if (std::real(std::conj(half) * root) < 0) root = -root;
    if (half + root != 0.0) shift -= product / (half + root);
    if (steps % 10 == 0) shift = d + size_of_number(at(last, last - 1));
    Complex x = at(first, first) - shift, y = at(first + 1, first);
    for (std::int64_t k = first; k < last; ++k) {
      const double length = std::hypot(std::abs(x), std::abs(y));
      if (length > 0) turn(n, t, z, k, std::max(k - 1, first), std::min(k + 3, last + 1), x / length, y / length);
      if (k > first) at(k + 1, k - 1) = 0;
      if (k + 1 < last) x = at(k + 1, k), y = at(k + 2, k);
    }
  }
  return true;
}

/// The eigenvectors of a triangular matrix, taken back by z: columns of v.
inline void triangular_vectors(std::int64_t n, const Complex* t, const Complex* z, const Complex* values, Complex* v) {
  double norm = 0;
  for (std::int64_t i = 0; i < n * n; ++i) norm = std::max(norm, size_of_number(t[i]));
  const double least = std::max(epsilon * norm, 1e-300);
  std::vector<Complex> x(static_cast<std::size_t>(n));
  for (std::int64_t k = 0; k < n; ++k) {
    x[static_cast<std::size_t>(k)] = 1;
    for (std::int64_t i = k - 1; i >= 0; --i) {
      Complex sum = 0;
      for (std::int64_t j = i + 1; j <= k; ++j) sum += t[i * n + j] * x[static_cast<std::size_t>(j)];
      Complex apart = values[k] - values[i];
      if (size_of_number(apart) < least) apart = least;
      x[static_cast<std::size_t>(i)] = sum / apart;
      const double big = size_of_number(x[static_cast<std::size_t>(i)]);
      if (big > 1e100)  // nearly a multiple eigenvalue
        for (std::int64_t j = i; j <= k; ++j) x[static_cast<std::size_t>(j)] /= big;
    }
    for (std::int64_t i = 0; i < n; ++i) {
      Complex sum = 0;
      for (std::int64_t j = 0; j <= k; ++j) sum += z[i * n + j] * x[static_cast<std::size_t>(j)];
      v[i * n + k] = sum;
    }
  }
}

/// Columns of length 1 whose largest element is real, as LAPACK has them.
inline void normalise_columns(std::int64_t n, const double* scale, Complex* v) {
  for (std::int64_t k = 0; k < n; ++k) {
    double largest = 0;
    for (std::int64_t i = 0; i < n; ++i) largest = std::max(largest, size_of_number(v[i * n + k] *= scale[i]));
    if (largest == 0 || !std::isfinite(largest)) continue;
    double square = 0, most = -1;
    std::int64_t at = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const double own = std::norm(v[i * n + k] /= largest);
      square += own;
      if (own > most) most = own, at = i;
    }
    const Complex turn = std::conj(v[at * n + k]) / (std::sqrt(most) * std::sqrt(square));
    for (std::int64_t i = 0; i < n; ++i) v[i * n + k] *= turn;
    v[at * n + k] = v[at * n + k].real();
  }
}

/// Eigenvalues of one matrix, and eigenvectors if v is not null. a is scratch. False if the steps do not converge.
inline bool decompose(std::int64_t n, double* a, Complex* values, Complex* v) {
  std::vector<double> scale(static_cast<std::size_t>(n)), q(v != nullptr ? static_cast<std::size_t>(n * n) : 0);
  balance(n, a, scale.data());
  double* const z = v != nullptr ? q.data() : nullptr;
  reduce_to_hessenberg(n, a, z);
  if (!RealSchur(n, a, z, values).run()) return false;
  if (v == nullptr) return true;
  std::vector<Complex> t(a, a + n * n), zc(q.begin(), q.end());
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j + 1 < i; ++j) t[static_cast<std::size_t>(i * n + j)] = 0;
  for (std::int64_t k = 0; k + 1 < n; ++k) {
    if (values[k].imag() == 0) continue;
    // The block's eigenvector becomes the first column of a rotation, which makes it triangular.
    const Complex x = values[k] - a[(k + 1) * n + k + 1], y = a[(k + 1) * n + k];
    const double length = std::hypot(std::abs(x), std::abs(y));
    turn(n, t.data(), zc.data(), k, k, k + 2, x / length, y / length);
    ++k;
  }
  triangular_vectors(n, t.data(), zc.data(), values, v);
  normalise_columns(n, scale.data(), v);
  for (std::int64_t k = 0; k < n; ++k) {
    const bool pair = values[k].imag() != 0;
    for (std::int64_t i = 0; i < n; ++i) {
      if (pair) v[i * n + k + 1] = std::conj(v[i * n + k]);
      else v[i * n + k] = v[i * n + k].real();
    }
    if (pair) ++k;
  }
  return true;
}
inline bool decompose(std::int64_t n, Complex* a, Complex* values, Complex* v) {
  std::vector<double> scale(static_cast<std::size_t>(n));
  std::vector<Complex> q(v != nullptr ? static_cast<std::size_t>(n * n) : 0);
  balance(n, a, scale.data());
  Complex* const z = v != nullptr ? q.data() : nullptr;
  reduce_to_hessenberg(n, a, z);
  if (!complex_schur(n, a, z)) return false;
  for (std::int64_t k = 0; k < n; ++k) values[k] = a[k * n + k];
  if (v == nullptr) return true;
  triangular_vectors(n, a, z, values, v);
  normalise_columns(n, scale.data(), v);
  return true;
}

/// a^-1 of one matrix by elimination with row exchanges; a is scratch. A zero pivot gives infinities and NaNs.
inline void invert(std::int64_t n, Complex* a, Complex* b) {
  std::fill(b, b + n * n, Complex(0));
  for (std::int64_t i = 0; i < n; ++i) b[i * n + i] = 1;
  for (std::int64_t k = 0; k < n; ++k) {
    std::int64_t pivot = k;
    for (std::int64_t i = k + 1; i < n; ++i)
      if (size_of_number(a[i * n + k]) > size_of_number(a[pivot * n + k])) pivot = i;
    if (pivot != k) {
      std::swap_ranges(a + k * n, a + (k + 1) * n, a + pivot * n);
      std::swap_ranges(b + k * n, b + (k + 1) * n, b + pivot * n);
    }
    const Complex factor = 1.0 / a[k * n + k];
    for (std::int64_t j = 0; j < n; ++j) a[k * n + j] *= factor, b[k * n + j] *= factor;
    for (std::int64_t i = 0; i < n; ++i) {
      const Complex m = a[i * n + k];
      if (i == k || m == 0.0) continue;
      for (std::int64_t j = 0; j < n; ++j) a[i * n + j] -= m * a[k * n + j], b[i * n + j] -= m * b[k * n + j];
    }
  }
}

}  // namespace eigen

/// Of each of `count` dense matrices a [n, n]: eigenvalues [n], and, if vectors is not null, eigenvectors [n, n] in columns. Returns the
/// number of the first matrix for which the steps do not converge (it has infinities or NaNs), or -1.
template <class T>
std::int64_t eig(Cpu, std::int64_t count, std::int64_t n, const T* a, complex_t<T>* values, complex_t<T>* vectors) {
  using Wide = std::conditional_t<complex_number<T>, std::complex<double>, double>;
  count_kernel("eig");
  std::vector<std::uint8_t> failed(static_cast<std::size_t>(count));
  parallel_for(count, std::max<std::int64_t>(1, 4096 / std::max<std::int64_t>(1, n * n * n)), [&](std::int64_t begin, std::int64_t end) {
    const auto square = static_cast<std::size_t>(n * n);
    std::vector<Wide> work(square);
    std::vector<std::complex<double>> w(static_cast<std::size_t>(n)), v(vectors != nullptr ? square : 0);
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::size_t k = 0; k < square; ++k) work[k] = Wide(a[static_cast<std::size_t>(i) * square + k]);
      failed[static_cast<std::size_t>(i)] = !eigen::decompose(n, work.data(), w.data(), vectors != nullptr ? v.data() : nullptr);
      for (std::int64_t k = 0; k < n; ++k) values[i * n + k] = complex_t<T>(w[static_cast<std::size_t>(k)]);
      if (vectors != nullptr)
        for (std::size_t k = 0; k < square; ++k) vectors[static_cast<std::size_t>(i) * square + k] = complex_t<T>(v[k]);
    }
  });
  const auto first = std::find(failed.begin(), failed.end(), 1);
  return first == failed.end() ? -1 : first - failed.begin();
}

/// The inverses of `count` dense complex matrices, computed in double.
template <class C>
void invert_matrices(Cpu, std::int64_t count, std::int64_t n, const C* a, C* b) {
  count_kernel("invert_matrices");
  parallel_for(count, std::max<std::int64_t>(1, 4096 / std::max<std::int64_t>(1, n * n * n)), [&](std::int64_t begin, std::int64_t end) {
    const auto square = static_cast<std::size_t>(n * n);
    std::vector<std::complex<double>> from(square), to(square);
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::size_t k = 0; k < square; ++k) from[k] = std::complex<double>(a[static_cast<std::size_t>(i) * square + k]);
      eigen::invert(n, from.data(), to.data());
      for (std::size_t k = 0; k < square; ++k) b[static_cast<std::size_t>(i) * square + k] = C(to[k]);
    }
  });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
