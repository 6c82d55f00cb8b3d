// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/segment_reduce.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;

namespace {
Real segments(const Call& c) {
  tl::SegmentReduceOptions<Device> o{.axis = c.integer(9, "axis", 0), .unsafe = c.flag(9, "unsafe")};
  if (c.has(9, "lengths")) o.lengths = index(c.array(9, "lengths"));
  if (c.has(9, "offsets")) o.offsets = index(c.array(9, "offsets"));
  if (c.has(9, "initial")) o.initial = c.number(9, "initial", 0);
  return tl::segment_reduce(c.x(), c.text(0, "reduce", ""), o);
}
}  // namespace

TEST_CASE("segment_reduce is PyTorch's", "[ops][reduce]") {
  replay("_segment_reduce_lengths", segments);
  replay("_segment_reduce_offsets", segments);
}
