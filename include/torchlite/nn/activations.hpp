// SPDX-License-Identifier: BSD-3-Clause
// Pointwise functions as modules. Their results are expressions, which fuse with what uses them.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pointwise.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/softmax.hpp>
#include <torchlite/ops/softmax/softmin.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// x itself.
struct Identity : Module<Identity> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return std::remove_cvref_t<X>(std::forward<X>(x));
  }
};

/// max(x, 0).
struct ReLU : Module<ReLU> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::relu(std::forward<X>(x));
  }
};

/// min(max(x, 0), 6).
struct ReLU6 : Module<ReLU6> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::relu6(std::forward<X>(x));
  }
};

/// The self-normalising exponential unit. Source: Klambauer et al., 2017.
struct SELU : Module<SELU> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::selu(std::forward<X>(x));
  }
};

/// x sigmoid(x).
struct SiLU : Module<SiLU> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::silu(std::forward<X>(x));
  }
};

/// 1 / (1 + e^-x).
struct Sigmoid : Module<Sigmoid> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::sigmoid(std::forward<X>(x));
  }
};

/// tanh(x).
struct Tanh : Module<Tanh> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::tanh(std::forward<X>(x));
  }
};

/// x min(max(x + 3, 0), 6) / 6.
struct Hardswish : Module<Hardswish> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::hardswish(std::forward<X>(x));
  }
};

/// min(max(x + 3, 0), 6) / 6.
struct Hardsigmoid : Module<Hardsigmoid> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::hardsigmoid(std::forward<X>(x));
  }
};

/// x tanh(softplus(x)).
struct Mish : Module<Mish> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::mish(std::forward<X>(x));
  }
};

/// x / (1 + |x|).
struct Softsign : Module<Softsign> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::softsign(std::forward<X>(x));
  }
};

/// x - tanh(x).
struct Tanhshrink : Module<Tanhshrink> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::tanhshrink(std::forward<X>(x));
  }
};

/// log(sigmoid(x)).
struct LogSigmoid : Module<LogSigmoid> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::log_sigmoid(std::forward<X>(x));
  }
};

/// x Phi(x), Phi being the distribution function of the standard normal distribution. Source: Hendrycks and Gimpel, 2016.
struct GELU : Module<GELU> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::gelu(std::forward<X>(x));
  }
  std::string extra_repr() const { return "approximate='none'"; }
};

/// The tanh approximation of GELU, which PyTorch calls GELU(approximate='tanh').
struct GELUTanh : Module<GELUTanh> {
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::gelu_tanh(std::forward<X>(x));
  }
};

/// x for positive x, negative_slope x otherwise.
struct LeakyReLU : Module<LeakyReLU> {
  LeakyReLU(double negative_slope_value = 0.01) : negative_slope(negative_slope_value) {}
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::leaky_relu(std::forward<X>(x), negative_slope);
  }
  std::string extra_repr() const { return "negative_slope=" + repr(negative_slope); }
  auto fields() { return nn::fields("negative_slope", negative_slope); }

  double negative_slope;
};

/// x for positive x, alpha (e^x - 1) otherwise.
struct ELU : Module<ELU> {
  ELU(double alpha_value = 1.0) : alpha(alpha_value) {}
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::elu(std::forward<X>(x), alpha);
  }
  std::string extra_repr() const { return "alpha=" + repr(alpha); }
  auto fields() { return nn::fields("alpha", alpha); }

  double alpha;
};

/// x for positive x, alpha (e^(x / alpha) - 1) otherwise.
struct CELU : Module<CELU> {
  CELU(double alpha_value = 1.0) : alpha(alpha_value) {}
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::celu(std::forward<X>(x), alpha);
  }
  std::string extra_repr() const { return "alpha=" + repr(alpha); }
  auto fields() { return nn::fields("alpha", alpha); }

  double alpha;
};

