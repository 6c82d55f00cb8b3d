// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>
#include <torchlite/ops/distance/cosine_similarity.hpp>
#include <torchlite/ops/distance/pairwise_distance.hpp>

using namespace samples;
namespace F = tl::nn::functional;

TEST_CASE("cosine_similarity and pairwise_distance are PyTorch's", "[ops][distance]") {
  replay("cosine_similarity",
         [](const Call& c) { return F::cosine_similarity(c.x(), c.in(1), c.integer(1, "dim", 1), c.number(2, "eps", 1e-8)); });
  replay("pairwise_distance", [](const Call& c) {
    return F::pairwise_distance(c.x(), c.in(1), c.number(1, "p", 2), c.number(2, "eps", 1e-6), c.flag(3, "keepdim"));
  });
}
