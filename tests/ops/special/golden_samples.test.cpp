// SPDX-License-Identifier: BSD-3-Clause
// PyTorch's recorded calls of special functions of more than one argument, or of a second name. (Those of one are replayed with
// the list of pointwise operations.)
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/special/bessel.hpp>
#include <torchlite/ops/special/gamma.hpp>
#include <torchlite/ops/special/logit.hpp>

using samples::Call, samples::Real, samples::replay;
namespace tl = torchlite;

TEST_CASE("polygamma and mvlgamma are PyTorch's", "[ops][samples]") {
  for (const char* variant : {"polygamma_polygamma_n_0", "polygamma_polygamma_n_1", "polygamma_polygamma_n_2", "polygamma_polygamma_n_3",
                              "polygamma_polygamma_n_4", "special_polygamma_special_polygamma_n_0"})
    // PyTorch's polygamma of order 1 ends its series early: it is off by 3e-10, where ours agrees with mpmath to 5 ulp.
    replay(variant, [](const Call& c) { return tl::polygamma(c.integer(0, "n"), c.x()); }, {.tolerance = 1e-9});
  for (const char* variant : {"mvlgamma_mvlgamma_p_1", "mvlgamma_mvlgamma_p_3", "mvlgamma_mvlgamma_p_5"})
    replay(variant, [](const Call& c) { return tl::mvlgamma(c.x(), c.integer(0, "p")); });
}

TEST_CASE("logit is PyTorch's, with and without eps", "[ops][samples]") {
  replay("logit", [](const Call& c) -> Real {
    if (c.has(0, "eps")) return tl::logit(c.x(), c.number(0, "eps", 0));
    return tl::logit(c.x());
  });
}

TEST_CASE("modified Bessel functions of the first kind are PyTorch's", "[ops][samples]") {
  replay("special_modified_bessel_i0", [](const Call& c) { return tl::special::modified_bessel_i0(c.x()); });
  replay("special_modified_bessel_i1", [](const Call& c) { return tl::special::modified_bessel_i1(c.x()); });
}
