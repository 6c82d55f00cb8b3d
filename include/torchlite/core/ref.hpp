// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

namespace torchlite::inline TORCHLITE_ABI {

/// True while the process has only ever had one thread: counts need no locked instructions then.
inline bool is_single_threaded() {
#if __has_include(<sys/single_threaded.h>)
  return __libc_single_threaded != 0;
#else
  return false;
#endif
}

/// A reference count inside the object.
class Counted {
 public:
  Counted() = default;
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

  void retain() const {
    if (is_single_threaded()) ++count_;
    else __atomic_fetch_add(&count_, 1, __ATOMIC_RELAXED);
  }
  /// True if this was the last reference.
  bool drop() const {
    if (is_single_threaded()) return --count_ == 0;
    return __atomic_sub_fetch(&count_, 1, __ATOMIC_ACQ_REL) == 0;
  }
  std::int32_t use_count() const { return __atomic_load_n(&count_, __ATOMIC_RELAXED); }

 private:
  mutable std::int32_t count_ = 0;
};

/// A counted pointer, one pointer wide. `destroy(T*)`, found by the argument, ends the object's life.
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  explicit Ref(T* p) : p_(p) {
    if (p_) p_->retain();
  }
  Ref(const Ref& other) : Ref(other.p_) {}
  Ref(Ref&& other) noexcept : p_(std::exchange(other.p_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(p_, other.p_);
    return *this;
  }
  ~Ref() {
    if (p_) let_go(p_);  // most have been moved from: for them a comparison is all
  }

  T* get() const { return p_; }
  T* operator->() const { return p_; }
  T& operator*() const { return *p_; }
  explicit operator bool() const { return p_ != nullptr; }
  friend bool operator==(const Ref& a, const Ref& b) { return a.p_ == b.p_; }

 private:
  TORCHLITE_NOINLINE static void let_go(T* p) {
    if (p->drop()) destroy(p);
  }

  T* p_ = nullptr;
};

}  // namespace torchlite::inline TORCHLITE_ABI
