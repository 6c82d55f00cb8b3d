// SPDX-License-Identifier: BSD-3-Clause
// Convolution: by cuDNN where the program is linked with it, else by matrix products with columns of patches.
#pragma once
#include <torchlite/backend/cuda/conv_element.hpp>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/team.cuh>
#if defined(TORCHLITE_WITH_CUDNN)
#include <torchlite/backend/cuda/cudnn.cuh>
#endif

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

inline bool is_depthwise(const Conv2dShape& s) { return s.group_in() == 1 && s.group_out() <= 4; }

/// The columns of some images of a group: the images themselves if the kernel is one pixel.
template <class T>
class Columns {
 public:
  /// together: the images of a depth stand side by side, for one product over all of them.
  Columns(const Conv2dShape& s, std::int64_t images, bool together)
      : layout_{s, s.group_in(), together ? images * s.out_plane() : s.out_plane(), together ? s.out_plane() : s.depth() * s.out_plane()},
        scratch_(static_cast<std::size_t>(images * s.depth() * s.out_plane()) * sizeof(T)) {}

  T* data() const { return static_cast<T*>(scratch_.data()); }
  void fill(const T* x, std::int64_t images) const {
    const Conv2dShape& s = layout_.s;
    launch_each("conv2d_columns", PatchesToColumns<T>{layout_, x, data()}, images * s.group_in() * s.out_plane());
  }
  void add_up(T* dx, std::int64_t images) const {
    const Conv2dShape& s = layout_.s;
    launch_each("conv2d_columns", ColumnsToPatches<T>{layout_, data(), dx}, images * s.group_in() * s.in_plane());
  }

 private:
  ColumnLayout layout_;
  Scratch scratch_;
};

template <class T>
void forward_by_columns(const Conv2dShape& s, const T* x, const T* w, const T* bias, T* y, Epilogue epilogue) {
  if (is_depthwise(s))
    return launch_each("conv2d_depthwise", DepthwiseForward<T>{s, x, w, bias, y, epilogue == Epilogue::relu},
                       s.batch * s.out_channels * s.out_plane());
  const std::int64_t images = s.pointwise() ? s.batch : images_at_a_time(s.batch, s.depth() * s.out_plane() * std::int64_t{sizeof(T)});
  const Columns<T> columns(s, s.pointwise() ? 0 : images, false);
  for (std::int64_t b = 0; b < s.batch; b += images) {
    const std::int64_t count = std::min(images, s.batch - b);
    for (std::int64_t g = 0; g < s.groups; ++g) {
      const T* const in = x + (b * s.in_channels + g * s.group_in()) * s.in_plane();
      if (!s.pointwise()) columns.fill(in, count);
      GemmArguments<T> product =
          GemmArguments<T>::dense(s.group_out(), s.out_plane(), s.depth(), w + g * s.group_out() * s.depth(),
                                  s.pointwise() ? in : columns.data(), y + (b * s.out_channels + g * s.group_out()) * s.out_plane());
      product.batch = count, product.a_batch = 0, product.c_batch = s.out_channels * s.out_plane();
      product.b_batch = s.pointwise() ? s.in_channels * s.in_plane() : s.depth() * s.out_plane();
      product.row_bias = bias ? bias + g * s.group_out() : nullptr;
      product.epilogue = epilogue;
      gemm(Cuda{}, product);
    }
  }
}

template <class T>
void backward_input_by_columns(const Conv2dShape& s, const T* dy, const T* w, T* dx) {
  if (is_depthwise(s))
    return launch_each("conv2d_depthwise", DepthwiseBackwardInput<T>{s, dy, w, dx}, s.batch * s.in_channels * s.in_plane());
  const std::int64_t images = s.pointwise() ? s.batch : images_at_a_time(s.batch, s.depth() * s.out_plane() * std::int64_t{sizeof(T)});
  const Columns<T> columns(s, s.pointwise() ? 0 : images, false);
  for (std::int64_t b = 0; b < s.batch; b += images) {
    const std::int64_t count = std::min(images, s.batch - b);
    for (std::int64_t g = 0; g < s.groups; ++g) {
      T* const out = dx + (b * s.in_channels + g * s.group_in()) * s.in_plane();
      GemmArguments<T> product =
          GemmArguments<T>::dense(s.depth(), s.out_plane(), s.group_out(), w + g * s.group_out() * s.depth(),
                                  dy + (b * s.out_channels + g * s.group_out()) * s.out_plane(), s.pointwise() ? out : columns.data());
      product.a_row = 1, product.a_col = s.depth();
      product.batch = count, product.a_batch = 0, product.b_batch = s.out_channels * s.out_plane();
      product.c_batch = s.pointwise() ? s.in_channels * s.in_plane() : s.depth() * s.out_plane();
      gemm(Cuda{}, product);
      if (!s.pointwise()) columns.add_up(out, count);
    }
  }
}

