// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/data/collate.hpp>
#include <torchlite/data/sampler.hpp>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::data {

struct LoaderOptions {
  std::int64_t batch_size = 1;
  bool shuffle = false;                    ///< another random order each epoch
  int num_workers = 0;                     ///< threads that prepare batches ahead; 0: each is made when it is asked for
  bool drop_last = false;                  ///< leave out a last batch that is not full
  int prefetch_factor = 2;                 ///< batches that each worker may be ahead
  std::optional<std::uint64_t> seed = {};  ///< of the shuffling; none: the default generator's, which manual_seed sets
};

/// One pass over a dataset: gives the batches of an order, one after the other, made here or by threads.
template <class S>
class LoaderEpoch {
 public:
  using Batch = decltype(data::get_batch(std::declval<const std::remove_reference_t<S>&>(), Indices{}));

  LoaderEpoch(const std::remove_reference_t<S>& set, std::vector<std::int64_t> order, const LoaderOptions& options)
      : set_(&set), order_(std::move(order)), batch_size_(static_cast<std::size_t>(options.batch_size)) {
    batches_ = (order_.size() + (options.drop_last ? 0 : batch_size_ - 1)) / batch_size_;
    const std::size_t workers = std::min(static_cast<std::size_t>(options.num_workers), batches_);
    slots_.resize(workers * static_cast<std::size_t>(options.prefetch_factor));
    threads_.reserve(workers);
  }
  LoaderEpoch(const LoaderEpoch&) = delete;
  LoaderEpoch& operator=(const LoaderEpoch&) = delete;
  ~LoaderEpoch() { stop(); }

  /// Starts the threads; apart from the constructor, so that the destructor joins them if one cannot be started.
  void start() {
    while (threads_.size() < threads_.capacity()) threads_.emplace_back([this] { work(); });
  }

  /// The next batch; nothing at the end. Rethrows what the dataset threw, once, and is at its end then.
  std::optional<Batch> next() {
    if (given_ == batches_) return std::nullopt;
    if (slots_.empty()) {
      const std::size_t k = std::exchange(given_, batches_);  // at the end, should the dataset throw
      std::optional<Batch> batch = make(k);
      given_ = k + 1;
      return batch;
    }
    std::unique_lock lock(mutex_);
    Slot& slot = slots_[given_ % slots_.size()];
    changed_.wait(lock, [&] { return slot.ready; });
    Slot taken = std::exchange(slot, Slot{});
    ++given_;
    lock.unlock();
    changed_.notify_all();
    if (taken.error) {
      stop();
      given_ = batches_;
      std::rethrow_exception(taken.error);
    }
    return std::move(taken.batch);
  }

 private:
  struct Slot {
    bool ready = false;
    std::optional<Batch> batch;
    std::exception_ptr error;
  };

  Batch make(std::size_t k) const {
    const std::size_t begin = k * batch_size_;
    return data::get_batch(*set_, Indices(order_).subspan(begin, std::min(batch_size_, order_.size() - begin)));
  }

  // Batch k waits in slot k modulo their number, so the order is that of the indices whoever is faster.
  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return stopped_ || taken_ == batches_ || taken_ < given_ + slots_.size(); });
      if (stopped_ || taken_ == batches_) return;
      const std::size_t k = taken_++;
      lock.unlock();
      Slot done;
      try {
        done.batch.emplace(make(k));
      } catch (...) {
        done.error = std::current_exception();
      }
      done.ready = true;
      lock.lock();
      slots_[k % slots_.size()] = std::move(done);
      changed_.notify_all();
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_)
      if (thread.joinable()) thread.join();
  }

  const std::remove_reference_t<S>* set_;
  std::vector<std::int64_t> order_;
  std::size_t batch_size_, batches_ = 0;
  std::size_t taken_ = 0;  // batches that a worker has begun
  std::size_t given_ = 0;  // batches that were handed out
  bool stopped_ = false;
  std::vector<Slot> slots_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::thread> threads_;
};

