// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/masked/reductions.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;
namespace masked = tl::masked;

TEST_CASE("where nothing counts a masked reduction gives its identity", "[ops][masked]") {
  const Real x({2, 2}, {1, 2, 3, 4});
  const Mask none({2, 1}, {false, true});
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(masked::sum(x, 1, none).to_vector() == std::vector<double>{0, 7});
  CHECK(masked::prod(x, 1, none).to_vector() == std::vector<double>{1, 12});
  CHECK(masked::amax(x, 1, none).to_vector() == std::vector<double>{-infinity, 4});
  CHECK(masked::amin(x, 1, none).to_vector() == std::vector<double>{infinity, 3});
  CHECK(masked::logsumexp(x, 1, none).to_vector()[0] == -infinity);
  CHECK(std::isnan(masked::mean(x, 1, none).to_vector()[0]));
  CHECK(std::isnan(masked::median(x, 1, none).to_vector()[0]));
  CHECK(masked::sum(tl::Tensor<std::int8_t>({2}, {100, 100}), {}, Mask({2}, {true, true})).item() == 200);
  CHECK(masked::amax(tl::Tensor<std::int8_t>({2}, {-100, 100}), {}, Mask({2}, {true, false})).item() == -100);
}

TEST_CASE("a mask broadcasts to the tensor, not the other way around", "[ops][masked]") {
  const Real x({2, 2}, {1, 2, 3, 4});
  CHECK(masked::sum(x, {}, Mask({2}, {false, true})).item() == 6);
  CHECK_THROWS_AS(masked::sum(x, {}, Mask({3}, {false, true, true})), tl::ShapeError);
  CHECK_THROWS_AS(masked::sum(x, {}, Mask({1, 2, 2}, {false, true, true, true})), tl::ShapeError);
}

TEST_CASE("elements that do not count have no gradient, even next to infinities", "[ops][masked]") {
  const Real x({3}, {1, std::numeric_limits<double>::infinity(), 3});
  x.requires_grad_();
  masked::logsumexp(x, {}, Mask({3}, {true, false, true})).backward();
  const double w = 1 / (1 + std::exp(-2.0));
  CHECK(golden::difference(elements(x.grad()), {1 - w, 0, w}) < 1e-14);
}
