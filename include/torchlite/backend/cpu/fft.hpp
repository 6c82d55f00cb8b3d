// SPDX-License-Identifier: BSD-3-Clause
// Discrete Fourier transforms of any length in O(n log n): factors 2, 3, 4, 5 and other small ones by the self-sorting form of the mixed-radix
// algorithm, lengths with a large prime factor as a convolution. Several sequences are transformed side by side, so that every loop
// runs over adjacent numbers. Errors are those of rounding alone: relative to the root mean square, about 1e-16 log2(n) in double.
// Sources: Stockham, "High-speed convolution and correlation", AFIPS 1966; Bluestein, "A linear filtering approach to the computation of
// discrete Fourier transform", IEEE Trans. Audio 1970.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>

#include <atomic>
#include <cmath>
#include <complex>
#include <memory>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// e^(-2 pi i k / n), 0 <= k < n: the angle is reduced to an eighth of the circle exactly, so both parts are good to the last place.
inline std::complex<double> unit_root(std::int64_t k, std::int64_t n) {
  const std::int64_t octant = 8 * k / n, rest = 8 * k % n;
  const double a = static_cast<double>(octant % 2 == 0 ? rest : n - rest) * (0.78539816339744830962 / static_cast<double>(n));
  const double c = std::cos(a), s = std::sin(a);
  switch (octant) {
    case 0: return {c, -s};
    case 1: return {s, -c};
    case 2: return {-s, -c};
    case 3: return {-c, -s};
    case 4: return {-c, s};
    case 5: return {-s, c};
    case 6: return {s, c};
    default: return {c, s};
  }
}

/// The least number of at least n whose only prime factors are 2, 3 and 5.
inline std::int64_t smooth_length(std::int64_t n) {
  std::int64_t best = 1;
  while (best < n) best *= 2;
  for (std::int64_t five = 1; five < best; five *= 5)
    for (std::int64_t three = five; three < best; three *= 3) {
      std::int64_t m = three;
      while (m < n) m *= 2;
      best = std::min(best, m);
    }
  return best;
}

/// What is computed once for each length: factors and roots of unity. Numbers are kept as real and imaginary parts apart.
template <class R>
class FourierPlan {
 public:
  explicit FourierPlan(std::int64_t n) : n_(n) {
    std::int64_t rest = n;
    const auto take = [&](std::int64_t p) {
      for (; rest % p == 0; rest /= p) factors_.push_back(p);
    };
    take(4);
    take(2);
    take(3);
    take(5);
    for (std::int64_t p = 7; p * p <= rest; p += 2) take(p);
    if (rest > 1) factors_.push_back(rest);
    if (!factors_.empty() && factors_.back() > largest_factor) {
      factors_.clear();
      prepare_convolution();
      return;
    }
    fill(roots_re_, roots_im_, n, [n](std::int64_t k) { return unit_root(k, n); });
  }

  std::int64_t size() const { return n_; }
  /// Numbers of work space for `lanes` sequences.
  std::int64_t work_size(std::int64_t lanes) const { return convolution_ ? 4 * convolution_->n_ * lanes : 2 * n_ * lanes; }

  /// Transforms `lanes` sequences in place: element i of sequence l stands at i * lanes + l. With the parts exchanged it is the inverse.
  void run(R* re, R* im, R* work, std::int64_t lanes) const {
    if (convolution_) run_convolution(re, im, work, lanes);
    else run_factors(re, im, work, lanes);
  }

 private:
  static constexpr std::int64_t largest_factor = 50;

  template <class F>
  static void fill(std::vector<R>& re, std::vector<R>& im, std::int64_t n, F root) {
    re.resize(static_cast<std::size_t>(n));
    im.resize(static_cast<std::size_t>(n));
    for (std::int64_t k = 0; k < n; ++k) {
      const std::complex<double> w = root(k);
      re[static_cast<std::size_t>(k)] = static_cast<R>(w.real());
      im[static_cast<std::size_t>(k)] = static_cast<R>(w.imag());
    }
  }

