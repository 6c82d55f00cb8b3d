// SPDX-License-Identifier: BSD-3-Clause
// Tensors put together, taken apart and moved around, against PyTorch's.
#include <ops/samples.hpp>

#include <torchlite/ops/index/combinations.hpp>
#include <torchlite/ops/index/repeat_interleave.hpp>
#include <torchlite/ops/shape/block_diag.hpp>
#include <torchlite/ops/shape/chunk_cat.hpp>
#include <torchlite/ops/shape/grid.hpp>
#include <torchlite/ops/shape/roll.hpp>
#include <torchlite/ops/shape/stack.hpp>
#include <torchlite/ops/shape/tensor_split.hpp>

using namespace samples;

TEST_CASE("dstack, column_stack, block_diag and _chunk_cat agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("dstack", [](const Call& c) { return tl::dstack(c.inputs); }) > 0);
  CHECK(replay("column_stack", [](const Call& c) { return tl::column_stack(c.inputs); }) > 0);
  CHECK(replay("block_diag", [](const Call& c) { return tl::block_diag(c.inputs); }) > 0);
  CHECK(replay("_chunk_cat", [](const Call& c) { return tl::_chunk_cat(c.inputs, c.integer(0, "dim"), c.integer(1, "num_chunks")); }) > 0);
}

TEST_CASE("atleast_1d, _2d, _3d and broadcast_tensors agree with PyTorch", "[ops][shape][golden]") {
  const auto list = [](const Call& c) { return c.sample.input.is_array(); };
  CHECK(replay("atleast_1d", [&](const Call& c) { return list(c) ? tl::atleast_1d(c.inputs) : std::vector{tl::atleast_1d(c.x())}; }) > 0);
  CHECK(replay("atleast_2d", [&](const Call& c) { return list(c) ? tl::atleast_2d(c.inputs) : std::vector{tl::atleast_2d(c.x())}; }) > 0);
  CHECK(replay("atleast_3d", [&](const Call& c) { return list(c) ? tl::atleast_3d(c.inputs) : std::vector{tl::atleast_3d(c.x())}; }) > 0);
  CHECK(replay("broadcast_tensors", [](const Call& c) { return tl::broadcast_tensors(c.inputs); }) > 0);
}

TEST_CASE("meshgrid, cartesian_prod and combinations agree with PyTorch", "[ops][shape][golden]") {
  for (const char* name : {"meshgrid_list_of_tensors", "meshgrid_variadic_tensors"})
    CHECK(replay(name, [](const Call& c) { return tl::meshgrid(c.inputs, c.text(9, "indexing", "ij")); }) > 0);
  CHECK(replay("cartesian_prod", [](const Call& c) { return tl::cartesian_prod(c.inputs); }) > 0);
  CHECK(replay("combinations", [](const Call& c) { return tl::combinations(c.x(), c.integer(0, "r", 2), c.flag(1, "with_replacement")); }) >
        0);
}

TEST_CASE("tensor_split, hsplit, vsplit, dsplit and unsafe_split agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("tensor_split", [](const Call& c) {
          const std::int64_t dim = c.integer(1, "dim", 0);
          if (c.is_tensor(0, "indices")) return tl::tensor_split(c.x(), c.indices(1), dim);
          if (c.is_list(0, "indices")) return tl::tensor_split(c.x(), c.list(0, "indices"), dim);
          return tl::tensor_split(c.x(), c.integer(0, "sections"), dim);
        }) > 0);
  CHECK(replay("hsplit", [](const Call& c) {
          return c.is_list(0, "indices") ? tl::hsplit(c.x(), c.list(0, "indices")) : tl::hsplit(c.x(), c.integer(0, "sections"));
        }) > 0);
  CHECK(replay("vsplit", [](const Call& c) {
          return c.is_list(0, "indices") ? tl::vsplit(c.x(), c.list(0, "indices")) : tl::vsplit(c.x(), c.integer(0, "sections"));
        }) > 0);
  CHECK(replay("dsplit", [](const Call& c) {
          return c.is_list(0, "indices") ? tl::dsplit(c.x(), c.list(0, "indices")) : tl::dsplit(c.x(), c.integer(0, "sections"));
        }) > 0);
  CHECK(replay("unsafe_split", [](const Call& c) { return tl::unsafe_split(c.x(), c.integer(0, "split_size"), c.integer(1, "dim", 0)); }) >
        0);
  CHECK(replay("unsafe_chunk", [](const Call& c) { return tl::unsafe_chunk(c.x(), c.integer(0, "chunks"), c.integer(1, "dim", 0)); }) > 0);
}

TEST_CASE("roll, rot90, fliplr, flipud and repeat_interleave agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("roll", [](const Call& c) {
          return tl::roll(c.x(), c.shape(0, "shifts"), c.has(1, "dims") ? c.shape(1, "dims") : tl::Shape{});
        }) > 0);
  CHECK(replay("rot90", [](const Call& c) {
          return c.has(1, "dims") ? tl::rot90(c.x(), c.integer(0, "k", 1), c.shape(1, "dims")) : tl::rot90(c.x(), c.integer(0, "k", 1));
        }) > 0);
  CHECK(replay("fliplr", [](const Call& c) { return tl::fliplr(c.x()); }) > 0);
  CHECK(replay("flipud", [](const Call& c) { return tl::flipud(c.x()); }) > 0);
  CHECK(replay("repeat_interleave", [](const Call& c) {
          if (c.is_tensor(0, "repeats")) return tl::repeat_interleave(c.x(), c.indices(1), c.integer(1, "dim"));
          if (c.has(1, "dim")) return tl::repeat_interleave(c.x(), c.integer(0, "repeats"), c.integer(1, "dim"));
          return tl::repeat_interleave(c.x(), c.integer(0, "repeats"));
        }) > 0);
}
