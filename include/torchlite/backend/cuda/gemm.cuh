// SPDX-License-Identifier: BSD-3-Clause
// Matrix products through cuBLAS.
#pragma once
#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/gemm.hpp>
#include <torchlite/core/math/hyperbolic.hpp>

#include <cublasLt.h>
#include <cublas_v2.h>

#include <unordered_map>

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
template <>
inline constexpr cudaDataType blas_type<std::complex<float>> = CUDA_C_32F;
template <>
inline constexpr cudaDataType blas_type<std::complex<double>> = CUDA_C_64F;

/// Whether products of floats may round their operands to TF32; see set_float32_matmul_precision.
inline bool allow_tf32() { return float32_matmul_precision() != MatmulPrecision::highest; }

template <class T>
cublasComputeType_t blas_compute_type() {
  if constexpr (std::is_same_v<real_t<T>, double>) return CUBLAS_COMPUTE_64F;
  else if constexpr (std::is_same_v<real_t<T>, float>) return allow_tf32() ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
  else return CUBLAS_COMPUTE_32F;
}

// What follows a product that cuBLAS does not do itself: biases, relu and gelu, in one pointwise pass.
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
struct GeluEpilogue {
  template <class R>
  TORCHLITE_HOST_DEVICE static R value(R x) {
    return math::gelu_tanh(x);
  }
};

template <class T, Epilogue E>
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
    if constexpr (E == Epilogue::relu) map<Apply<ReluEpilogue, R, R, F>, T>(Cuda{}, a);
    else if constexpr (E == Epilogue::gelu) map<Apply<GeluEpilogue, R, R, F>, T>(Cuda{}, a);
    else if constexpr (!std::is_same_v<F, One>) map<F, T>(Cuda{}, a);
  };
  if (count == 1) run(One{});
  else if (count == 2) run(Two{});
  else run(Three{});
}

/// The epilogue that g asks for, of a c that holds the product.
template <class T>
void apply_epilogue(const GemmArguments<T>& g) {
  if constexpr (complex_number<T>) {
    check<Error>(g.epilogue == Epilogue::none, "gemm: products of complex matrices are not clamped; do that to their result");
    if (g.column_bias || g.row_bias) apply_epilogue<T, Epilogue::none>(g);
    return;
  } else {
    if (g.epilogue == Epilogue::relu) return apply_epilogue<T, Epilogue::relu>(g);
    if (g.epilogue == Epilogue::none || g.before_gelu != nullptr) {
      if (g.column_bias || g.row_bias) apply_epilogue<T, Epilogue::none>(g);
      if (g.epilogue == Epilogue::none) return;
      GemmArguments<T> rest = g;  // gelu alone, after a copy
      rest.column_bias = rest.row_bias = rest.before_gelu = nullptr;
      const Shape sizes{g.batch, g.m, g.n}, strides{g.c_batch, g.c_row, g.c_col};
      const StridedMemory c{g.c, &sizes, &strides, static_cast<int>(sizeof(T))};
      map<Leaf<0, T>, T>(Cuda{}, MapArguments{{g.before_gelu, &sizes, &strides, static_cast<int>(sizeof(T))}, &c, 1, nullptr, false});
      return apply_epilogue<T, Epilogue::gelu>(rest);
    }
    apply_epilogue<T, Epilogue::gelu>(g);
  }
}

// --- cuBLASLt: products that add a bias to each row and apply relu or gelu while the result is still in registers ---------
/// Something that cuBLASLt creates and destroys.
template <class Handle, cublasStatus_t (*Destroy)(Handle)>
class LtObject {
 public:
  LtObject() = default;
  ~LtObject() {
    if (handle_) Destroy(handle_);
  }
  LtObject(const LtObject&) = delete;
  LtObject& operator=(const LtObject&) = delete;
  operator Handle() const { return handle_; }  // NOLINT(google-explicit-constructor): it stands for the handle
  Handle* address() { return &handle_; }

 private:
  Handle handle_ = nullptr;
};
using LtProduct = LtObject<cublasLtMatmulDesc_t, cublasLtMatmulDescDestroy>;
using LtMatrix = LtObject<cublasLtMatrixLayout_t, cublasLtMatrixLayoutDestroy>;
using LtPreference = LtObject<cublasLtMatmulPreference_t, cublasLtMatmulPreferenceDestroy>;

/// What the choice of an algorithm depends on.
struct LtKey {
  std::int64_t m, n, k, a_leading, b_leading, c_leading;
  int a_op, b_op, type, epilogue, alignment, compute;

  friend bool operator==(const LtKey&, const LtKey&) = default;
};
struct LtKeyHash {
  std::size_t operator()(const LtKey& key) const {
    std::size_t h = 0;
    for (const std::int64_t v :
         {key.m, key.n, key.k, key.a_leading, key.b_leading, key.c_leading, std::int64_t{key.a_op}, std::int64_t{key.b_op},
          std::int64_t{key.type}, std::int64_t{key.epilogue}, std::int64_t{key.alignment}, std::int64_t{key.compute}})
      h = h * 0x9e3779b97f4a7c15u + static_cast<std::size_t>(v) + (h >> 29);
    return h;
  }
};
inline constexpr std::size_t lt_workspace = std::size_t{4} << 20;

/// Largest power of two up to 256 that all addresses are multiples of.
inline int common_alignment(std::initializer_list<const void*> addresses) {
  std::uintptr_t bits = 256;
  for (const void* p : addresses) bits |= reinterpret_cast<std::uintptr_t>(p);
  return static_cast<int>(bits & (~bits + 1));
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

/// cuBLASLt's name for an epilogue; its gelu is the tanh approximation. keeps: what gelu is applied to is stored as well.
constexpr cublasLtEpilogue_t lt_epilogue(Epilogue epilogue, bool bias, bool keeps) {
  switch (epilogue) {
    case Epilogue::relu: return bias ? CUBLASLT_EPILOGUE_RELU_BIAS : CUBLASLT_EPILOGUE_RELU;
    case Epilogue::gelu:
      if (keeps) return bias ? CUBLASLT_EPILOGUE_GELU_AUX_BIAS : CUBLASLT_EPILOGUE_GELU_AUX;
      return bias ? CUBLASLT_EPILOGUE_GELU_BIAS : CUBLASLT_EPILOGUE_GELU;
    default: return bias ? CUBLASLT_EPILOGUE_BIAS : CUBLASLT_EPILOGUE_DEFAULT;
  }
}

/// c = epilogue(alpha * a b + row_bias) as one kernel; false if cuBLASLt has none for it. c is not read.
template <class T>
bool lt_gemm(const GemmArguments<T>& g, const BlasMatrix& a, const BlasMatrix& b, const BlasMatrix& c) {
  if (g.batch != 1 || g.beta != 0 || g.column_bias != nullptr || g.row_bias_step != 1 || g.k <= 0) return false;
  if (g.before_gelu != nullptr && (c.leading % 8 != 0 || !is_aligned(g.before_gelu, 16))) return false;
  constexpr cudaDataType type = blas_type<T>;
  constexpr cudaDataType scale = std::is_same_v<T, double> ? CUDA_R_64F : CUDA_R_32F;
  const cublasComputeType_t compute = blas_compute_type<T>();
  LtProduct product;
  LtMatrix a_layout, b_layout, c_layout;
  check_status(cublasLtMatmulDescCreate(product.address(), compute, scale), "cublasLtMatmulDescCreate");
  const auto set = [&](cublasLtMatmulDescAttributes_t attribute, const auto& value) {
    check_status(cublasLtMatmulDescSetAttribute(product, attribute, &value, sizeof(value)), "cublasLtMatmulDescSetAttribute");
  };
  const cublasLtEpilogue_t epilogue = lt_epilogue(g.epilogue, g.row_bias != nullptr, g.before_gelu != nullptr);
  set(CUBLASLT_MATMUL_DESC_TRANSA, a.op);
  set(CUBLASLT_MATMUL_DESC_TRANSB, b.op);
  set(CUBLASLT_MATMUL_DESC_EPILOGUE, epilogue);
  if (g.row_bias != nullptr) set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, g.row_bias);
  if (g.before_gelu != nullptr) {
    set(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, g.before_gelu);
    set(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, c.leading);
  }
  const auto layout = [&](LtMatrix& matrix, const BlasMatrix& m, std::int64_t rows, std::int64_t cols) {
    const bool turned = m.op != CUBLAS_OP_N;
    check_status(cublasLtMatrixLayoutCreate(matrix.address(), type, static_cast<std::uint64_t>(turned ? cols : rows),
                                            static_cast<std::uint64_t>(turned ? rows : cols), m.leading),
                 "cublasLtMatrixLayoutCreate");
  };
  layout(a_layout, a, g.m, g.k);
  layout(b_layout, b, g.k, g.n);
  layout(c_layout, c, g.m, g.n);

  // The search for an algorithm costs as much as a small product, so that each shape is looked up once.
  static thread_local std::unordered_map<LtKey, cublasLtMatmulHeuristicResult_t, LtKeyHash> found[max_devices];
  const int device = current_device();
  if (device >= max_devices) return false;
  const LtKey key{g.m,
                  g.n,
                  g.k,
                  a.leading,
                  b.leading,
                  c.leading,
                  a.op,
                  b.op,
                  type,
                  epilogue,
                  common_alignment({g.a, g.b, g.c, g.row_bias, g.before_gelu}),
                  compute};
  const auto handle = reinterpret_cast<cublasLtHandle_t>(BlasHandle::current());  // a cuBLAS handle is one of cuBLASLt, too
  auto at = found[device].find(key);
  if (at == found[device].end()) {
    LtPreference preference;
    check_status(cublasLtMatmulPreferenceCreate(preference.address()), "cublasLtMatmulPreferenceCreate");
    const auto prefer = [&](cublasLtMatmulPreferenceAttributes_t attribute, const auto& value) {
      check_status(cublasLtMatmulPreferenceSetAttribute(preference, attribute, &value, sizeof(value)),
                   "cublasLtMatmulPreferenceSetAttribute");
    };
    prefer(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, lt_workspace);
    const auto alignment = static_cast<std::uint32_t>(key.alignment);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, alignment);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, alignment);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, alignment);
    prefer(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, alignment);
    cublasLtMatmulHeuristicResult_t result{};
    int count = 0;
    const cublasStatus_t status =
        cublasLtMatmulAlgoGetHeuristic(handle, product, a_layout, b_layout, c_layout, c_layout, preference, 1, &result, &count);
    if (status != CUBLAS_STATUS_SUCCESS || count == 0) result.state = CUBLAS_STATUS_NOT_SUPPORTED;
    at = found[device].emplace(key, result).first;
  }
  if (at->second.state != CUBLAS_STATUS_SUCCESS) return false;
  const Scratch workspace(at->second.workspaceSize);
  const register_t<T> alpha = g.alpha, beta = 0;
  check_status(cublasLtMatmul(handle, product, &alpha, g.a, a_layout, g.b, b_layout, &beta, g.c, c_layout, g.c, c_layout, &at->second.algo,
                              workspace.data(), at->second.workspaceSize, current_stream()),
               "cublasLtMatmul");
  return true;
}

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
  static_assert(differentiable<T>, "matrix products on Cuda need a floating or complex dtype; cast first: x.to<float>()");
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
    check<Error>(g.before_gelu == nullptr, "gemm: what gelu is applied to is kept only beside a result whose rows or columns are dense");
    const cuda::Scratch scratch(static_cast<std::size_t>(g.batch * g.m * g.n) * sizeof(T));
    T* const dense = static_cast<T*>(scratch.data());
    const Shape c_strides{g.c_batch, g.c_row, g.c_col};
    if (g.beta != register_t<T>(0)) cuda::copy_matrices(dense, g.c, g.batch, g.m, g.n, c_strides);
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
  if constexpr (!complex_number<T>) {
    if ((g.row_bias != nullptr || g.epilogue != Epilogue::none) && cuda::lt_gemm(g, a, b, c)) return;
  }
  const register_t<T> alpha = g.alpha, beta = g.beta;
  cuda::check_status(
      cublasGemmStridedBatchedEx_64(cuda::BlasHandle::current(), a.op, b.op, g.m, g.n, g.k, &alpha, g.a, cuda::blas_type<T>, a.leading,
                                    g.a_batch, g.b, cuda::blas_type<T>, b.leading, g.b_batch, &beta, g.c, cuda::blas_type<T>, c.leading,
                                    g.c_batch, g.batch, cuda::blas_compute_type<T>(), CUBLAS_GEMM_DEFAULT),
      "cublasGemmStridedBatchedEx");
  cuda::apply_epilogue(g);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