  struct Root {
    R re, im;
  };
  Root root(std::int64_t k) const { return {roots_re_[static_cast<std::size_t>(k)], roots_im_[static_cast<std::size_t>(k)]}; }

  /// One butterfly over `s` adjacent numbers: inputs `in` apart, outputs `s` apart, multiplied by their roots.
  struct Pass {
    const R *xr, *xi;
    R *yr, *yi;
    std::int64_t in, s;
  };

  void run_factors(R* re, R* im, R* work, std::int64_t lanes) const {
    const std::int64_t total = n_ * lanes;
    R *xr = re, *xi = im, *yr = work, *yi = work + total;
    std::int64_t length = n_, s = lanes, step = 1;
    for (const std::int64_t p : factors_) {
      const std::int64_t m = length / p;
      for (std::int64_t q = 0; q < m; ++q) {
        const Pass pass{xr + s * q, xi + s * q, yr + s * p * q, yi + s * p * q, s * m, s};
        switch (p) {
          case 2: pass2(pass, root(q * step)); break;
          case 3: pass3(pass, root(q * step), root(2 * q * step)); break;
          case 4: pass4(pass, root(q * step), root(2 * q * step), root(3 * q * step)); break;
          case 5: pass5(pass, root(q * step), root(2 * q * step), root(3 * q * step), root(4 * q * step)); break;
          default: pass_any(pass, p, q * step);
        }
      }
      std::swap(xr, yr);
      std::swap(xi, yi);
      length = m, s *= p, step *= p;
    }
    if (xr != re) {
      std::copy(xr, xr + total, re);
      std::copy(xi, xi + total, im);
    }
  }

  static TORCHLITE_INLINE void put(const Pass& p, std::int64_t k, std::int64_t i, R re, R im, Root w) {
    p.yr[k * p.s + i] = re * w.re - im * w.im;
    p.yi[k * p.s + i] = re * w.im + im * w.re;
  }

