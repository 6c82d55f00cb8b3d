// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>

#include <torchlite/ops/reduce/aminmax.hpp>
#include <torchlite/ops/reduce/argmax.hpp>
#include <torchlite/ops/reduce/argmin.hpp>
#include <torchlite/ops/reduce/max.hpp>
#include <torchlite/ops/reduce/min.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

using namespace samples;

TEST_CASE("the gradients of aminmax meet in one tensor", "[ops][reduce]") {
  const Real x({4}, {3, 1, 1, 5});
  x.requires_grad_();
  const auto [min, max] = tl::aminmax(x);
  tl::Tensor<double>(min * 4 + max).backward();
  CHECK(x.grad().to_vector() == std::vector<double>{0, 2, 2, 1});
}

TEST_CASE("extremes of integers, bool and half keep their dtype", "[ops][reduce]") {
  const tl::Tensor<std::int64_t> x({2, 2}, {std::numeric_limits<std::int64_t>::max(), -3, 7, 2});
  const auto [min, max] = tl::aminmax(x, 0);
  CHECK(min.to_vector() == std::vector<std::int64_t>{7, -3});
  CHECK(max.to_vector()[0] == std::numeric_limits<std::int64_t>::max());
  CHECK(tl::amax(Mask({3}, {false, true, false})).item());
  CHECK(static_cast<float>(tl::amin(tl::Tensor<tl::half>({2}, {tl::half(2.0f), tl::half(-1.0f)})).item()) == -1);
}
