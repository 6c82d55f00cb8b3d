// SPDX-License-Identifier: BSD-3-Clause
// Dense memory filled with random numbers of further distributions: element i of a draw, whoever computes it.
#pragma once
#include <torchlite/backend/cpu/random.hpp>
#include <torchlite/core/math/exponential.hpp>
#include <torchlite/core/variates.hpp>

#include <algorithm>
#include <memory>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// A number as an element of dtype T.
template <class T>
T element_of(double value) {
  return static_cast<T>(static_cast<register_t<T>>(value));
}

/// out[i] = f(u) for u uniform in [0, 1), a multiple of 2^-24, or of 2^-53 where R is double.
template <class R, class T, class F>
void fill_by_inversion(RandomStream stream, T* out, std::int64_t n, F f) {
  fill_random_blocks(out, n, [=](std::uint64_t first, T* to, std::size_t count) {
    R numbers[random_tile];
    uniform_block(stream, first, numbers, count);
    for (std::size_t j = 0; j < count; ++j) to[j] = static_cast<T>(f(numbers[j]));
  });
}

/// out[i] = -log(u) / rate, never 0: half an epsilon of the dtype at the least.
template <class T>
void fill_exponential(Cpu, RandomStream stream, T* out, std::int64_t n, double rate) {
  using R = draw_t<T>;
  const R scale = static_cast<R>(1 / rate), least = std::is_same_v<R, double> ? R(0x1p-53) : R(0x1p-24);
  fill_by_inversion<R>(stream, out, n, [=](R u) {
    const R x = -math::portable::log(R(1) - u);
    return (x > least ? x : least) * scale;
  });
}

/// out[i] = median + sigma * tan(pi * (u - 1/2)).
template <class T>
void fill_cauchy(Cpu, RandomStream stream, T* out, std::int64_t n, double median, double sigma) {
  using R = draw_t<T>;
  const double middle = std::is_same_v<R, double> ? 0x1p-54 : 0x1p-25;  // of the piece of [0, 1) that u stands for
  fill_by_inversion<R>(stream, out, n, [=](R u) {
    return static_cast<R>(median + sigma * __builtin_tan(3.14159265358979324 * (static_cast<double>(u) - 0.5 + middle)));
  });
}

/// out[i] = number of trials up to the first success: ceil(log(u) / log(1 - p)), at least 1.
template <class T>
void fill_geometric(Cpu, RandomStream stream, T* out, std::int64_t n, double p) {
  const double scale = 1 / __builtin_log1p(-p);
  fill_random_blocks(out, n, [=](std::uint64_t first, T* to, std::size_t count) {
    double numbers[random_tile];
    uniform_block(stream, first, numbers, count);
    for (std::size_t j = 0; j < count; ++j) {
      const double x = __builtin_ceil(__builtin_log(1 - numbers[j]) * scale);
      to[j] = element_of<T>(x > 1 ? x : 1);
    }
  });
}

/// out[i] = e^(mean + std * normal).
template <class T>
void fill_log_normal(Cpu, RandomStream stream, T* out, std::int64_t n, double mean, double std) {
  using R = draw_t<T>;
  fill_random_blocks(out, n, [=](std::uint64_t first, T* to, std::size_t count) {
    R numbers[random_tile];
    normal_block(stream, first, numbers, count);
    const R scale = static_cast<R>(std), base = static_cast<R>(mean);
    for (std::size_t j = 0; j < count; ++j) to[j] = static_cast<T>(math::portable::exp(numbers[j] * scale + base));
  });
}

/// out[i] = f(stream of element i, i): for methods that draw until they are content.
template <class T, class F>
void fill_by_element(RandomStream stream, T* out, std::int64_t n, F f) {
  parallel_for(n, 512, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      ElementStream random(stream, static_cast<std::uint64_t>(i));
      out[i] = element_of<T>(f(random, i));
    }
  });
}

/// An element as a double.
template <class T>
double number_of(T x) {
  return static_cast<double>(static_cast<register_t<T>>(x));
}

