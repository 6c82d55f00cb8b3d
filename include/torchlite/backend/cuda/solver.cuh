// SPDX-License-Identifier: BSD-3-Clause
// cuSOLVER for one matrix, column-major as it wants it, in float or double: one call for both.
#pragma once
#include <torchlite/backend/cuda/gemm.cuh>

#if defined(TORCHLITE_WITH_CUSOLVER)
#include <cusolverDn.h>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

inline void check_status(cusolverStatus_t status, const char* call) {
  if (status == CUSOLVER_STATUS_SUCCESS) [[likely]]
    return;
  if (status == CUSOLVER_STATUS_ALLOC_FAILED) fail<Error>("{}: out of memory on the CUDA device", call);
  fail<DeviceError>("{}: cuSOLVER reports status {}", call, static_cast<int>(status));
}

/// A thread's cuSOLVER handle for one device.
class Solver {
 public:
  Solver() = default;
  ~Solver() {
    if (parameters_) cusolverDnDestroyParams(parameters_);
    if (handle_) cusolverDnDestroy(handle_);
  }
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  /// The calling thread's one for the current device, bound to the current stream.
  static Solver& current() {
    static thread_local Solver solvers[max_devices];
    const int device = current_device();
    check<DeviceError>(device < max_devices, "cusolver: device {} is beyond the {} that are supported", device, max_devices);
    Solver& s = solvers[device];
    if (s.handle_ == nullptr) {
      check_status(cusolverDnCreate(&s.handle_), "cusolverDnCreate");
      check_status(cusolverDnCreateParams(&s.parameters_), "cusolverDnCreateParams");
    }
    check_status(cusolverDnSetStream(s.handle_, current_stream()), "cusolverDnSetStream");
    return s;
  }
  cusolverDnHandle_t handle() const { return handle_; }
  cusolverDnParams_t parameters() const { return parameters_; }

 private:
  cusolverDnHandle_t handle_ = nullptr;
  cusolverDnParams_t parameters_ = nullptr;
};

/// Room for a call, on the device and on the host.
class SolverRoom {
 public:
  template <class Ask>
  SolverRoom(const char* name, Ask&& ask) : device_(room(name, ask)), host_(host_bytes_) {}
  void* device() const { return device_.data(); }
  std::size_t device_bytes() const { return device_bytes_; }
  void* host() { return host_.data(); }
  std::size_t host_bytes() const { return host_bytes_; }

 private:
  template <class Ask>
  std::size_t room(const char* name, Ask& ask) {
    check_status(ask(&device_bytes_, &host_bytes_), name);
    return device_bytes_ > 0 ? device_bytes_ : 1;
  }
  std::size_t device_bytes_ = 0, host_bytes_ = 0;
  Scratch device_;
  std::vector<unsigned char> host_;
};