/// x where |x| > lambd, else 0.
struct Hardshrink : Module<Hardshrink> {
  Hardshrink(double lambd_value = 0.5) : lambd(lambd_value) {}
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::hardshrink(std::forward<X>(x), lambd);
  }
  std::string extra_repr() const { return "lambd=" + repr(lambd); }
  auto fields() { return nn::fields("lambd", lambd); }

  double lambd;
};

/// x moved towards 0 by lambd.
struct Softshrink : Module<Softshrink> {
  Softshrink(double lambd_value = 0.5) : lambd(lambd_value) {}
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::softshrink(std::forward<X>(x), lambd);
  }
  std::string extra_repr() const { return "lambd=" + repr(lambd); }
  auto fields() { return nn::fields("lambd", lambd); }

  double lambd;
};

/// log(1 + e^(beta x)) / beta; x where beta x is above threshold.
struct Softplus : Module<Softplus> {
  Softplus(double beta_value = 1.0, double threshold_value = 20.0) : beta(beta_value), threshold(threshold_value) {}
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::softplus(std::forward<X>(x), beta, threshold);
  }
  std::string extra_repr() const { return format_text("beta={}, threshold={}", repr(beta), repr(threshold)); }
  auto fields() { return nn::fields("beta", beta, "threshold", threshold); }

  double beta, threshold;
};

/// x limited to [min_val, max_val].
struct Hardtanh : Module<Hardtanh> {
  Hardtanh(double min_val_value = -1.0, double max_val_value = 1.0) : min_val(min_val_value), max_val(max_val_value) {}
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::hardtanh(std::forward<X>(x), min_val, max_val);
  }
  std::string extra_repr() const { return format_text("min_val={}, max_val={}", repr(min_val), repr(max_val)); }
  auto fields() { return nn::fields("min_val", min_val, "max_val", max_val); }

  double min_val, max_val;
};

/// x where x > threshold, else value.
struct Threshold : Module<Threshold> {
  Threshold() : Threshold(0, 0) {}
  Threshold(double threshold_value, double value_value) : threshold(threshold_value), value(value_value) {}
  template <tensor_like X>
  auto forward(X&& x) const {
    return torchlite::threshold(std::forward<X>(x), threshold, value);
  }
  std::string extra_repr() const { return format_text("threshold={}, value={}", repr(threshold), repr(value)); }
  auto fields() { return nn::fields("threshold", threshold, "value", value); }

  double threshold, value;
};

/// e^x / sum(e^x) along a dimension.
struct Softmax : Module<Softmax> {
  Softmax(std::int64_t dimension = -1) : dim(dimension) {}
  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::softmax(x, dim);
  }
  std::string extra_repr() const { return format_text("dim={}", dim); }
  auto fields() { return nn::fields("dim", dim); }

  std::int64_t dim;
};

/// softmax(-x) along a dimension.
struct Softmin : Module<Softmin> {
  Softmin(std::int64_t dimension = -1) : dim(dimension) {}
  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::softmin(x, dim);
  }
  std::string extra_repr() const { return format_text("dim={}", dim); }
  auto fields() { return nn::fields("dim", dim); }

  std::int64_t dim;
};

/// softmax over the channels of images.
///   x [N, C, H, W] or [C, H, W] -> same
struct Softmax2d : Module<Softmax2d> {
  template <tensor_like X>
  auto forward(const X& x_) const {
    const auto& x = torchlite::eval(x_);
    check<ShapeError>(x.dim() == 3 || x.dim() == 4, "Softmax2d: input of shape {}; it must be [N, C, H, W] or [C, H, W]", x.sizes().str());
    return torchlite::softmax(x, -3);
  }
};

/// x - log(sum(e^x)) along a dimension.
struct LogSoftmax : Module<LogSoftmax> {
  LogSoftmax(std::int64_t dimension = -1) : dim(dimension) {}
  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::log_softmax(x, dim);
  }
  std::string extra_repr() const { return format_text("dim={}", dim); }
  auto fields() { return nn::fields("dim", dim); }

  std::int64_t dim;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
