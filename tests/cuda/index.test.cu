// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/ops/index/embedding.hpp>
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/index/index_select.hpp>

namespace cuda_tests {
namespace {
/// n numbers in [0, size), many of them more than once.
Tensor<std::int64_t, Cpu> indices(const Shape& sizes, std::int64_t size) {
  std::vector<std::int64_t> v(static_cast<std::size_t>(sizes.numel()));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<std::int64_t>(i * i * 7 + i) % size;
  return Tensor<std::int64_t, Cpu>::from(v, sizes);
}
}  // namespace

TEST_CASE("embedding and its gradient are the Cpu's to the last bit", "[cuda][index]") {
  for (const std::int64_t width : {3, 64}) {
    const auto w = numbers<float>({50, width}, 1);
    w.requires_grad_();
    const auto dw = leaf_on_device(w);
    const auto ids = indices({40, 33}, 50);
    const Tensor<float, Cpu> y = embedding(ids, w);
    const Tensor<float, Cuda> dy = embedding(to_device<Cuda>(ids), dw);
    CHECK(difference(dy, y) == 0);
    const auto g = numbers<float>(y.sizes(), 2);
    y.backward(g);
    dy.backward(to_device<Cuda>(g));
    CHECK(difference(dw.grad(), w.grad()) == 0);
  }
}

TEST_CASE("gather, scatter, scatter_add and index_select agree with the Cpu", "[cuda][index]") {
  const auto x = numbers<float>({20, 30}, 1), source = numbers<float>({8, 30}, 2);
  const auto index = indices({8, 30}, 20);
  const auto dx = to_device<Cuda>(x), dsource = to_device<Cuda>(source);
  const auto dindex = to_device<Cuda>(index);
  CHECK(difference(gather(dx, 0, dindex), gather(x, 0, index)) == 0);
  CHECK(difference(scatter(dx, 0, dindex, dsource), scatter(x, 0, index, source)) == 0);
  CHECK(difference(scatter_add(dx, 0, dindex, dsource), scatter_add(x, 0, index, source)) == 0);
  const auto rows = indices({11}, 20);
  CHECK(difference(index_select(dx, 0, to_device<Cuda>(rows)), index_select(x, 0, rows)) == 0);
  CHECK(difference(index_select(dx, 1, to_device<Cuda>(rows)), index_select(x, 1, rows)) == 0);
}

TEST_CASE("with index_checks a wrong index throws where it is used", "[cuda][index]") {
  backend::cuda::index_checks() = true;
  const auto x = to_device<Cuda>(numbers<float>({4, 3}, 1));
  CHECK_THROWS_AS(index_select(x, 0, to_device<Cuda>(Tensor<std::int64_t, Cpu>({2}, {1, 4}))), IndexError);
  CHECK(index_select(x, 0, to_device<Cuda>(Tensor<std::int64_t, Cpu>({2}, {1, 3}))).numel() == 6);
  backend::cuda::index_checks() = false;
}

}  // namespace cuda_tests
