// SPDX-License-Identifier: BSD-3-Clause
// The cases of the GPU's benchmarks. Each file of them is compiled by itself; gpu.cu puts them together.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace bench {

struct Case {
  std::string name;
  double bytes;                                    ///< the least traffic of an iteration; 0 where memory is not what counts
  double operations;                               ///< floating-point operations of an iteration, or 0
  std::function<std::function<void()>()> prepare;  ///< makes the operands and returns one iteration
};
using Cases = std::vector<Case>;

void pointwise_cases(Cases&);
void row_cases(Cases&);
void product_cases(Cases&);
void step_cases(Cases&);
void gpt_cases(Cases&);

}  // namespace bench
