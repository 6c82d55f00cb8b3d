// SPDX-License-Identifier: BSD-3-Clause
// Delivers the gradients that a backward block wrote: straight into memory, converted, added, or summed over broadcast
// dimensions.
#pragma once
#include <torchlite/backend/cpu/blocks.hpp>
#include <torchlite/backend/cpu/stream.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// dst[i * stride] (+)= src[i]; stride 0 adds the sum of src.
template <class T, class R>
inline void deliver_run(void* dst_memory, std::int64_t stride, const void* src_memory, std::int64_t n, bool add) {
  auto* dst = static_cast<T*>(dst_memory);
  auto* src = static_cast<const R*>(src_memory);
  if (stride == 0) {
    R lanes[lane_count] = {};
    std::int64_t i = 0;
    for (; i + lane_count <= n; i += lane_count)
      for (std::int64_t k = 0; k < lane_count; ++k) lanes[k] += src[i + k];
    R sum = 0;
    for (R lane : lanes) sum += lane;
    for (; i < n; ++i) sum += src[i];
    *dst = static_cast<T>(static_cast<R>(*dst) + sum);
  } else if (stride == 1) {
    if (add) {
      TORCHLITE_VECTORIZE
      for (std::int64_t i = 0; i < n; ++i) dst[i] = static_cast<T>(static_cast<R>(dst[i]) + src[i]);
    } else {
      TORCHLITE_VECTORIZE
      for (std::int64_t i = 0; i < n; ++i) dst[i] = static_cast<T>(src[i]);
    }
  } else {
    for (std::int64_t i = 0; i < n; ++i) dst[i * stride] = static_cast<T>((add ? static_cast<R>(dst[i * stride]) : R(0)) + src[i]);
  }
}

inline void deliver_run(Dtype dtype, void* dst, std::int64_t stride, const void* src, std::int64_t n, bool add) {
  switch (dtype) {
    case Dtype::float64: return deliver_run<double, double>(dst, stride, src, n, add);
    case Dtype::float16: return deliver_run<half, float>(dst, stride, src, n, add);
    case Dtype::bfloat16: return deliver_run<bfloat16, float>(dst, stride, src, n, add);
    case Dtype::complex64: return deliver_run<std::complex<float>, std::complex<float>>(dst, stride, src, n, add);
    case Dtype::complex128: return deliver_run<std::complex<double>, std::complex<double>>(dst, stride, src, n, add);
    default: return deliver_run<float, float>(dst, stride, src, n, add);
  }
}

class GradientCollector {
 public:
  /// Where a block function writes; one per thread.
  struct Buffers {
    void* pointers[max_leaves];
    std::byte* own[max_leaves];  ///< where in memory
    bool buffered[max_leaves];
    alignas(64) std::byte memory[max_leaves * block_size * max_element_size];
  };

  GradientCollector(const GradientTarget* targets, int count, const LoopPlan& plan, std::int64_t numel, std::int64_t chunks)
      : targets_(targets), count_(count), plan_(plan), chunks_(chunks) {
    for (int k = 0; k < count; ++k) {
      const GradientTarget& t = targets[k];
      Way& way = ways_[k];
      if (t.mode == GradientMode::none) continue;
      for (int j = 0; j < k; ++j)  // what is added to is read again at once
        if (targets[j].memory.data == t.memory.data) ways_[j].streamed = false;
      const std::int64_t own = t.memory.sizes->numel();
      if (own != numel) {
        way.sum = true;
        way.size = own;
        way.register_dtype = t.dtype < Dtype::float32 ? Dtype::float32 : t.dtype;
        way.register_size = static_cast<int>(size_of(way.register_dtype));
        way.partial.resize(static_cast<std::size_t>(chunks * own * way.register_size));
      } else {
        way.direct = t.mode == GradientMode::write && t.dtype != Dtype::float16 && t.dtype != Dtype::bfloat16;
        way.streamed = way.direct && is_streamed(t.memory.data, numel * t.memory.element_size);
      }
    }
  }

  /// Where the block function writes the gradients of elements [at, at + n).
  void* const* pointers(Buffers& buffers, std::int64_t at, std::int64_t n) const {
    std::byte* memory = buffers.memory;
    for (int k = 0; k < count_; ++k) {
      buffers.own[k] = memory;
      memory += block_size * (is_complex(targets_[k].dtype) ? max_element_size : 8);
      const bool direct = ways_[k].direct && n == padded(n) && !(ways_[k].streamed && n == block_size);
      buffers.buffered[k] = !direct;
      buffers.pointers[k] =
          direct ? static_cast<std::byte*>(targets_[k].memory.data) + at * targets_[k].memory.element_size : buffers.own[k];
    }
    return buffers.pointers;
  }

  /// Moves what the block function wrote to buffers to where it belongs.
  void deliver(Buffers& buffers, std::int64_t chunk, std::int64_t at, std::int64_t n) {
    for (int k = 0; k < count_; ++k) {
      const GradientTarget& t = targets_[k];
      if (t.mode == GradientMode::none || !buffers.buffered[k]) continue;
      Way& way = ways_[k];
      if (way.streamed && n == block_size) {
        stream_copy(static_cast<std::byte*>(t.memory.data) + at * t.memory.element_size, buffers.own[k], n * t.memory.element_size);
      } else if (way.sum) {
        deliver_sum(k, way.partial.data() + chunk * way.size * way.register_size, buffers.own[k], at, n);
      } else {
        deliver_run(t.dtype, static_cast<std::byte*>(t.memory.data) + at * t.memory.element_size, 1, buffers.own[k], n,
                    t.mode == GradientMode::add);
      }
    }
  }

  /// After a thread's last delivery.
  void end_thread() const {
    for (int k = 0; k < count_; ++k)
      if (ways_[k].streamed) return stream_end();
  }

  /// Adds the copies of the chunks, in order.
  void finish() {
    for (int k = 0; k < count_; ++k) {
      Way& way = ways_[k];
      if (!way.sum) continue;
      for (std::int64_t c = 1; c < chunks_; ++c)
        deliver_run(way.register_dtype, way.partial.data(), 1, way.partial.data() + c * way.size * way.register_size, way.size, true);
      deliver_run(targets_[k].dtype, targets_[k].memory.data, 1, way.partial.data(), way.size, targets_[k].mode == GradientMode::add);
    }
  }

 private:
  struct Way {
    bool direct = false, streamed = false, sum = false;
    std::int64_t size = 0;
    Dtype register_dtype = Dtype::float32;
    int register_size = 4;
    std::vector<std::byte> partial;
  };

  // The strides of a target are 0 where it was broadcast, so equal offsets are added up.
  void deliver_sum(int k, std::byte* partial, const std::byte* buffer, std::int64_t flat, std::int64_t n) {
    const Way& way = ways_[k];
    LoopPosition at(plan_, flat);
    const std::int64_t inner = plan_.strides[k][plan_.rank - 1];
    while (n > 0) {
      const std::int64_t run = std::min(n, at.run(plan_));
      deliver_run(way.register_dtype, partial + at.offset(plan_, k) * way.register_size, inner, buffer, run, true);
      buffer += run * way.register_size;
      n -= run;
      if (n > 0) at.advance(plan_, run);
    }
  }

  const GradientTarget* targets_;
  int count_;
  const LoopPlan& plan_;
  std::int64_t chunks_;
  Way ways_[max_leaves];
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
