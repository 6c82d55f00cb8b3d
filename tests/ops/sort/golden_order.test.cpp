// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/index/sort.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/sort/kthvalue.hpp>
#include <torchlite/ops/sort/median.hpp>

#include <algorithm>

using namespace samples;

namespace {
template <class R>
Values both(const R& result) {
  return {result.values, result.indices};
}
}  // namespace

TEST_CASE("sort, argsort, msort and topk are PyTorch's", "[ops][sort]") {
  replay("sort", [](const Call& c) { return both(tl::sort(c.x(), c.integer(0, "dim", -1), c.flag(1, "descending"))); });
  replay("argsort", [](const Call& c) { return tl::argsort(c.x(), c.integer(0, "dim", -1), c.flag(1, "descending")); });
  replay("msort", [](const Call& c) { return tl::msort(c.x()); });
  replay("topk",
         [](const Call& c) { return both(tl::topk(c.x(), c.integer(0, "k"), c.integer(1, "dim", -1), c.flag(2, "largest", true))); });
}

TEST_CASE("median, nanmedian, mode and kthvalue are PyTorch's", "[ops][sort]") {
  replay("median", [](const Call& c) {
    return c.has(0, "dim") ? both(tl::median(c.x(), c.integer(0, "dim"), c.flag(1, "keepdim"))) : Values{tl::median(c.x())};
  });
  replay("nanmedian", [](const Call& c) {
    return c.has(0, "dim") ? both(tl::nanmedian(c.x(), c.integer(0, "dim"), c.flag(1, "keepdim"))) : Values{tl::nanmedian(c.x())};
  });
  replay("mode", [](const Call& c) { return both(tl::mode(c.x(), c.integer(0, "dim", -1), c.flag(1, "keepdim"))); });
  replay("kthvalue",
         [](const Call& c) { return both(tl::kthvalue(c.x(), c.integer(0, "k"), c.integer(1, "dim", -1), c.flag(2, "keepdim"))); });
}
