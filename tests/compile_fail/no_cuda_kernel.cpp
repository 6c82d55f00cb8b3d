// torchlite: matrix_exp has no Cuda kernel yet; move the tensor with to<Cpu>()
// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/torchlite.hpp>

int main() {
  torchlite::Tensor<float, torchlite::Cuda> x;
  torchlite::linalg::matrix_exp(x);
}
