// SPDX-License-Identifier: BSD-3-Clause
// Index operations and their gradients against PyTorch's.
#include <ops/index/recorded.hpp>
#include <torchlite/ops/methods.hpp>

#include <torchlite/ops/index/embedding.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/index/scatter_reduce.hpp>
#include <torchlite/ops/index/sort.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/shape/expand.hpp>

using namespace samples;
using List = Values;

namespace {
Real as_real(const Index& t) { return tl::to<double>(t); }
}  // namespace

TEST_CASE("gather, index_select, take_along_dim and embedding agree with PyTorch", "[ops][index][golden]") {
  CHECK(replay("gather", [](const Call& c) { return List{tl::gather(c.x(), c.integer(0, "dim"), index_of(c, 1))}; }) > 0);
  CHECK(replay("index_select", [](const Call& c) { return List{tl::index_select(c.x(), c.integer(0, "dim"), index_of(c, 1))}; }) > 0);
  CHECK(replay("take_along_dim", [](const Call& c) {
          const Index i = index(c.array(0, "indices"));
          if (!c.has(1, "dim")) return List{tl::take_along_dim(c.x(), i)};
          return List{tl::take_along_dim(c.x(), i, c.integer(1, "dim"))};
        }) > 0);
  CHECK(replay("embedding", [](const Call& c) { return List{tl::embedding(index(c.sample.in(1)), c.inputs[0])}; }) > 0);
}

TEST_CASE("scatter, scatter_add, index_add and index_fill agree with PyTorch", "[ops][index][golden]") {
  CHECK(replay("scatter_add",
               [](const Call& c) { return List{tl::scatter_add(c.x(), c.integer(0, "dim"), index_of(c, 1), c.tensor(2, "src"))}; }) > 0);
  CHECK(replay("scatter", [](const Call& c) {
          if (c.has(3, "reduce") && c.is_tensor(2, "src"))
            return List{tl::scatter(c.x(), c.integer(0, "dim"), index_of(c, 1), c.tensor(2, "src"), c.text(3, "reduce", ""))};
          if (c.has(3, "reduce"))
            return List{tl::scatter(c.x(), c.integer(0, "dim"), index_of(c, 1), c.number(2, "value", 0), c.text(3, "reduce", ""))};
          if (c.is_tensor(2, "src")) return List{tl::scatter(c.x(), c.integer(0, "dim"), index_of(c, 1), c.tensor(2, "src"))};
          return List{tl::scatter(c.x(), c.integer(0, "dim"), index_of(c, 1), c.number(2, "value", 0))};
        }) > 0);
  CHECK(replay("index_add", [](const Call& c) {
          return List{tl::index_add(c.x(), c.integer(0, "dim"), index_of(c, 1), c.tensor(2, "source"), c.number(3, "alpha", 1))};
        }) > 0);
  CHECK(replay("index_fill", [](const Call& c) {
          if (c.is_tensor(2, "value")) return List{tl::index_fill(c.x(), c.integer(0, "dim"), index_of(c, 1), c.tensor(2, "value"))};
          return List{tl::index_fill(c.x(), c.integer(0, "dim"), index_of(c, 1), c.number(2, "value", 0))};
        }) > 0);
}

TEST_CASE("masked_fill, masked_select and nonzero agree with PyTorch", "[ops][index][golden]") {
  CHECK(replay("masked_fill", [](const Call& c) {
          const Mask m = mask(c.array(0, "mask"));
          if (c.is_tensor(1, "value")) return List{tl::masked_fill(c.x(), m, c.tensor(1, "value"))};
          return List{tl::masked_fill(c.x(), m, c.number(1, "value", 0))};
        }) > 0);
  CHECK(replay("masked_select", [](const Call& c) { return List{tl::masked_select(c.x(), mask(c.array(0, "mask")))}; }) > 0);
  CHECK(replay("nonzero", [](const Call& c) {
          if (!c.sample.kwargs.value("as_tuple", false)) return List{as_real(tl::nonzero(c.x()))};
          List out;
          for (const Index& t : tl::nonzero_as_tuple(c.x())) out.push_back(as_real(t));
          return out;
        }) > 0);
}

TEST_CASE("sort and topk agree with PyTorch", "[ops][index][golden]") {
  CHECK(replay("sort", [](const Call& c) {
          const auto [values, indices] = tl::sort(c.x(), c.integer(0, "dim", -1), c.integer(1, "descending", 0) != 0);
          return List{values, as_real(indices)};
        }) > 0);
  CHECK(replay("topk", [](const Call& c) {
          const auto [values, indices] = tl::topk(c.x(), c.integer(0, "k"), c.integer(1, "dim", -1), c.integer(2, "largest", 1) != 0);
          if (c.sample.out(1).values.size() != static_cast<std::size_t>(indices.numel())) return List{values};
          return List{values, as_real(indices)};
        }) > 0);
}

TEST_CASE("indexing by lists of integers, slices and tensors agrees with PyTorch", "[ops][index][golden]") {
  CHECK(replay("__getitem__", [](const Call& c) {
          // What the argument says, one entry for each dimension.
          const golden::Json& given = c.argument(0, "index");
          const golden::Json items = given.is_array() ? given : golden::Json::array({given});
          tl::indexing::Selection<Device> selection;
          for (const golden::Json& j : items) {
            tl::indexing::Item item;
            if (j.is_array()) {
              item.kind = tl::indexing::Item::Kind::tensor;
              selection.tensors.push_back({Index::from(golden::integers(j))});
              selection.masks.push_back({});
            } else if (j.is_number()) {
              item.kind = tl::indexing::Item::Kind::integer;
              item.integer = j.get<std::int64_t>();
            } else if (j.is_null()) {
              item.kind = tl::indexing::Item::Kind::none;
              item.rank = 0;
            } else if (j.contains("ellipsis")) {
              item.kind = tl::indexing::Item::Kind::ellipsis;
              item.rank = 0;
            } else if (j.contains("slice")) {
              const auto bound = [&](int i) {
                return j["slice"][i].is_null() ? tl::Slice::Bound(tl::None) : tl::Slice::Bound(j["slice"][i].get<std::int64_t>());
              };
              item.range = tl::Slice(bound(0), bound(1), j["slice"][2].is_null() ? 1 : j["slice"][2].get<std::int64_t>());
            }
            selection.items.push_back(item);
          }
          // A list of integers alone is an index tensor in Python.
          bool numbers = given.is_array() && !given.empty();
          for (const golden::Json& j : items) numbers = numbers && j.is_number();
          if (numbers && c.sample.out(0).shape.size() == c.sample.in(0).shape.size())
            return List{tl::index(c.x(), {Index::from(golden::integers(given))})};
          tl::indexing::IndexList<Device> chosen;
          const Real view = selection.view(c.x(), chosen);
          return List{chosen.empty() ? view : tl::index(view, chosen)};
        }) == 12);
}

TEST_CASE("index_put agrees with PyTorch", "[ops][index][golden]") {
  CHECK(replay("index_put", [](const Call& c) {
          tl::indexing::IndexList<Device> indices;
          for (const golden::Json& j : c.argument(0, "indices")) {
            const golden::Array& a = c.sample.at(golden::tensor_name(j));
            if (a.dtype == "bool") {
              for (const Index& t : tl::nonzero_as_tuple(mask(a))) indices.push_back(t);
            } else {
              indices.push_back(index(a));
            }
          }
          return List{tl::index_put(c.x(), indices, c.tensor(1, "values"), c.integer(2, "accumulate", 0) != 0)};
        }) > 0);
}
