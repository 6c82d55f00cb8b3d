// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/safe_softmax.hpp>
#include <torchlite/ops/softmax/softmin.hpp>

using namespace samples;

TEST_CASE("softmax, log_softmax and softmin are PyTorch's", "[ops][softmax]") {
  replay("softmax", [](const Call& c) { return tl::softmax(c.x(), c.integer(0, "dim")); });
  replay("log_softmax", [](const Call& c) { return tl::log_softmax(c.x(), c.integer(0, "dim")); });
  replay("softmin", [](const Call& c) { return tl::softmin(c.x(), c.integer(0, "dim")); });
  replay("softmax_with_dtype", [](const Call& c) { return tl::softmax<double>(c.x(), c.integer(0, "dim")); });
  replay("log_softmax_with_dtype", [](const Call& c) { return tl::log_softmax<double>(c.x(), c.integer(0, "dim")); });
  replay("softmin_with_dtype", [](const Call& c) { return tl::softmin<double>(c.x(), c.integer(0, "dim")); });
}

TEST_CASE("the softmax functions that PyTorch's code calls are PyTorch's", "[ops][softmax]") {
  replay("torch_ops_aten__safe_softmax_default", [](const Call& c) { return tl::safe_softmax(c.x(), c.integer(0, "dim")); });
  replay("_softmax_backward_data", [](const Call& c) { return tl::softmax_backward_data(c.x(), c.in(1), c.integer(1, "dim")); });
}
