// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/autograd/backward.hpp>
#include <torchlite/backend/cuda/graph.cuh>

namespace cuda_tests {
namespace cuda = backend::cuda;

namespace {
template <int = 0>
__global__ void first_words(cuda::RandomSource source, std::uint32_t* out) {
  out[threadIdx.x] = source.stream().word(threadIdx.x);
}
template <int = 0>
__global__ void add_scaled(float* x, const float* scale) {
  x[threadIdx.x] += *scale;
}
}  // namespace

TEST_CASE("forward and backward are captured and follow their inputs", "[cuda][graph]") {
  const auto x = numbers<float>({1000}, 1), w = numbers<float>({1000}, 2);
  const auto dx = to_device<Cuda>(x);
  auto dw = compare::leaf_on_device(w.detach().requires_grad_());
  Tensor<float, Cuda> loss;
  auto graph = cuda::capture([&] {
    dw.zero_grad();
    loss = sum(square(dx * dw));
    loss.backward();
  });
  for (const std::uint32_t seed : {3u, 4u}) {
    auto input = numbers<float>({1000}, seed), weight = w.clone().requires_grad_();
    dx.copy_(to_device<Cuda>(input));
    graph.replay();
    Tensor<float, Cpu> expected = sum(square(input * weight));
    expected.backward();
    CHECK(difference(loss, expected) <= 1e-6);
    CHECK(difference(dw.grad(), weight.grad()) <= 1e-6);
  }
}

TEST_CASE("each replay draws what the step would have drawn", "[cuda][graph][random]") {
  const auto words = Tensor<std::int32_t, Cuda>::from(std::vector<std::int32_t>(32));
  const auto step = [&] {
    first_words<0><<<1, 32, 0, cuda::current_stream()>>>(cuda::random_source(default_generator().draw(32)),
                                                         reinterpret_cast<std::uint32_t*>(words.data()));
    cuda::check_launch("first_words");
  };
  manual_seed(5);
  auto graph = cuda::capture(step);
  for (int i = 0; i < 3; ++i) graph.replay();
  Generator host(5);
  RandomStream stream;
  for (int i = 0; i < 4; ++i) stream = host.draw(32);
  const auto got = words.to_vector();
  for (std::size_t i = 0; i < 32; ++i) CHECK(static_cast<std::uint32_t>(got[i]) == stream.word(i));
}

TEST_CASE("values of the host follow it from replay to replay", "[cuda][graph]") {
  const auto x = to_device<Cuda>(numbers<float>({8}, 1));
  const auto before = x.to_vector();
  float rate = 0;
  auto graph = cuda::capture(
      [&] {
        add_scaled<0><<<1, 8, 0, cuda::current_stream()>>>(x.data(), cuda::replay_value<float>([&rate] { return rate += 1; }));
        cuda::check_launch("add_scaled");
      },
      {.warmup = 0});
  for (int i = 0; i < 3; ++i) graph.replay();
  const auto after = x.to_vector();
  for (std::size_t i = 0; i < 8; ++i) CHECK(after[i] == before[i] + 1 + 2 + 3);
}

TEST_CASE("item() inside a capture is an error, and the device works on", "[cuda][graph]") {
  const auto x = to_device<Cuda>(numbers<float>({8}, 1));
  CHECK_THROWS_WITH(cuda::capture([&] { x.select(0, 0).item(); }, {.warmup = 0}), ContainsSubstring("cannot be captured"));
  CHECK(x.to_vector().size() == 8);
}

}  // namespace cuda_tests
