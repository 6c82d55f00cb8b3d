// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/parameter.hpp>
#include <torchlite/backend/cpu/optimizer.hpp>

#include <cmath>
#include <span>

namespace torchlite::inline TORCHLITE_ABI::nn::utils {

struct ClipGradNormOptions {
  double norm_type = 2;                ///< infinity for the largest absolute value
  bool error_if_nonfinite = false;     ///< throw instead of scaling by NaN
};

/// The gradients of the parameters, in dense memory.
template <class T, class D>
std::vector<Tensor<T, D>> gradients_of(std::span<const Tensor<T, D>> parameters) {
  std::vector<Tensor<T, D>> gradients;
  for (const auto& p : parameters) {
    const autograd::Gradient* graph = autograd::find_gradient(p.impl());
    if (graph != nullptr && graph->gradient) gradients.emplace_back(graph->gradient);
  }
  return gradients;
}

/// Scales all gradients so that their norm, taken over all of them together, is at most max_norm; returns the norm before.
template <class T, class D>
double clip_grad_norm_(const std::vector<Tensor<T, D>>& parameters, double max_norm, ClipGradNormOptions options = {}) {
  const std::vector<Tensor<T, D>> gradients = gradients_of(std::span<const Tensor<T, D>>(parameters));
  double norm = 0;
  for (const Tensor<T, D>& g : gradients) {
    const Tensor<T, D> dense = g.is_contiguous() ? g : Tensor<T, D>(copy_gradient<T, D>(g.ref()));
    const double part = norm_power(D{}, static_cast<const T*>(dense.data()), dense.numel(), options.norm_type);
    norm = std::isinf(options.norm_type) ? (part > norm || std::isnan(part) ? part : norm) : norm + part;
  }
  if (!std::isinf(options.norm_type)) norm = options.norm_type == 2 ? std::sqrt(norm) : std::pow(norm, 1 / options.norm_type);
  check<Error>(!options.error_if_nonfinite || std::isfinite(norm), "clip_grad_norm_: the norm of the gradients is {}; they cannot be scaled", norm);
  const double factor = max_norm / (norm + 1e-6);
  if (factor >= 1) return norm;
  for (const Tensor<T, D>& g : gradients) scale_elements(g, factor);
  return norm;
}
template <class T, class D>
double clip_grad_norm_(const Tensor<T, D>& parameter, double max_norm, ClipGradNormOptions options = {}) {
  return clip_grad_norm_(std::vector<Tensor<T, D>>{parameter}, max_norm, options);
}

/// Limits every element of every gradient to [-clip_value, clip_value].
template <class T, class D>
void clip_grad_value_(const std::vector<Tensor<T, D>>& parameters, double clip_value) {
  for (const Tensor<T, D>& g : gradients_of(std::span<const Tensor<T, D>>(parameters))) limit_elements(g, clip_value);
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn::utils
