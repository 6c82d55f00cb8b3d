// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/statistics/bincount.hpp>
#include <torchlite/ops/statistics/cov.hpp>
#include <torchlite/ops/statistics/histogram.hpp>

using namespace samples;

namespace {
tl::HistogramOptions<double, Device> histogram_options(const Call& c) {
  tl::HistogramOptions<double, Device> o{.weight = c.tensor(9, "weight"), .density = c.flag(9, "density")};
  if (c.has(9, "range")) {
    const golden::Json& range = c.argument(9, "range");
    for (std::size_t i = 0; i + 1 < range.size(); i += 2) o.range.push_back({golden::number(range[i]), golden::number(range[i + 1])});
  }
  return o;
}
}  // namespace

TEST_CASE("histc, histogram and histogramdd are PyTorch's", "[ops][statistics]") {
  replay("histc", [](const Call& c) { return tl::histc(c.x(), c.integer(0, "bins", 100), c.number(1, "min", 0), c.number(2, "max", 0)); });
  replay("histogram", [](const Call& c) {
    const auto [hist, edges] = c.is_tensor(0, "bins") ? tl::histogram(c.x(), c.in(1), histogram_options(c))
                                                      : tl::histogram(c.x(), c.integer(0, "bins"), histogram_options(c));
    return Values{hist, edges};
  });
  replay("histogramdd", [](const Call& c) {
    const golden::Json& bins = c.argument(0, "bins");
    const auto [hist, edges] = golden::is_tensor(bins[0]) ? tl::histogramdd(c.x(), c.tensors(bins), histogram_options(c))
                                                          : tl::histogramdd(c.x(), c.shape(0, "bins"), histogram_options(c));
    Values out{hist};
    for (const auto& e : edges) out.emplace_back(e);
    return out;
  });
}

TEST_CASE("cov and corrcoef are PyTorch's", "[ops][statistics]") {
  // PyTorch was given weights of float32, and adds and multiplies those in float32; the next test is as exact as double.
  const ReplayOptions float_weights{.tolerance = 2e-6};
  const auto run = [](const Call& c) {
    tl::CovOptions<double, Device> o{.correction = c.number(9, "correction", 1)};
    if (c.has(9, "fweights")) {
      if (c.array(9, "fweights").floating()) throw NotOffered{"fweights are integers by their type"};
      o.fweights = index(c.array(9, "fweights"));
    }
    if (c.has(9, "aweights")) {
      if (!c.array(9, "aweights").floating()) throw NotOffered{"aweights are floating by their type"};
      o.aweights = c.tensor(9, "aweights");
    }
    return tl::cov(c.x(), o);
  };
  replay("cov", run, float_weights);
  replay("corrcoef", [](const Call& c) { return tl::corrcoef(c.x()); });
}
