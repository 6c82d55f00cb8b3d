// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/add.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/random/arguments.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Normal with one mean and one standard deviation.
///   -> sizes
/// Throws Error unless std >= 0.
template <dtype T, device D = Cpu>
Tensor<T, D> normal(double mean, double std, const Shape& sizes, Generator& generator = default_generator()) {
  static_assert(floating<T>, "normal needs a floating dtype; use randint for integers");
  check<Error>(std >= 0, "normal: a standard deviation of {} is negative", std);
  const Tensor<T, D> out = empty<T, D>(sizes);
  const std::int64_t n = out.numel();
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(n), random::words_per_element<T>);
  random::draw(out, [=](auto device, T* data) { fill_normal(device, stream, data, n, mean, std); });
  return out;
}

/// Normal with a mean, a standard deviation or both for each element, broadcast. As in PyTorch the gradients of mean and std are
/// zero; mean + std * randn(...) is the sample that moves with them.
///   mean [...] or a number, std [...] or a number -> [...]
/// Throws Error unless std >= 0 everywhere.
template <operand M, operand S = double>
  requires(tensor_like<M> || tensor_like<S>)
auto normal(const M& mean_, const S& std_ = 1.0, Generator& generator = default_generator(), Site site = Site::current()) {
  const auto value = [site](const auto& x) -> decltype(auto) {
    if constexpr (tensor_like<decltype(x)>) return eval(x, site);
    else return static_cast<double>(x);
  };
  const auto& mean = value(mean_);
  const auto& std = value(std_);
  Shape sizes;
  if constexpr (tensor_like<M> && tensor_like<S>) {
    static_assert(std::is_same_v<tensor_of<M>, tensor_of<S>>, "normal needs mean and std of one dtype and device");
    sizes = broadcast_shapes("normal", mean.sizes(), std.sizes());
  } else if constexpr (tensor_like<M>) {
    sizes = mean.sizes();
  } else {
    sizes = std.sizes();
  }
  using Out = std::conditional_t<tensor_like<M>, std::remove_cvref_t<decltype(mean)>, std::remove_cvref_t<decltype(std)>>;
  using T = typename Out::value_type;
  static_assert(floating<T>, "normal needs a floating dtype; cast first: x.to<float>()");
  if constexpr (tensor_like<S>)
    random::check_elements("normal", "std", random::on_host(std, std.sizes()), "standard deviations are not negative",
                           [](double s) { return s >= 0; });
  else check<Error>(std >= 0, "normal: a standard deviation of {} is negative", std);
  tensor_of<Out> out;
  {
    const NoGradGuard no_grad;
    out = add(mul(randn<T, typename Out::device_type>(sizes, generator), std), mean).eval();
  }
  if constexpr (tensor_like<M> && tensor_like<S>) return random::with_zero_gradients("normal", std::move(out), site, mean, std);
  else if constexpr (tensor_like<M>) return random::with_zero_gradients("normal", std::move(out), site, mean);
  else return random::with_zero_gradients("normal", std::move(out), site, std);
}

}  // namespace torchlite::inline TORCHLITE_ABI
