// SPDX-License-Identifier: BSD-3-Clause
// Initial values of parameters. Each function overwrites a tensor's memory, whether or not it requires a gradient, and returns it.
#pragma once
#include <torchlite/autograd/any_tensor.hpp>
#include <torchlite/ops/random/rand.hpp>

#include <cmath>

namespace torchlite::inline TORCHLITE_ABI::nn::init {

enum class FanMode { fan_in, fan_out };
enum class Nonlinearity { linear, sigmoid, tanh, relu, leaky_relu, selu };

/// The factor by which a nonlinearity shrinks the standard deviation, inverted; param is leaky_relu's negative slope.
inline double calculate_gain(Nonlinearity nonlinearity, double param = 0.01) {
  switch (nonlinearity) {
    case Nonlinearity::tanh: return 5.0 / 3;
    case Nonlinearity::relu: return std::sqrt(2.0);
    case Nonlinearity::leaky_relu: return std::sqrt(2.0 / (1 + param * param));
    case Nonlinearity::selu: return 3.0 / 4;
    default: return 1;
  }
}

struct Fans {
  std::int64_t in, out;
};
/// How many elements one output, and one input, is connected to: of a weight [out, in, kernel...].
inline Fans calculate_fans(const Shape& sizes) {
  check<ShapeError>(sizes.rank() >= 2, "init: fan in and fan out need a weight of at least 2 dimensions, it is {}", sizes.str());
  std::int64_t kernel = 1;
  for (int d = 2; d < sizes.rank(); ++d) kernel *= sizes[d];
  return {sizes[1] * kernel, sizes[0] * kernel};
}

template <class T, class D>
const Tensor<T, D>& uniform_(const Tensor<T, D>& t, double low = 0, double high = 1) {
  const NoGradGuard no_grad;
  return t.uniform_(low, high);
}
template <class T, class D>
const Tensor<T, D>& normal_(const Tensor<T, D>& t, double mean = 0, double std = 1) {
  const NoGradGuard no_grad;
  return t.normal_(mean, std);
}
template <class T, class D>
const Tensor<T, D>& constant_(const Tensor<T, D>& t, double value) {
  fill_elements(t, static_cast<T>(static_cast<register_t<T>>(value)));
  ++t.impl().storage->version;
  return t;
}
template <class T, class D>
const Tensor<T, D>& ones_(const Tensor<T, D>& t) {
  return constant_(t, 1);
}
template <class T, class D>
const Tensor<T, D>& zeros_(const Tensor<T, D>& t) {
  return constant_(t, 0);
}
/// The identity matrix, cut or padded with zeros to t's size.
template <class T, class D>
const Tensor<T, D>& eye_(const Tensor<T, D>& t) {
  check<ShapeError>(t.dim() == 2, "eye_: needs a matrix, the tensor is {}", t.sizes().str());
  zeros_(t);
  const std::int64_t n = t.size(0) < t.size(1) ? t.size(0) : t.size(1);
  fill_elements(alias(t, Shape{n}, Shape{t.stride(0) + t.stride(1)}, t.storage_offset()), static_cast<T>(1));
  return t;
}

/// Uniform in +-gain sqrt(6 / (fan_in + fan_out)). Source: Glorot and Bengio, 2010.
template <class T, class D>
const Tensor<T, D>& xavier_uniform_(const Tensor<T, D>& t, double gain = 1) {
  const Fans fans = calculate_fans(t.sizes());
  const double bound = gain * std::sqrt(6.0 / static_cast<double>(fans.in + fans.out));
  return uniform_(t, -bound, bound);
}
/// Normal with standard deviation gain sqrt(2 / (fan_in + fan_out)).
template <class T, class D>
const Tensor<T, D>& xavier_normal_(const Tensor<T, D>& t, double gain = 1) {
  const Fans fans = calculate_fans(t.sizes());
  return normal_(t, 0, gain * std::sqrt(2.0 / static_cast<double>(fans.in + fans.out)));
}
/// Uniform in +-gain(a) sqrt(3 / fan). Source: He et al., 2015.
template <class T, class D>
const Tensor<T, D>& kaiming_uniform_(const Tensor<T, D>& t, double a = 0, FanMode mode = FanMode::fan_in,
                                     Nonlinearity nonlinearity = Nonlinearity::leaky_relu) {
  const Fans fans = calculate_fans(t.sizes());
  const double fan = static_cast<double>(mode == FanMode::fan_in ? fans.in : fans.out);
  const double bound = fan > 0 ? calculate_gain(nonlinearity, a) * std::sqrt(3.0 / fan) : 0;
  return uniform_(t, -bound, bound);
}
/// Normal with standard deviation gain(a) / sqrt(fan).
template <class T, class D>
const Tensor<T, D>& kaiming_normal_(const Tensor<T, D>& t, double a = 0, FanMode mode = FanMode::fan_in,
                                    Nonlinearity nonlinearity = Nonlinearity::leaky_relu) {
  const Fans fans = calculate_fans(t.sizes());
  const double fan = static_cast<double>(mode == FanMode::fan_in ? fans.in : fans.out);
  return normal_(t, 0, fan > 0 ? calculate_gain(nonlinearity, a) / std::sqrt(fan) : 0);
}

/// Normal, redrawn while outside [low, high].
template <class T, class D>
const Tensor<T, D>& trunc_normal_(const Tensor<T, D>& t, double mean = 0, double std = 1, double low = -2, double high = 2) {
  check<Error>(low < high && mean + 12 * std > low && mean - 12 * std < high,
               "trunc_normal_: normal numbers of mean {} and deviation {} do not fall into [{}, {}]", mean, std, low, high);
  std::vector<T> values(static_cast<std::size_t>(t.numel()));
  const RandomStream stream = default_generator().draw(static_cast<std::uint64_t>(t.numel()), 64);
  // Element i has 64 words, which are 16 tries in double; what then remains is put to the nearer bound.
  for (std::size_t i = 0; i < values.size(); ++i) {
    double x = 0;
    for (std::uint64_t k = 0; k < 16; ++k) {
      x = mean + std * stream.template normal<double>(i * 16 + k);
      if (x >= low && x <= high) break;
    }
    x = x < low ? low : (x > high ? high : x);
    values[i] = static_cast<T>(static_cast<register_t<T>>(x));
  }
  AnyTensor(t).copy_from(AnyTensor(Tensor<T, Cpu>::from(values, t.sizes())));
  return t;
}

/// Rows (or columns, if those are fewer) that are orthogonal and of length gain, of a weight [n, ...]. Source: Saxe et al., 2013.
template <class T, class D>
const Tensor<T, D>& orthogonal_(const Tensor<T, D>& t, double gain = 1) {
  check<ShapeError>(t.dim() >= 2, "orthogonal_: needs at least 2 dimensions, the tensor is {}", t.sizes().str());
  const std::int64_t rows = t.size(0), columns = t.numel() / (rows > 0 ? rows : 1);
  const bool tall = rows > columns;
  const std::int64_t n = tall ? columns : rows, length = tall ? rows : columns;
  std::vector<double> q = randn<double>({n, length}).to_vector();
  // Gram and Schmidt, twice: once is not enough in floating point.
  const auto row = [&](std::int64_t i) { return q.data() + i * length; };
  for (std::int64_t i = 0; i < n; ++i) {
    for (int pass = 0; pass < 2; ++pass)
      for (std::int64_t j = 0; j < i; ++j) {
        double dot = 0;
        for (std::int64_t k = 0; k < length; ++k) dot += row(i)[k] * row(j)[k];
        for (std::int64_t k = 0; k < length; ++k) row(i)[k] -= dot * row(j)[k];
      }
    double norm = 0;
    for (std::int64_t k = 0; k < length; ++k) norm += row(i)[k] * row(i)[k];
    norm = std::sqrt(norm);
    for (std::int64_t k = 0; k < length; ++k) row(i)[k] /= norm;
  }
  std::vector<double> values(q.size());
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t k = 0; k < length; ++k) values[static_cast<std::size_t>(tall ? k * columns + i : i * columns + k)] = gain * row(i)[k];
  AnyTensor(t).copy_from(AnyTensor(Tensor<double>::from(values, t.sizes())));
  return t;
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn::init
