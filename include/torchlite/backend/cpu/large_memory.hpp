// SPDX-License-Identifier: BSD-3-Clause
// Host memory in large blocks: extents of reserved address space, cut where they fit best and joined again when they are freed. What one
// size leaves behind serves another: activations that the backward pass lets go of become gradients, and those the next activations.
// Source: best fit in order of addresses, Wilson et al., Dynamic storage allocation: a survey, IWMM 1995.
#pragma once
#include <torchlite/core/error.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace torchlite::inline TORCHLITE_ABI::backend {

/// A lock for a few instructions.
class SpinLock {
 public:
  void lock() {
    while (busy_.test_and_set(std::memory_order_acquire)) {}
  }
  void unlock() { busy_.clear(std::memory_order_release); }

 private:
  std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
};

#if defined(MAP_ANONYMOUS)
/// Blocks of more than this come from the LargePool. It is about the size of a second-level cache: smaller ones are better taken from a
/// stack, whose top is in the cache still.
inline constexpr std::size_t large_block = std::size_t{1} << 20;

class LargePool {
 public:
  void* allocate(std::size_t bytes) {
    bytes = rounded(bytes, page);
    lock_.lock();
    Extent** best = find(bytes);
    if (*best == nullptr) {
      lock_.unlock();  // the system may be asked twice at the same time; both will be used
      std::size_t reserved = 0;
      void* fresh = reserve(bytes, reserved);
      lock_.lock();
      insert(fresh, reserved);
      best = find(bytes);
    }
    Extent* const extent = *best;
    if (extent->bytes == bytes) *best = extent->next;
    else *best = new (reinterpret_cast<std::byte*>(extent) + bytes) Extent{extent->next, extent->bytes - bytes};
    lock_.unlock();
    return extent;
  }
  void deallocate(void* p, std::size_t bytes) {
    lock_.lock();
    insert(p, rounded(bytes, page));
    lock_.unlock();
  }
  /// Gives the memory of free extents back to the system; their addresses stay reserved.
  void release() {
    lock_.lock();
    for (Extent* e = first_; e != nullptr; e = e->next)
      if (e->bytes > page) madvise(reinterpret_cast<std::byte*>(e) + page, e->bytes - page, MADV_DONTNEED);
    lock_.unlock();
  }
  /// Never destroyed: tensors may outlive every other static object.
  static LargePool& instance() {
    static LargePool* const pool = new LargePool;
    return *pool;
  }

 private:
  static constexpr std::size_t page = 4096, huge_page = std::size_t{2} << 20, reservation = std::size_t{1} << 30;

  /// What stands at the beginning of free memory.
  struct Extent {
    Extent* next;  ///< at a higher address
    std::size_t bytes;
    std::byte* end() { return reinterpret_cast<std::byte*>(this) + bytes; }
  };

  static constexpr std::size_t rounded(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

  /// The link to the smallest extent that is large enough, the first of several; to null if there is none.
  Extent** find(std::size_t bytes) {
    static constinit Extent* nothing = nullptr;
    Extent** best = &nothing;
    for (Extent** link = &first_; *link != nullptr; link = &(*link)->next)
      if ((*link)->bytes >= bytes && (*best == nullptr || (*link)->bytes < (*best)->bytes)) best = link;
    return best;
  }

  void insert(void* p, std::size_t bytes) {
    Extent** link = &first_;
    Extent* before = nullptr;
    while (*link != nullptr && static_cast<void*>(*link) < p) before = *link, link = &before->next;
    Extent* added = *link = new (p) Extent{*link, bytes};
    const auto join = [](Extent* a) {
      Extent* const b = a->next;
      if (b != nullptr && a->end() == reinterpret_cast<std::byte*>(b)) a->bytes += b->bytes, a->next = b->next;
    };
    join(added);
    if (before != nullptr) join(before);
  }

  /// Fresh address space for at least `bytes`; only what is touched of it becomes memory.
  static void* reserve(std::size_t bytes, std::size_t& reserved) {
    for (const std::size_t wanted : {std::max(bytes, reservation), bytes}) {
      reserved = rounded(wanted, huge_page) + huge_page;
      void* p = mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (p == MAP_FAILED) continue;
#if defined(MADV_HUGEPAGE)
      madvise(p, reserved, MADV_HUGEPAGE);  // fresh 4 KiB pages cost more than filling them does
#endif
      return p;
    }
    fail<Error>("allocate: out of memory: {} bytes were asked for", bytes);
  }

  SpinLock lock_;
  Extent* first_ = nullptr;
};
#else
inline constexpr std::size_t large_block = ~std::size_t{0};

/// Elsewhere all sizes have classes.
class LargePool {
 public:
  void* allocate(std::size_t) { return nullptr; }
  void deallocate(void*, std::size_t) {}
  void release() {}
  static LargePool& instance() {
    static LargePool pool;
    return pool;
  }
};
#endif

}  // namespace torchlite::inline TORCHLITE_ABI::backend
