// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pool/adaptive_pool.hpp>
#include <torchlite/ops/pool/avg_pool.hpp>
#include <torchlite/ops/pool/lp_pool.hpp>

using namespace samples;

namespace {
std::int64_t divisor(const Call& c) {
  if (!c.has(5, "divisor_override")) return 0;
  const std::int64_t given = c.integer(5, "divisor_override");
  if (given == 0) throw NotOffered{"divisor_override 0 is how none is asked for"};
  return given;
}
}  // namespace

TEST_CASE("avg_pool1d, avg_pool2d and avg_pool3d are PyTorch's, with their gradients", "[ops][pool]") {
  replay("avg_pool1d", [](const Call& c) {
    return tl::avg_pool1d(c.x(), one(c, 0, "kernel_size", 0),
                          {.stride = one(c, 1, "stride", 0),
                           .padding = one(c, 2, "padding", 0),
                           .ceil_mode = c.flag(3, "ceil_mode"),
                           .count_include_pad = c.flag(4, "count_include_pad", true)});
  });
  replay("avg_pool2d", [](const Call& c) {
    return tl::avg_pool2d(c.x(), pair(c, 0, "kernel_size", 0),
                          {.stride = pair(c, 1, "stride", 0),
                           .padding = pair(c, 2, "padding", 0),
                           .ceil_mode = c.flag(3, "ceil_mode"),
                           .count_include_pad = c.flag(4, "count_include_pad", true),
                           .divisor_override = divisor(c)});
  });
  replay("avg_pool3d", [](const Call& c) {
    return tl::avg_pool3d(c.x(), triple(c, 0, "kernel_size", 0),
                          {.stride = triple(c, 1, "stride", 0),
                           .padding = triple(c, 2, "padding", 0),
                           .ceil_mode = c.flag(3, "ceil_mode"),
                           .count_include_pad = c.flag(4, "count_include_pad", true),
                           .divisor_override = divisor(c)});
  });
}

TEST_CASE("adaptive poolings are PyTorch's, with their gradients", "[ops][pool]") {
  replay("adaptive_avg_pool1d",
         [](const Call& c) { return tl::adaptive_avg_pool1d(c.x(), one(c, 0, "output_size", tl::same_size, tl::same_size)); });
  replay("adaptive_avg_pool2d",
         [](const Call& c) { return tl::adaptive_avg_pool2d(c.x(), pair(c, 0, "output_size", tl::same_size, tl::same_size)); });
  replay("adaptive_avg_pool3d",
         [](const Call& c) { return tl::adaptive_avg_pool3d(c.x(), triple(c, 0, "output_size", tl::same_size, tl::same_size)); });
  const auto both = [](const Call& c, const auto& result) {
    return c.flag(1, "return_indices") ? Values{result.values, result.indices} : Values{result.values};
  };
  replay("adaptive_max_pool1d", [&](const Call& c) {
    return both(c, tl::adaptive_max_pool1d_with_indices(c.x(), one(c, 0, "output_size", tl::same_size, tl::same_size)));
  });
  replay("adaptive_max_pool2d", [&](const Call& c) {
    return both(c, tl::adaptive_max_pool2d_with_indices(c.x(), pair(c, 0, "output_size", tl::same_size, tl::same_size)));
  });
  replay("adaptive_max_pool3d", [&](const Call& c) {
    return both(c, tl::adaptive_max_pool3d_with_indices(c.x(), triple(c, 0, "output_size", tl::same_size, tl::same_size)));
  });
}