  static void pass2(const Pass p, Root w) {
    TORCHLITE_VECTORIZE
    for (std::int64_t i = 0; i < p.s; ++i) {
      const R ar = p.xr[i], ai = p.xi[i], br = p.xr[i + p.in], bi = p.xi[i + p.in];
      p.yr[i] = ar + br, p.yi[i] = ai + bi;
      put(p, 1, i, ar - br, ai - bi, w);
    }
  }
  static void pass3(const Pass p, Root w1, Root w2) {
    constexpr R s = static_cast<R>(0.86602540378443864676);
    TORCHLITE_VECTORIZE
    for (std::int64_t i = 0; i < p.s; ++i) {
      const R ar = p.xr[i], ai = p.xi[i], br = p.xr[i + p.in], bi = p.xi[i + p.in], cr = p.xr[i + 2 * p.in], ci = p.xi[i + 2 * p.in];
      const R tr = br + cr, ti = bi + ci, ur = (br - cr) * s, ui = (bi - ci) * s;
      const R mr = ar - tr * R(0.5), mi = ai - ti * R(0.5);
      p.yr[i] = ar + tr, p.yi[i] = ai + ti;
      put(p, 1, i, mr + ui, mi - ur, w1);
      put(p, 2, i, mr - ui, mi + ur, w2);
    }
  }
  static void pass4(const Pass p, Root w1, Root w2, Root w3) {
    TORCHLITE_VECTORIZE
    for (std::int64_t i = 0; i < p.s; ++i) {
      const R ar = p.xr[i], ai = p.xi[i], br = p.xr[i + p.in], bi = p.xi[i + p.in];
      const R cr = p.xr[i + 2 * p.in], ci = p.xi[i + 2 * p.in], dr = p.xr[i + 3 * p.in], di = p.xi[i + 3 * p.in];
      const R er = ar + cr, ei = ai + ci, fr = ar - cr, fi = ai - ci, gr = br + dr, gi = bi + di, hr = br - dr, hi = bi - di;
      p.yr[i] = er + gr, p.yi[i] = ei + gi;
      put(p, 1, i, fr + hi, fi - hr, w1);
      put(p, 2, i, er - gr, ei - gi, w2);
      put(p, 3, i, fr - hi, fi + hr, w3);
    }
  }
  static void pass5(const Pass p, Root w1, Root w2, Root w3, Root w4) {
    constexpr R c1 = static_cast<R>(0.30901699437494742410), s1 = static_cast<R>(0.95105651629515357212);
    constexpr R c2 = static_cast<R>(-0.80901699437494742410), s2 = static_cast<R>(0.58778525229247312917);
    TORCHLITE_VECTORIZE
    for (std::int64_t i = 0; i < p.s; ++i) {
      const R ar = p.xr[i], ai = p.xi[i], br = p.xr[i + p.in], bi = p.xi[i + p.in], cr = p.xr[i + 2 * p.in], ci = p.xi[i + 2 * p.in];
      const R dr = p.xr[i + 3 * p.in], di = p.xi[i + 3 * p.in], er = p.xr[i + 4 * p.in], ei = p.xi[i + 4 * p.in];
      const R tr = br + er, ti = bi + ei, ur = br - er, ui = bi - ei, vr = cr + dr, vi = ci + di, xr = cr - dr, xi = ci - di;
      const R mr = ar + c1 * tr + c2 * vr, mi = ai + c1 * ti + c2 * vi, nr = ar + c2 * tr + c1 * vr, ni = ai + c2 * ti + c1 * vi;
      const R pr = s1 * ur + s2 * xr, pi = s1 * ui + s2 * xi, qr = s2 * ur - s1 * xr, qi = s2 * ui - s1 * xi;
      p.yr[i] = ar + tr + vr, p.yi[i] = ai + ti + vi;
      put(p, 1, i, mr + pi, mi - pr, w1);
      put(p, 2, i, nr + qi, ni - qr, w2);
      put(p, 3, i, nr - qi, ni + qr, w3);
      put(p, 4, i, mr - pi, mi + pr, w4);
    }
  }
  void pass_any(const Pass p, std::int64_t radix, std::int64_t q_step) const {
    for (std::int64_t k = 0; k < radix; ++k) {
      R* const yr = p.yr + k * p.s;
      R* const yi = p.yi + k * p.s;
      std::copy(p.xr, p.xr + p.s, yr);
      std::copy(p.xi, p.xi + p.s, yi);
      for (std::int64_t j = 1; j < radix; ++j) {
        const Root w = root(j * k % radix * (n_ / radix));
        const R* const xr = p.xr + j * p.in;
        const R* const xi = p.xi + j * p.in;
        TORCHLITE_VECTORIZE
        for (std::int64_t i = 0; i < p.s; ++i) {
          yr[i] += xr[i] * w.re - xi[i] * w.im;
          yi[i] += xr[i] * w.im + xi[i] * w.re;
        }
      }
      const Root w = root(k * q_step);
      TORCHLITE_VECTORIZE
      for (std::int64_t i = 0; i < p.s; ++i) {
        const R re = yr[i], im = yi[i];
        yr[i] = re * w.re - im * w.im;
        yi[i] = re * w.im + im * w.re;
      }
    }
  }

  // jk = (j^2 + k^2 - (k - j)^2) / 2 makes the transform a convolution with c_j = e^(-pi i j^2 / n).
  void prepare_convolution() {
    const std::int64_t m = smooth_length(2 * n_ - 1);
    convolution_ = std::make_unique<FourierPlan>(m);
    fill(roots_re_, roots_im_, n_, [n = n_, square = std::int64_t{0}](std::int64_t k) mutable {
      const std::complex<double> c = unit_root(square, 2 * n);
      square = (square + 2 * k + 1) % (2 * n);  // of k + 1
      return c;
    });
    filter_re_.assign(static_cast<std::size_t>(m), 0);
    filter_im_.assign(static_cast<std::size_t>(m), 0);
    for (std::int64_t j = 0; j < n_; ++j) {
      const Root c = root(j);
      for (const std::int64_t at : {j, (m - j) % m}) {
        filter_re_[static_cast<std::size_t>(at)] = c.re / static_cast<R>(m);
        filter_im_[static_cast<std::size_t>(at)] = -c.im / static_cast<R>(m);
      }
    }
    std::vector<R> work(static_cast<std::size_t>(convolution_->work_size(1)));
    convolution_->run(filter_re_.data(), filter_im_.data(), work.data(), 1);
  }

