// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/distributions.hpp>
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/random/arguments.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// 1 with probability p, else 0, each element on its own.
///   -> sizes
/// Throws Error unless 0 <= p <= 1.
template <dtype T, device D = Cpu>
Tensor<T, D> bernoulli(const Shape& sizes, double p, Generator& generator = default_generator()) {
  check<Error>(p >= 0 && p <= 1, "bernoulli: probability {} is not in [0, 1]", p);
  const Tensor<T, D> out = empty<T, D>(sizes);
  const std::int64_t n = out.numel();
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(n));
  random::draw(out, [=](auto device, T* data) { fill_bernoulli(device, stream, data, n, p); });
  return out;
}

/// 1 with the probability that the element of p says, else 0; the gradient of p is zero.
///   p [...] -> [...]
/// Throws Error unless 0 <= p <= 1 everywhere.
template <tensor_like P>
tensor_of<P> bernoulli(const P& p_, Generator& generator = default_generator(), Site site = Site::current()) {
  static_assert(floating<value_t<P>>, "bernoulli needs probabilities of a floating dtype; cast first: x.to<float>()");
  const auto& p = eval(p_, site);
  random::check_elements("bernoulli", "p", random::on_host(p, p.sizes()), "probabilities are in [0, 1]", random::is_probability);
  tensor_of<P> out;
  {
    const NoGradGuard no_grad;
    out = to<value_t<P>>(lt(rand<value_t<P>, device_t<P>>(p.sizes(), generator), p)).eval();
  }
  return random::with_zero_gradients("bernoulli", std::move(out), site, p);
}

/// Overwrites x with 1 where a draw of probability p succeeds, and 0 elsewhere.
template <class T, class D>
const Tensor<T, D>& bernoulli_(const Tensor<T, D>& x, double p = 0.5, Generator& generator = default_generator()) {
  check<Error>(p >= 0 && p <= 1, "bernoulli_: probability {} is not in [0, 1]", p);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(x.numel()));
  return random::overwrite("bernoulli_", x, [=, n = x.numel()](auto device, T* data) { fill_bernoulli(device, stream, data, n, p); });
}
/// The same with a probability for each element; p broadcasts to x.
template <class T, class D, tensor_like P>
const Tensor<T, D>& bernoulli_(const Tensor<T, D>& x, const P& p_, Generator& generator = default_generator()) {
  static_assert(floating<value_t<P>>, "bernoulli_ needs probabilities of a floating dtype; cast first: p.to<float>()");
  const auto& p = eval(p_);
  const Shape sizes = broadcast_shapes("bernoulli_", p.sizes(), x.sizes());
  check<ShapeError>(sizes == x.sizes(), "bernoulli_: probabilities of shape {} do not broadcast to the target's shape {}", p.sizes().str(),
                    x.sizes().str());
  const auto chances = random::on_host(p, sizes);
  random::check_elements("bernoulli_", "p", chances, "probabilities are in [0, 1]", random::is_probability);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(x.numel()), 2);
  return random::overwrite("bernoulli_", x, [&, n = x.numel()](T* data) {
    const auto* chance = chances.data();
    backend::parallel_for(n, 4096, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        data[i] = static_cast<T>(stream.uniform<double>(static_cast<std::uint64_t>(i)) < backend::number_of(chance[i]) ? 1 : 0);
    });
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI
