// SPDX-License-Identifier: BSD-3-Clause
// What every libtorch program here does first.
#pragma once
#include <dlfcn.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <cstdio>
#include <cstdlib>

/// As many threads as OMP_NUM_THREADS says, and a line on stderr about the kernels that are run.
inline void torch_settings() {
  torch::manual_seed(0);
  const char* threads = std::getenv("OMP_NUM_THREADS");
  torch::set_num_threads(threads ? std::atoi(threads) : 1);
  const char* level = std::getenv("ATEN_CPU_CAPABILITY");
  auto* core = reinterpret_cast<char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  std::fprintf(stderr, "libtorch %s: kernels for %s, BLAS is %s\n", TORCH_VERSION, level ? level : "the processor",
               core              ? core()
               : torch::hasMKL() ? "MKL"
                                 : "unknown");
}
