// SPDX-License-Identifier: BSD-3-Clause
// Convolution through cuDNN. Only algorithms whose sums always run in the same order are taken; where there is none for a shape the
// caller computes it otherwise.
#pragma once
#include <torchlite/backend/conv.hpp>
#include <torchlite/backend/cuda/gemm.cuh>

#include <cudnn.h>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

inline void check_status(cudnnStatus_t status, const char* call) {
  if (status == CUDNN_STATUS_SUCCESS) [[likely]]
    return;
  fail<DeviceError>("{}: {}", call, cudnnGetErrorString(status));
}

/// Something that cuDNN creates and destroys.
template <class Handle, cudnnStatus_t (*Create)(Handle*), cudnnStatus_t (*Destroy)(Handle)>
class CudnnObject {
 public:
  CudnnObject() { check_status(Create(&handle_), "cudnnCreate"); }
  ~CudnnObject() { Destroy(handle_); }
  CudnnObject(const CudnnObject&) = delete;
  CudnnObject& operator=(const CudnnObject&) = delete;
  operator Handle() const { return handle_; }  // NOLINT(google-explicit-constructor): it stands for the handle

 private:
  Handle handle_ = nullptr;
};
using CudnnTensor = CudnnObject<cudnnTensorDescriptor_t, cudnnCreateTensorDescriptor, cudnnDestroyTensorDescriptor>;
using CudnnFilter = CudnnObject<cudnnFilterDescriptor_t, cudnnCreateFilterDescriptor, cudnnDestroyFilterDescriptor>;
using CudnnMovement = CudnnObject<cudnnConvolutionDescriptor_t, cudnnCreateConvolutionDescriptor, cudnnDestroyConvolutionDescriptor>;

/// The calling thread's handle for the current device, bound to the current stream.
inline cudnnHandle_t cudnn_handle() {
  using Handle = CudnnObject<cudnnHandle_t, cudnnCreate, cudnnDestroy>;
  static thread_local std::optional<Handle> handles[max_devices];
  const int device = current_device();
  check<DeviceError>(device < max_devices, "cudnn: device {} is beyond the {} that are supported", device, max_devices);
  if (!handles[device]) handles[device].emplace();
  check_status(cudnnSetStream(*handles[device], current_stream()), "cudnnSetStream");
  return *handles[device];
}

template <class T>
inline constexpr cudnnDataType_t cudnn_type = CUDNN_DATA_FLOAT;
template <>
inline constexpr cudnnDataType_t cudnn_type<double> = CUDNN_DATA_DOUBLE;
template <>
inline constexpr cudnnDataType_t cudnn_type<half> = CUDNN_DATA_HALF;
template <>
inline constexpr cudnnDataType_t cudnn_type<bfloat16> = CUDNN_DATA_BFLOAT16;

/// A convolution as cuDNN describes it.
template <class T>
struct CudnnConvolution {
  explicit CudnnConvolution(const Conv2dShape& s) {
    const auto n = [](std::int64_t v) { return static_cast<int>(v); };
    constexpr auto type = cudnn_type<T>;
    const auto tensor = [&](const CudnnTensor& t, std::int64_t c, std::int64_t h, std::int64_t v) {
      check_status(cudnnSetTensor4dDescriptor(t, CUDNN_TENSOR_NCHW, type, n(s.batch), n(c), n(h), n(v)), "cudnnSetTensor4dDescriptor");
    };
    tensor(x, s.in_channels, s.in_h, s.in_w);
    tensor(y, s.out_channels, s.out_h, s.out_w);
    check_status(cudnnSetFilter4dDescriptor(w, type, CUDNN_TENSOR_NCHW, n(s.out_channels), n(s.group_in()), n(s.kernel_h), n(s.kernel_w)),
                 "cudnnSetFilter4dDescriptor");
    check_status(cudnnSetConvolution2dDescriptor(movement, n(s.pad_h), n(s.pad_w), n(s.stride_h), n(s.stride_w), n(s.dilation_h),
                                                 n(s.dilation_w), CUDNN_CROSS_CORRELATION, cudnn_type<register_t<T>>),
                 "cudnnSetConvolution2dDescriptor");
    check_status(cudnnSetConvolutionGroupCount(movement, n(s.groups)), "cudnnSetConvolutionGroupCount");
    const bool fast = !std::is_same_v<T, register_t<T>> || (std::is_same_v<T, float> && allow_tf32());
    check_status(cudnnSetConvolutionMathType(movement, fast ? CUDNN_TENSOR_OP_MATH : CUDNN_FMA_MATH), "cudnnSetConvolutionMathType");
  }
  CudnnTensor x, y;
  CudnnFilter w;
  CudnnMovement movement;
};

