// SPDX-License-Identifier: BSD-3-Clause
// Windows: weights that fade a stretch of a signal in and out. The symmetric ones (sym) are for filters; the periodic ones, which
// are the symmetric ones of M + 1 samples without the last, for spectra. Computed in double. Formulas: F. J. Harris, "On the use of
// windows for harmonic analysis with the discrete Fourier transform", Proc. IEEE 66 (1978), and A. H. Nuttall, "Some windows with
// very good sidelobe behavior", IEEE Trans. ASSP 29 (1981).
#pragma once
#include <torchlite/tensor/create.hpp>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::signal::windows {

inline constexpr double pi = 3.14159265358979323846;

/// Element i is f(i, n), n being the number of samples from the first to the last of the symmetric window.
template <class T, class D, class F>
Tensor<T, D> sampled(const char* name, std::int64_t M, bool sym, F f) {
  static_assert(floating<T>, "a window needs a floating dtype: float, double, half or bfloat16");
  check<Error>(M >= 0, "{}: a window of {} samples was asked for; their number cannot be negative", name, M);
  const double n = static_cast<double>(sym ? M - 1 : M);
  return generate<T, D>(M, [=](std::int64_t i) { return static_cast<T>(M == 1 ? 1.0 : f(static_cast<double>(i), n)); });
}

/// A weighted sum of cosines with alternating signs: sum_k (-1)^k a_k cos(2 pi k i / n).
///   -> [M]
/// Throws Error if M is negative or there is no weight.
template <dtype T = float, device D = Cpu>
Tensor<T, D> general_cosine(std::int64_t M, const std::vector<double>& a, bool sym = true) {
  check<Error>(!a.empty(), "general_cosine: there are no weights; at least one is needed");
  return sampled<T, D>("general_cosine", M, sym, [&a](double i, double n) {
    double sum = 0, sign = 1;
    for (std::size_t k = 0; k < a.size(); ++k, sign = -sign) sum += sign * a[k] * std::cos(2 * pi * static_cast<double>(k) * i / n);
    return sum;
  });
}
template <dtype T = float, device D = Cpu>
Tensor<T, D> general_cosine(std::int64_t M, std::initializer_list<double> a, bool sym = true) {
  return general_cosine<T, D>(M, std::vector<double>(a), sym);
}

