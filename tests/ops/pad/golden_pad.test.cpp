// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/pad/pad.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/squeeze.hpp>

using namespace samples;
using Wide = Index;

TEST_CASE("every mode of pad is PyTorch's, with its gradients", "[ops][pad]") {
  replay("pad_constant", [](const Call& c) {
    if (c.text(1, "mode", "constant") != "constant") throw std::runtime_error("another mode");
    return tl::pad(c.x(), c.shape(0, "pad"), tl::PadMode::constant, c.number(2, "value", 0));
  });
  replay("pad_reflect", [](const Call& c) { return tl::pad(c.x(), c.shape(0, "pad"), tl::PadMode::reflect); });
  for (const char* variant : {"pad_replicate", "pad_replicate_negative"})
    replay(variant, [](const Call& c) { return tl::pad(c.x(), c.shape(0, "pad"), tl::PadMode::replicate); });
  replay("pad_circular", [](const Call& c) { return tl::pad(c.x(), c.shape(0, "pad"), tl::PadMode::circular); });
  replay("constant_pad_nd", [](const Call& c) { return tl::constant_pad_nd(c.x(), c.shape(0, "pad"), c.number(1, "value", 0)); });
}