/// The triangle of a symmetric matrix that is named becomes its Cholesky factor.
inline void factor_cholesky(cudaDataType type, cublasFillMode_t triangle, std::int64_t n, void* a, int* info) {
  const Solver& s = Solver::current();
  SolverRoom room("cusolverDnXpotrf_bufferSize", [&](std::size_t* device, std::size_t* host) {
    return cusolverDnXpotrf_bufferSize(s.handle(), s.parameters(), triangle, n, type, a, n, type, device, host);
  });
  check_status(cusolverDnXpotrf(s.handle(), s.parameters(), triangle, n, type, a, n, type, room.device(), room.device_bytes(), room.host(),
                                room.host_bytes(), info),
               "cusolverDnXpotrf");
}
/// a [m, n] becomes L and U; pivots [min(m, n)], or null for none.
inline void factor_lu(cudaDataType type, std::int64_t m, std::int64_t n, void* a, std::int64_t* pivots, int* info) {
  const Solver& s = Solver::current();
  SolverRoom room("cusolverDnXgetrf_bufferSize", [&](std::size_t* device, std::size_t* host) {
    return cusolverDnXgetrf_bufferSize(s.handle(), s.parameters(), m, n, type, a, m, type, device, host);
  });
  check_status(cusolverDnXgetrf(s.handle(), s.parameters(), m, n, type, a, m, pivots, type, room.device(), room.device_bytes(), room.host(),
                                room.host_bytes(), info),
               "cusolverDnXgetrf");
}
/// b [n, k] becomes a^-1 b or a^-T b, from the factors of a.
inline void solve_lu(cudaDataType type, bool transposed, std::int64_t n, std::int64_t k, const void* lu, const std::int64_t* pivots,
                     void* b, int* info) {
  const Solver& s = Solver::current();
  check_status(
      cusolverDnXgetrs(s.handle(), s.parameters(), transposed ? CUBLAS_OP_T : CUBLAS_OP_N, n, k, type, lu, n, pivots, type, b, n, info),
      "cusolverDnXgetrs");
}
/// a [m, n] becomes R and the reflections below it; tau [min(m, n)].
inline void factor_qr(cudaDataType type, std::int64_t m, std::int64_t n, void* a, void* tau, int* info) {
  const Solver& s = Solver::current();
  SolverRoom room("cusolverDnXgeqrf_bufferSize", [&](std::size_t* device, std::size_t* host) {
    return cusolverDnXgeqrf_bufferSize(s.handle(), s.parameters(), m, n, type, a, m, type, tau, type, device, host);
  });
  check_status(cusolverDnXgeqrf(s.handle(), s.parameters(), m, n, type, a, m, type, tau, type, room.device(), room.device_bytes(),
                                room.host(), room.host_bytes(), info),
               "cusolverDnXgeqrf");
}
/// The solution b [n, k] of a symmetric system from the lower triangle's L and D.
inline void solve_ldl(cudaDataType type, std::int64_t n, std::int64_t k, const void* ldl, const std::int64_t* pivots, void* b, int* info) {
  const Solver& s = Solver::current();
  SolverRoom room("cusolverDnXsytrs_bufferSize", [&](std::size_t* device, std::size_t* host) {
    return cusolverDnXsytrs_bufferSize(s.handle(), CUBLAS_FILL_MODE_LOWER, n, k, type, ldl, n, pivots, type, b, n, device, host);
  });
  check_status(cusolverDnXsytrs(s.handle(), CUBLAS_FILL_MODE_LOWER, n, k, type, ldl, n, pivots, type, b, n, room.device(),
                                room.device_bytes(), room.host(), room.host_bytes(), info),
               "cusolverDnXsytrs");
}
#if CUSOLVER_VERSION >= 11701
/// The eigenvalues w (complex) of a general matrix, which is overwritten, and its eigenvectors, of a's dtype, unless `vectors` is null: of a real
/// a two real columns hold the parts of a conjugate pair.
inline void eigen_general(cudaDataType type, cudaDataType complex_type, std::int64_t n, void* a, void* w, void* vectors, int* info) {
  const Solver& s = Solver::current();
  const cusolverEigMode_t job = vectors != nullptr ? CUSOLVER_EIG_MODE_VECTOR : CUSOLVER_EIG_MODE_NOVECTOR;
  SolverRoom room("cusolverDnXgeev_bufferSize", [&](std::size_t* device, std::size_t* host) {
    return cusolverDnXgeev_bufferSize(s.handle(), s.parameters(), CUSOLVER_EIG_MODE_NOVECTOR, job, n, type, a, n, complex_type, w, type,
                                      nullptr, n, type, vectors, n, type, device, host);
  });
  check_status(cusolverDnXgeev(s.handle(), s.parameters(), CUSOLVER_EIG_MODE_NOVECTOR, job, n, type, a, n, complex_type, w, type, nullptr,
                               n, type, vectors, n, type, room.device(), room.device_bytes(), room.host(), room.host_bytes(), info),
               "cusolverDnXgeev");
  if (room.host_bytes() > 0) wait_for_current_stream();  // the host's room ends here
}
#endif
/// The eigenvalues of a symmetric matrix, ascending; a becomes the eigenvectors, if they are wanted.
inline void eigen_symmetric(cudaDataType type, bool vectors, cublasFillMode_t triangle, std::int64_t n, void* a, void* w, int* info) {
  const Solver& s = Solver::current();
  const cusolverEigMode_t job = vectors ? CUSOLVER_EIG_MODE_VECTOR : CUSOLVER_EIG_MODE_NOVECTOR;
  SolverRoom room("cusolverDnXsyevd_bufferSize", [&](std::size_t* device, std::size_t* host) {
    return cusolverDnXsyevd_bufferSize(s.handle(), s.parameters(), job, triangle, n, type, a, n, type, w, type, device, host);
  });
  check_status(cusolverDnXsyevd(s.handle(), s.parameters(), job, triangle, n, type, a, n, type, w, type, room.device(), room.device_bytes(),
                                room.host(), room.host_bytes(), info),
               "cusolverDnXsyevd");
}
/// a [m, n], m >= n, overwritten, = u diag(s) vt. job 'A': u [m, m]; 'S': u [m, n]; 'N': singular values only.
inline void singular_values(cudaDataType type, signed char job, std::int64_t m, std::int64_t n, void* a, void* values, void* u, void* vt,
                            int* info) {
  const Solver& s = Solver::current();
  SolverRoom room("cusolverDnXgesvd_bufferSize", [&](std::size_t* device, std::size_t* host) {
    return cusolverDnXgesvd_bufferSize(s.handle(), s.parameters(), job, job, m, n, type, a, m, type, values, type, u, m, type, vt, n, type,
                                       device, host);
  });
  check_status(cusolverDnXgesvd(s.handle(), s.parameters(), job, job, m, n, type, a, m, type, values, type, u, m, type, vt, n, type,
                                room.device(), room.device_bytes(), room.host(), room.host_bytes(), info),
               "cusolverDnXgesvd");
}

