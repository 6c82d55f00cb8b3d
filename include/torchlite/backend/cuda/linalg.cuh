// SPDX-License-Identifier: BSD-3-Clause
// Factorisations of batches of matrices in float and double. Our matrices are row-major, the libraries' column-major: a symmetric one is
// its own transpose, others are turned on the way. Many small matrices go by one batched call where there is one, others one by one.
#pragma once
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/linalg_element.hpp>
#include <torchlite/backend/cuda/solver.cuh>
#include <torchlite/backend/cuda/team.cuh>
#include <torchlite/backend/linalg_element.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

/// From here on, matrices of a batch are done one by one, by all of the device.
inline constexpr std::int64_t solver_batch_limit = 256;
inline bool goes_by_batch(std::int64_t count, std::int64_t n) { return count > 1 && n > 0 && n <= solver_batch_limit; }

template <class T>
Scratch scratch_for(std::int64_t n) {
  return Scratch(static_cast<std::size_t>(n > 0 ? n : 1) * sizeof(T));
}
inline void clear(void* p, std::int64_t bytes) {
  if (bytes > 0) check_status(cudaMemsetAsync(p, 0, static_cast<std::size_t>(bytes), current_stream()), "cudaMemsetAsync");
}
/// The transposes [count, columns, rows] of dense matrices [count, rows, columns].
template <class T>
void transpose_matrices(T* to, const T* from, std::int64_t count, std::int64_t rows, std::int64_t columns) {
  copy_matrices(to, from, count, columns, rows, {rows * columns, 1, columns});
}
/// The addresses of `count` matrices, for batched calls.
template <class T>
class Addresses {
 public:
  Addresses(T* first, std::int64_t count, std::int64_t step) : memory_(static_cast<std::size_t>(count) * sizeof(T*)) {
    launch_each("addresses", WriteAddresses<T>{first, step, data()}, count);
  }
  T** data() const { return static_cast<T**>(memory_.data()); }

 private:
  Scratch memory_;
};

template <class T>
inline constexpr auto solve_triangle = cublasStrsm_64;
template <>
inline constexpr auto solve_triangle<double> = cublasDtrsm_64;
template <class T>
inline constexpr auto solve_triangle_batched = cublasStrsmBatched;
template <>
inline constexpr auto solve_triangle_batched<double> = cublasDtrsmBatched;

}  // namespace cuda

/// For each matrix of the batch b [n, k] becomes a^-1 b, both dense; one matrix a serves them all where a_batch is 0.
template <class T>
void solve_triangles(Cuda, std::int64_t count, std::int64_t n, std::int64_t k, bool upper, bool unit, const T* a, std::int64_t a_batch,
                     T* b) {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "linear algebra on Cuda needs float or double");
  count_kernel("solve_triangles");
  if (count == 0 || n == 0 || k == 0) return;
  // Column-major these are b^T and a^T: b^T becomes b^T a^-T.
  const cublasFillMode_t triangle = upper ? CUBLAS_FILL_MODE_LOWER : CUBLAS_FILL_MODE_UPPER;
  const cublasDiagType_t diagonal = unit ? CUBLAS_DIAG_UNIT : CUBLAS_DIAG_NON_UNIT;
  const T one = 1;
  if (cuda::goes_by_batch(count, n)) {
    const cuda::Addresses<T> matrices(const_cast<T*>(a), count, a_batch), sides(b, count, n * k);
    return cuda::check_status(
        cuda::solve_triangle_batched<T>(cuda::BlasHandle::current(), CUBLAS_SIDE_RIGHT, triangle, CUBLAS_OP_N, diagonal,
                                        static_cast<int>(k), static_cast<int>(n), &one, matrices.data(), static_cast<int>(n), sides.data(),
                                        static_cast<int>(k), static_cast<int>(count)),
        "cublasTrsmBatched");
  }
  for (std::int64_t i = 0; i < count; ++i)
    cuda::check_status(cuda::solve_triangle<T>(cuda::BlasHandle::current(), CUBLAS_SIDE_RIGHT, triangle, CUBLAS_OP_N, diagonal, k, n, &one,
                                               a + i * a_batch, n, b + i * n * k, k),
                       "cublasTrsm");
}

/// See LuLogDeterminant.
template <class T>
void lu_logdet(Cuda, std::int64_t count, const LuLogDeterminant<T>& a) {
  cuda::launch_each("lu_logdet", a, count);
}
/// See LuDeterminant.
template <class T>
void lu_det(Cuda, std::int64_t count, const LuDeterminant<T>& a) {
  cuda::launch_each("lu_det", a, count);
}
/// See ExchangeRows.
template <class T>
void exchange_all_rows(Cuda, std::int64_t count, const ExchangeRows<T>& a) {
  cuda::launch_each("exchange_rows", a, count * a.columns);
}