/// out[i] = gamma distributed of shape alpha[i]; at least the smallest normal number, so that its logarithm is finite.
template <class T>
void fill_standard_gamma(Cpu, RandomStream stream, const T* alpha, T* out, std::int64_t n) {
  const double least = std::is_same_v<T, half> ? 0x1p-14 : (std::is_same_v<T, double> ? 0x1p-1022 : 0x1p-126);
  fill_by_element(stream, out, n, [=](ElementStream& random, std::int64_t i) {
    const double x = variates::standard_gamma(random, number_of(alpha[i]));
    return x > least ? x : least;
  });
}
template <class T>
void fill_poisson(Cpu, RandomStream stream, const T* rate, T* out, std::int64_t n) {
  fill_by_element(stream, out, n, [=](ElementStream& random, std::int64_t i) { return variates::poisson(random, number_of(rate[i])); });
}
template <class T>
void fill_binomial(Cpu, RandomStream stream, const T* count, const T* p, T* out, std::int64_t n) {
  fill_by_element(stream, out, n, [=](ElementStream& random, std::int64_t i) {
    return variates::binomial(random, __builtin_floor(number_of(count[i])), number_of(p[i]));
  });
}

/// out[i] = how a gamma variate moves with its shape.
template <class T>
void standard_gamma_derivatives(Cpu, const T* alpha, const T* x, T* out, std::int64_t n) {
  parallel_for(n, 128, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      out[i] = element_of<T>(variates::standard_gamma_derivative(number_of(alpha[i]), number_of(x[i])));
  });
}

/// For each row of weights, `samples` categories with replacement: the first whose running sum exceeds a uniform part of the whole.
template <class T>
void draw_categories(Cpu, RandomStream stream, const T* weights, std::int64_t rows, std::int64_t categories, std::int64_t samples,
                     std::int64_t* out) {
  std::unique_ptr<double[]> sums(new double[static_cast<std::size_t>(categories) + 1]);
  for (std::int64_t r = 0; r < rows; ++r) {
    double sum = 0;
    std::int64_t last = 0;  // that can be drawn, should a sum be rounded up
    for (std::int64_t c = 0; c < categories; ++c) {
      const double w = number_of(weights[r * categories + c]);
      if (w > 0) last = c;
      sums[static_cast<std::size_t>(c)] = sum += w;
    }
    for (std::int64_t s = 0; s < samples; ++s) {
      const double at = stream.uniform<double>(static_cast<std::uint64_t>(r * samples + s)) * sum;
      const double* found = std::upper_bound(sums.get(), sums.get() + categories, at);
      out[r * samples + s] = std::min<std::int64_t>(found - sums.get(), last);
    }
  }
}

/// For each row of weights, `samples` different categories in the order in which they are drawn: the categories race, each with
/// an exponential time of its rate, and the first ones win. Source: Efraimidis and Spirakis, IPL 97, 2006.
template <class T>
void draw_distinct_categories(Cpu, RandomStream stream, const T* weights, std::int64_t rows, std::int64_t categories, std::int64_t samples,
                              std::int64_t* out) {
  struct Runner {
    double time;
    std::int64_t category;
    bool operator<(const Runner& other) const { return time < other.time; }
  };
  std::unique_ptr<Runner[]> runners(new Runner[static_cast<std::size_t>(categories) + 1]);
  for (std::int64_t r = 0; r < rows; ++r) {
    std::int64_t count = 0;
    for (std::int64_t c = 0; c < categories; ++c) {
      const double w = number_of(weights[r * categories + c]);
      const double u = stream.uniform<double>(static_cast<std::uint64_t>(r * categories + c));
      if (w > 0) runners[static_cast<std::size_t>(count++)] = {-__builtin_log1p(-u) / w, c};
    }
    std::partial_sort(runners.get(), runners.get() + samples, runners.get() + count);
    for (std::int64_t s = 0; s < samples; ++s) out[r * samples + s] = runners[static_cast<std::size_t>(s)].category;
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
