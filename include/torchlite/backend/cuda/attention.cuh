// SPDX-License-Identifier: BSD-3-Clause
// Attention in kernels that never write the matrix of scores; what a block does is in attention_element.hpp and
// attention_backward_element.hpp. Tensor cores make the products for half and bfloat16, and for float if set_float32_matmul_precision allows
// TF32.
#pragma once
#include <torchlite/backend/cuda/attention_backward_element.hpp>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/team.cuh>

namespace torchlite::inline TORCHLITE_ABI::backend {
namespace cuda {

/// c += a b by the tensor cores of a warp; see the units. The GPUs before sm_80 do not have these instructions, and are not asked.
template <class Unit>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void multiply_accumulate([[maybe_unused]] float (&c)[2][2],
                                                                [[maybe_unused]] const typename Unit::A& a,
                                                                [[maybe_unused]] const typename Unit::B& b) {
#if TORCHLITE_DEVICE_PASS && __CUDA_ARCH__ >= 800
  if constexpr (std::is_same_v<Unit, MatrixUnit<half>>) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0][0]), "+f"(c[0][1]), "+f"(c[1][0]), "+f"(c[1][1])
        : "r"(a.word[0]), "r"(a.word[1]), "r"(a.word[2]), "r"(a.word[3]), "r"(b.word[0]), "r"(b.word[1]));
  } else if constexpr (std::is_same_v<Unit, MatrixUnit<bfloat16>>) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0][0]), "+f"(c[0][1]), "+f"(c[1][0]), "+f"(c[1][1])
        : "r"(a.word[0]), "r"(a.word[1]), "r"(a.word[2]), "r"(a.word[3]), "r"(b.word[0]), "r"(b.word[1]));
  } else {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0][0]), "+f"(c[0][1]), "+f"(c[1][0]), "+f"(c[1][1])
        : "r"(a.word[0]), "r"(a.word[1]), "r"(a.word[2]), "r"(a.word[3]), "r"(b.word[0]), "r"(b.word[1]));
  }
#endif
}
inline constexpr int first_with_matrix_units = 8;  ///< major number of the compute capability

/// The threads of a block on the device, each of which holds its own of what the block has for each.
template <int Threads>
struct DeviceBlock {
  static constexpr int threads = Threads;

  template <class X>
  struct Each {
    using value_type = X;
    X own;
    TORCHLITE_HOST_DEVICE TORCHLITE_INLINE X& operator[](int) { return own; }
  };

  template <class F>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void each([[maybe_unused]] F f) const {
#if TORCHLITE_DEVICE_PASS
    f(static_cast<int>(threadIdx.x));
#endif
  }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void barrier() const {
#if TORCHLITE_DEVICE_PASS
    __syncthreads();
#endif
  }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void warp_barrier() const {
#if TORCHLITE_DEVICE_PASS
    __syncwarp();
#endif
  }
  /// The values of the four threads that share a row, combined; all of them have the result.
  template <class Op, class R, int M>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void fold_rows([[maybe_unused]] Each<RowValues<R, M>>& values) const {
#if TORCHLITE_DEVICE_PASS
    repeat<M>([&](int i) {
      R& v = values.own.v[i];
      v = Op::combine(v, __shfl_xor_sync(0xffffffffu, v, 1));
      v = Op::combine(v, __shfl_xor_sync(0xffffffffu, v, 2));
    });
#endif
  }
  /// Column n of squares of c += a b, by all warps.
  template <class Unit, class Parts>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void multiply(Parts& c, int n, Each<typename Unit::A>& a, Each<typename Unit::B>& b) const {
    multiply_accumulate<Unit>(c.own.v[n], a.own, b.own);
  }
};

template <class Task>
__global__ void __launch_bounds__(Task::threads) attention_kernel(const __grid_constant__ Task task) {
  extern __shared__ __align__(16) unsigned char attention_memory[];
  task.run(DeviceBlock<Task::threads>{}, blockIdx.x, reinterpret_cast<typename Task::T*>(attention_memory));
}

