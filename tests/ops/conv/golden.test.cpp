// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/conv/conv3d.hpp>

using namespace samples;

namespace {
/// Gives an option's padding: numbers or a word.
template <class Size, class Numbers>
tl::ConvPadding<Size> padding(const Call& c, Numbers numbers) {
  if (c.has(3, "padding") && c.argument(3, "padding").is_string()) return c.argument(3, "padding").get<std::string>().c_str();
  return Size(numbers(c, 3, "padding", 0, 0));
}
}  // namespace

TEST_CASE("conv1d, conv2d and conv3d are PyTorch's, with their gradients", "[ops][conv]") {
  replay("conv1d", [](const Call& c) {
    return tl::conv1d(c.x(), c.tensor(0, "weight"), c.tensor(1, "bias"),
                      {.stride = one(c, 2, "stride", 1),
                       .padding = padding<std::int64_t>(c, one),
                       .dilation = one(c, 4, "dilation", 1),
                       .groups = c.integer(5, "groups", 1)});
  });
  replay("conv2d", [](const Call& c) {
    return tl::conv2d(c.x(), c.tensor(0, "weight"), c.tensor(1, "bias"),
                      {.stride = pair(c, 2, "stride", 1),
                       .padding = padding<tl::Pair>(c, pair),
                       .dilation = pair(c, 4, "dilation", 1),
                       .groups = c.integer(5, "groups", 1)});
  });
  replay("conv3d", [](const Call& c) {
    return tl::conv3d(c.x(), c.tensor(0, "weight"), c.tensor(1, "bias"),
                      {.stride = triple(c, 2, "stride", 1),
                       .padding = padding<tl::Triple>(c, triple),
                       .dilation = triple(c, 4, "dilation", 1),
                       .groups = c.integer(5, "groups", 1)});
  });
}
