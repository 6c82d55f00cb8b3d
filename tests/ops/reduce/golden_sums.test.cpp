// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/pointwise.hpp>
#include <torchlite/ops/reduce/all.hpp>
#include <torchlite/ops/reduce/any.hpp>
#include <torchlite/ops/reduce/count_nonzero.hpp>
#include <torchlite/ops/reduce/logsumexp.hpp>
#include <torchlite/ops/reduce/mean.hpp>
#include <torchlite/ops/reduce/nansum.hpp>
#include <torchlite/ops/reduce/prod.hpp>
#include <torchlite/ops/reduce/std.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;

TEST_CASE("sum, mean, any, all and count_nonzero are PyTorch's", "[ops][reduce]") {
  replay("sum", [](const Call& c) { return tl::sum(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
  replay("mean", [](const Call& c) { return tl::mean(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
  replay("any", [](const Call& c) { return tl::any(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
  replay("all", [](const Call& c) { return tl::all(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
  replay("count_nonzero", [](const Call& c) { return tl::count_nonzero(c.x(), c.axes(0, "dim")); });
  replay("sum_to_size", [](const Call& c) {
    tl::Shape sizes;
    if (!c.sample.args[0].is_number()) return tl::sum_to_size(c.x(), c.shape(0, "size"), tl::Site::current());
    for (const auto& s : c.sample.args) sizes.push_back(s.get<std::int64_t>());
    return tl::sum_to_size(c.x(), sizes, tl::Site::current());
  });
}

TEST_CASE("nansum and nanmean are PyTorch's", "[ops][reduce]") {
  replay("nansum", [](const Call& c) { return tl::nansum(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
  replay("nanmean", [](const Call& c) { return tl::nanmean(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
}

TEST_CASE("prod is PyTorch's, with zeros among the factors too", "[ops][reduce]") {
  replay("prod", [](const Call& c) { return tl::prod(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
}

TEST_CASE("var, std, var_mean and std_mean are PyTorch's", "[ops][reduce]") {
  for (const std::string suffix : {"", "_unbiased"}) {
    const auto axes = [suffix](const Call& c) { return suffix.empty() ? c.axes(9, "dim") : tl::Axes(); };
    const auto options = [suffix](const Call& c) {
      if (!suffix.empty()) return tl::VarianceOptions{.correction = c.flag(0, "unbiased") ? 1.0 : 0.0};
      return tl::VarianceOptions{.correction = c.number(9, "correction", c.number(9, "unbiased", 1)), .keepdim = c.flag(9, "keepdim")};
    };
    replay("var" + suffix, [=](const Call& c) { return tl::var(c.x(), axes(c), options(c)); });
    replay("std" + suffix, [=](const Call& c) { return tl::std(c.x(), axes(c), options(c)); });
    replay("var_mean" + suffix, [=](const Call& c) {
      const auto [var, mean] = tl::var_mean(c.x(), axes(c), options(c));
      return Values{var, mean};
    });
    replay("std_mean" + suffix, [=](const Call& c) {
      const auto [std, mean] = tl::std_mean(c.x(), axes(c), options(c));
      return Values{std, mean};
    });
  }
}

TEST_CASE("logsumexp is PyTorch's", "[ops][reduce]") {
  replay("logsumexp", [](const Call& c) { return tl::logsumexp(c.x(), c.axes(0, "dim"), c.flag(1, "keepdim")); });
}
