// SPDX-License-Identifier: BSD-3-Clause
// Shape operations and their gradients against PyTorch's.
#include <ops/samples.hpp>

#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/diagonal.hpp>
#include <torchlite/ops/shape/expand.hpp>
#include <torchlite/ops/shape/flip.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/repeat.hpp>
#include <torchlite/ops/shape/split.hpp>
#include <torchlite/ops/shape/tril.hpp>
#include <torchlite/ops/shape/unfold.hpp>

using namespace samples;
using List = Values;

TEST_CASE("transpose, permute and movedim agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("transpose", [](const Call& c) { return List{tl::transpose(c.x(), c.integer(0, "dim0"), c.integer(1, "dim1"))}; }) > 0);
  CHECK(replay("t", [](const Call& c) { return List{tl::t(c.x())}; }) > 0);
  CHECK(replay("permute", [](const Call& c) { return List{tl::permute(c.x(), c.shape(0, "dims"))}; }) > 0);
  CHECK(replay("movedim", [](const Call& c) { return List{tl::movedim(c.x(), c.shape(0, "source"), c.shape(1, "destination"))}; }) > 0);
}

TEST_CASE("view, reshape, flatten and unflatten agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("view", [](const Call& c) { return List{tl::view(c.x(), c.shape(0, "size"))}; }) > 0);
  CHECK(replay("reshape", [](const Call& c) { return List{tl::reshape(c.x(), c.shape(0, "shape"))}; }) > 0);
  CHECK(replay("flatten",
               [](const Call& c) { return List{tl::flatten(c.x(), c.integer(0, "start_dim", 0), c.integer(1, "end_dim", -1))}; }) > 0);
  CHECK(replay("unflatten", [](const Call& c) { return List{tl::unflatten(c.x(), c.integer(0, "dim"), c.shape(1, "sizes"))}; }) > 0);
}

TEST_CASE("expand, squeeze and unsqueeze agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("expand", [](const Call& c) { return List{tl::expand(c.x(), c.shape(0, "size"))}; }) > 0);
  CHECK(replay("broadcast_to", [](const Call& c) { return List{tl::broadcast_to(c.x(), c.shape(0, "size"))}; }) > 0);
  CHECK(replay("expand_as", [](const Call& c) { return List{tl::expand_as(c.x(), c.tensor(0, "other"))}; }) > 0);
  CHECK(replay("squeeze",
               [](const Call& c) { return List{c.has(0, "dim") ? tl::squeeze(c.x(), c.integer(0, "dim")) : tl::squeeze(c.x())}; }) > 0);
  CHECK(replay("squeeze_multiple", [](const Call& c) { return List{tl::squeeze(c.x(), c.shape(0, "dim"))}; }) > 0);
  CHECK(replay("unsqueeze", [](const Call& c) { return List{tl::unsqueeze(c.x(), c.integer(0, "dim"))}; }) > 0);
}

TEST_CASE("narrow, select, slice, diagonal and unfold agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("narrow", [](const Call& c) {
          if (c.is_tensor(1, "start"))
            return List{tl::narrow(c.x(), c.integer(0, "dim"), index(c.array(1, "start")), c.integer(2, "length"))};
          return List{tl::narrow(c.x(), c.integer(0, "dim"), c.integer(1, "start"), c.integer(2, "length"))};
        }) > 0);
  CHECK(replay("select", [](const Call& c) { return List{tl::select(c.x(), c.integer(0, "dim"), c.integer(1, "index"))}; }) > 0);
  CHECK(replay("slice", [](const Call& c) { return List{tl::slice(c.x(), c.integer(0, "dim", 0))}; }) > 0);
  CHECK(replay("diagonal", [](const Call& c) {
          return List{tl::diagonal(c.x(), c.integer(0, "offset", 0), c.integer(1, "dim1", 0), c.integer(2, "dim2", 1))};
        }) > 0);
  CHECK(replay("unfold", [](const Call& c) {
          return List{tl::unfold(c.x(), c.integer(0, "dimension"), c.integer(1, "size"), c.integer(2, "step"))};
        }) > 0);
}

TEST_CASE("cat, stack, hstack and vstack agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("cat", [](const Call& c) { return List{tl::cat(c.inputs, c.integer(0, "dim", 0))}; }) > 0);
  CHECK(replay("stack", [](const Call& c) { return List{tl::stack(c.inputs, c.integer(0, "dim", 0))}; }) > 0);
  CHECK(replay("hstack", [](const Call& c) { return List{tl::hstack(c.inputs)}; }) > 0);
  CHECK(replay("vstack", [](const Call& c) { return List{tl::vstack(c.inputs)}; }) > 0);
}

TEST_CASE("split, chunk and unbind agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("split", [](const Call& c) { return tl::split(c.x(), c.integer(0, "split_size"), c.integer(1, "dim", 0)); }) > 0);
  for (const char* name : {"split_list_args", "split_with_sizes"})
    CHECK(replay(name, [](const Call& c) { return tl::split(c.x(), c.list(0, "split_sizes"), c.integer(1, "dim", 0)); }) > 0);
  CHECK(replay("chunk", [](const Call& c) { return tl::chunk(c.x(), c.integer(0, "chunks"), c.integer(1, "dim", 0)); }) > 0);
  CHECK(replay("unbind", [](const Call& c) { return tl::unbind(c.x(), c.integer(0, "dim", 0)); }) > 0);
}

TEST_CASE("tril, triu, flip, repeat and tile agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("tril", [](const Call& c) { return List{tl::tril(c.x(), c.integer(0, "diagonal", 0))}; }) > 0);
  CHECK(replay("triu", [](const Call& c) { return List{tl::triu(c.x(), c.integer(0, "diagonal", 0))}; }) > 0);
  CHECK(replay("flip", [](const Call& c) { return List{tl::flip(c.x(), c.shape(0, "dims"))}; }) > 0);
  CHECK(replay("repeat", [](const Call& c) { return List{tl::repeat(c.x(), c.shape(0, "repeats"))}; }) > 0);
  CHECK(replay("tile", [](const Call& c) { return List{tl::tile(c.x(), c.shape(0, "dims"))}; }) > 0);
}
