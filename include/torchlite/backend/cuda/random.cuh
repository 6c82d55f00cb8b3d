// SPDX-License-Identifier: BSD-3-Clause
// Random numbers and dropout: for the same stream the same as on the Cpu.
#pragma once
#include <torchlite/backend/cuda/capture.cuh>
#include <torchlite/backend/cuda/random_element.hpp>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/kernel_count.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {
/// One thread for each Philox block that n elements need.
template <class Task>
void launch_draw(const char* name, const Task& task, std::int64_t n) {
  launch_each(name, task, (n + Task::width - 1) / Task::width);
}
template <int V, class T>
bool packets_fit(const T* p) {
  return is_packet_aligned(p, V * static_cast<std::int64_t>(sizeof(T)));
}
}  // namespace cuda

/// out[i] = low + (high - low) * uniform in [0, 1).
template <class T>
void fill_uniform(Cuda, RandomStream stream, T* out, std::int64_t n, double low, double high) {
  using Task = cuda::FillUniform<T>;
  using R = typename Task::R;
  cuda::launch_draw(
      "fill_uniform",
      Task{cuda::random_source(stream), out, n, static_cast<R>(high - low), static_cast<R>(low), cuda::packets_fit<Task::width>(out)}, n);
}

/// out[i] = mean + std * standard normal.
template <class T>
void fill_normal(Cuda, RandomStream stream, T* out, std::int64_t n, double mean, double std) {
  using Task = cuda::FillNormal<T>;
  using R = typename Task::R;
  cuda::launch_draw(
      "fill_normal",
      Task{cuda::random_source(stream), out, n, static_cast<R>(std), static_cast<R>(mean), cuda::packets_fit<Task::width>(out)}, n);
}

/// out[i] = low + an integer in [0, count).
template <class T>
void fill_integers(Cuda, RandomStream stream, T* out, std::int64_t n, std::int64_t low, std::uint64_t count) {
  using Task = cuda::FillIntegers<T>;
  cuda::launch_draw("fill_integers", Task{cuda::random_source(stream), out, n, low, count, cuda::packets_fit<Task::width>(out)}, n);
}

/// out[i] = 1 with probability p, else 0.
template <class T>
void fill_bernoulli(Cuda, RandomStream stream, T* out, std::int64_t n, double p) {
  using Task = cuda::FillBernoulli<T>;
  cuda::launch_draw("fill_bernoulli",
                    Task{cuda::random_source(stream), out, n, bernoulli_threshold(p), cuda::packets_fit<Task::width>(out)}, n);
}

/// y[i] = x[i] * scale where draw i of the stream succeeds with probability keep, else 0; dense memory.
template <class T>
void dropout(Cuda, RandomStream stream, double keep, double scale, std::int64_t n, const T* x, T* y) {
  count_kernel("dropout");
  using Task = cuda::DropElements<T>;
  const bool aligned = cuda::packets_fit<Task::width>(x) && cuda::packets_fit<Task::width>(y);
  cuda::launch_draw("dropout",
                    Task{cuda::random_source(stream), x, y, n, bernoulli_threshold(keep), static_cast<register_t<T>>(scale), aligned}, n);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
