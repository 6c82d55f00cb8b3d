// SPDX-License-Identifier: BSD-3-Clause
// The main function of the GPU's benchmarks. A program prints what it can run (--list) or waits for orders (--serve), so that
// bench/cuda/compare.py can let several programs take turns:
//   run NAME      -> nanoseconds of one iteration between two events of the stream, and the bytes that an iteration must move
//   quit
#pragma once
#include "case.hpp"

#include <torchlite/backend/cuda/graph.cuh>

#include <cstdio>
#include <iostream>

namespace bench {

/// At least 30 ms of iterations, the launches included: what a program that does nothing else would see.
inline double nanoseconds(const std::function<void()>& iteration) {
  namespace cuda = torchlite::cuda;
  for (int i = 0; i < 3; ++i) iteration();
  for (std::int64_t n = 10;; n *= 4) {
    cuda::Event begin(true), end(true);
    cuda::synchronize();
    begin.record();
    for (std::int64_t i = 0; i < n; ++i) iteration();
    end.record();
    end.synchronize();
    const double ms = end.milliseconds_since(begin);
    if (ms >= 30 || n > 1000000) return ms * 1e6 / static_cast<double>(n);
  }
}
/// The same; afterwards the memory is free for the other programs on the GPU.
inline double nanoseconds(const Case& c) {
  const double ns = nanoseconds(c.prepare());
  torchlite::cuda::empty_cache();
  return ns;
}

inline int main(int argc, char** argv, const Cases& cases) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "--list") {
    for (const Case& c : cases) std::printf("%s\n", c.name.c_str());
    return 0;
  }
  if (!torchlite::cuda::is_available()) {
    std::printf("skipped: no CUDA device\n");
    return 77;
  }
  if (mode != "--serve") {
    for (const Case& c : cases) {
      const double ns = nanoseconds(c);
      std::printf("%-28s %12.0f ns %10.1f GB/s %10.1f GFLOP/s\n", c.name.c_str(), ns, c.bytes / ns, c.operations / ns);
    }
    return 0;
  }
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    for (const Case& c : cases)
      if (line == "run " + c.name) std::printf("%.1f %.0f %.0f\n", nanoseconds(c), c.bytes, c.operations);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace bench
