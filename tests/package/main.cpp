// SPDX-License-Identifier: BSD-3-Clause
// The smallest program of someone who embeds the library.
#include <torchlite/torchlite.hpp>

int main() {
  const torchlite::Tensor<float> x = torchlite::ones<float>({2, 3});
  return torchlite::sum(x).item() == 6.0f ? 0 : 1;
}
