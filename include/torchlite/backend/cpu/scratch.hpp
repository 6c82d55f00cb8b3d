// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/memory.hpp>

#include <cstddef>
#include <cstdint>
#include <new>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// Memory that a kernel keeps between calls: it only grows, and is given back when its thread ends.
class ScratchBuffer {
 public:
  constexpr ScratchBuffer() = default;
  ScratchBuffer(const ScratchBuffer&) = delete;
  ScratchBuffer& operator=(const ScratchBuffer&) = delete;
  ~ScratchBuffer() { release(); }

  void* at_least(std::size_t bytes) {
    if (bytes > size_) [[unlikely]]
      grow(bytes);
    return data_;
  }

 private:
  static constexpr std::align_val_t alignment{64};

  void release() {
    if (data_) ::operator delete(data_, alignment);
    data_ = nullptr;
    size_ = 0;
  }
  TORCHLITE_NOINLINE void grow(std::size_t bytes) {
    release();
    bytes = (bytes + bytes / 4 + 4095) & ~std::size_t{4095};
    data_ = ::operator new(bytes, alignment);
    size_ = bytes;
  }

  void* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Who uses a thread's scratch memory: one buffer each, so that kernels may call each other.
enum class Scratch {
  gemm_a,
  gemm_b,
  gemm_tail,
  column_bias,
  row_bias,
  image,
  columns,
  weights,
  offsets,
  partial,
  sums,
  recurrent_weights,
  recurrent_state,
  attention,
  count
};

/// The calling thread's buffer for a use.
inline ScratchBuffer& scratch_buffer(Scratch use) {
  static thread_local ScratchBuffer buffers[static_cast<int>(Scratch::count)];
  return buffers[static_cast<int>(use)];
}

/// `count` elements, 64-byte aligned, uninitialised, private to this thread, valid until the next call for the same use.
template <class T>
T* scratch(Scratch use, std::int64_t count) {
  return static_cast<T*>(scratch_buffer(use).at_least(static_cast<std::size_t>(count) * sizeof(T)));
}

/// `count` elements, uninitialised, for one call of a kernel: what is too large to be kept comes from the memory that tensors share.
template <class T>
class Workspace {
 public:
  explicit Workspace(std::int64_t count)
      : bytes_(static_cast<std::size_t>(count) * sizeof(T)), data_(static_cast<T*>(allocate(Cpu{}, bytes_))) {}
  ~Workspace() { deallocate(Cpu{}, data_, bytes_); }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  T* data() const { return data_; }

 private:
  std::size_t bytes_;
  T* data_;
};

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
