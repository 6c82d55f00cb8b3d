// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/sort/isin.hpp>
#include <torchlite/ops/sort/searchsorted.hpp>
#include <torchlite/ops/sort/unique.hpp>

using namespace samples;

namespace {
std::optional<std::int64_t> dim(const Call& c) {
  if (!c.has(9, "dim")) return {};
  return c.integer(9, "dim");
}
/// The results that were asked for: PyTorch gives one, two or three.
template <class U>
Values asked(const Call& c, const U& u) {
  Values out{u.output};
  if (c.flag(9, "return_inverse")) out.emplace_back(u.inverse_indices);
  if (c.flag(9, "return_counts")) out.emplace_back(u.counts);
  return out;
}
}  // namespace

TEST_CASE("unique and unique_consecutive are PyTorch's", "[ops][sort]") {
  replay("unique", [](const Call& c) { return asked(c, tl::unique(c.x(), dim(c))); });
  replay("unique_consecutive", [](const Call& c) { return asked(c, tl::unique_consecutive(c.x(), dim(c))); });
}

TEST_CASE("searchsorted and bucketize are PyTorch's", "[ops][sort]") {
  replay("searchsorted", [](const Call& c) {
    const bool right = c.flag(9, "right") || c.text(9, "side", "left") == "right";
    const Index sorter = c.has(9, "sorter") ? index(c.array(9, "sorter")) : Index();
    if (c.flag(9, "out_int32")) return Values{tl::searchsorted<std::int32_t>(c.x(), c.in(1), right, sorter)};
    return Values{tl::searchsorted(c.x(), c.in(1), right, sorter)};
  });
  replay("bucketize", [](const Call& c) {
    if (c.flag(9, "out_int32")) return Values{tl::bucketize<std::int32_t>(c.x(), c.in(1), c.flag(9, "right"))};
    return Values{tl::bucketize(c.x(), c.in(1), c.flag(9, "right"))};
  });
}

TEST_CASE("isin is PyTorch's", "[ops][sort]") {
  replay("isin", [](const Call& c) { return tl::isin(c.x(), c.in(1), c.flag(9, "invert")); });
}
