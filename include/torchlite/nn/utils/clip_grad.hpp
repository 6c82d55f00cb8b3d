// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/parameter.hpp>
#include <torchlite/backend/cpu/optimizer.hpp>

#include <cmath>
#include <limits>
#include <span>
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

/// A number that a device has computed; reading it as a double waits for the device.
template <class D>
class DeviceNumber {
 public:
  explicit DeviceNumber(Tensor<double, D> value) : value_(std::move(value)) {}
  operator double() const {  // NOLINT(google-explicit-constructor): used as the number it is
    double number = 0;
    copy_to_host(D{}, &number, value_.data(), sizeof(number));
    return number;
  }

 private:
  Tensor<double, D> value_;
};

/// Where dense gradients are, for kernels that go through all of them.
template <class T>
struct GradientList {
  template <class D>
  explicit GradientList(const std::vector<Tensor<T, D>>& gradients) {
    for (const Tensor<T, D>& g : gradients) {
      data.push_back(g.data());
      sizes.push_back(g.numel());
    }
  }
  std::vector<T*> data;
  std::vector<std::int64_t> sizes;
};

/// clip_grad_norm_ on a device that computes the norm and the factor itself.
template <class T, class D>
DeviceNumber<D> clip_on_device(const std::vector<Tensor<T, D>>& gradients, double max_norm, const ClipGradNormOptions& options) {
  const GradientList<T> list(gradients);
  const std::span<T* const> data(list.data);
  const std::span<const std::int64_t> sizes(list.sizes);
  const Tensor<double, D> result = empty<double, D>({2});
  gradient_norm(D{}, data, sizes, options.norm_type, max_norm, result.data());
  DeviceNumber<D> norm(result);
  if (options.error_if_nonfinite) {
    const double found = norm;
    check<Error>(std::isfinite(found), "clip_grad_norm_: the norm of the gradients is {}; they cannot be scaled", found);
  }
  scale_gradients(D{}, data, sizes, static_cast<const double*>(result.data()));
  for (const Tensor<T, D>& g : gradients) ++g.impl().storage->version;
  return norm;
}

/// The largest |x| of all gradients, NaN if there is one.
template <class T, class D>
double largest_gradient(const std::vector<Tensor<T, D>>& gradients) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if constexpr (std::is_same_v<D, Cuda>) {
    const GradientList<T> list(gradients);
    const Tensor<double, D> result = empty<double, D>({2});
    gradient_norm(D{}, std::span<T* const>(list.data), std::span<const std::int64_t>(list.sizes), infinity, infinity, result.data());
    return DeviceNumber<D>(result);
  } else {
    double largest = 0;
    for (const Tensor<T, D>& g : gradients) {
      const double part = norm_power(D{}, static_cast<const T*>(g.data()), g.numel(), infinity);
      if (part > largest || std::isnan(part)) largest = part;
      if (std::isnan(largest)) break;
    }
    return largest;
  }
}

/// clip_grad_norm_ on the host.
template <class T, class D>
double clip_gradients(const std::vector<Tensor<T, D>>& gradients, double max_norm, const ClipGradNormOptions& options) {
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
/// Scales all gradients so that their norm, taken over all of them together, is at most max_norm; returns the norm before, on Cuda as a
/// DeviceNumber, so that nothing waits for it unless it is read.
template <class T, class D>
auto clip_grad_norm_(const std::vector<Tensor<T, D>>& parameters, double max_norm, ClipGradNormOptions options = {}) {
  const std::vector<Tensor<T, D>> gradients = own_gradients(parameters);
  if constexpr (std::is_same_v<D, Cuda>) return clip_on_device(gradients, max_norm, options);
  else return clip_gradients(gradients, max_norm, options);
}
template <class T, class D>
auto clip_grad_norm_(const Tensor<T, D>& parameter, double max_norm, ClipGradNormOptions options = {}) {
  return clip_grad_norm_(std::vector<Tensor<T, D>>{parameter}, max_norm, options);
}

/// Limits every element of every gradient to [-clip_value, clip_value].
template <class T, class D>
void clip_grad_value_(const std::vector<Tensor<T, D>>& parameters, double clip_value) {
  const auto bound = static_cast<register_t<T>>(clip_value);
  for (const Tensor<T, D>& g : own_gradients(parameters)) change_elements(backend::LimitUpdate<register_t<T>>{bound}, g);
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn::utils
