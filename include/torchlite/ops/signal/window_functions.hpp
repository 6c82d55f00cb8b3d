// SPDX-License-Identifier: BSD-3-Clause
// PyTorch's older names for windows; periodic unless told otherwise.
#pragma once
#include <torchlite/ops/signal/windows.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// 0.5 - 0.5 cos(2 pi i / n).
///   -> [window_length]
template <dtype T = float, device D = Cpu>
Tensor<T, D> hann_window(std::int64_t window_length, bool periodic = true) {
  return signal::windows::hann<T, D>(window_length, !periodic);
}
/// alpha - beta cos(2 pi i / n).
///   -> [window_length]
template <dtype T = float, device D = Cpu>
Tensor<T, D> hamming_window(std::int64_t window_length, bool periodic = true, double alpha = 0.54, double beta = 0.46) {
  return signal::windows::general_cosine<T, D>(window_length, {alpha, beta}, !periodic);
}
/// 0.42 - 0.5 cos(2 pi i / n) + 0.08 cos(4 pi i / n).
///   -> [window_length]
template <dtype T = float, device D = Cpu>
Tensor<T, D> blackman_window(std::int64_t window_length, bool periodic = true) {
  return signal::windows::blackman<T, D>(window_length, !periodic);
}
/// A triangle: 1 - |2 i / n - 1|.
///   -> [window_length]
template <dtype T = float, device D = Cpu>
Tensor<T, D> bartlett_window(std::int64_t window_length, bool periodic = true) {
  return signal::windows::bartlett<T, D>(window_length, !periodic);
}
/// Kaiser's window; a larger beta fades out more.
///   -> [window_length]
template <dtype T = float, device D = Cpu>
Tensor<T, D> kaiser_window(std::int64_t window_length, bool periodic = true, double beta = 12) {
  return signal::windows::kaiser<T, D>(window_length, beta, !periodic);
}

}  // namespace torchlite::inline TORCHLITE_ABI
