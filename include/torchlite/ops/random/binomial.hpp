// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/distributions.hpp>
#include <torchlite/ops/random/arguments.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// How many of `count` trials succeed, each with probability `prob`; a fraction of a trial does not count. Has no gradient.
///   count [...], prob [...] -> [...], broadcast
/// Throws Error unless 0 <= prob <= 1 and the counts are not negative and finite.
template <tensor_like N, tensor_like P>
tensor_of<N> binomial(const N& count_, const P& prob_, Generator& generator = default_generator(), Site site = Site::current()) {
  using T = value_t<N>;
  static_assert(floating<T>, "binomial needs a floating dtype; cast first: x.to<float>()");
  static_assert(std::is_same_v<tensor_of<N>, tensor_of<P>>, "binomial needs count and prob of one dtype and device");
  const auto& count = eval(count_, site);
  const auto& prob = eval(prob_, site);
  const Shape sizes = broadcast_shapes("binomial", count.sizes(), prob.sizes());
  const auto counts = random::on_host(count, sizes), chances = random::on_host(prob, sizes);
  random::check_elements("binomial", "count", counts, "numbers of trials are finite and not negative", random::is_count);
  random::check_elements("binomial", "prob", chances, "probabilities are in [0, 1]", random::is_probability);
  const RandomStream stream = generator.draw_elements();
  const tensor_of<N> out = empty<T, device_t<N>>(sizes);
  random::draw(out, [&](T* data) { backend::fill_binomial(Cpu{}, stream, counts.data(), chances.data(), data, counts.numel()); });
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI
