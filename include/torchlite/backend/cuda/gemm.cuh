// SPDX-License-Identifier: BSD-3-Clause
// Matrix products through cuBLAS.
#pragma once
#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/gemm.hpp>

#include <cublas_v2.h>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

inline void check_status(cublasStatus_t status, const char* call) {
  if (status == CUBLAS_STATUS_SUCCESS) [[likely]]
    return;
  if (status == CUBLAS_STATUS_ALLOC_FAILED) fail<Error>("{}: out of memory on the CUDA device", call);
  fail<DeviceError>("{}: {} ({})", call, cublasGetStatusString(status), cublasGetStatusName(status));
}

/// A thread's cuBLAS handle for one device.
class BlasHandle {
 public:
  BlasHandle() = default;
  ~BlasHandle() {
    if (handle_) cublasDestroy(handle_);
  }
  BlasHandle(const BlasHandle&) = delete;
  BlasHandle& operator=(const BlasHandle&) = delete;

  /// The handle, bound to the current stream.
  cublasHandle_t get() {
    if (handle_ == nullptr) check_status(cublasCreate(&handle_), "cublasCreate");
    check_status(cublasSetStream(handle_, current_stream()), "cublasSetStream");
    return handle_;
  }
  /// The calling thread's handle for the current device.
  static cublasHandle_t current() {
    static thread_local BlasHandle handles[max_devices];
    const int device = current_device();
    check<DeviceError>(device < max_devices, "cublas: device {} is beyond the {} that are supported", device, max_devices);
    return handles[device].get();
  }

 private:
  cublasHandle_t handle_ = nullptr;
};

template <class T>
inline constexpr cudaDataType blas_type = CUDA_R_32F;
template <>
inline constexpr cudaDataType blas_type<double> = CUDA_R_64F;
template <>
inline constexpr cudaDataType blas_type<half> = CUDA_R_16F;
template <>
inline constexpr cudaDataType blas_type<bfloat16> = CUDA_R_16BF;

inline bool& allow_tf32() {
  static bool on = false;
  return on;
}

template <class T>
cublasComputeType_t blas_compute_type() {
  if constexpr (std::is_same_v<T, double>) return CUBLAS_COMPUTE_64F;
  else if constexpr (std::is_same_v<T, float>) return allow_tf32() ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
  else return CUBLAS_COMPUTE_32F;
}

// What follows a product that cuBLAS does not do itself: biases and relu, in one pointwise pass.
struct AddBias {
  template <class R>
  TORCHLITE_HOST_DEVICE static R value(R x, R bias) {
    return x + bias;
  }
};
struct ReluEpilogue {
  template <class R>
  TORCHLITE_HOST_DEVICE static R value(R x) {
    return x < R(0) ? R(0) : x;
  }
};

template <class T, bool Relu>
void apply_epilogue(const GemmArguments<T>& g) {
  using R = register_t<T>;
  const Shape sizes{g.batch, g.m, g.n}, strides{g.c_batch, g.c_row, g.c_col};
  const Shape column_strides{0, 0, g.column_bias_step}, row_strides{0, g.row_bias_step, 0};
  const auto memory = [&](const T* p, const Shape& s) { return StridedMemory{const_cast<T*>(p), &sizes, &s, static_cast<int>(sizeof(T))}; };
  StridedMemory leaves[3] = {memory(g.c, strides)};
  int count = 1;
  if (g.column_bias) leaves[count++] = memory(g.column_bias, column_strides);
  if (g.row_bias) leaves[count++] = memory(g.row_bias, row_strides);
  const MapArguments a{memory(g.c, strides), leaves, count, nullptr, false};
  using One = Leaf<0, T>;
  using Two = Apply<AddBias, R, R, One, Leaf<1, T>>;
  using Three = Apply<AddBias, R, R, Two, Leaf<2, T>>;
  const auto run = [&]<class F>(F) {
    if constexpr (Relu) map<Apply<ReluEpilogue, R, R, F>, T>(Cuda{}, a);
    else if constexpr (!std::is_same_v<F, One>) map<F, T>(Cuda{}, a);
  };
  if (count == 1) run(One{});
  else if (count == 2) run(Two{});
  else run(Three{});
}

/// A matrix as cuBLAS takes it: column-major, transposed or not, with a leading dimension.
struct BlasMatrix {
  bool possible = true;
  cublasOperation_t op = CUBLAS_OP_N;
  std::int64_t leading = 1;

  /// rows x cols, as column-major: stepping down a column costs row_stride. A dimension of size 1 may have any stride.
  BlasMatrix(std::int64_t rows, std::int64_t cols, std::int64_t row_stride, std::int64_t col_stride) {
    if ((row_stride == 1 || rows == 1) && (col_stride >= rows || cols == 1)) {
      leading = cols == 1 ? rows : col_stride;
    } else if ((col_stride == 1 || cols == 1) && (row_stride >= cols || rows == 1)) {
      op = CUBLAS_OP_T;
      leading = rows == 1 ? cols : row_stride;
    } else {
      possible = false;
    }
    if (leading < 1) leading = 1;
  }
};

/// A dense copy of a batch of matrices whose strides cuBLAS does not take.
template <class T>
void copy_matrices(T* dst, const T* src, std::int64_t batch, std::int64_t rows, std::int64_t cols, const Shape& strides) {
  const Shape sizes{batch, rows, cols}, dense = contiguous_strides(sizes);
  const StridedMemory leaf{const_cast<T*>(src), &sizes, &strides, static_cast<int>(sizeof(T))};
  map<Leaf<0, T>, T>(Cuda{}, MapArguments{{dst, &sizes, &dense, static_cast<int>(sizeof(T))}, &leaf, 1, nullptr, false});
}

}  // namespace cuda

/// c = epilogue(alpha * a b + beta * c + biases) for every product of the batch; see GemmArguments.
template <class T>
void gemm(Cuda, GemmArguments<T> g) {
  static_assert(floating<T>, "matrix products on Cuda need a floating dtype; cast first: x.to<float>()");
  if (g.m <= 0 || g.n <= 0 || g.batch <= 0) return;
  // cuBLAS writes column-major; a row-major c is the transposed product.
  if (g.c_row != 1 || g.c_col < g.m) {
    std::swap(g.m, g.n);
    std::swap(g.a, g.b);
    std::swap(g.a_row, g.b_col);
    std::swap(g.a_col, g.b_row);
    std::swap(g.a_batch, g.b_batch);
    std::swap(g.c_row, g.c_col);
    std::swap(g.column_bias, g.row_bias);
    std::swap(g.column_bias_step, g.row_bias_step);
  }
  const cuda::BlasMatrix c(g.m, g.n, g.c_row, g.c_col);
  if (!c.possible || c.op != CUBLAS_OP_N) {
    // Neither rows nor columns of c are dense: by way of a dense copy.
    const cuda::Scratch scratch(static_cast<std::size_t>(g.batch * g.m * g.n) * sizeof(T));
    T* const dense = static_cast<T*>(scratch.data());
    const Shape c_strides{g.c_batch, g.c_row, g.c_col};
    if (g.beta != 0) cuda::copy_matrices(dense, g.c, g.batch, g.m, g.n, c_strides);
    GemmArguments<T> inner = g;
    inner.c = dense;
    inner.c_row = g.n, inner.c_col = 1, inner.c_batch = g.m * g.n;
    gemm(Cuda{}, inner);
    const Shape sizes{g.batch, g.m, g.n}, strides = contiguous_strides(sizes);
    const StridedMemory leaf{dense, &sizes, &strides, static_cast<int>(sizeof(T))};
    return map<Leaf<0, T>, T>(Cuda{}, MapArguments{{g.c, &sizes, &c_strides, static_cast<int>(sizeof(T))}, &leaf, 1, nullptr, false});
  }

  count_kernel();
  cuda::BlasMatrix a(g.m, g.k, g.a_row, g.a_col), b(g.k, g.n, g.b_row, g.b_col);
  const std::int64_t a_copies = g.a_batch == 0 ? 1 : g.batch, b_copies = g.b_batch == 0 ? 1 : g.batch;
  const cuda::Scratch a_scratch(a.possible ? 0 : static_cast<std::size_t>(a_copies * g.m * g.k) * sizeof(T));
  const cuda::Scratch b_scratch(b.possible ? 0 : static_cast<std::size_t>(b_copies * g.k * g.n) * sizeof(T));
  if (!a.possible) {
    cuda::copy_matrices(static_cast<T*>(a_scratch.data()), g.a, a_copies, g.m, g.k, {g.a_batch, g.a_row, g.a_col});
    g.a = static_cast<T*>(a_scratch.data());
    a = cuda::BlasMatrix(g.m, g.k, g.k, 1);
    if (g.a_batch != 0) g.a_batch = g.m * g.k;
  }
  if (!b.possible) {
    cuda::copy_matrices(static_cast<T*>(b_scratch.data()), g.b, b_copies, g.k, g.n, {g.b_batch, g.b_row, g.b_col});
    g.b = static_cast<T*>(b_scratch.data());
    b = cuda::BlasMatrix(g.k, g.n, g.n, 1);
    if (g.b_batch != 0) g.b_batch = g.k * g.n;
  }
  const register_t<T> alpha = g.alpha, beta = g.beta;
  cuda::check_status(
      cublasGemmStridedBatchedEx_64(cuda::BlasHandle::current(), a.op, b.op, g.m, g.n, g.k, &alpha, g.a, cuda::blas_type<T>, a.leading,
                                    g.a_batch, g.b, cuda::blas_type<T>, b.leading, g.b_batch, &beta, g.c, cuda::blas_type<T>, c.leading,
                                    g.c_batch, g.batch, cuda::blas_compute_type<T>(), CUBLAS_GEMM_DEFAULT),
      "cublasGemmStridedBatchedEx");
  if (g.epilogue == Epilogue::relu) cuda::apply_epilogue<T, true>(g);
  else if (g.column_bias || g.row_bias) cuda::apply_epilogue<T, false>(g);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
