// SPDX-License-Identifier: BSD-3-Clause
// Fused pointwise formulas, sums, matrix products and a small network's training step on a GPU. Bytes count the least traffic, as in
// bench/kernels/pointwise.bench.cpp. bench/peers/gpu.torch-cuda.py has the same cases in PyTorch.
#include "serve.cuh"

#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/reduce.cuh>
#include <torchlite/nn/linear.hpp>
#include <torchlite/ops/methods.hpp>

#include <memory>

namespace {

namespace tl = torchlite;
using tl::Cuda;
using Tensor = tl::Tensor<float, Cuda>;

Tensor numbers(const tl::Shape& sizes) { return tl::randn<float>(sizes).to<Cuda>(); }

bench::Case copy(std::int64_t n) {
  return {"copy/" + std::to_string(n), 8.0 * static_cast<double>(n), 0, [n]() -> std::function<void()> {
            const Tensor a = numbers({n}), b = tl::empty_like(a);
            return [=] { tl::cuda::copy_async(b.data(), a.data(), static_cast<std::size_t>(n) * 4); };
          }};
}
bench::Case gates(std::int64_t n, bool train) {
  return {(train ? "gates_train/" : "gates_forward/") + std::to_string(n), (train ? 56.0 : 20.0) * static_cast<double>(n), 0,
          [n, train]() -> std::function<void()> {
            const Tensor a = numbers({n}), b = numbers({n}), c = numbers({n}), d = numbers({n}), g = numbers({n});
            if (!train) return [=] { const Tensor y = tl::tanh(a * b + c) / (1.0f + tl::exp(-d)); };
            for (const Tensor& t : {a, b, c, d}) t.requires_grad_();
            return [=] {
              for (const Tensor& t : {a, b, c, d}) t.zero_grad();
              const Tensor y = tl::tanh(a * b + c) / (1.0f + tl::exp(-d));
              y.backward(g);
            };
          }};
}
bench::Case sum(std::int64_t n) {
  return {"sum/" + std::to_string(n), 4.0 * static_cast<double>(n), 0, [n]() -> std::function<void()> {
            const Tensor a = numbers({n});
            return [=] { const Tensor y = tl::sum(a); };
          }};
}
template <class T>
bench::Case matmul(const char* name, std::int64_t n) {
  return {name + std::to_string(n), 0, 2.0 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n),
          [n]() -> std::function<void()> {
            const auto a = tl::randn<float>({n, n}).to<T>().template to<Cuda>(), b = a.clone();
            return [=] { const tl::Tensor<T, Cuda> y = tl::matmul(a, b); };
          }};
}

/// 784-256-10, batch 64, mean squares, gradient descent by hand.
struct Step {
  Tensor w1 = numbers({784, 256}) * 0.03f, b1 = numbers({256}) * 0.0f, w2 = numbers({256, 10}) * 0.06f, b2 = numbers({10}) * 0.0f;
  Tensor x = numbers({64, 784}), y = numbers({64, 10});

  Step() {
    for (const Tensor& p : {w1, b1, w2, b2}) p.requires_grad_();
  }
  void operator()() const {
    for (const Tensor& p : {w1, b1, w2, b2}) p.zero_grad();
    const Tensor h = tl::relu(tl::matmul(x, w1) + b1);
    tl::mean(tl::square(tl::matmul(h, w2) + b2 - y)).backward();
    const tl::NoGradGuard guard;
    for (const Tensor& p : {w1, b1, w2, b2}) p.sub_(p.grad() * 0.01f);
  }
};
bench::Case step(bool graph) {
  return {graph ? "mlp_step/graph" : "mlp_step/eager", 0, 0, [graph]() -> std::function<void()> {
            const auto s = std::make_shared<Step>();
            if (!graph) return [s] { (*s)(); };
            const auto g = std::make_shared<tl::cuda::Graph>(tl::cuda::capture([s] { (*s)(); }));
            return [s, g] { g->replay(); };
          }};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<bench::Case> cases;
  for (const std::int64_t n : {1000, 100000, 10000000, 100000000}) {
    cases.push_back(copy(n));
    cases.push_back(gates(n, false));
    cases.push_back(gates(n, true));
    cases.push_back(sum(n));
  }
  for (const std::int64_t n : {256, 1024, 4096}) {
    cases.push_back(matmul<float>("matmul_float/", n));
    cases.push_back(matmul<tl::bfloat16>("matmul_bfloat16/", n));
  }
  cases.push_back(step(false));
  cases.push_back(step(true));
  return bench::main(argc, argv, cases);
}
