// SPDX-License-Identifier: BSD-3-Clause
// The part of a mixed program that the host's compiler makes: tensors on Cpu, though Cuda can be named.
#include <torchlite/torchlite.hpp>

// Tensors are different types in the two files, since one was compiled for the GPU as well; memory crosses, a tensor does not.
void square_on_device(const float* x, float* y, std::int64_t n);

int main() {
  using namespace torchlite;
  const Tensor<float> x({2, 2}, {1, 2, 3, 4});
  const Tensor<float> y = zeros_like(x);
  square_on_device(x.data(), y.data(), x.numel());
  Tensor<float, Cuda> nothing_yet;
  return y.to_vector() == std::vector<float>{1, 4, 9, 16} && !nothing_yet.defined() ? 0 : 1;
}