template <class Task>
void launch_attention(const char* name, const Task& task) {
  constexpr std::size_t bytes = Task::shared_elements * sizeof(typename Task::T);
  static_assert(bytes <= 99 * 1024, "more shared memory than every device of sm_80 and later has for a block");
  const std::int64_t blocks = task.blocks();
  check<Error>(blocks < std::int64_t{1} << 31, "{}: {} tiles of queries or keys are more than a launch can have", name, blocks);
  const auto kernel = &attention_kernel<Task>;
  if constexpr (bytes > 48 * 1024) {
    static thread_local bool allowed[max_devices] = {};
    bool& done = allowed[current_device()];
    if (!done)
      check_status(cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize, bytes),
                   "cudaFuncSetAttribute");
    done = true;
  }
  kernel<<<static_cast<unsigned>(blocks), Task::threads, bytes, current_stream()>>>(task);
  check_launch(name);
}

inline bool has_matrix_units() { return get_device_capability().first >= first_with_matrix_units; }
/// Whether the products of a dtype are made by tensor cores.
template <class T>
bool takes_matrix_units() {
  return sizeof(T) == 2 || (std::is_same_v<T, float> && allow_tf32() && has_matrix_units());
}

}  // namespace cuda

/// Whether the kernels do heads [rows, width] and [rows, value_width] of tensors of this rank on the current device.
template <class T>
bool takes_attention(Cuda, std::int64_t width, std::int64_t value_width, int rank) {
  return rank <= 4 && width <= cuda::widest_head && value_width <= cuda::widest_head && (sizeof(T) > 2 || cuda::has_matrix_units());
}

/// out = the attention of each query, logs [heads * group, queries] = the logarithm to base 2 of its sum of exponentials, for backward.
template <class T>
void attention_forward(Cuda, const AttentionArguments<T, HeadStrides>& a, const HeadStrides<T>& out, register_t<T>* logs) {
  count_kernel("attention_forward");
  cuda::with_attention_unit<T>(std::max(a.width, a.value_width), cuda::takes_matrix_units<T>(), [&](auto unit, auto width) {
    using Task = cuda::AttentionForward<decltype(unit), decltype(width)::value>;
    cuda::launch_attention("attention_forward", Task{cuda::attention_task(a), cuda::head_matrix(out, a.value_width), logs});
  });
}

/// The gradients of q, k and v, all of which are written. out and logs are forward's results.
template <class T>
void attention_backward(Cuda, const AttentionArguments<T, HeadStrides>& a, const HeadStrides<const T>& out, const register_t<T>* logs,
                        const HeadStrides<const T>& dout, const HeadStrides<T>& dq, const HeadStrides<T>& dk, const HeadStrides<T>& dv) {
  count_kernel("attention_backward");
  using R = register_t<T>;
  const std::int64_t rows = a.heads * a.group * a.queries;
  const cuda::Scratch scratch(static_cast<std::size_t>(rows) * sizeof(R));
  R* const inner = static_cast<R*>(scratch.data());
  constexpr int packet = cuda::row_width<T>;
  const auto gradient = cuda::head_matrix(dout, a.value_width);
  cuda::launch_rows<packet>("attention_inner", cuda::AttentionInner<T>{a.queries, a.value_width, out, dout, inner}, rows, a.value_width, 1,
                            gradient.packets && cuda::head_matrix(out, a.value_width).packets);
  const cuda::AttentionSlopes<T> in{cuda::attention_task(a), gradient, logs, inner, a.scale};
  cuda::with_attention_unit<T>(std::max(a.width, a.value_width), cuda::takes_matrix_units<T>(), [&](auto unit, auto width) {
    using U = decltype(unit);
    constexpr int columns = decltype(width)::value;
    cuda::launch_attention("attention_backward", cuda::AttentionBackwardQueries<U, columns>{in, cuda::head_matrix(dq, a.width)});
    cuda::launch_attention("attention_backward", cuda::AttentionBackwardKeys<U, columns>{in, cuda::head_matrix(dk, a.width),
                                                                                         cuda::head_matrix(dv, a.value_width)});
  });
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
