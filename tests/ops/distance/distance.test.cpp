// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/distance/cosine_similarity.hpp>
#include <torchlite/ops/distance/pairwise_distance.hpp>

using namespace samples;
namespace F = tl::nn::functional;

TEST_CASE("the cosine of very long and very short vectors is that of their directions", "[ops][distance]") {
  const tl::Tensor<float> a({2, 2}, {3e15f, 4e15f, 3e-3f, 4e-3f}), b({2}, {4e15f, 3e15f});
  for (const float c : F::cosine_similarity(a, b, -1).to_vector()) CHECK(c == Approx(24.0 / 25));
  CHECK(F::cosine_similarity(Real({2}, {0, 0}), Real({2}, {1, 2}), 0).item() == 0);
}

TEST_CASE("a distance of equal vectors has a finite gradient", "[ops][distance]") {
  const Real a({3}, {1, 2, 3}), b({3}, {1, 2, 3});
  a.requires_grad_();
  const Real d = F::pairwise_distance(a, b);
  CHECK(d.item() == Approx(std::sqrt(3.0) * 1e-6));
  d.backward();
  for (const double g : a.grad().to_vector()) CHECK(g == Approx(1 / std::sqrt(3.0)));
  CHECK(F::pairwise_distance(a, Real({3}, {2, 2, 5}), 1, 0).item() == 3);
  CHECK(F::pairwise_distance(a, Real({3}, {2, 2, 5}), std::numeric_limits<double>::infinity(), 0).item() == 2);
  CHECK_THROWS_WITH(F::pairwise_distance(a, Real({2}, {1, 2})), ContainsSubstring("[3]") && ContainsSubstring("[2]"));
  CHECK_THROWS_AS(F::cosine_similarity(a, b, 1), tl::IndexError);
}
