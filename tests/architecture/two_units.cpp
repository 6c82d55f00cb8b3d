// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/torchlite.hpp>

float sum_elsewhere(const torchlite::Tensor<float>& x);

int main() {
  const torchlite::Tensor<float> x = torchlite::ones<float>({2, 3});
  return sum_elsewhere(x) == torchlite::sum(x).item() ? 0 : 1;
}
