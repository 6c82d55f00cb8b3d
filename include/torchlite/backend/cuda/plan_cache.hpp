// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// What a library prepares once for each kind of call, found again by its key. The one that was used longest ago gives way where there are
/// more than the limit; what a graph was captured with stays, beyond the cache's end too, since its replays use it. For one thread.
template <class Key, class Plan>
class PlanCache {
 public:
  explicit PlanCache(std::size_t limit) : limit_(limit) {}
  PlanCache(const PlanCache&) = delete;
  PlanCache& operator=(const PlanCache&) = delete;
  ~PlanCache() {
    for (Entry& e : entries_)
      if (e.kept) outlive(std::move(e.plan));
  }

  /// The plan of a key, or null; keep: it stays from now on.
  Plan* find(const Key& key, bool keep) {
    for (Entry& e : entries_) {
      if (!(e.key == key)) continue;
      e.used = ++clock_;
      e.kept = e.kept || keep;
      return e.plan.get();
    }
    return nullptr;
  }
  Plan* insert(const Key& key, std::unique_ptr<Plan> plan) {
    std::size_t oldest = entries_.size(), passing = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].kept) continue;
      ++passing;
      if (oldest == entries_.size() || entries_[i].used < entries_[oldest].used) oldest = i;
    }
    Entry fresh{key, std::move(plan), ++clock_, false};
    if (passing >= limit_) {
      entries_[oldest] = std::move(fresh);
      return entries_[oldest].plan.get();
    }
    entries_.push_back(std::move(fresh));
    return entries_.back().plan.get();
  }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Key key;
    std::unique_ptr<Plan> plan;
    std::uint64_t used = 0;
    bool kept = false;
  };
  static void outlive(std::unique_ptr<Plan> plan) {
    static std::mutex mutex;
    static auto* const plans = new std::vector<std::unique_ptr<Plan>>;
    const std::lock_guard lock(mutex);
    plans->push_back(std::move(plan));
  }

  std::size_t limit_;
  std::uint64_t clock_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
