// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/distributions.hpp>
#include <torchlite/ops/random/arguments.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Categories drawn with probabilities in proportion to their weights, which need not sum to 1: each several times with
/// replacement, at most once without.
///   input [categories] or [rows, categories] -> [num_samples] or [rows, num_samples], int64
/// Throws ShapeError for other ranks, and Error for negative or not finite weights, for a row of zeros and, without replacement,
/// for more samples than there are categories of positive weight.
template <tensor_like X>
Tensor<std::int64_t, device_t<X>> multinomial(const X& input_, std::int64_t num_samples, bool replacement = false,
                                              Generator& generator = default_generator()) {
  static_assert(floating<value_t<X>>, "multinomial needs weights of a floating dtype; cast first: x.to<float>()");
  const auto& input = eval(input_);
  check<ShapeError>(input.dim() == 1 || input.dim() == 2, "multinomial: weights of shape {}; they must have 1 or 2 dimensions",
                    input.sizes().str());
  const std::int64_t categories = input.size(-1), rows = input.dim() == 2 ? input.size(0) : 1;
  check<Error>(num_samples > 0, "multinomial: {} samples were asked for; it takes at least 1", num_samples);
  check<Error>(replacement || num_samples <= categories,
               "multinomial: {} samples were asked for of {} categories; without replacement there cannot be more samples than categories",
               num_samples, categories);
  const auto weights = random::on_host(input, input.sizes());
  random::check_elements("multinomial", "input", weights, "weights are finite and not negative", random::is_count);
  for (std::int64_t r = 0; r < rows; ++r) {
    std::int64_t positive = 0;
    for (std::int64_t c = 0; c < categories; ++c) positive += backend::number_of(weights.data()[r * categories + c]) > 0;
    check<Error>(positive >= (replacement ? 1 : num_samples),
                 "multinomial: {} categories of row {} have a positive weight; {} samples {} replacement take at least {}", positive, r,
                 num_samples, replacement ? "with" : "without", replacement ? 1 : num_samples);
  }
  const Shape sizes = input.dim() == 2 ? Shape{rows, num_samples} : Shape{num_samples};
  const Tensor<std::int64_t, device_t<X>> out = empty<std::int64_t, device_t<X>>(sizes);
  const RandomStream stream = generator.draw(static_cast<std::uint64_t>(rows * (replacement ? num_samples : categories)), 2);
  random::draw(out, [&](std::int64_t* data) {
    if (replacement) backend::draw_categories(Cpu{}, stream, weights.data(), rows, categories, num_samples, data);
    else backend::draw_distinct_categories(Cpu{}, stream, weights.data(), rows, categories, num_samples, data);
  });
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI
