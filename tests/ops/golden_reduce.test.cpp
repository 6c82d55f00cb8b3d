// SPDX-License-Identifier: BSD-3-Clause
#include "golden_calls.hpp"

#include <torchlite/ops/pointwise.hpp>
#include <torchlite/ops/reduce/all.hpp>
#include <torchlite/ops/reduce/amax.hpp>
#include <torchlite/ops/reduce/amin.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/reduce/argmax.hpp>
#include <torchlite/ops/reduce/argmin.hpp>
#include <torchlite/ops/reduce/count_nonzero.hpp>
#include <torchlite/ops/reduce/cumsum.hpp>
#include <torchlite/ops/reduce/logsumexp.hpp>
#include <torchlite/ops/reduce/max.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/reduce/min.hpp>
#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/reduce/prod.hpp>
#include <torchlite/ops/reduce/std.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/reduce/var.hpp>

using golden::Call;
namespace tl = torchlite;

#define TL_REPLAY(name) golden::replay(#name, [](const Call& c) { c.check(tl::name(c.in(0), c.axes(0, "dim"), c.flag(1, "keepdim"))); })

TEST_CASE("sum, mean, amax and amin are PyTorch's", "[ops][reduce]") {
  TL_REPLAY(sum);
  TL_REPLAY(mean);
  TL_REPLAY(amax);
  TL_REPLAY(amin);
}

TEST_CASE("prod is PyTorch's, with zeros among the factors too", "[ops][reduce]") { TL_REPLAY(prod); }

TEST_CASE("max and min are PyTorch's, indices included", "[ops][reduce]") {
  golden::replay("max_reduction_no_dim", [](const Call& c) { c.check(tl::max(c.in(0))); });
  golden::replay("min_reduction_no_dim", [](const Call& c) { c.check(tl::min(c.in(0))); });
  golden::replay("max_reduction_with_dim", [](const Call& c) {
    auto [values, indices] = tl::max(c.in(0), c.axes(0, "dim").list()[0], c.flag(1, "keepdim"));
    c.check(values);
    CHECK(golden::difference(indices.to_vector(), c.sample().out(1).values) == 0);
  });
  golden::replay("min_reduction_with_dim", [](const Call& c) {
    auto [values, indices] = tl::min(c.in(0), c.axes(0, "dim").list()[0], c.flag(1, "keepdim"));
    c.check(values);
    CHECK(golden::difference(indices.to_vector(), c.sample().out(1).values) == 0);
  });
}

TEST_CASE("argmax, argmin, any and all are PyTorch's", "[ops][reduce]") {
  const auto same = [](const Call& c, const auto& y) {
    CHECK(std::vector<std::int64_t>(y.sizes()) == c.sample().out(0).shape);
    CHECK(golden::difference(y.to_vector(), c.sample().out(0).values) == 0);
  };
  golden::replay("argmax", [&](const Call& c) { same(c, tl::argmax(c.in(0), c.axes(0, "dim"), c.flag(1, "keepdim"))); });
  golden::replay("argmin", [&](const Call& c) { same(c, tl::argmin(c.in(0), c.axes(0, "dim"), c.flag(1, "keepdim"))); });
  golden::replay("any", [&](const Call& c) { same(c, tl::any(c.in(0), c.axes(0, "dim"), c.flag(1, "keepdim"))); });
  golden::replay("all", [&](const Call& c) { same(c, tl::all(c.in(0), c.axes(0, "dim"), c.flag(1, "keepdim"))); });
}

TEST_CASE("var and std are PyTorch's", "[ops][reduce]") {
  const auto options = [](const Call& c) {
    const double correction = c.number(9, "correction", c.number(9, "unbiased", 1));
    return tl::VarianceOptions{.correction = correction, .keepdim = c.flag(9, "keepdim")};
  };
  golden::replay("var", [&](const Call& c) { c.check(tl::var(c.in(0), c.axes(0, "dim"), options(c))); });
  golden::replay("std", [&](const Call& c) { c.check(tl::std(c.in(0), c.axes(0, "dim"), options(c))); });
}

TEST_CASE("logsumexp, norm and cumsum are PyTorch's", "[ops][reduce]") {
  golden::replay("logsumexp", [](const Call& c) { c.check(tl::logsumexp(c.in(0), c.axes(0, "dim"), c.flag(1, "keepdim"))); });
  for (const char* name : {"norm", "norm_inf"})
    golden::replay(name, [](const Call& c) { c.check(tl::norm(c.in(0), c.number(0, "p", 2), c.axes(1, "dim"), c.flag(2, "keepdim"))); });
  golden::replay("cumsum", [](const Call& c) { c.check(tl::cumsum(c.in(0), c.axes(0, "dim").list()[0])); });
}