/// What cuSOLVER and cuBLAS have under one name for each dtype.
template <class T>
struct SolverCalls;
template <>
struct SolverCalls<float> {
  static constexpr auto form_q_room = cusolverDnSorgqr_bufferSize;
  static constexpr auto form_q = cusolverDnSorgqr;
  static constexpr auto reflect_room = cusolverDnSormqr_bufferSize;
  static constexpr auto reflect = cusolverDnSormqr;
  static constexpr auto ldl_room = cusolverDnSsytrf_bufferSize;
  static constexpr auto ldl = cusolverDnSsytrf;
  static constexpr auto cholesky_batched = cusolverDnSpotrfBatched;
  static constexpr auto lu_batched = cublasSgetrfBatched;
  static constexpr auto lu_solve_batched = cublasSgetrsBatched;
};
template <>
struct SolverCalls<double> {
  static constexpr auto form_q_room = cusolverDnDorgqr_bufferSize;
  static constexpr auto form_q = cusolverDnDorgqr;
  static constexpr auto reflect_room = cusolverDnDormqr_bufferSize;
  static constexpr auto reflect = cusolverDnDormqr;
  static constexpr auto ldl_room = cusolverDnDsytrf_bufferSize;
  static constexpr auto ldl = cusolverDnDsytrf;
  static constexpr auto cholesky_batched = cusolverDnDpotrfBatched;
  static constexpr auto lu_batched = cublasDgetrfBatched;
  static constexpr auto lu_solve_batched = cublasDgetrsBatched;
};

/// q [m, columns], whose first columns hold the reflections, becomes their product.
template <class T>
void form_q(int m, int columns, int reflections, T* q, const T* tau, int* info) {
  const cusolverDnHandle_t handle = Solver::current().handle();
  int size = 0;
  check_status(SolverCalls<T>::form_q_room(handle, m, columns, reflections, q, m, tau, &size), "cusolverDnorgqr_bufferSize");
  const Scratch room(static_cast<std::size_t>(size > 0 ? size : 1) * sizeof(T));
  check_status(SolverCalls<T>::form_q(handle, m, columns, reflections, q, m, tau, static_cast<T*>(room.data()), size, info),
               "cusolverDnorgqr");
}
/// The lower triangle of a symmetric matrix becomes L and D, with LAPACK's pivots.
template <class T>
void factor_ldl(int n, T* a, int* pivots, int* info) {
  const cusolverDnHandle_t handle = Solver::current().handle();
  int size = 0;
  check_status(SolverCalls<T>::ldl_room(handle, n, a, n, &size), "cusolverDnsytrf_bufferSize");
  const Scratch room(static_cast<std::size_t>(size > 0 ? size : 1) * sizeof(T));
  check_status(SolverCalls<T>::ldl(handle, CUBLAS_FILL_MODE_LOWER, n, a, n, pivots, static_cast<T*>(room.data()), size, info),
               "cusolverDnsytrf");
}
/// c [m, n] becomes Q c, Q^T c (left), c Q or c Q^T (right).
template <class T>
void reflect(bool left, bool adjoint, int m, int n, int reflections, const T* a, const T* tau, T* c, int* info) {
  const cusolverDnHandle_t handle = Solver::current().handle();
  const cublasSideMode_t side = left ? CUBLAS_SIDE_LEFT : CUBLAS_SIDE_RIGHT;
  const cublasOperation_t op = adjoint ? CUBLAS_OP_T : CUBLAS_OP_N;
  const int leading = left ? m : n;
  int size = 0;
  check_status(SolverCalls<T>::reflect_room(handle, side, op, m, n, reflections, a, leading, tau, c, m, &size),
               "cusolverDnormqr_bufferSize");
  const Scratch room(static_cast<std::size_t>(size > 0 ? size : 1) * sizeof(T));
  check_status(
      SolverCalls<T>::reflect(handle, side, op, m, n, reflections, a, leading, tau, c, m, static_cast<T*>(room.data()), size, info),
      "cusolverDnormqr");
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
#endif
