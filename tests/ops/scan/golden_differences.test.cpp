// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/scan/diff.hpp>
#include <torchlite/ops/scan/gradient.hpp>
#include <torchlite/ops/scan/trapezoid.hpp>

using namespace samples;

TEST_CASE("diff is PyTorch's", "[ops][scan]") {
  replay("diff", [](const Call& c) {
    return tl::diff(c.x(), c.integer(0, "n", 1), c.integer(1, "dim", -1), c.tensor(2, "prepend"), c.tensor(3, "append"));
  });
}

TEST_CASE("trapezoid and cumulative_trapezoid are PyTorch's", "[ops][scan]") {
  const auto along = [](const Call& c) { return c.integer(9, "dim", -1); };
  for (const char* name : {"trapezoid", "trapz"})
    replay(name, [&](const Call& c) {
      return c.sample.args.empty() ? tl::trapezoid(c.x(), c.number(9, "dx", 1), along(c)) : tl::trapezoid(c.x(), c.in(1), along(c));
    });
  replay("cumulative_trapezoid", [&](const Call& c) {
    return c.sample.args.empty() ? tl::cumulative_trapezoid(c.x(), c.number(9, "dx", 1), along(c))
                                 : tl::cumulative_trapezoid(c.x(), c.in(1), along(c));
  });
}

TEST_CASE("gradient is PyTorch's", "[ops][scan]") {
  replay("gradient", [](const Call& c) {
    tl::GradientOptions o{.edge_order = static_cast<int>(c.integer(9, "edge_order", 1))};
    if (c.has(9, "dim")) o.dim = c.shape(9, "dim");
    if (!c.is_list(9, "spacing")) return tl::gradient(c.x(), c.number(9, "spacing", 1), o);
    const golden::Json& spacing = c.argument(9, "spacing");
    if (golden::is_tensor(spacing[0])) return tl::gradient(c.x(), c.tensors(spacing), o);
    std::vector<double> steps;
    for (const auto& s : spacing) steps.push_back(golden::number(s));
    return tl::gradient(c.x(), steps, o);
  });
}