  void run_convolution(R* re, R* im, R* work, std::int64_t lanes) const {
    const std::int64_t m = convolution_->n_, total = m * lanes;
    R *ar = work, *ai = work + total, *inner = work + 2 * total;
    scale_rows(re, im, ar, ai, n_, lanes, roots_re_, roots_im_);
    std::fill(ar + n_ * lanes, ar + total, R(0));
    std::fill(ai + n_ * lanes, ai + total, R(0));
    convolution_->run(ar, ai, inner, lanes);
    scale_rows(ar, ai, ar, ai, m, lanes, filter_re_, filter_im_);
    convolution_->run(ai, ar, inner, lanes);
    scale_rows(ar, ai, re, im, n_, lanes, roots_re_, roots_im_);
  }
  static void scale_rows(const R* xr, const R* xi, R* yr, R* yi, std::int64_t n, std::int64_t lanes, const std::vector<R>& wr,
                         const std::vector<R>& wi) {
    for (std::int64_t j = 0; j < n; ++j) {
      const R re = wr[static_cast<std::size_t>(j)], im = wi[static_cast<std::size_t>(j)];
      TORCHLITE_VECTORIZE
      for (std::int64_t i = j * lanes; i < (j + 1) * lanes; ++i) {
        const R a = xr[i], b = xi[i];
        yr[i] = a * re - b * im;
        yi[i] = a * im + b * re;
      }
    }
  }

  std::int64_t n_;
  std::vector<std::int64_t> factors_;
  std::vector<R> roots_re_, roots_im_;    ///< e^(-2 pi i k / n); of a convolution c_k
  std::vector<R> filter_re_, filter_im_;  ///< the transform of conj(c), over its length
  std::unique_ptr<FourierPlan> convolution_;
};

/// The plan for a length; the last few are kept.
template <class R>
std::shared_ptr<const FourierPlan<R>> fourier_plan(std::int64_t n) {
  using Plan = std::shared_ptr<const FourierPlan<R>>;
  struct Cache {
    std::atomic_flag busy = ATOMIC_FLAG_INIT;
    Plan plans[16];
    int next = 0;
    void lock() {
      while (busy.test_and_set(std::memory_order_acquire)) {}
    }
    void unlock() { busy.clear(std::memory_order_release); }
  };
  static Cache cache;
  Plan found;
  cache.lock();
  for (const Plan& plan : cache.plans)
    if (plan && plan->size() == n) found = plan;
  cache.unlock();
  if (found) return found;
  found = std::make_shared<const FourierPlan<R>>(n);
  cache.lock();
  Plan old = std::exchange(cache.plans[cache.next], found);
  cache.next = (cache.next + 1) % 16;
  cache.unlock();
  return found;
}

/// Lines along the middle of dense memory [outer, n, inner].
struct FourierLines {
  std::int64_t outer, inner;
};

