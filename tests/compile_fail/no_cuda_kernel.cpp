// torchlite: matrix_exp needs cuSOLVER on Cuda, which was not found; or move the tensor with to<Cpu>()
// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/torchlite.hpp>

int main() {
  torchlite::Tensor<float, torchlite::Cuda> x;
  torchlite::linalg::matrix_exp(x);
}
