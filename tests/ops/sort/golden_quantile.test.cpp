// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/sort/quantile.hpp>

#include <algorithm>

using namespace samples;

namespace {
tl::QuantileOptions quantile_options(const Call& c) {
  const std::string name = c.text(3, "interpolation", "linear");
  tl::QuantileOptions o{.keepdim = c.flag(2, "keepdim")};
  if (c.has(1, "dim")) o.dim = c.integer(1, "dim");
  const char* names[] = {"linear", "lower", "higher", "midpoint", "nearest"};
  for (int i = 0; i < 5; ++i)
    if (name == names[i]) o.interpolation = static_cast<tl::Interpolation>(i);
  return o;
}
Real fraction(const Call& c) { return c.is_tensor(0, "q") ? c.tensor(0, "q") : tl::full<double, Device>({}, c.number(0, "q", 0)); }
}  // namespace

TEST_CASE("quantile and nanquantile are PyTorch's", "[ops][sort]") {
  replay("quantile", [](const Call& c) { return tl::quantile(c.x(), fraction(c), quantile_options(c)); });
  replay("nanquantile", [](const Call& c) { return tl::nanquantile(c.x(), fraction(c), quantile_options(c)); });
}
