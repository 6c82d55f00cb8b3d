// SPDX-License-Identifier: BSD-3-Clause
// All benchmarks of the GPU in one program. bench/peers/gpu.torch-cuda.py has the same cases in PyTorch.
#include "serve.cuh"

int main(int argc, char** argv) {
  bench::Cases cases;
  bench::pointwise_cases(cases);
  bench::row_cases(cases);
  bench::product_cases(cases);
  bench::step_cases(cases);
  bench::gpt_cases(cases);
  return bench::main(argc, argv, cases);
}
