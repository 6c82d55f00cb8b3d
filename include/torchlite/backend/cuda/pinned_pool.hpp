// SPDX-License-Identifier: BSD-3-Clause
// Bookkeeping of host memory that the device reads and writes by itself; needs no device.
#pragma once
#include <torchlite/core/config.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Keeps freed blocks, and hands one out again only when every copy that used it is over. Event has `bool query()`, true once the
/// copy is done. Any thread may call.
template <class Event>
class PinnedPool {
 public:
  using Take = void* (*)(std::size_t bytes);
  using GiveBack = void (*)(void*);

  PinnedPool(Take take, GiveBack give_back) : take_(take), give_back_(give_back) {}
  PinnedPool(const PinnedPool&) = delete;
  PinnedPool& operator=(const PinnedPool&) = delete;

  /// A block of at least so many bytes.
  void* allocate(std::size_t bytes) {
    const std::size_t size = std::bit_ceil(bytes < 512 ? std::size_t{512} : bytes);
    const std::lock_guard lock(mutex_);
    for (Block& b : blocks_)
      if (b.size == size && is_idle(b)) return b.owned = true, reinterpret_cast<void*>(b.begin);
    void* const p = take_(size);
    blocks_.push_back(Block{reinterpret_cast<std::uintptr_t>(p), size, true, 0, {}});
    return p;
  }
  /// The owner lets go of the block; copies may still use it.
  void deallocate(void* p) {
    const std::lock_guard lock(mutex_);
    if (Block* const b = find(p)) b->owned = false;
  }
  /// The block that holds the address is in use until the event has come. False if no block of the pool does.
  bool used_until(const void* p, Event event) {
    const std::lock_guard lock(mutex_);
    Block* const b = find(p);
    if (b == nullptr) return false;
    std::erase_if(b->uses, [](const Event& e) { return e.query(); });
    b->uses.push_back(std::move(event));
    return true;
  }
  /// The block that holds the address is kept, even without an owner, until release() is called as often.
  bool hold(const void* p) {
    const std::lock_guard lock(mutex_);
    Block* const b = find(p);
    if (b != nullptr) ++b->holds;
    return b != nullptr;
  }
  void release(const void* p) {
    const std::lock_guard lock(mutex_);
    if (Block* const b = find(p)) --b->holds;
  }
  /// Gives all blocks that nobody uses back to the system.
  void trim() {
    const std::lock_guard lock(mutex_);
    std::erase_if(blocks_, [&](Block& b) {
      if (!is_idle(b)) return false;
      give_back_(reinterpret_cast<void*>(b.begin));
      return true;
    });
  }

 private:
  struct Block {
    std::uintptr_t begin;
    std::size_t size;
    bool owned;
    int holds;
    std::vector<Event> uses;
  };

  static bool is_idle(Block& b) {
    if (b.owned || b.holds > 0) return false;
    std::erase_if(b.uses, [](const Event& e) { return e.query(); });
    return b.uses.empty();
  }
  Block* find(const void* p) {
    const std::uintptr_t at = reinterpret_cast<std::uintptr_t>(p);
    for (Block& b : blocks_)
      if (at >= b.begin && at - b.begin < b.size) return &b;
    return nullptr;
  }

  Take take_;
  GiveBack give_back_;
  std::mutex mutex_;
  std::vector<Block> blocks_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
