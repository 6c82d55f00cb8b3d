// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/distributions.hpp>
#include <torchlite/ops/random/arguments.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Poisson distributed numbers of the given rates; the gradient of the rates is zero.
///   rate [...] -> [...], same dtype
/// Throws Error unless the rates are not negative and finite.
template <tensor_like X>
tensor_of<X> poisson(const X& rate_, Generator& generator = default_generator(), Site site = Site::current()) {
  using T = value_t<X>;
  static_assert(floating<T>, "poisson needs rates of a floating dtype; cast first: x.to<float>()");
  const auto& rate = eval(rate_, site);
  const auto rates = random::on_host(rate, rate.sizes());
  random::check_elements("poisson", "rate", rates, "rates are finite and not negative", random::is_count);
  const RandomStream stream = generator.draw_elements();
  tensor_of<X> out = empty<T, device_t<X>>(rate.sizes());
  random::draw(out, [&](T* data) { backend::fill_poisson(Cpu{}, stream, rates.data(), data, rates.numel()); });
  return random::with_zero_gradients("poisson", std::move(out), site, rate);
}

}  // namespace torchlite::inline TORCHLITE_ABI
