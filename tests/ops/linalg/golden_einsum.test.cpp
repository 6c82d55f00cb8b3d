// SPDX-License-Identifier: BSD-3-Clause
#include "matrices.hpp"

#include <torchlite/ops/linalg/einsum.hpp>
#include <torchlite/ops/linalg/tensordot.hpp>

using namespace samples;

TEST_CASE("einsum and tensordot agree with PyTorch", "[ops][linalg]") {
  replay("einsum", [](const Call& c) { return tl::einsum(c.text(0, "equation", ""), c.tensors(c.sample.input)); });
  replay("tensordot", [](const Call& c) {
    const golden::Json& dims = c.argument(1, "dims");
    if (dims.is_array()) return tl::tensordot(c.x(), c.in(1), tl::Shape(golden::integers(dims[0])), tl::Shape(golden::integers(dims[1])));
    return tl::tensordot(c.x(), c.in(1), c.integer(1, "dims"));
  });
}
