// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/pool/max_pool.hpp>
#include <torchlite/ops/pool/max_unpool.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;

namespace {
template <class R>
Values both(const Call& c, const R& result) {
  return c.flag(5, "return_indices") ? Values{result.values, result.indices} : Values{result.values};
}
tl::MaxPool2dOptions options2d(const Call& c) {
  return {.stride = pair(c, 1, "stride", 0),
          .padding = pair(c, 2, "padding", 0),
          .dilation = pair(c, 3, "dilation", 1),
          .ceil_mode = c.flag(4, "ceil_mode")};
}
tl::Shape output_size(const Call& c) { return c.has(5, "output_size") ? c.shape(5, "output_size") : tl::Shape(); }
}  // namespace

TEST_CASE("max_pool1d, max_pool2d and max_pool3d are PyTorch's, with indices and gradients", "[ops][pool]") {
  replay("max_pool1d", [](const Call& c) {
    return both(c, tl::max_pool1d_with_indices(c.x(), one(c, 0, "kernel_size", 0),
                                               {.stride = one(c, 1, "stride", 0),
                                                .padding = one(c, 2, "padding", 0),
                                                .dilation = one(c, 3, "dilation", 1),
                                                .ceil_mode = c.flag(4, "ceil_mode")}));
  });
  replay("max_pool2d", [](const Call& c) {
    const tl::Pair kernel = pair(c, 0, "kernel_size", 0);
    if (!c.flag(5, "return_indices")) return Values{tl::max_pool2d(c.x(), kernel, options2d(c))};
    return both(c, tl::max_pool2d_with_indices(c.x(), kernel, options2d(c)));
  });
  replay("max_pool3d", [](const Call& c) {
    return both(c, tl::max_pool3d_with_indices(c.x(), triple(c, 0, "kernel_size", 0),
                                               {.stride = triple(c, 1, "stride", 0),
                                                .padding = triple(c, 2, "padding", 0),
                                                .dilation = triple(c, 3, "dilation", 1),
                                                .ceil_mode = c.flag(4, "ceil_mode")}));
  });
}

TEST_CASE("max_pool2d_with_indices_backward is PyTorch's", "[ops][pool]") {
  // PyTorch's test calls it with ones for the gradient of the result, which therefore has no gradient of its own.
  replay("max_pool2d_with_indices_backward", [](const Call& c) {
    const tl::Pair kernel = pair(c, 0, "kernel_size", 0);
    const auto pooled = tl::max_pool2d_with_indices(c.x(), kernel, options2d(c));
    const Real dx =
        tl::max_pool2d_with_indices_backward(tl::ones<double, Device>(pooled.values.sizes()), c.x(), kernel, options2d(c), pooled.indices);
    return dx + c.x() * 0.0;
  });
}

TEST_CASE("max_unpool1d, max_unpool2d and max_unpool3d are PyTorch's", "[ops][pool]") {
  for (const char* variant : {"max_unpool1d", "max_unpool1d_grad"})
    replay(variant, [](const Call& c) {
      return tl::max_unpool1d(c.x(), c.indices(1), one(c, 1, "kernel_size", 0),
                              {.stride = one(c, 2, "stride", 0), .padding = one(c, 3, "padding", 0), .output_size = output_size(c)});
    });
  for (const char* variant : {"max_unpool2d", "max_unpool2d_grad"})
    replay(variant, [](const Call& c) {
      return tl::max_unpool2d(c.x(), c.indices(1), pair(c, 1, "kernel_size", 0),
                              {.stride = pair(c, 2, "stride", 0), .padding = pair(c, 3, "padding", 0), .output_size = output_size(c)});
    });
  for (const char* variant : {"max_unpool3d", "max_unpool3d_grad"})
    replay(variant, [](const Call& c) {
      return tl::max_unpool3d(c.x(), c.indices(1), triple(c, 1, "kernel_size", 0),
                              {.stride = triple(c, 2, "stride", 0), .padding = triple(c, 3, "padding", 0), .output_size = output_size(c)});
    });
}