/// Calls load(first, count, lanes, re, im), a transform of the plan, and store(...) for groups of lines. first and count say which lines,
/// number i of which goes to lane i of `lanes`.
template <class R, class Load, class Store>
void each_line_group(const FourierLines& lines, const FourierPlan<R>& plan, Load load, Store store) {
  const std::int64_t n = std::max<std::int64_t>(plan.size(), 1), count = lines.outer * lines.inner;
  // As many as fill vector registers, fewer where they would not fit a second-level cache.
  const std::int64_t lanes = std::clamp<std::int64_t>(65536 / n, 1, 64 / static_cast<std::int64_t>(sizeof(R)));
  const std::int64_t groups = (count + lanes - 1) / lanes;
  parallel_for(groups, std::max<std::int64_t>(1, 16384 / (n * lanes)), [&](std::int64_t begin, std::int64_t end) {
    const auto part = static_cast<std::size_t>(n * lanes);
    const std::unique_ptr<R[]> memory(new R[2 * part + static_cast<std::size_t>(plan.work_size(lanes))]);
    R *const re = memory.get(), *const im = re + part, *const work = im + part;
    for (std::int64_t g = begin; g < end; ++g) {
      const std::int64_t first = g * lanes, here = std::min(lanes, count - first);
      load(first, here, lanes, re, im);
      plan.run(re, im, work, lanes);
      store(first, here, lanes, re, im);
    }
  });
}

/// y = scale * sum over j of x_j e^(-+ 2 pi i jk / n) along the middle of [outer, n, inner]; x may be y.
template <class R>
void fourier(Cpu, const FourierLines& lines, std::int64_t n, bool forward, R scale, const std::complex<R>* x, std::complex<R>* y) {
  count_kernel("fourier");
  const std::shared_ptr<const FourierPlan<R>> plan = fourier_plan<R>(n);
  const std::int64_t inner = lines.inner;
  each_line_group(
      lines, *plan,
      [=](std::int64_t first, std::int64_t count, std::int64_t lanes, R* re, R* im) {
        if (!forward) std::swap(re, im);
        for (std::int64_t l = 0; l < lanes; ++l) {
          const std::int64_t line = first + std::min(l, count - 1);
          const std::complex<R>* from = x + line / inner * n * inner + line % inner;
          for (std::int64_t j = 0; j < n; ++j) re[j * lanes + l] = from[j * inner].real(), im[j * lanes + l] = from[j * inner].imag();
        }
      },
      [=](std::int64_t first, std::int64_t count, std::int64_t lanes, R* re, R* im) {
        if (!forward) std::swap(re, im);
        for (std::int64_t l = 0; l < count; ++l) {
          const std::int64_t line = first + l;
          std::complex<R>* to = y + line / inner * n * inner + line % inner;
          for (std::int64_t j = 0; j < n; ++j) to[j * inner] = {re[j * lanes + l] * scale, im[j * lanes + l] * scale};
        }
      });
}

/// The first n / 2 + 1 numbers of the transform of real lines; the others are their conjugates.
///   x [outer, n, inner], y [outer, n / 2 + 1, inner]
template <class R>
void fourier_real(Cpu, const FourierLines& lines, std::int64_t n, bool forward, R scale, const R* x, std::complex<R>* y) {
  count_kernel("fourier_real");
  const std::int64_t inner = lines.inner, half = n / 2 + 1;
  const bool even = n % 2 == 0;
  const std::int64_t m = even ? n / 2 : n;  // an even length is transformed as half as many complex numbers
  const std::shared_ptr<const FourierPlan<R>> plan = fourier_plan<R>(m);
  std::vector<std::complex<R>> roots;
  if (even)
    for (std::int64_t k = 0; k <= m; ++k) roots.emplace_back(unit_root(k, n));
  const R sign = forward ? scale : -scale;
  each_line_group(
      lines, *plan,
      [=](std::int64_t first, std::int64_t count, std::int64_t lanes, R* re, R* im) {
        for (std::int64_t l = 0; l < lanes; ++l) {
          const std::int64_t line = first + std::min(l, count - 1);
          const R* from = x + line / inner * n * inner + line % inner;
          if (even)
            for (std::int64_t j = 0; j < m; ++j) re[j * lanes + l] = from[2 * j * inner], im[j * lanes + l] = from[(2 * j + 1) * inner];
          else
            for (std::int64_t j = 0; j < m; ++j) re[j * lanes + l] = from[j * inner], im[j * lanes + l] = 0;
        }
      },
      [&, sign](std::int64_t first, std::int64_t count, std::int64_t lanes, R* re, R* im) {
        for (std::int64_t l = 0; l < count; ++l) {
          const std::int64_t line = first + l;
          std::complex<R>* to = y + line / inner * half * inner + line % inner;
          for (std::int64_t k = 0; k < half; ++k) {
            std::complex<R> v;
            if (even) {
              const std::int64_t a = k % m * lanes + l, b = (m - k) % m * lanes + l;
              // The transforms of the even and of the odd elements.
              const R er = re[a] + re[b], ei = im[a] - im[b], dr = im[a] + im[b], di = re[b] - re[a];
              const std::complex<R> w = roots[static_cast<std::size_t>(k)];
              v = {R(0.5) * (er + dr * w.real() - di * w.imag()), R(0.5) * (ei + dr * w.imag() + di * w.real())};
            } else {
              v = {re[k * lanes + l], im[k * lanes + l]};
            }
            to[k * inner] = {v.real() * scale, k == 0 || 2 * k == n ? R(0) : v.imag() * sign};
          }
        }
      });
}

