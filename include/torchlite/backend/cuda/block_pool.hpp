// SPDX-License-Identifier: BSD-3-Clause
// Bookkeeping of memory that a graph keeps for itself: addresses only, so that the host's tests run it without a device.
#pragma once
#include <torchlite/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Cuts blocks out of large chunks and puts freed neighbours together again. A block is handed out again only to the queue that it
/// was made for, since work of other queues may still use it. Not for several threads at a time.
class BlockPool {
 public:
  static constexpr std::size_t alignment = 512;
  static constexpr std::size_t smallest_chunk = std::size_t{2} << 20;

  using Take = void* (*)(std::size_t bytes);
  using GiveBack = void (*)(void*);

  /// take(bytes) supplies chunks, give_back(pointer) gets them when the pool ends.
  BlockPool(Take take, GiveBack give_back) : take_(take), give_back_(give_back) {}
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool() {
    for (const Block& b : blocks_)
      if (b.first_of_chunk) give_back_(reinterpret_cast<void*>(b.begin));
  }

  /// The smallest free block of the queue that holds the bytes, or the start of a new chunk.
  void* allocate(std::size_t bytes, const void* queue) {
    const std::size_t size = bytes == 0 ? alignment : (bytes + alignment - 1) / alignment * alignment;
    check<Error>(size >= bytes, "BlockPool: {} bytes are more than an address counts", bytes);
    std::size_t best = blocks_.size();
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      const Block& b = blocks_[i];
      if (!b.used && b.queue == queue && b.size >= size && (best == blocks_.size() || b.size < blocks_[best].size)) best = i;
    }
    if (best == blocks_.size()) best = add_chunk(size, queue);
    if (blocks_[best].size > size) {
      Block rest = blocks_[best];
      rest.begin += size;
      rest.size -= size;
      rest.first_of_chunk = false;
      blocks_[best].size = size;
      blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(best) + 1, rest);
    }
    blocks_[best].used = true;
    used_ += size;
    return reinterpret_cast<void*>(blocks_[best].begin);
  }

  /// False, and nothing happens, if the pool did not hand out this pointer.
  bool deallocate(void* p) {
    const std::size_t i = find(p);
    if (i == blocks_.size() || !blocks_[i].used || blocks_[i].begin != reinterpret_cast<std::uintptr_t>(p)) return false;
    blocks_[i].used = false;
    used_ -= blocks_[i].size;
    merge_with_next(i);
    if (i > 0) merge_with_next(i - 1);
    return true;
  }

  /// Whether the address lies in one of the chunks.
  bool contains(const void* p) const {
    const std::size_t i = find(p);
    return i < blocks_.size();
  }

  std::size_t used_bytes() const { return used_; }
  std::size_t reserved_bytes() const { return reserved_; }

 private:
  /// Sorted by address; blocks of one chunk follow each other without gaps.
  struct Block {
    std::uintptr_t begin = 0;
    std::size_t size = 0;
    const void* queue = nullptr;
    bool used = false;
    bool first_of_chunk = false;
  };

  std::size_t find(const void* p) const {
    const std::uintptr_t at = reinterpret_cast<std::uintptr_t>(p);
    std::size_t low = 0, high = blocks_.size();  // blocks before low begin at or before p
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (blocks_[middle].begin <= at) low = middle + 1;
      else high = middle;
    }
    return low > 0 && at - blocks_[low - 1].begin < blocks_[low - 1].size ? low - 1 : blocks_.size();
  }

  std::size_t add_chunk(std::size_t size, const void* queue) {
    const std::size_t bytes = size < smallest_chunk ? smallest_chunk : size;
    Block chunk{reinterpret_cast<std::uintptr_t>(take_(bytes)), bytes, queue, false, true};
    std::size_t at = 0;
    while (at < blocks_.size() && blocks_[at].begin < chunk.begin) ++at;
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(at), chunk);
    reserved_ += bytes;
    return at;
  }

  void merge_with_next(std::size_t i) {
    if (i + 1 >= blocks_.size() || blocks_[i].used || blocks_[i + 1].used || blocks_[i + 1].first_of_chunk) return;
    blocks_[i].size += blocks_[i + 1].size;
    blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }

  Take take_;
  GiveBack give_back_;
  std::vector<Block> blocks_;
  std::size_t used_ = 0, reserved_ = 0;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
