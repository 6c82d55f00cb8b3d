// SPDX-License-Identifier: BSD-3-Clause
// The matrix products of bench/cuda/products.cu by cuBLAS and nothing else: row-major c = a b is column-major c' = b' a'.
#include "cuda/serve.cuh"

#include <cublas_v2.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace {

void check(bool right, const char* what) {
  if (right) return;
  std::fprintf(stderr, "%s failed\n", what);
  std::exit(1);
}
cublasHandle_t handle() {
  static const cublasHandle_t h = [] {
    cublasHandle_t made = nullptr;
    check(cublasCreate(&made) == CUBLAS_STATUS_SUCCESS, "cublasCreate");
    return made;
  }();
  return h;
}

/// n x n elements in [-1, 1); their values change nothing but the power that the device takes.
std::shared_ptr<void> matrix(std::int64_t n, cudaDataType type) {
  const std::size_t count = static_cast<std::size_t>(n * n), size = type == CUDA_R_32F ? 4 : 2;
  std::vector<unsigned char> bytes(count * size);
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    const float x = static_cast<float>(state >> 8) / 8388608.0f - 1.0f;
    std::uint32_t bits = 0;
    std::memcpy(&bits, &x, 4);
    if (size == 2) bits >>= 16;  // bfloat16 is the upper half of a float
    std::memcpy(bytes.data() + i * size, &bits, size);
  }
  void* data = nullptr;
  check(cudaMalloc(&data, bytes.size()) == cudaSuccess, "cudaMalloc");
  check(cudaMemcpy(data, bytes.data(), bytes.size(), cudaMemcpyHostToDevice) == cudaSuccess, "cudaMemcpy");
  return {data, [](void* p) { cudaFree(p); }};
}

bench::Case matmul(const char* name, cudaDataType type, cublasComputeType_t compute, std::int64_t n) {
  return {name + std::to_string(n), 0, 2.0 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n),
          [=]() -> std::function<void()> {
            const auto a = matrix(n, type), b = matrix(n, type), c = matrix(n, type);
            return [=] {
              const float one = 1, zero = 0;
              check(cublasSetStream(handle(), torchlite::cuda::current_stream()) == CUBLAS_STATUS_SUCCESS, "cublasSetStream");
              check(cublasGemmEx_64(handle(), CUBLAS_OP_N, CUBLAS_OP_N, n, n, n, &one, b.get(), type, n, a.get(), type, n, &zero, c.get(),
                                    type, n, compute, CUBLAS_GEMM_DEFAULT) == CUBLAS_STATUS_SUCCESS,
                    "cublasGemmEx");
            };
          }};
}

}  // namespace

int main(int argc, char** argv) {
  bench::Cases cases;
  for (const std::int64_t n : {256, 1024, 4096, 8192}) {
    cases.push_back(matmul("matmul_float/", CUDA_R_32F, CUBLAS_COMPUTE_32F, n));
    cases.push_back(matmul("matmul_tf32/", CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32, n));
    cases.push_back(matmul("matmul_bfloat16/", CUDA_R_16BF, CUBLAS_COMPUTE_32F, n));
  }
  return bench::main(argc, argv, cases);
}