#if defined(TORCHLITE_WITH_CUSOLVER)
/// All matrices of a batch; info [count]. See the Cpu's.
template <class T>
void cholesky_factor(Cuda, std::int64_t count, std::int64_t n, T* a, std::int32_t* info) {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "linear algebra on Cuda needs float or double");
  count_kernel("cholesky_factor");
  cuda::clear(info, count * 4);
  if (count == 0 || n == 0) return;
  // The lower triangle is column-major an upper one.
  if (cuda::goes_by_batch(count, n)) {
    const cuda::Addresses<T> matrices(a, count, n * n);
    cuda::check_status(cuda::SolverCalls<T>::cholesky_batched(cuda::Solver::current().handle(), CUBLAS_FILL_MODE_UPPER, static_cast<int>(n),
                                                              matrices.data(), static_cast<int>(n), info, static_cast<int>(count)),
                       "cusolverDnpotrfBatched");
  } else {
    for (std::int64_t i = 0; i < count; ++i) cuda::factor_cholesky(cuda::blas_type<T>, CUBLAS_FILL_MODE_UPPER, n, a + i * n * n, info + i);
  }
  cuda::launch_each("cholesky_factor", cuda::ClearUpper<T>{n, a}, count * n * n);
}

/// All matrices [m, n] of a batch; pivots [count, min(m, n)], info [count]. See the Cpu's.
template <class T>
void lu_factor(Cuda, std::int64_t count, std::int64_t m, std::int64_t n, T* a, std::int32_t* pivots, std::int32_t* info, bool pivot) {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "linear algebra on Cuda needs float or double");
  count_kernel("lu_factor");
  const std::int64_t k = m < n ? m : n;
  cuda::clear(info, count * 4);
  if (count == 0 || k == 0) return;
  const cuda::Scratch turned = cuda::scratch_for<T>(count * m * n);
  T* const t = static_cast<T*>(turned.data());
  cuda::transpose_matrices(t, static_cast<const T*>(a), count, m, n);
  if (m == n && cuda::goes_by_batch(count, n)) {
    const cuda::Addresses<T> matrices(t, count, n * n);
    cuda::check_status(cuda::SolverCalls<T>::lu_batched(cuda::BlasHandle::current(), static_cast<int>(n), matrices.data(),
                                                        static_cast<int>(n), pivot ? pivots : nullptr, info, static_cast<int>(count)),
                       "cublasgetrfBatched");
    if (!pivot) cuda::launch_each("lu_factor", cuda::NarrowPivots{nullptr, k, pivots}, count * k);
  } else {
    const cuda::Scratch wide = cuda::scratch_for<std::int64_t>(count * k);
    auto* const numbers = pivot ? static_cast<std::int64_t*>(wide.data()) : nullptr;
    for (std::int64_t i = 0; i < count; ++i)
      cuda::factor_lu(cuda::blas_type<T>, m, n, t + i * m * n, pivot ? numbers + i * k : nullptr, info + i);
    cuda::launch_each("lu_factor", cuda::NarrowPivots{numbers, k, pivots}, count * k);
  }
  cuda::transpose_matrices(a, static_cast<const T*>(t), count, n, m);
}

