// SPDX-License-Identifier: BSD-3-Clause
// The exponential of a matrix, as on the Cpu (ExponentialPade): products and one system for all matrices of a batch at a time.
#pragma once
#include <torchlite/backend/cuda/linalg.cuh>
#include <torchlite/backend/cuda/matrix_exp_element.hpp>

#if defined(TORCHLITE_WITH_CUSOLVER)
#include <algorithm>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// All matrices of a batch. The host waits for the number of squarings.
template <class T>
void matrix_exp(Cuda, std::int64_t count, std::int64_t n, const T* a, T* out) {
  count_kernel("matrix_exp");
  if (count == 0 || n == 0) return;
  const std::int64_t size = n * n, all = count * size;
  const cuda::Scratch memory = cuda::scratch_for<T>(7 * all), numbers = cuda::scratch_for<std::int32_t>(count),
                      pivot_room = cuda::scratch_for<std::int32_t>(count * n), info = cuda::scratch_for<std::int32_t>(count);
  T *const x = static_cast<T*>(memory.data()), *const x2 = x + all, *const x4 = x2 + all, *const x6 = x4 + all, *const u = x6 + all,
           *const v = u + all, *const w = v + all;
  auto* const squarings = static_cast<std::int32_t*>(numbers.data());
  const auto multiply = [=](const T* left, const T* right, T* to) {
    auto g = GemmArguments<T>::dense(n, n, n, left, right, to);
    g.batch = count;
    gemm(Cuda{}, g);
  };

  cuda::launch_rows_by<cuda::warp_threads, 1>("matrix_exp", cuda::CountSquarings<T>{n, a, squarings}, count);
  cuda::launch_each("matrix_exp", cuda::ShrinkMatrices<T>{size, squarings, a, x}, all);
  multiply(x, x, x2);
  multiply(x2, x2, x4);
  multiply(x2, x4, x6);
  const ExponentialPade<T> pade;
  const auto polynomial = [&](int odd) {  // in v
    const T(&b)[14] = pade.b;
    cuda::launch_each("matrix_exp", cuda::CombinePowers<T>{n, {b[12 + odd], b[10 + odd], b[8 + odd], T(0)}, x6, x4, x2, w, false}, all);
    multiply(x6, w, v);
    cuda::launch_each("matrix_exp", cuda::CombinePowers<T>{n, {b[6 + odd], b[4 + odd], b[2 + odd], b[odd]}, x6, x4, x2, v, true}, all);
  };
  polynomial(1);
  multiply(x, v, u);
  polynomial(0);
  cuda::launch_each("matrix_exp", cuda::SplitParity<T>{u, v, out, w}, all);
  auto* const pivots = static_cast<std::int32_t*>(pivot_room.data());
  lu_factor(Cuda{}, count, n, n, w, pivots, static_cast<std::int32_t*>(info.data()), true);
  lu_solve(Cuda{}, count, n, n, false, false, static_cast<const T*>(w), static_cast<const std::int32_t*>(pivots), out);

  std::vector<std::int32_t> host(static_cast<std::size_t>(count));
  copy_to_host(Cuda{}, host.data(), squarings, host.size() * sizeof(std::int32_t));
  const std::int32_t most = *std::max_element(host.begin(), host.end());
  for (std::int32_t done = 0; done < most; ++done) {
    multiply(out, out, w);
    cuda::launch_each("matrix_exp", cuda::TakeSquares<T>{size, squarings, done, w, out}, all);
  }
  cuda::launch_each("matrix_exp", cuda::MarkUndefined<T>{size, squarings, out}, all);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
#endif