template <class T>
void backward_weight_by_columns(const Conv2dShape& s, const T* dy, const T* x, T* dw) {
  if (is_depthwise(s))
    return launch_rows<1>("conv2d_depthwise", DepthwiseBackwardWeight<T>{s, dy, x, dw}, s.out_channels * s.taps(), s.batch * s.out_plane(),
                          1, false);
  const std::int64_t plane = s.out_plane(), out = s.group_out(),
                     images = images_at_a_time(s.batch, (s.depth() + out) * plane * std::int64_t{sizeof(T)});
  const Scratch gradients(static_cast<std::size_t>(out * images * plane) * sizeof(T));
  T* const rows = static_cast<T*>(gradients.data());
  for (std::int64_t b = 0; b < s.batch; b += images) {
    const std::int64_t count = std::min(images, s.batch - b);
    const Columns<T> columns(s, count, true);
    for (std::int64_t g = 0; g < s.groups; ++g) {
      columns.fill(x + (b * s.in_channels + g * s.group_in()) * s.in_plane(), count);
      copy_matrices(rows, dy + (b * s.out_channels + g * out) * plane, out, count, plane, {plane, s.out_channels * plane, 1});
      GemmArguments<T> product = GemmArguments<T>::dense(out, s.depth(), count * plane, rows, columns.data(), dw + g * out * s.depth());
      product.b_row = 1, product.b_col = count * plane;
      product.beta = b == 0 ? 0 : 1;
      gemm(Cuda{}, product);
    }
  }
}

}  // namespace cuda

/// y = epilogue(x * w + bias); bias may be null. See Conv2dShape for the layouts.
template <class T>
void conv2d_forward(Cuda, const Conv2dShape& s, const T* x, const T* w, const T* bias, T* y, Epilogue epilogue = Epilogue::none) {
  static_assert(floating<T>, "conv2d: elements must be floating-point");
  if (s.empty()) return;
#if defined(TORCHLITE_WITH_CUDNN)
  if (cuda::cudnn_forward(s, x, w, bias, y, epilogue)) return;
#endif
  cuda::forward_by_columns(s, x, w, bias, y, epilogue);
}

/// dx, the gradient with respect to x, from dy, the gradient with respect to y.
template <class T>
void conv2d_backward_input(Cuda, const Conv2dShape& s, const T* dy, const T* w, T* dx) {
  const std::int64_t count = s.batch * s.in_channels * s.in_plane();
  if (count == 0) return;
  if (s.empty())
    return cuda::check_status(cudaMemsetAsync(dx, 0, static_cast<std::size_t>(count) * sizeof(T), cuda::current_stream()),
                              "cudaMemsetAsync");
#if defined(TORCHLITE_WITH_CUDNN)
  if (cuda::cudnn_backward_input(s, dy, w, dx)) return;
#endif
  cuda::backward_input_by_columns(s, dy, w, dx);
}

/// dw, the gradient with respect to w, summed over the batch.
template <class T>
void conv2d_backward_weight(Cuda, const Conv2dShape& s, const T* dy, const T* x, T* dw) {
  const std::int64_t count = s.out_channels * s.depth();
  if (count == 0) return;
  if (s.empty())
    return cuda::check_status(cudaMemsetAsync(dw, 0, static_cast<std::size_t>(count) * sizeof(T), cuda::current_stream()),
                              "cudaMemsetAsync");
#if defined(TORCHLITE_WITH_CUDNN)
  if (cuda::cudnn_backward_weight(s, dy, x, dw)) return;
#endif
  cuda::backward_weight_by_columns(s, dy, x, dw);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