/// For each matrix of a batch b [n, k] becomes the solution of a x = b, or of a^T x = b, from the factors of a. The factors of one matrix
/// serve them all where `shared`.
template <class T>
void lu_solve(Cuda, std::int64_t count, std::int64_t n, std::int64_t k, bool transposed, bool shared, const T* lu,
              const std::int32_t* pivots, T* b) {
  count_kernel("lu_solve");
  if (count == 0 || n == 0 || k == 0) return;
  const std::int64_t factors = shared ? 1 : count;
  const cuda::Scratch turned = cuda::scratch_for<T>(factors * n * n), sides = cuda::scratch_for<T>(count * n * k);
  T *const t = static_cast<T*>(turned.data()), *const x = static_cast<T*>(sides.data());
  cuda::transpose_matrices(t, lu, factors, n, n);
  cuda::transpose_matrices(x, static_cast<const T*>(b), count, n, k);
  if (!shared && cuda::goes_by_batch(count, n)) {
    const cuda::Addresses<T> matrices(t, count, n * n), right(x, count, n * k);
    int info = 0;
    cuda::check_status(cuda::SolverCalls<T>::lu_solve_batched(
                           cuda::BlasHandle::current(), transposed ? CUBLAS_OP_T : CUBLAS_OP_N, static_cast<int>(n), static_cast<int>(k),
                           matrices.data(), static_cast<int>(n), pivots, right.data(), static_cast<int>(n), &info, static_cast<int>(count)),
                       "cublasgetrsBatched");
  } else {
    const cuda::Scratch wide = cuda::scratch_for<std::int64_t>(factors * n), info = cuda::scratch_for<int>(1);
    auto* const numbers = static_cast<std::int64_t*>(wide.data());
    cuda::launch_each("lu_solve", cuda::WidenPivots{pivots, numbers}, factors * n);
    // Right-hand sides for one matrix stand beside each other.
    for (std::int64_t i = 0; i < factors; ++i)
      cuda::solve_lu(cuda::blas_type<T>, transposed, n, shared ? count * k : k, t + i * n * n, numbers + i * n, x + i * n * k,
                     static_cast<int*>(info.data()));
  }
  cuda::transpose_matrices(b, static_cast<const T*>(x), count, k, n);
}

/// All matrices [m, n] of a batch; tau [count, min(m, n)]. See the Cpu's.
template <class T>
void qr_factor(Cuda, std::int64_t count, std::int64_t m, std::int64_t n, T* a, T* tau) {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "linear algebra on Cuda needs float or double");
  count_kernel("qr_factor");
  const std::int64_t k = m < n ? m : n;
  if (count == 0 || k == 0) return;
  const cuda::Scratch turned = cuda::scratch_for<T>(count * m * n), info = cuda::scratch_for<int>(1);
  T* const t = static_cast<T*>(turned.data());
  cuda::transpose_matrices(t, static_cast<const T*>(a), count, m, n);
  for (std::int64_t i = 0; i < count; ++i)
    cuda::factor_qr(cuda::blas_type<T>, m, n, t + i * m * n, tau + i * k, static_cast<int*>(info.data()));
  cuda::transpose_matrices(a, static_cast<const T*>(t), count, n, m);
}

/// q [count, m, columns] from reflections in a [count, m, n].
template <class T>
void form_qs(Cuda, std::int64_t count, std::int64_t m, std::int64_t columns, std::int64_t reflections, const T* a, std::int64_t n,
             const T* tau, T* q) {
  count_kernel("form_qs");
  if (count == 0 || m == 0 || columns == 0) return;
  if (reflections == 0) return cuda::launch_each("form_qs", cuda::WriteIdentities<T>{m, columns, q}, count * m * columns);
  const cuda::Scratch turned = cuda::scratch_for<T>(count * m * columns), info = cuda::scratch_for<int>(1);
  T* const t = static_cast<T*>(turned.data());
  const std::int64_t held = n < columns ? n : columns;
  cuda::clear(t, count * m * columns * static_cast<std::int64_t>(sizeof(T)));
  for (std::int64_t i = 0; i < count; ++i) {
    cuda::copy_matrices(t + i * m * columns, a + i * m * n, 1, held, m, {0, 1, n});
    cuda::form_q(static_cast<int>(m), static_cast<int>(columns), static_cast<int>(reflections), t + i * m * columns, tau + i * reflections,
                 static_cast<int*>(info.data()));
  }
  cuda::transpose_matrices(q, static_cast<const T*>(t), count, columns, m);
}

/// c [count, m, n] becomes Q c, Q^T c (left), c Q or c Q^T (right); a [count, r, columns_a], r = left ? m : n.
template <class T>
void reflect_batch(Cuda, std::int64_t count, std::int64_t reflections, const T* a, std::int64_t columns_a, const T* tau, bool left,
                   bool adjoint, std::int64_t m, std::int64_t n, T* c) {
  count_kernel("reflect_batch");
  if (count == 0 || m == 0 || n == 0 || reflections == 0) return;
  const std::int64_t r = left ? m : n;
  const cuda::Scratch vectors = cuda::scratch_for<T>(count * r * columns_a), turned = cuda::scratch_for<T>(count * m * n),
                      info = cuda::scratch_for<int>(1);
  T *const v = static_cast<T*>(vectors.data()), *const t = static_cast<T*>(turned.data());
  cuda::transpose_matrices(v, a, count, r, columns_a);
  cuda::transpose_matrices(t, static_cast<const T*>(c), count, m, n);
  for (std::int64_t i = 0; i < count; ++i)
    cuda::reflect(left, adjoint, static_cast<int>(m), static_cast<int>(n), static_cast<int>(reflections),
                  static_cast<const T*>(v + i * r * columns_a), tau + i * reflections, t + i * m * n, static_cast<int*>(info.data()));
  cuda::transpose_matrices(c, static_cast<const T*>(t), count, n, m);
}

