// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/backend/cuda/sort.cuh>
#include <torchlite/ops/index/index_select.hpp>
#include <torchlite/ops/index/masked.hpp>
#include <torchlite/ops/index/sort.hpp>
#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/scan/cummax.hpp>
#include <torchlite/ops/scan/cumprod.hpp>
#include <torchlite/ops/scan/cumsum.hpp>
#include <torchlite/ops/scan/logcumsumexp.hpp>
#include <torchlite/ops/shape/view_as_real.hpp>
#include <torchlite/ops/sort/searchsorted.hpp>
#include <torchlite/ops/sort/unique.hpp>

namespace cuda_tests {
TEST_CASE("scans of complex numbers, and complex numbers added by index, agree with the Cpu", "[cuda][scan][index]") {
  using C = std::complex<double>;
  const Tensor<C, Cpu> x = complex(numbers<double>({4, 60}, 1), numbers<double>({4, 60}, 2));
  x.requires_grad_();
  const auto dx = leaf_on_device(x);
  const auto index = Tensor<std::int64_t, Cpu>({5}, {3, 1, 3, 0, 3});
  const auto run = [](const auto& t, const auto& rows) {
    // Its gradient adds up rows.
    return index_select(cumsum(t, 1) + cumprod(t * 0.5, 1), 0, rows);
  };
  const Tensor<C, Cpu> y = run(x, index);
  const Tensor<C, Cuda> dy = run(dx, to_device<Cuda>(index));
  CHECK(difference(view_as_real(dy), view_as_real(y)) <= 1e-13);
  y.backward(y.detach());
  dy.backward(to_device<Cuda>(y.detach()));
  CHECK(difference(view_as_real(dx.grad()), view_as_real(x.grad())) <= 1e-12);
}

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
