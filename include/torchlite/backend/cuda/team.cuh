// SPDX-License-Identifier: BSD-3-Clause
// The launch of kernels over elements and over rows.
#pragma once
#include <torchlite/backend/cuda/launch.cuh>
#include <torchlite/backend/cuda/team.hpp>

#include <cstring>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// A state from the thread whose number in the warp differs in the bits of `mask`.
template <class State>
__device__ inline State exchanged(const State& s, int mask) {
  static_assert(sizeof(State) % 4 == 0);
  constexpr int words = sizeof(State) / 4;
  std::uint32_t w[words];
  memcpy(w, &s, sizeof(State));
  for (int k = 0; k < words; ++k) w[k] = __shfl_xor_sync(0xffffffffu, w[k], mask);
  State other;
  memcpy(&other, w, sizeof(State));
  return other;
}

/// The threads of a row on the device; see HostTeam.
template <int Lanes>
class DeviceTeam {
 public:
  __device__ explicit DeviceTeam(int number) : lane(number) {}

  template <class F>
  TORCHLITE_HOST_DEVICE void each(std::int64_t n, F f) const {
    for (std::int64_t i = lane; i < n; i += Lanes) f(i);
  }
  template <class F>
  TORCHLITE_HOST_DEVICE void once(F f) const {
    if (lane == 0) f();
  }
  TORCHLITE_HOST_DEVICE void barrier() const {
#if TORCHLITE_DEVICE_PASS
    if constexpr (Lanes > warp_threads) __syncthreads();
    else __syncwarp();
#endif
  }
  template <class State, class F>
  TORCHLITE_HOST_DEVICE State fold(std::int64_t n, F f) const {
    State s = State::identity();
    for (std::int64_t i = lane; i < n; i += Lanes) s = State::combine(s, f(i));
#if TORCHLITE_DEVICE_PASS
    if constexpr (Lanes >= warp_threads) {
      for (int step = warp_threads / 2; step > 0; step /= 2) s = State::combine(s, exchanged(s, step));
    }
    if constexpr (Lanes > warp_threads) {
      constexpr int warps = Lanes / warp_threads;
      __shared__ State of_warps[warps];
      __syncthreads();  // whoever still reads the last result has done so
      if (lane % warp_threads == 0) of_warps[lane / warp_threads] = s;
      __syncthreads();
      s = of_warps[0];
      for (int warp = 1; warp < warps; ++warp) s = State::combine(s, of_warps[warp]);
    }
#endif
    return s;
  }
  template <class State, class F, class Write>
  TORCHLITE_HOST_DEVICE void scan(std::int64_t n, F f, Write write) const {
    const Piece piece = piece_of<Lanes>(n, lane);
    State before = State::identity();
#if TORCHLITE_DEVICE_PASS
    if constexpr (Lanes > 1) {
      __shared__ State totals[block_threads];
      State* const own = totals + (threadIdx.x - static_cast<unsigned>(lane));
      State total = State::identity();
      for (std::int64_t i = piece.first; i < piece.last; ++i) total = State::combine(total, f(i));
      barrier();  // whoever still reads the last row's totals has done so
      own[lane] = total;
      barrier();
      for (int k = 0; k < lane; ++k) before = State::combine(before, own[k]);
    }
#endif
    scan_piece(piece, before, f, write);
  }

 private:
  int lane;
};

template <int Lanes, int V, class Task>
__global__ void __launch_bounds__(block_threads) rows_kernel(const __grid_constant__ Task task, std::int64_t rows) {
  const DeviceTeam<Lanes> team(static_cast<int>(threadIdx.x) % Lanes);
  constexpr int teams = block_threads / Lanes;
  for (std::int64_t r = std::int64_t{blockIdx.x} * teams + threadIdx.x / Lanes; r < rows; r += std::int64_t{gridDim.x} * teams)
    task.template row<V>(team, r);
}

template <class Task>
__global__ void __launch_bounds__(block_threads) each_kernel(const __grid_constant__ Task task, std::int64_t n) {
  const std::int64_t step = std::int64_t{gridDim.x} * block_threads;
  for (std::int64_t i = std::int64_t{blockIdx.x} * block_threads + threadIdx.x; i < n; i += step) task(i);
}

/// Blocks for `count` teams or threads, `per_block` in each; the rest is done in further rounds.
template <class Kernel>
unsigned blocks_of(Kernel kernel, std::int64_t count, int per_block, int& resident) {
  return grid_blocks((count + per_block - 1) / per_block * block_threads, resident_blocks(kernel, resident));
}

/// task(i) for every i in [0, n), each by a thread.
template <class Task>
void launch_each(const char* name, const Task& task, std::int64_t n) {
  if (n <= 0) return;
  static thread_local int resident = 0;
  const auto kernel = &each_kernel<Task>;
  kernel<<<blocks_of(kernel, n, block_threads, resident), block_threads, 0, current_stream()>>>(task, n);
  check_launch(name);
}

template <int Lanes, int V, class Task>
void launch_rows_by(const char* name, const Task& task, std::int64_t rows) {
  static thread_local int resident = 0;
  const auto kernel = &rows_kernel<Lanes, V, Task>;
  kernel<<<blocks_of(kernel, rows, block_threads / Lanes, resident), block_threads, 0, current_stream()>>>(task, rows);
  check_launch(name);
}

/// task.row<V>(team, r) for every row of n elements, `inner` apart. whole: packets of V elements fit every row.
template <int V, class Task>
void launch_rows(const char* name, const Task& task, std::int64_t rows, std::int64_t n, std::int64_t inner, bool whole) {
  if (rows <= 0) return;
  const int lanes = team_size(n, inner, whole ? V : 1);
  if (lanes == 1) return launch_rows_by<1, 1>(name, task, rows);
  if (lanes == warp_threads)
    return whole ? launch_rows_by<warp_threads, V>(name, task, rows) : launch_rows_by<warp_threads, 1>(name, task, rows);
  return whole ? launch_rows_by<block_threads, V>(name, task, rows) : launch_rows_by<block_threads, 1>(name, task, rows);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
