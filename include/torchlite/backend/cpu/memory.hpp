// SPDX-License-Identifier: BSD-3-Clause
// Host memory, small blocks by size class, large ones as they fit (large_memory.hpp): what was freed is handed out again, so that a steady
// training step asks the system for nothing.
#pragma once
#include <torchlite/backend/cpu/large_memory.hpp>
#include <torchlite/backend/device.hpp>
#include <torchlite/core/error.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace torchlite::inline TORCHLITE_ABI::backend {

inline constexpr std::size_t memory_alignment = 64;

/// Size classes: every 64 bytes up to 1 KiB, then four for each power of two.
struct SizeClass {
  static constexpr int small = 16;
  static constexpr int count = small + 4 * 38;

  static constexpr int of(std::size_t bytes) {
    if (bytes <= 1024) return bytes == 0 ? 0 : static_cast<int>((bytes - 1) / 64);
    const int log = static_cast<int>(std::bit_width(bytes - 1)) - 1;  // 2^log < bytes <= 2^(log+1)
    const int quarter = static_cast<int>(((bytes - 1) >> (log - 2)) & 3);
    return small + 4 * (log - 10) + quarter;
  }
  static constexpr std::size_t bytes(int index) {
    if (index < small) return static_cast<std::size_t>(index + 1) * 64;
    const int log = 10 + (index - small) / 4, quarter = (index - small) % 4;
    return (std::size_t{1} << log) + (static_cast<std::size_t>(quarter) + 1) * (std::size_t{1} << (log - 2));
  }
};

struct FreeBlock {
  FreeBlock* next;
};

struct FreeList {
  FreeBlock* head = nullptr;
  int count = 0;

  void push(void* p) {
    head = new (p) FreeBlock{head};
    ++count;
  }
  void* pop() {
    FreeBlock* p = head;
    if (p) head = p->next, --count;
    return p;
  }
};

/// Blocks that no thread keeps for itself; never destroyed, since tensors may outlive every other static object.
class SharedPool {
 public:
  void push(int index, void* p) {
    lock_.lock();
    lists_[index].push(p);
    lock_.unlock();
  }
  void* pop(int index) {
    lock_.lock();
    void* p = lists_[index].pop();
    lock_.unlock();
    return p;
  }
  static SharedPool& instance() {
    static SharedPool* const pool = new SharedPool;
    return *pool;
  }

 private:
  SpinLock lock_;
  FreeList lists_[SizeClass::count];
};

inline void system_free(void* p) { std::free(p); }

inline void* system_allocate(std::size_t bytes) {
  void* p = bytes <= (std::size_t{1} << 46) ? std::aligned_alloc(memory_alignment, bytes) : nullptr;
  if (p == nullptr) fail<Error>("allocate: out of memory: {} bytes were asked for", bytes);
  return p;
}

/// A thread's own blocks: taken and given back without a lock. They are plain data, so that reaching them checks nothing.
class ThreadPool {
 public:
  static void* allocate(int index) {
    if (void* p = lists_[index].pop()) return p;
    return refill(index);
  }
  static void deallocate(int index, void* p) {
    if (alive_ && lists_[index].count < limit(index)) lists_[index].push(p);
    else SharedPool::instance().push(index, p);
  }
  static void release() {
    for (int i = 0; i < SizeClass::count; ++i)
      while (void* p = lists_[i].pop()) SharedPool::instance().push(i, p);
  }

 private:
  /// Gives the blocks back when the thread ends, after which late destructors may still free some.
  struct Owner {
    Owner() { alive_ = true; }
    ~Owner() {
      alive_ = false;
      release();
    }
  };

  TORCHLITE_NOINLINE static void* refill(int index) {
    static thread_local const Owner owner;
    if (void* p = SharedPool::instance().pop(index)) return p;
    return system_allocate(SizeClass::bytes(index));
  }
  static constexpr int limit(int index) { return SizeClass::bytes(index) <= 65536 ? 256 : 16; }

  inline static constinit thread_local FreeList lists_[SizeClass::count] = {};
  inline static constinit thread_local bool alive_ = false;  // from the first allocation to the end of the thread
};

/// 64-byte aligned memory. Under the address sanitizer nothing is kept, so that it sees every use after free.
inline void* allocate(Cpu, std::size_t bytes) {
  if (TORCHLITE_ASAN || bytes > (std::size_t{1} << 46)) return system_allocate((bytes + memory_alignment) & ~(memory_alignment - 1));
  if (bytes > large_block) return LargePool::instance().allocate(bytes);
  return ThreadPool::allocate(SizeClass::of(bytes));
}

inline void deallocate(Cpu, void* p, std::size_t bytes) {
  if (TORCHLITE_ASAN) return system_free(p);
  if (bytes > large_block) return LargePool::instance().deallocate(p, bytes);
  ThreadPool::deallocate(SizeClass::of(bytes), p);
}

/// Gives all blocks that nobody uses back to the system.
inline void empty_cache(Cpu) {
  LargePool::instance().release();
  ThreadPool::release();
  for (int i = 0; i < SizeClass::count; ++i)
    while (void* p = SharedPool::instance().pop(i)) system_free(p);
}

inline void copy_from_host(Cpu, void* dst, const void* src, std::size_t bytes) { std::memcpy(dst, src, bytes); }
inline void copy_to_host(Cpu, void* dst, const void* src, std::size_t bytes) { std::memcpy(dst, src, bytes); }

}  // namespace torchlite::inline TORCHLITE_ABI::backend