/// The order that shuffle asks for.
class LoaderSampler {
 public:
  LoaderSampler(std::int64_t n, bool shuffle, std::optional<std::uint64_t> seed) : n_(n), shuffle_(shuffle), random_(seed) {}
  std::int64_t size() const { return n_; }
  std::vector<std::int64_t> sample() { return shuffle_ ? random_.permutation(n_) : SequentialSampler(n_).sample(); }

 private:
  std::int64_t n_;
  bool shuffle_;
  SamplerRandom random_;
};

/// The batches of a dataset, again and again:
///   DataLoader loader(train, {.batch_size = 64, .shuffle = true, .num_workers = 1});
///   for (auto [images, labels] : loader) ...
/// A named dataset is referred to and must outlive the loader; a temporary one is kept. Each loop is an epoch, with a new
/// order if shuffled; for a given seed the order is the same whatever num_workers is. What the dataset throws reaches the loop;
/// leaving the loop early stops the workers. Throws Error if an option makes no sense.
template <class S, sampler Order = LoaderSampler>
class DataLoader {
  static_assert(dataset<S>, "a dataset has size() and either get_batch(indices) or get(index), all const");

 public:
  using Batch = typename LoaderEpoch<S>::Batch;

  explicit DataLoader(S&& set, LoaderOptions options = {}) requires std::same_as<Order, LoaderSampler>
      : set_(std::forward<S>(set)), options_(options), order_(static_cast<std::int64_t>(set_.size()), options.shuffle, options.seed) {
    check_options();
  }
  /// With an order of one's own, such as a WeightedRandomSampler; shuffle must be off.
  DataLoader(S&& set, Order order, LoaderOptions options = {}) : set_(std::forward<S>(set)), options_(options), order_(std::move(order)) {
    check<Error>(!options.shuffle, "DataLoader: shuffle and a sampler exclude each other: the sampler gives the order");
    check_options();
  }

  /// The number of batches.
  std::int64_t size() const { return (order_.size() + (options_.drop_last ? 0 : options_.batch_size - 1)) / options_.batch_size; }
  const std::remove_reference_t<S>& dataset() const { return set_; }

  class Iterator {
   public:
    explicit Iterator(std::unique_ptr<LoaderEpoch<S>> epoch) : epoch_(std::move(epoch)), batch_(epoch_->next()) {}
    Batch& operator*() { return *batch_; }
    Iterator& operator++() {
      batch_.reset();  // its memory is free for the next one
      batch_ = epoch_->next();
      return *this;
    }
    bool operator==(std::default_sentinel_t) const { return !batch_; }

   private:
    std::unique_ptr<LoaderEpoch<S>> epoch_;
    std::optional<Batch> batch_;
  };

  /// Begins an epoch.
  Iterator begin() {
    auto epoch = std::make_unique<LoaderEpoch<S>>(set_, order_.sample(), options_);
    epoch->start();
    return Iterator(std::move(epoch));
  }
  std::default_sentinel_t end() const { return {}; }

 private:
  void check_options() const {
    check<Error>(options_.batch_size > 0, "DataLoader: batch_size is {}; it must be at least 1", options_.batch_size);
    check<Error>(options_.num_workers >= 0, "DataLoader: num_workers is {}; it must not be negative", options_.num_workers);
    check<Error>(options_.prefetch_factor > 0, "DataLoader: prefetch_factor is {}; it must be at least 1", options_.prefetch_factor);
  }

  S set_;
  LoaderOptions options_;
  Order order_;
};
// A named dataset makes S a reference.
template <class S>
DataLoader(S&&, LoaderOptions = {}) -> DataLoader<S>;
template <class S, sampler Order>
DataLoader(S&&, Order, LoaderOptions = {}) -> DataLoader<S, Order>;

}  // namespace torchlite::inline TORCHLITE_ABI::data
