// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>
#include <torchlite/ops/attention/multi_head_attention_forward.hpp>
#include <torchlite/ops/attention/scaled_dot_product_attention.hpp>
#include <torchlite/ops/methods.hpp>

using namespace samples;
namespace F = tl::nn::functional;

TEST_CASE("scaled_dot_product_attention is PyTorch's", "[ops][attention]") {
  replay("scaled_dot_product_attention", [](const Call& c) {
    if (c.number(3, "dropout_p", 0) != 0) throw NotOffered{"what is dropped is drawn"};
    const tl::AttentionOptions options{
        .is_causal = c.flag(4, "is_causal"), .scale = c.number(99, "scale", 0), .enable_gqa = c.flag(99, "enable_gqa")};
    if (!c.has(2, "attn_mask")) return F::scaled_dot_product_attention(c.x(), c.in(1), c.in(2), options);
    if (c.array(2, "attn_mask").floating())
      return F::scaled_dot_product_attention(c.x(), c.in(1), c.in(2), c.tensor(2, "attn_mask"), options);
    return F::scaled_dot_product_attention(c.x(), c.in(1), c.in(2), mask(c.array(2, "attn_mask")), options);
  });
}

TEST_CASE("multi_head_attention_forward is PyTorch's, whatever was dropped", "[ops][attention]") {
  replay("multi_head_attention_forward", [](const Call& c) {
    // PyTorch drew which weights of two heads to drop. The recorded average of the heads tells: it is the sum of those that were kept
    // (each times 2, half of each), and only one of four sums fits.
    const golden::Array& average = c.sample.out(1);
    const auto dropped = [&](const Real& weights) {
      const std::int64_t batch = weights.size(0), each = weights.size(2) * weights.size(3);
      const std::vector<double> w = weights.detach().to_vector();
      std::vector<double> factors(w.size());
      for (std::int64_t n = 0; n < batch; ++n)
        for (std::int64_t i = 0; i < each; ++i) {
          const auto one = static_cast<std::size_t>(2 * n * each + i), other = static_cast<std::size_t>((2 * n + 1) * each + i);
          const double first = w[one], second = w[other];
          const double sum = average.values[static_cast<std::size_t>(n * each + i)];
          int best = 0;
          for (int kept = 1; kept < 4; ++kept)
            if (std::fabs((kept & 1) * first + (kept >> 1) * second - sum) < std::fabs((best & 1) * first + (best >> 1) * second - sum))
              best = kept;
          factors[one] = 2 * (best & 1);
          factors[other] = 2 * (best >> 1);
        }
      return Real(weights * Real::from(factors, weights.sizes()));
    };
    tl::MultiHeadAttentionForwardOptions<double, Device> options;
    options.attn_mask = c.tensor(99, "attn_mask");
    const auto r =
        tl::ops::multi_head_attention(c.x(), c.in(1), c.in(2), c.integer(3, ""), c.tensor(4, ""), c.tensor(5, ""), c.tensor(6, ""),
                                      c.tensor(7, ""), c.flag(8, ""), c.tensor(10, ""), c.tensor(11, ""), options, dropped, tl::Site{});
    return Values{r.attn_output, r.attn_output_weights};
  });
}
