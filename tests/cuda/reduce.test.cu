// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/autograd/backward.hpp>

namespace cuda_tests {
TEST_CASE("sums over any dimensions agree with the Cpu", "[cuda][reduce]") {
  const auto x = numbers<float>({4, 33, 700}, 1);
  const auto dx = to_device<Cuda>(x);
  CHECK(difference(Tensor<float, Cuda>(dx.sum()), Tensor<float, Cpu>(x.sum())) <= tolerance<float>);
  for (int d = 0; d < 3; ++d) CHECK(difference(Tensor<float, Cuda>(dx.sum(d)), Tensor<float, Cpu>(x.sum(d))) <= tolerance<float>);
  CHECK(difference(Tensor<float, Cuda>(dx.sum({0, 2})), Tensor<float, Cpu>(x.sum({0, 2}))) <= tolerance<float>);
  CHECK(difference(Tensor<float, Cuda>(dx.mean({0, 1}, true)), Tensor<float, Cpu>(x.mean({0, 1}, true))) <= tolerance<float>);
  CHECK(difference(Tensor<float, Cuda>(dx.permute({2, 0, 1}).sum(1)), Tensor<float, Cpu>(x.permute({2, 0, 1}).sum(1))) <= tolerance<float>);
}

TEST_CASE("a reduction takes its pointwise input along", "[cuda][reduce]") {
  auto x = numbers<float>({1 << 18}, 1);
  x.requires_grad_();
  const auto dx = leaf_on_device(x);
  const Tensor<float, Cpu> y = sum(square(x) * 0.5f);
  const std::uint64_t kernels = kernel_count();
  const Tensor<float, Cuda> dy = sum(square(dx) * 0.5f);
  CHECK(kernel_count() == kernels + 1);
  CHECK(difference(dy, y) <= tolerance<float>);
  y.backward();
  dy.backward();
  CHECK(difference(dx.grad(), x.grad()) <= tolerance<float>);
}

TEST_CASE("a sum is the same each time", "[cuda][reduce]") {
  const auto dx = to_device<Cuda>(numbers<float>({1000003}, 1));
  const float first = dx.sum().item();
  for (int i = 0; i < 5; ++i) CHECK(dx.sum().item() == first);
}

TEST_CASE("extremes and where they stand", "[cuda][reduce]") {
  const auto x = numbers<float>({50, 1000}, 1);
  x.select(0, 3).select(0, 17).fill_(7.0f);
  x.select(0, 3).select(0, 900).fill_(7.0f);
  x.select(0, 20).select(0, 5).fill_(NAN);
  const auto dx = to_device<Cuda>(x);
  CHECK(difference(Tensor<float, Cuda>(dx.max()), Tensor<float, Cpu>(x.max())) == 0);
  CHECK(difference(Tensor<float, Cuda>(dx.amin({0})), Tensor<float, Cpu>(x.amin({0}))) == 0);
  CHECK(dx.argmax(1).to_vector() == x.argmax(1).to_vector());
  CHECK(dx.argmin(0).to_vector() == x.argmin(0).to_vector());
  CHECK(dx.argmax().item() == x.argmax().item());
  const auto [values, indices] = dx.max(1);
  const auto [cpu_values, cpu_indices] = x.max(1);
  CHECK(difference(values, cpu_values) == 0);
  CHECK(indices.to_vector() == cpu_indices.to_vector());
}

TEST_CASE("any, all and products", "[cuda][reduce]") {
  const auto x = numbers<float>({3, 600}, 1);
  const auto dx = to_device<Cuda>(x);
  CHECK(any(dx > 1.9f).item() == any(x > 1.9f).item());
  CHECK(all(dx < 2.0f).item());
  CHECK_FALSE(all(dx < 0.0f).item());
  const auto ones = Tensor<float, Cpu>(x * 0.001f + 1.0f);
  CHECK(difference(Tensor<float, Cuda>(to_device<Cuda>(ones).prod(1)), Tensor<float, Cpu>(ones.prod(1))) <= 1e-5);
}

TEST_CASE("half is summed in more than half", "[cuda][reduce]") {
  const auto x = numbers<torchlite::half>({64, 5000}, 1);
  CHECK(difference(Tensor<torchlite::half, Cuda>(to_device<Cuda>(x).sum(1)), Tensor<torchlite::half, Cpu>(x.sum(1))) <=
        tolerance<torchlite::half>);
}

TEST_CASE("a sum over nothing is zero", "[cuda][reduce]") {
  const auto dx = to_device<Cuda>(numbers<float>({0, 3}, 1));
  CHECK(dx.sum(0).to_vector() == std::vector<float>{0, 0, 0});
  CHECK(dx.sum().item() == 0);
}

}  // namespace cuda_tests
