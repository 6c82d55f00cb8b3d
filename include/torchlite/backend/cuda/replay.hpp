// SPDX-License-Identifier: BSD-3-Clause
// What changes from one replay of a captured graph to the next: numbers that the host computes before each launch and kernels read
// from device memory. The bookkeeping needs no device.
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/core/random.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Bytes that one launch carries to the device as an argument.
struct alignas(16) ReplayBytes {
  static constexpr std::size_t size = 2048;
  unsigned char bytes[size];
};

/// A table of values in device memory, with the functions that compute them before each replay.
class ReplayTable {
 public:
  static constexpr std::size_t alignment = 16;

  /// Bytes of the table.
  std::size_t size() const { return size_; }

  /// Registers a value; returns its place in the table. compute() -> T is called once for each replay, in the order of registration.
  template <class T, class F>
  std::size_t add(F compute) {
    static_assert(std::is_trivially_copyable_v<T>, "a value that kernels read is copied as bytes");
    const std::size_t at = size_;
    size_ += (sizeof(T) + alignment - 1) / alignment * alignment;
    entries_.push_back(std::make_unique<Entry<T, F>>(at, std::move(compute)));
    return at;
  }

  /// Computes every value and calls send(offset, bytes, count) for consecutive pieces of the table.
  template <class Send>
  void update(Send&& send) {
    image_.resize(size_);
    for (const auto& entry : entries_) entry->write(image_.data());
    for (std::size_t at = 0; at < size_; at += ReplayBytes::size) {
      const std::size_t count = size_ - at < ReplayBytes::size ? size_ - at : ReplayBytes::size;
      ReplayBytes piece{};
      std::memcpy(piece.bytes, image_.data() + at, count);
      send(at, piece, count);
    }
  }

 private:
  struct EntryBase {
    virtual ~EntryBase() = default;
    virtual void write(unsigned char* table) = 0;
  };
  template <class T, class F>
  struct Entry final : EntryBase {
    Entry(std::size_t place, F f) : at(place), compute(std::move(f)) {}
    void write(unsigned char* table) override {
      const T value = compute();
      std::memcpy(table + at, &value, sizeof(T));
    }
    std::size_t at;
    F compute;
  };

  std::vector<std::unique_ptr<EntryBase>> entries_;
  std::vector<unsigned char> image_;
  std::size_t size_ = 0;
};

/// What a kernel is given to draw random numbers: the stream or, in a captured graph, the stream as each replay moves it on.
struct RandomSource {
  RandomStream captured;
  const RandomStream* replayed = nullptr;  ///< in device memory: the seed, and how far the generator has come since the capture

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE RandomStream stream() const {
    return replayed == nullptr ? captured : RandomStream{replayed->seed, captured.offset + replayed->offset};
  }
};

/// A generator while a graph is captured: the draws of the step are counted, and each replay takes as many again.
class CapturedGenerator {
 public:
  explicit CapturedGenerator(Generator& generator) : generator_(&generator), start_(generator.get_state()) {}

  /// Whether each replay must draw the stream's numbers anew; false if it was drawn before the capture, and so stays what it is.
  /// Throws DeviceError if it comes from another generator.
  bool is_drawn_again(RandomStream stream) const {
    const Generator::State now = generator_->get_state();
    if (stream.seed == start_.seed && stream.offset < start_.offset) return false;
    check<DeviceError>(stream.seed == start_.seed && stream.offset < now.offset,
                       "capture: random numbers come from another generator than the one that capture() was given; only that one "
                       "moves on from replay to replay");
    return true;
  }

  /// The capture is over: nothing has been drawn yet, so the generator goes back to where it was.
  void finish() {
    blocks_ = generator_->get_state().offset - start_.offset;
    generator_->set_state(start_);
  }
  /// Takes the numbers of one replay from the generator: the seed, and what to add to the captured offsets.
  RandomStream advance() {
    const std::uint64_t seed = generator_->initial_seed();
    return {seed, generator_->reserve(4 * blocks_) - start_.offset};
  }
  std::uint64_t blocks() const { return blocks_; }

 private:
  Generator* generator_;
  Generator::State start_;
  std::uint64_t blocks_ = 0;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