/// The dimensions fit cuDNN's integers.
inline bool fits_cudnn(const Conv2dShape& s) {
  return s.batch * s.in_channels * s.in_plane() < index_limit && s.batch * s.out_channels * s.out_plane() < index_limit;
}
/// Runs a convolution with the first of cuDNN's algorithms, best first, that always sums in the same order; false if there is none.
///   find(most, count, found) and run(algorithm, workspace, bytes) are the two calls of cuDNN, and name is the second one's
template <class Found, class Find, class Run>
bool run_deterministic(const char* name, Find find, Run run) {
  constexpr int most = 8;
  Found found[most];
  int count = 0;
  if (find(most, &count, found) != CUDNN_STATUS_SUCCESS) return false;
  for (int i = 0; i < count; ++i) {
    if (found[i].status != CUDNN_STATUS_SUCCESS || found[i].determinism != CUDNN_DETERMINISTIC) continue;
    const Scratch workspace(found[i].memory);
    check_status(run(found[i].algo, workspace.data(), found[i].memory), name);
    return true;
  }
  return false;
}

/// conv2d_forward; false if cuDNN does not do it.
template <class T>
bool cudnn_forward(const Conv2dShape& s, const T* x, const T* w, const T* bias, T* y, Epilogue epilogue) {
  if (!fits_cudnn(s)) return false;
  const cudnnHandle_t handle = cudnn_handle();
  const CudnnConvolution<T> c(s);
  const register_t<T> one = 1, zero = 0;
  const bool done = run_deterministic<cudnnConvolutionFwdAlgoPerf_t>(
      "cudnnConvolutionForward",
      [&](int most, int* count, auto* found) {
        return cudnnGetConvolutionForwardAlgorithm_v7(handle, c.x, c.w, c.movement, c.y, most, count, found);
      },
      [&](auto algorithm, void* memory, std::size_t bytes) {
        return cudnnConvolutionForward(handle, &one, c.x, x, c.w, w, c.movement, algorithm, memory, bytes, &zero, c.y, y);
      });
  if (!done || (bias == nullptr && epilogue == Epilogue::none)) return done;
  GemmArguments<T> g;  // bias and relu in one pass, as after a product
  g.batch = s.batch, g.m = s.out_channels, g.n = s.out_plane();
  g.c = y, g.c_row = s.out_plane(), g.c_col = 1, g.c_batch = s.out_channels * s.out_plane();
  g.row_bias = bias;
  g.epilogue = epilogue;
  apply_epilogue(g);
  return true;
}

/// conv2d_backward_input; false if cuDNN does not do it.
template <class T>
bool cudnn_backward_input(const Conv2dShape& s, const T* dy, const T* w, T* dx) {
  if (!fits_cudnn(s)) return false;
  const cudnnHandle_t handle = cudnn_handle();
  const CudnnConvolution<T> c(s);
  const register_t<T> one = 1, zero = 0;
  return run_deterministic<cudnnConvolutionBwdDataAlgoPerf_t>(
      "cudnnConvolutionBackwardData",
      [&](int most, int* count, auto* found) {
        return cudnnGetConvolutionBackwardDataAlgorithm_v7(handle, c.w, c.y, c.movement, c.x, most, count, found);
      },
      [&](auto algorithm, void* memory, std::size_t bytes) {
        return cudnnConvolutionBackwardData(handle, &one, c.w, w, c.y, dy, c.movement, algorithm, memory, bytes, &zero, c.x, dx);
      });
}

/// conv2d_backward_weight; false if cuDNN does not do it.
template <class T>
bool cudnn_backward_weight(const Conv2dShape& s, const T* dy, const T* x, T* dw) {
  if (!fits_cudnn(s)) return false;
  const cudnnHandle_t handle = cudnn_handle();
  const CudnnConvolution<T> c(s);
  const register_t<T> one = 1, zero = 0;
  return run_deterministic<cudnnConvolutionBwdFilterAlgoPerf_t>(
      "cudnnConvolutionBackwardFilter",
      [&](int most, int* count, auto* found) {
        return cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle, c.x, c.y, c.movement, c.w, most, count, found);
      },
      [&](auto algorithm, void* memory, std::size_t bytes) {
        return cudnnConvolutionBackwardFilter(handle, &one, c.x, x, c.y, dy, c.movement, algorithm, memory, bytes, &zero, c.w, dw);
      });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
