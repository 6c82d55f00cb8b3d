// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/backend/cuda/sort.cuh>
#include <torchlite/ops/index/masked.hpp>
#include <torchlite/ops/index/sort.hpp>
#include <torchlite/ops/scan/cummax.hpp>
#include <torchlite/ops/scan/cumprod.hpp>
#include <torchlite/ops/scan/cumsum.hpp>
#include <torchlite/ops/scan/logcumsumexp.hpp>
#include <torchlite/ops/sort/searchsorted.hpp>
#include <torchlite/ops/sort/unique.hpp>

namespace cuda_tests {
TEST_CASE("scans agree with the Cpu", "[cuda][scan]") {
  for (const Shape& sizes : {Shape{3, 7}, Shape{2, 5000}, Shape{4, 100}}) {
    const auto x = numbers<float>(sizes, 1);
    const auto dx = to_device<Cuda>(x);
    for (const int dim : {0, 1}) {
      CHECK(difference(cumsum(dx, dim), cumsum(x, dim)) <= tolerance<float>);
      CHECK(difference(logcumsumexp(dx, dim), logcumsumexp(x, dim)) <= 4 * tolerance<float>);
      CHECK(cummax(dx, dim).indices.to_vector() == cummax(x, dim).indices.to_vector());
    }
  }
}

TEST_CASE("sort, topk and unique agree with the Cpu", "[cuda][sort]") {
  const auto x = numbers<float>({5, 700}, 1);
  const auto dx = to_device<Cuda>(x);
  const auto sorted = sort(x, 1);
  const auto dsorted = sort(dx, 1);
  CHECK(difference(dsorted.values, sorted.values) == 0);
  CHECK(dsorted.indices.to_vector() == sorted.indices.to_vector());
  CHECK(topk(dx, 9, 1).indices.to_vector() == topk(x, 9, 1).indices.to_vector());
  const auto boundaries = numbers<float>({1, 50}, 2).select(0, 0).contiguous();
  const auto ordered = sort(boundaries, 0).values;
  CHECK(searchsorted(to_device<Cuda>(ordered), dx).to_vector() == searchsorted(ordered, x).to_vector());
}

TEST_CASE("nonzero and masked_select agree with the Cpu", "[cuda][index]") {
  const auto x = numbers<float>({30, 1001}, 1);
  const auto dx = to_device<Cuda>(x);
  CHECK(nonzero(dx > 0.5f).to_vector() == nonzero(x > 0.5f).to_vector());
  CHECK(difference(masked_select(dx, dx > 0.5f), masked_select(x, x > 0.5f)) == 0);
}

}  // namespace cuda_tests