/// Eigenvalues w [count, n], ascending, and in a, if wanted, the eigenvectors as columns; failed [count] is 1 where there is no result.
template <class T>
void eigh_batch(Cuda, std::int64_t count, std::int64_t n, bool upper, T* a, T* w, bool vectors, std::int32_t* failed) {
  count_kernel("eigh_batch");
  cuda::clear(failed, count * 4);
  if (count == 0 || n == 0) return;
  const cuda::Scratch turned = cuda::scratch_for<T>(vectors ? count * n * n : 1), marks = cuda::scratch_for<std::int32_t>(count);
  auto* const not_finite = static_cast<std::int32_t*>(marks.data());
  cuda::launch_rows_by<cuda::warp_threads, 1>("eigh_batch", cuda::CountNotFinite<T>{n * n, a, not_finite}, count);
  for (std::int64_t i = 0; i < count; ++i)
    cuda::eigen_symmetric(cuda::blas_type<T>, vectors, upper ? CUBLAS_FILL_MODE_LOWER : CUBLAS_FILL_MODE_UPPER, n, a + i * n * n, w + i * n,
                          failed + i);
  cuda::launch_each("eigh_batch", cuda::MarkFailed{not_finite, failed}, count);
  if (!vectors) return;
  T* const t = static_cast<T*>(turned.data());
  cuda::transpose_matrices(t, static_cast<const T*>(a), count, n, n);
  cuda::copy_async(a, t, static_cast<std::size_t>(count * n * n) * sizeof(T));
}

/// a [count, m, n] = u diag(s) vh; see the Cpu's.
template <class T>
void svd_batch(Cuda, std::int64_t count, std::int64_t m, std::int64_t n, const T* a, T* s, T* u, T* vh, bool vectors, bool full,
               std::int32_t* failed) {
  count_kernel("svd_batch");
  cuda::clear(failed, count * 4);
  const std::int64_t k = m < n ? m : n, wide = m < n ? n : m, columns = full ? wide : k;
  if (count == 0) return;
  if (k == 0) {
    if (vectors && full) {
      cuda::launch_each("svd_batch", cuda::WriteIdentities<T>{m, m, u}, count * m * m);
      cuda::launch_each("svd_batch", cuda::WriteIdentities<T>{n, n, vh}, count * n * n);
    }
    return;
  }
  const cuda::Scratch work = cuda::scratch_for<T>(count * m * n), marks = cuda::scratch_for<std::int32_t>(count);
  auto* const not_finite = static_cast<std::int32_t*>(marks.data());
  T* const t = static_cast<T*>(work.data());
  cuda::launch_rows_by<cuda::warp_threads, 1>("svd_batch", cuda::CountNotFinite<T>{m * n, a, not_finite}, count);
  // A row-major matrix that is wide is column-major a tall one, its transpose, whose u and v change places: and so do they in memory.
  const bool tall = m > n;
  if (tall) cuda::transpose_matrices(t, a, count, m, n);
  else cuda::copy_async(t, a, static_cast<std::size_t>(count * m * n) * sizeof(T));
  const cuda::Scratch left = cuda::scratch_for<T>(tall && vectors ? count * wide * columns : 1),
                      right = cuda::scratch_for<T>(tall && vectors ? count * k * k : 1);
  T* const of_wide = tall ? static_cast<T*>(left.data()) : vh;
  T* const of_narrow = tall ? static_cast<T*>(right.data()) : u;
  const auto job = static_cast<signed char>(!vectors ? 'N' : full ? 'A' : 'S');
  for (std::int64_t i = 0; i < count; ++i)
    cuda::singular_values(cuda::blas_type<T>, job, wide, k, t + i * m * n, s + i * k, vectors ? of_wide + i * wide * columns : nullptr,
                          vectors ? of_narrow + i * k * k : nullptr, failed + i);
  cuda::launch_each("svd_batch", cuda::MarkFailed{not_finite, failed}, count);
  if (!tall || !vectors) return;
  cuda::transpose_matrices(u, static_cast<const T*>(of_wide), count, columns, m);
  cuda::transpose_matrices(vh, static_cast<const T*>(of_narrow), count, n, n);
}
#endif

}  // namespace torchlite::inline TORCHLITE_ABI::backend
