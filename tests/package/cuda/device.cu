// SPDX-License-Identifier: BSD-3-Clause
// The part of a mixed program that nvcc makes; without a GPU the same formula runs on Cpu.
#include <torchlite/torchlite.hpp>

void square_on_device(const float* x, float* y, std::int64_t n);

void square_on_device(const float* x, float* y, std::int64_t n) {
  namespace tl = torchlite;
  const auto host = tl::Tensor<float>::from(std::span(x, static_cast<std::size_t>(n)));
  const tl::Tensor<float> squares = tl::cuda::is_available() ? tl::Tensor<float, tl::Cuda>(tl::square(host.to<tl::Cuda>())).to<tl::Cpu>()
                                                             : tl::Tensor<float>(tl::square(host));
  for (std::int64_t i = 0; i < n; ++i) y[i] = squares.data()[i];
}
