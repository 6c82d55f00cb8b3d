// SPDX-License-Identifier: BSD-3-Clause
// Square matrix products on a GPU; bench/peers/gpu.cublas.cu calls cuBLAS for the same ones.
#include "case.hpp"

#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/reduce.cuh>
#include <torchlite/ops/methods.hpp>

namespace {

namespace tl = torchlite;
using tl::Cuda;

template <class T>
bench::Case matmul(const char* name, const char* precision, std::int64_t n) {
  return {name + std::to_string(n), 0, 2.0 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n),
          [=]() -> std::function<void()> {
            tl::set_float32_matmul_precision(precision);
            const auto a = tl::randn<T, Cuda>({n, n}), b = tl::randn<T, Cuda>({n, n});
            return [=] { const tl::Tensor<T, Cuda> y = tl::matmul(a, b); };
          }};
}

}  // namespace

void bench::product_cases(Cases& cases) {
  for (const std::int64_t n : {256, 1024, 4096, 8192}) {
    cases.push_back(matmul<float>("matmul_float/", "highest", n));
    cases.push_back(matmul<float>("matmul_tf32/", "high", n));
    cases.push_back(matmul<tl::bfloat16>("matmul_bfloat16/", "highest", n));
  }
}
