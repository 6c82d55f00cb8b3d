// SPDX-License-Identifier: BSD-3-Clause
// Counts of more numbers than a block has threads; the recorded calls are small.
#include "support/compare.cuh"

#include <torchlite/backend/cuda/histogram.cuh>
#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/backend/cuda/sort.cuh>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/statistics/bincount.hpp>
#include <torchlite/ops/statistics/histogram.hpp>

namespace cuda_tests {

TEST_CASE("counts in bins agree with the Cpu", "[cuda][statistics]") {
  const auto x = numbers<float>({20000}, 1), w = numbers<float>({20000}, 2);
  const auto dx = to_device<Cuda>(x), dw = to_device<Cuda>(w);
  CHECK(histc(dx, 37).to_vector() == histc(x, 37).to_vector());
  CHECK(histogram(dx, 10).hist.to_vector() == histogram(x, 10).hist.to_vector());
  const auto of_weights = histogram(x, 10, {.range = {{-1, 1}}, .weight = w});
  CHECK(difference(histogram(dx, 10, {.range = {{-1, 1}}, .weight = dw}).hist, of_weights.hist) <= 1e-6);
  const Tensor<std::int64_t, Cpu> n = to<std::int64_t>(x * 10 + 20);
  const auto dn = to_device<Cuda>(n);
  CHECK(bincount(dn, 50).to_vector() == bincount(n, 50).to_vector());
  CHECK(difference(bincount(dn, dw), bincount(n, w)) <= 1e-4);
}

}  // namespace cuda_tests
