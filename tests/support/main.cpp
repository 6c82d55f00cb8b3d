// SPDX-License-Identifier: BSD-3-Clause
// The main function of every test program.
#define CATCH_CONFIG_RUNNER
#include <support/catch.hpp>

#if defined(TORCHLITE_TEST_CUDA)
#include <cuda_runtime_api.h>

#include <cstdio>
#endif

// What clang++'s OpenMP library keeps for threads that are no longer asked for.
extern "C" const char* __lsan_default_suppressions() { return "leak:libomp.so"; }

int main(int argc, char** argv) {
  Catch::Session session;
#if defined(TORCHLITE_TEST_CUDA)
  int devices = 0;
  if (const cudaError_t status = cudaGetDeviceCount(&devices); status != cudaSuccess || devices == 0) {
    std::printf("skipped: no CUDA device (%s)\n", cudaGetErrorString(status));
    return 77;
  }
#endif
  return session.run(argc, argv);
}
