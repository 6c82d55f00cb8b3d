// SPDX-License-Identifier: BSD-3-Clause
// Fused pointwise formulas and sums on a GPU, beside a copy. Bytes count the least traffic: inputs read once, results written once, and
// once more each for a backward pass.
#include "case.hpp"

#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/reduce.cuh>
#include <torchlite/ops/methods.hpp>

namespace {

namespace tl = torchlite;
using tl::Cuda;
using Tensor = tl::Tensor<float, Cuda>;

Tensor numbers(std::int64_t n) { return tl::randn<float, Cuda>({n}); }

bench::Case copy(std::int64_t n) {
  return {"copy/" + std::to_string(n), 8.0 * static_cast<double>(n), 0, [n]() -> std::function<void()> {
            const Tensor a = numbers(n), b = tl::empty_like(a);
            return [=] { tl::cuda::copy_async(b.data(), a.data(), static_cast<std::size_t>(n) * 4); };
          }};
}
bench::Case gates(std::int64_t n, bool train) {
  return {(train ? "gates_train/" : "gates_forward/") + std::to_string(n), (train ? 56.0 : 20.0) * static_cast<double>(n), 0,
          [n, train]() -> std::function<void()> {
            const Tensor a = numbers(n), b = numbers(n), c = numbers(n), d = numbers(n), g = numbers(n);
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
            const Tensor a = numbers(n);
            return [=] { const Tensor y = tl::sum(a); };
          }};
}

}  // namespace

void bench::pointwise_cases(Cases& cases) {
  for (const std::int64_t n : {1000, 100000, 10000000, 100000000}) {
    cases.push_back(copy(n));
    cases.push_back(gates(n, false));
    cases.push_back(gates(n, true));
    cases.push_back(sum(n));
  }
}