/// alpha - (1 - alpha) cos(2 pi i / n).
///   -> [M]
template <dtype T = float, device D = Cpu>
Tensor<T, D> general_hamming(std::int64_t M, double alpha = 0.54, bool sym = true) {
  return sampled<T, D>("general_hamming", M, sym, [alpha](double i, double n) { return alpha - (1 - alpha) * std::cos(2 * pi * i / n); });
}
/// 0.54 - 0.46 cos(2 pi i / n).
///   -> [M]
template <dtype T = float, device D = Cpu>
Tensor<T, D> hamming(std::int64_t M, bool sym = true) {
  return sampled<T, D>("hamming", M, sym, [](double i, double n) { return 0.54 - 0.46 * std::cos(2 * pi * i / n); });
}
/// 0.5 - 0.5 cos(2 pi i / n).
///   -> [M]
template <dtype T = float, device D = Cpu>
Tensor<T, D> hann(std::int64_t M, bool sym = true) {
  return sampled<T, D>("hann", M, sym, [](double i, double n) { return 0.5 - 0.5 * std::cos(2 * pi * i / n); });
}
/// 0.42 - 0.5 cos(2 pi i / n) + 0.08 cos(4 pi i / n).
///   -> [M]
template <dtype T = float, device D = Cpu>
Tensor<T, D> blackman(std::int64_t M, bool sym = true) {
  return sampled<T, D>("blackman", M, sym,
                       [](double i, double n) { return 0.42 - 0.5 * std::cos(2 * pi * i / n) + 0.08 * std::cos(4 * pi * i / n); });
}
/// Nuttall's window of four terms with continuous first derivative.
///   -> [M]
template <dtype T = float, device D = Cpu>
Tensor<T, D> nuttall(std::int64_t M, bool sym = true) {
  return sampled<T, D>("nuttall", M, sym, [](double i, double n) {
    const double x = 2 * pi * i / n;
    return 0.3635819 - 0.4891775 * std::cos(x) + 0.1365995 * std::cos(2 * x) - 0.0106411 * std::cos(3 * x);
  });
}
/// A triangle: 1 - |2 i / n - 1|.
///   -> [M]
template <dtype T = float, device D = Cpu>
Tensor<T, D> bartlett(std::int64_t M, bool sym = true) {
  return sampled<T, D>("bartlett", M, sym, [](double i, double n) { return 1 - std::fabs(2 * i / n - 1); });
}
/// Half a wave: sin(pi (i + 1/2) / (n + 1)).
///   -> [M]
template <dtype T = float, device D = Cpu>
Tensor<T, D> cosine(std::int64_t M, bool sym = true) {
  return sampled<T, D>("cosine", M, sym, [](double i, double n) { return std::sin(pi * (i + 0.5) / (n + 1)); });
}
/// A bell: exp(-((i - n / 2) / std)^2 / 2).
///   -> [M]
/// Throws Error unless std is positive.
template <dtype T = float, device D = Cpu>
Tensor<T, D> gaussian(std::int64_t M, double std = 1, bool sym = true) {
  check<Error>(std > 0, "gaussian: a standard deviation of {}; it must be positive", std);
  return sampled<T, D>("gaussian", M, sym, [std](double i, double n) {
    const double x = (i - n / 2) / std;
    return std::exp(-x * x / 2);
  });
}

/// How exponential() is laid out.
struct ExponentialOptions {
  double center = std::numeric_limits<double>::quiet_NaN();  ///< the sample of weight 1; NaN: the middle. Periodic windows only
  double tau = 1;                                            ///< after so many samples the weight is 1 / e
  bool sym = true;
};
/// exp(-|i - center| / tau).
///   -> [M]
/// Throws Error unless tau is positive, or if a symmetric window is given a center.
template <dtype T = float, device D = Cpu>
Tensor<T, D> exponential(std::int64_t M, const ExponentialOptions& options = {}) {
  check<Error>(options.tau > 0, "exponential: tau is {}; it must be positive", options.tau);
  check<Error>(!options.sym || std::isnan(options.center), "exponential: center {} of a symmetric window, whose center is its middle",
               options.center);
  if (M == 1 && !std::isnan(options.center)) return full<T, D>({1}, std::exp(-std::fabs(options.center) / options.tau));
  return sampled<T, D>("exponential", M, options.sym, [options](double i, double n) {
    return std::exp(-std::fabs(i - (std::isnan(options.center) ? n / 2 : options.center)) / options.tau);
  });
}

/// The modified Bessel function of the first kind, order 0, by its power series: all terms are positive, so that the sum is right
/// to a few ulp.
inline double bessel_i0(double x) {
  const double q = x * x / 4;
  double sum = 1, term = 1;
  for (double k = 1; term > sum * 1e-17; ++k) {
    term *= q / (k * k);
    sum += term;
  }
  return sum;
}
/// Kaiser's window: I0(beta sqrt(1 - (2 i / n - 1)^2)) / I0(beta); a larger beta fades out more.
///   -> [M]
/// Throws Error if beta is negative.
template <dtype T = float, device D = Cpu>
Tensor<T, D> kaiser(std::int64_t M, double beta = 12, bool sym = true) {
  check<Error>(beta >= 0, "kaiser: beta is {}; it cannot be negative", beta);
  const double highest = bessel_i0(beta);
  return sampled<T, D>("kaiser", M, sym, [beta, highest](double i, double n) {
    const double x = 2 * i / n - 1, inside = 1 - x * x;
    return bessel_i0(beta * std::sqrt(inside > 0 ? inside : 0)) / highest;
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::signal::windows
