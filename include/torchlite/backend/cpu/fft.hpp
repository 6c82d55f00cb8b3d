// SPDX-License-Identifier: BSD-3-Clause
// Discrete Fourier transforms of any length in O(n log n): factors 2, 3, 4, 5 and other small ones by the self-sorting form of the mixed-radix
// algorithm, lengths with a large prime factor as a convolution. Several sequences are transformed side by side, so that every loop
// runs over adjacent numbers. Errors are those of rounding alone: relative to the root mean square, about 1e-16 log2(n) in double.
// Sources: Stockham, "High-speed convolution and correlation", AFIPS 1966; Bluestein, "A linear filtering approach to the computation of
// discrete Fourier transform", IEEE Trans. Audio 1970.
#pragma once
#include <torchlite/backend/cpu/gemm_kernel.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/fft.hpp>
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
        if (s % vector_lanes<R> == 0) run_pass<true>(pass, p, q * step);
        else run_pass<false>(pass, p, q * step);
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

  template <bool Vector>
  void run_pass(const Pass& pass, std::int64_t p, std::int64_t q) const {
    switch (p) {
      case 2: return pass2<Vector>(pass, root(q));
      case 3: return pass3<Vector>(pass, root(q), root(2 * q));
      case 4: return pass4<Vector>(pass, root(q), root(2 * q), root(3 * q));
      case 5: return pass5<Vector>(pass, root(q), root(2 * q), root(3 * q), root(4 * q));
      default: return pass_any<Vector>(pass, p, q);
    }
  }
  static TORCHLITE_INLINE void put(const Pass& p, std::int64_t k, std::int64_t i, const auto& re, const auto& im, Root w) {
    store_lane(p.yr + k * p.s + i, re * w.re - im * w.im);
    store_lane(p.yi + k * p.s + i, re * w.im + im * w.re);
  }
  // One number, or as many adjacent ones as a vector register holds.
  template <bool Vector>
  static TORCHLITE_INLINE auto load_lane(const R* p) {
    if constexpr (Vector) return load_vector(p);
    else return *p;
  }
  static TORCHLITE_INLINE void store_lane(R* p, const auto& v) {
    if constexpr (std::is_same_v<decltype(v), const R&>) *p = v;
    else store_vector(p, v);
  }
  template <bool Vector>
  static constexpr std::int64_t step_of = Vector ? vector_lanes<R> : 1;

  template <bool Vector>
  static void pass2(const Pass p, Root w) {
    for (std::int64_t i = 0; i < p.s; i += step_of<Vector>) {
      const auto at = [&](const R* x, int j) { return load_lane<Vector>(x + j * p.in + i); };
      const auto ar = at(p.xr, 0), ai = at(p.xi, 0), br = at(p.xr, 1), bi = at(p.xi, 1);
      store_lane(p.yr + i, ar + br), store_lane(p.yi + i, ai + bi);
      put(p, 1, i, ar - br, ai - bi, w);
    }
  }
  template <bool Vector>
  static void pass3(const Pass p, Root w1, Root w2) {
    constexpr R s = static_cast<R>(0.86602540378443864676);
    for (std::int64_t i = 0; i < p.s; i += step_of<Vector>) {
      const auto at = [&](const R* x, int j) { return load_lane<Vector>(x + j * p.in + i); };
      const auto ar = at(p.xr, 0), ai = at(p.xi, 0), br = at(p.xr, 1), bi = at(p.xi, 1), cr = at(p.xr, 2), ci = at(p.xi, 2);
      const auto tr = br + cr, ti = bi + ci, ur = (br - cr) * s, ui = (bi - ci) * s;
      const auto mr = ar - tr * R(0.5), mi = ai - ti * R(0.5);
      store_lane(p.yr + i, ar + tr), store_lane(p.yi + i, ai + ti);
      put(p, 1, i, mr + ui, mi - ur, w1);
      put(p, 2, i, mr - ui, mi + ur, w2);
    }
  }
  template <bool Vector>
  static void pass4(const Pass p, Root w1, Root w2, Root w3) {
    for (std::int64_t i = 0; i < p.s; i += step_of<Vector>) {
      const auto at = [&](const R* x, int j) { return load_lane<Vector>(x + j * p.in + i); };
      const auto ar = at(p.xr, 0), ai = at(p.xi, 0), br = at(p.xr, 1), bi = at(p.xi, 1);
      const auto cr = at(p.xr, 2), ci = at(p.xi, 2), dr = at(p.xr, 3), di = at(p.xi, 3);
      const auto er = ar + cr, ei = ai + ci, fr = ar - cr, fi = ai - ci, gr = br + dr, gi = bi + di, hr = br - dr, hi = bi - di;
      store_lane(p.yr + i, er + gr), store_lane(p.yi + i, ei + gi);
      put(p, 1, i, fr + hi, fi - hr, w1);
      put(p, 2, i, er - gr, ei - gi, w2);
      put(p, 3, i, fr - hi, fi + hr, w3);
    }
  }
  template <bool Vector>
  static void pass5(const Pass p, Root w1, Root w2, Root w3, Root w4) {
    constexpr R c1 = static_cast<R>(0.30901699437494742410), s1 = static_cast<R>(0.95105651629515357212);
    constexpr R c2 = static_cast<R>(-0.80901699437494742410), s2 = static_cast<R>(0.58778525229247312917);
    for (std::int64_t i = 0; i < p.s; i += step_of<Vector>) {
      const auto at = [&](const R* x, int j) { return load_lane<Vector>(x + j * p.in + i); };
      const auto ar = at(p.xr, 0), ai = at(p.xi, 0), br = at(p.xr, 1), bi = at(p.xi, 1), cr = at(p.xr, 2), ci = at(p.xi, 2);
      const auto dr = at(p.xr, 3), di = at(p.xi, 3), er = at(p.xr, 4), ei = at(p.xi, 4);
      const auto tr = br + er, ti = bi + ei, ur = br - er, ui = bi - ei, vr = cr + dr, vi = ci + di, xr = cr - dr, xi = ci - di;
      const auto mr = ar + c1 * tr + c2 * vr, mi = ai + c1 * ti + c2 * vi, nr = ar + c2 * tr + c1 * vr, ni = ai + c2 * ti + c1 * vi;
      const auto pr = s1 * ur + s2 * xr, pi = s1 * ui + s2 * xi, qr = s2 * ur - s1 * xr, qi = s2 * ui - s1 * xi;
      store_lane(p.yr + i, ar + tr + vr), store_lane(p.yi + i, ai + ti + vi);
      put(p, 1, i, mr + pi, mi - pr, w1);
      put(p, 2, i, nr + qi, ni - qr, w2);
      put(p, 3, i, nr - qi, ni + qr, w3);
      put(p, 4, i, mr - pi, mi + pr, w4);
    }
  }
  template <bool Vector>
  void pass_any(const Pass p, std::int64_t radix, std::int64_t q_step) const {
    for (std::int64_t k = 0; k < radix; ++k) {
      const Root turn = root(k * q_step);
      for (std::int64_t i = 0; i < p.s; i += step_of<Vector>) {
        auto re = load_lane<Vector>(p.xr + i), im = load_lane<Vector>(p.xi + i);
        for (std::int64_t j = 1; j < radix; ++j) {
          const Root w = root(j * k % radix * (n_ / radix));
          const auto xr = load_lane<Vector>(p.xr + j * p.in + i), xi = load_lane<Vector>(p.xi + j * p.in + i);
          re += xr * w.re - xi * w.im;
          im += xr * w.im + xi * w.re;
        }
        put(p, k, i, re, im, turn);
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

/// Where the lines of a group begin in memory of `length` elements each; lanes without a line repeat the last one.
template <class X>
struct LineBegins {
  static constexpr int most = 16;
  X* at[most];

  LineBegins(X* memory, std::int64_t length, std::int64_t inner, std::int64_t first, std::int64_t count, std::int64_t lanes) {
    for (std::int64_t l = 0; l < lanes; ++l) {
      const std::int64_t line = first + std::min(l, count - 1);
      at[l] = memory + line / inner * length * inner + line % inner;
    }
  }
};

/// Calls load(first, count, lanes, re, im), a transform of the plan, and store(...) for groups of lines. first and count say which lines,
/// number i of which goes to lane i of `lanes`.
template <class R, class Load, class Store>
void each_line_group(const FourierLines& lines, const FourierPlan<R>& plan, Load load, Store store) {
  const std::int64_t n = std::max<std::int64_t>(plan.size(), 1), count = lines.outer * lines.inner;
  // As many as fill vector registers, fewer where they would not fit a second-level cache.
  std::int64_t lanes =
      std::min(std::max<std::int64_t>(count, 1), std::clamp<std::int64_t>(65536 / n, 1, 64 / static_cast<std::int64_t>(sizeof(R))));
  if (lanes > 8) lanes &= ~std::int64_t{7};
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
        const LineBegins<const std::complex<R>> from(x, n, inner, first, count, lanes);
        for (std::int64_t j = 0; j < n; ++j)
          for (std::int64_t l = 0; l < lanes; ++l) {
            const std::complex<R> v = from.at[l][j * inner];
            re[j * lanes + l] = v.real(), im[j * lanes + l] = v.imag();
          }
      },
      [=](std::int64_t first, std::int64_t count, std::int64_t lanes, R* re, R* im) {
        if (!forward) std::swap(re, im);
        const LineBegins<std::complex<R>> to(y, n, inner, first, count, lanes);
        for (std::int64_t j = 0; j < n; ++j)
          for (std::int64_t l = 0; l < count; ++l) to.at[l][j * inner] = {re[j * lanes + l] * scale, im[j * lanes + l] * scale};
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
        const LineBegins<const R> from(x, n, inner, first, count, lanes);
        for (std::int64_t j = 0; j < m; ++j)
          for (std::int64_t l = 0; l < lanes; ++l) {
            const R* line = from.at[l];
            re[j * lanes + l] = even ? line[2 * j * inner] : line[j * inner];
            im[j * lanes + l] = even ? line[(2 * j + 1) * inner] : R(0);
          }
      },
      [&, sign](std::int64_t first, std::int64_t count, std::int64_t lanes, R* re, R* im) {
        const LineBegins<std::complex<R>> to(y, half, inner, first, count, lanes);
        for (std::int64_t k = 0; k < half; ++k) {
          const std::complex<R> w = even ? roots[static_cast<std::size_t>(k)] : std::complex<R>();
          for (std::int64_t l = 0; l < count; ++l) {
            std::complex<R> v;
            if (even) {
              const std::int64_t a = k % m * lanes + l, b = (m - k) % m * lanes + l;
              // The transforms of the even and of the odd elements.
              const R er = re[a] + re[b], ei = im[a] - im[b], dr = im[a] + im[b], di = re[b] - re[a];
              v = {R(0.5) * (er + dr * w.real() - di * w.imag()), R(0.5) * (ei + dr * w.imag() + di * w.real())};
            } else {
              v = {re[k * lanes + l], im[k * lanes + l]};
            }
            to.at[l][k * inner] = {v.real() * scale, k == 0 || 2 * k == n ? R(0) : v.imag() * sign};
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
        const LineBegins<const std::complex<R>> from(x, half, inner, first, count, lanes);
        for (std::int64_t k = 0; k < m; ++k) {
          for (std::int64_t l = 0; l < lanes; ++l) {
            const auto element = [&](std::int64_t i) {
              const std::complex<R> v = from.at[l][i * inner];
              return std::complex<R>(v.real(), i == 0 || 2 * i == n ? R(0) : v.imag() * sign);
            };
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
        const LineBegins<R> to(y, n, inner, first, count, lanes);
        for (std::int64_t j = 0; j < m; ++j)
          for (std::int64_t l = 0; l < count; ++l) {
            R* line = to.at[l];
            line[(even ? 2 * j : j) * inner] = re[j * lanes + l] * scale;
            if (even) line[(2 * j + 1) * inner] = im[j * lanes + l] * scale;
          }
      });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
