// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/conv/conv_transpose.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>

using namespace samples;

TEST_CASE("conv_transpose1d, conv_transpose2d and conv_transpose3d are PyTorch's, with their gradients", "[ops][conv]") {
  replay("conv_transpose1d", [](const Call& c) {
    return tl::conv_transpose1d(c.x(), c.tensor(0, "weight"), c.tensor(1, "bias"),
                                {.stride = one(c, 2, "stride", 1),
                                 .padding = one(c, 3, "padding", 0),
                                 .output_padding = one(c, 4, "output_padding", 0),
                                 .groups = c.integer(5, "groups", 1),
                                 .dilation = one(c, 6, "dilation", 1)});
  });
  replay("conv_transpose2d", [](const Call& c) {
    return tl::conv_transpose2d(c.x(), c.tensor(0, "weight"), c.tensor(1, "bias"),
                                {.stride = pair(c, 2, "stride", 1),
                                 .padding = pair(c, 3, "padding", 0),
                                 .output_padding = pair(c, 4, "output_padding", 0),
                                 .groups = c.integer(5, "groups", 1),
                                 .dilation = pair(c, 6, "dilation", 1)});
  });
  replay("conv_transpose3d", [](const Call& c) {
    return tl::conv_transpose3d(c.x(), c.tensor(0, "weight"), c.tensor(1, "bias"),
                                {.stride = triple(c, 2, "stride", 1),
                                 .padding = triple(c, 3, "padding", 0),
                                 .output_padding = triple(c, 4, "output_padding", 0),
                                 .groups = c.integer(5, "groups", 1),
                                 .dilation = triple(c, 6, "dilation", 1)});
  });
}

TEST_CASE("unfold is PyTorch's, with its gradients", "[ops][conv]") {
  replay("nn_functional_unfold", [](const Call& c) {
    return tl::unfold(c.x(), pair(c, 0, "kernel_size", 0),
                      {.dilation = pair(c, 1, "dilation", 1), .padding = pair(c, 2, "padding", 0), .stride = pair(c, 3, "stride", 1)});
  });
}
