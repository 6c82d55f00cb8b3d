// SPDX-License-Identifier: BSD-3-Clause
// Values that come together at an index, positions in row-major order, masks: against PyTorch's.
#include <ops/index/recorded.hpp>

#include <torchlite/ops/index/masked_scatter.hpp>
#include <torchlite/ops/index/scatter_reduce.hpp>
#include <torchlite/ops/index/take.hpp>
#include <torchlite/ops/index/unsafe_masked_index.hpp>

using namespace samples;

namespace {
tl::indexing::IndexList<Device> list_of(const Call& c) {
  tl::indexing::IndexList<Device> indices;
  for (const golden::Json& j : c.argument(1, "indices")) indices.push_back(index(c.sample.at(golden::tensor_name(j))));
  return indices;
}
}  // namespace

TEST_CASE("scatter_reduce agrees with PyTorch", "[ops][index][golden]") {
  for (const char* name : {"sum", "prod", "mean", "amax", "amin"})
    CHECK(replay(std::string("scatter_reduce_") + name, [](const Call& c) {
            return tl::scatter_reduce(c.x(), c.integer(0, "dim"), index_of(c, 1), c.tensor(2, "src"), c.text(3, "reduce", ""),
                                      c.flag(4, "include_self", true));
          }) > 0);
}

TEST_CASE("index_reduce agrees with PyTorch", "[ops][index][golden]") {
  for (const char* name : {"prod", "mean", "amax", "amin"})
    CHECK(replay(std::string("index_reduce_") + name, [](const Call& c) {
            return tl::index_reduce(c.x(), c.integer(0, "dim"), index_of(c, 1), c.tensor(2, "source"), c.text(3, "reduce", ""),
                                    c.flag(4, "include_self", true));
          }) > 0);
}

TEST_CASE("take, put, index_copy and masked_scatter agree with PyTorch", "[ops][index][golden]") {
  CHECK(replay("take", [](const Call& c) { return tl::take(c.x(), index_of(c, 0)); }) > 0);
  CHECK(replay("put", [](const Call& c) { return tl::put(c.x(), index_of(c, 0), c.tensor(1, "source"), c.flag(2, "accumulate")); }) > 0);
  CHECK(replay("index_copy",
               [](const Call& c) { return tl::index_copy(c.x(), c.integer(0, "dim"), index_of(c, 1), c.tensor(2, "source")); }) > 0);
  CHECK(replay("masked_scatter", [](const Call& c) { return tl::masked_scatter(c.x(), mask(c.array(0, "mask")), c.tensor(1, "source")); }) >
        0);
}

TEST_CASE("indexing under a mask agrees with PyTorch", "[ops][index][golden]") {
  CHECK(replay("_unsafe_masked_index", [](const Call& c) {
          return tl::_unsafe_masked_index(c.x(), mask(c.array(0, "mask")), list_of(c), c.number(2, "fill", 0));
        }) > 0);
  CHECK(replay("_unsafe_masked_index_put_accumulate", [](const Call& c) {
          return tl::_unsafe_masked_index_put_accumulate(c.x(), mask(c.array(0, "mask")), list_of(c), c.tensor(2, "values"));
        }) > 0);
}

TEST_CASE("where, argwhere and nonzero_static agree with PyTorch", "[ops][index][golden]") {
  CHECK(replay("where", [](const Call& c) { return tl::where(mask(c.array(0, "condition")), c.x(), c.tensor(1, "other")); }) > 0);
  CHECK(replay("argwhere", [](const Call& c) { return tl::argwhere(c.x()); }) > 0);
  CHECK(replay("nonzero_static",
               [](const Call& c) { return tl::nonzero_static(c.x(), c.integer(0, "size"), c.integer(1, "fill_value", -1)); }) > 0);
}
