// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/parameter.hpp>
#include <torchlite/backend/cpu/optimizer.hpp>

#include <cmath>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::nn::utils {

struct ClipGradNormOptions {
  double norm_type = 2;             ///< infinity for the largest absolute value
  bool error_if_nonfinite = false;  ///< throw instead of scaling by NaN
};

/// The gradients of the parameters. A gradient that is not dense, or whose memory somebody else shows too (that of a + b is one
/// tensor for both), is replaced by a copy first, so that each can be changed in place.
template <class T, class D>
std::vector<Tensor<T, D>> own_gradients(const std::vector<Tensor<T, D>>& parameters) {
  std::vector<Tensor<T, D>> gradients;
  for (const auto& p : parameters) {
    if (!p.grad().defined()) continue;
    ImplRef& g = autograd::gradient_of(p.impl()).gradient;
    if (!g->contiguous || g->storage->use_count() > 1 || g->use_count() > 1) g = copy_gradient<T, D>(g);
    gradients.emplace_back(g);
  }
  return gradients;
}
/// x = formula(x) for every element.
template <class F, class T, class D>
void change_elements(const F& formula, const Tensor<T, D>& x) {
  T* none = nullptr;
  update_parameters(D{}, formula, x.numel(), x.data(), static_cast<const T*>(x.data()), none, none, none);
  ++x.impl().storage->version;
}

/// Scales all gradients so that their norm, taken over all of them together, is at most max_norm; returns the norm before.
template <class T, class D>
double clip_grad_norm_(const std::vector<Tensor<T, D>>& parameters, double max_norm, ClipGradNormOptions options = {}) {
  const std::vector<Tensor<T, D>> gradients = own_gradients(parameters);
  double norm = 0;
  for (const Tensor<T, D>& g : gradients) {
    const double part = norm_power(D{}, static_cast<const T*>(g.data()), g.numel(), options.norm_type);
    norm = std::isinf(options.norm_type) ? (part > norm || std::isnan(part) ? part : norm) : norm + part;
  }
  if (!std::isinf(options.norm_type)) norm = options.norm_type == 2 ? std::sqrt(norm) : std::pow(norm, 1 / options.norm_type);
  check<Error>(!options.error_if_nonfinite || std::isfinite(norm),
               "clip_grad_norm_: the norm of the gradients is {}; they cannot be scaled", norm);
  const double factor = max_norm / (norm + 1e-6);
  if (factor >= 1) return norm;
  for (const Tensor<T, D>& g : gradients) change_elements(backend::ScaleUpdate<register_t<T>>{static_cast<register_t<T>>(factor)}, g);
  return norm;
}
template <class T, class D>
double clip_grad_norm_(const Tensor<T, D>& parameter, double max_norm, ClipGradNormOptions options = {}) {
  return clip_grad_norm_(std::vector<Tensor<T, D>>{parameter}, max_norm, options);
}

/// Limits every element of every gradient to [-clip_value, clip_value].
template <class T, class D>
void clip_grad_value_(const std::vector<Tensor<T, D>>& parameters, double clip_value) {
  const auto bound = static_cast<register_t<T>>(clip_value);
  for (const Tensor<T, D>& g : own_gradients(parameters)) change_elements(backend::LimitUpdate<register_t<T>>{bound}, g);
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn::utils