/// Real lines from the first n / 2 + 1 numbers of a transform whose others are their conjugates; the imaginary parts of number 0, and of
/// number n / 2 of an even n, do not count.
///   x [outer, n / 2 + 1, inner], y [outer, n, inner]
template <class R>
void fourier_to_real(Cpu, const FourierLines& lines, std::int64_t n, bool forward, R scale, const std::complex<R>* x, R* y) {
  count_kernel("fourier_to_real");
  const std::int64_t inner = lines.inner, half = n / 2 + 1;
  const bool even = n % 2 == 0;
  const std::int64_t m = even ? n / 2 : n;
  const std::shared_ptr<const FourierPlan<R>> plan = fourier_plan<R>(m);
  std::vector<std::complex<R>> roots;
  if (even)
    for (std::int64_t k = 0; k <= m; ++k) roots.emplace_back(unit_root(k, n));
  const R sign = forward ? R(-1) : R(1);
  each_line_group(
      lines, *plan,
      [&, sign](std::int64_t first, std::int64_t count, std::int64_t lanes, R* im, R* re) {  // exchanged: the inverse
        for (std::int64_t l = 0; l < lanes; ++l) {
          const std::int64_t line = first + std::min(l, count - 1);
          const std::complex<R>* from = x + line / inner * half * inner + line % inner;
          const auto element = [&](std::int64_t k) {
            const std::complex<R> v = from[k * inner];
            return std::complex<R>(v.real(), k == 0 || 2 * k == n ? R(0) : v.imag() * sign);
          };
          for (std::int64_t k = 0; k < m; ++k) {
            std::complex<R> v;
            if (even) {
              const std::complex<R> a = element(k), b = element(m - k), w = roots[static_cast<std::size_t>(k)];
              // Even elements plus i times the odd ones.
              const R dr = a.real() - b.real(), di = a.imag() + b.imag();
              const R orr = dr * w.real() + di * w.imag(), oi = di * w.real() - dr * w.imag();
              v = {a.real() + b.real() - oi, a.imag() - b.imag() + orr};
            } else {
              v = k < half ? element(k) : std::conj(element(n - k));
            }
            re[k * lanes + l] = v.real(), im[k * lanes + l] = v.imag();
          }
        }
      },
      [=](std::int64_t first, std::int64_t count, std::int64_t lanes, R* im, R* re) {
        for (std::int64_t l = 0; l < count; ++l) {
          const std::int64_t line = first + l;
          R* to = y + line / inner * n * inner + line % inner;
          if (even)
            for (std::int64_t j = 0; j < m; ++j)
              to[2 * j * inner] = re[j * lanes + l] * scale, to[(2 * j + 1) * inner] = im[j * lanes + l] * scale;
          else
            for (std::int64_t j = 0; j < m; ++j) to[j * inner] = re[j * lanes + l] * scale;
        }
      });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
