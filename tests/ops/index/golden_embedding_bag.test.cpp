// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>
#include <torchlite/ops/index/embedding_bag.hpp>

using namespace samples;
namespace F = tl::nn::functional;

namespace {
using Options = tl::EmbeddingBagOptions<double, Device>;
}  // namespace

TEST_CASE("embedding and embedding_bag are PyTorch's", "[ops][index]") {
  replay("embedding", [](const Call& c) {
    return tl::embedding(c.indices(1), c.x(),
                         {.padding_idx = c.integer(99, "padding_idx", tl::no_padding),
                          .max_norm = c.number(99, "max_norm", 0),
                          .norm_type = c.number(99, "norm_type", 2),
                          .scale_grad_by_freq = c.flag(99, "scale_grad_by_freq")});
  });
  replay("embedding_bag", [](const Call& c) {
    const std::string mode = c.text(99, "mode", "mean");
    Options options;
    options.mode = mode == "sum" ? tl::BagMode::sum : mode == "max" ? tl::BagMode::max : tl::BagMode::mean;
    options.max_norm = c.number(99, "max_norm", 0);
    options.norm_type = c.number(99, "norm_type", 2);
    options.scale_grad_by_freq = c.flag(99, "scale_grad_by_freq");
    options.per_sample_weights = c.tensor(99, "per_sample_weights");
    options.include_last_offset = c.flag(99, "include_last_offset");
    options.padding_idx = c.integer(99, "padding_idx", tl::no_padding);
    return F::embedding_bag(c.indices(1), c.x(), c.has(99, "offsets") ? index(c.array(99, "offsets")) : Index(), options);
  });
}
