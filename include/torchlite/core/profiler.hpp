// SPDX-License-Identifier: BSD-3-Clause
// What runs when: named ranges of time, recorded while a Profile lives, and written as a trace that chrome://tracing and
// ui.perfetto.dev show. While none lives, a range costs one branch that is predicted.
#pragma once
#include <torchlite/core/error.hpp>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <string>
#include <time.h>  // clock_gettime, which <ctime> does not name
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::profiler {

/// What an event is a record of; the category of the trace.
enum class Kind : std::uint8_t { op, backward, kernel, user };

struct Event {
  std::string name;
  Kind kind = Kind::user;
  std::uint32_t thread = 0;   ///< threads are numbered in the order in which they record first
  std::int64_t begin = 0;     ///< nanoseconds since the profile began
  std::int64_t duration = 0;  ///< nanoseconds
  Site site{};                ///< the line of the user's program, where it is known
};

namespace state {
inline std::atomic<bool> enabled{false};
inline std::atomic_flag lock = ATOMIC_FLAG_INIT;
inline std::vector<Event>* events = nullptr;  // of the profile that lives
inline std::int64_t origin = 0;
inline std::atomic<std::uint32_t> threads{0};

struct Locked {
  Locked() {
    while (lock.test_and_set(std::memory_order_acquire)) {}
  }
  ~Locked() { lock.clear(std::memory_order_release); }
};
}  // namespace state

/// True while a Profile lives.
TORCHLITE_INLINE bool is_enabled() { return state::enabled.load(std::memory_order_relaxed); }

inline std::int64_t nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
}

inline std::uint32_t thread_number() {
  static thread_local const std::uint32_t number = state::threads.fetch_add(1, std::memory_order_relaxed);
  return number;
}

TORCHLITE_COLD inline std::int64_t range_start() { return nanoseconds(); }
/// The time, for record() later; 0 while there is no profile. Where even RecordFunction is felt.
TORCHLITE_INLINE std::int64_t begin_range() {
  if (is_enabled()) [[unlikely]]
    return range_start();
  return 0;
}

/// Kernels announce themselves where they begin and do not say when they end: what is known of the last one of this thread.
/// It lasts until its last
/// loop over several grains ends, or, without one, until the operation does that it belongs to.
struct OpenKernel {
  const char* name = nullptr;
  std::int64_t begin = 0, end = 0;
};
inline OpenKernel& open_kernel() {
  static thread_local OpenKernel kernel;
  return kernel;
}
TORCHLITE_COLD inline void close_kernel() {
  OpenKernel& k = open_kernel();
  if (k.name == nullptr) return;
  const std::uint32_t thread = thread_number();
  const state::Locked locked;
  if (state::events != nullptr && k.begin >= state::origin)
    state::events->push_back({k.name, Kind::kernel, thread, k.begin - state::origin, k.end - k.begin, Site{}});
  k.name = nullptr;
}
/// A kernel of this name begins.
TORCHLITE_COLD inline void begin_kernel(const char* name) {
  close_kernel();
  const std::int64_t now = nanoseconds();
  open_kernel() = {name, now, now};
}
/// A loop of the kernel that runs on this thread has ended.
TORCHLITE_COLD inline void end_kernel_loop() { open_kernel().end = nanoseconds(); }

/// Keeps an event that began at `begin` (by nanoseconds()) and ends now, and with it the kernel that it ended with.
TORCHLITE_COLD inline void record(std::string_view name, Kind kind, Site site, std::int64_t begin) {
  const std::int64_t end = nanoseconds();
  OpenKernel& k = open_kernel();
  if (k.name != nullptr && k.begin >= begin) {
    if (k.end == k.begin) k.end = end;  // no loop that could tell
    close_kernel();
  }
  const std::uint32_t thread = thread_number();
  const state::Locked locked;
  if (state::events != nullptr && begin >= state::origin)
    state::events->push_back({std::string(name), kind, thread, begin - state::origin, end - begin, site});
}

/// A named range of time: from here to the end of the scope. (PyTorch's record_function.)
class RecordFunction {
 public:
  explicit RecordFunction(const char* name, Kind kind = Kind::user, Site site = Site::current()) {
    if (is_enabled()) [[unlikely]]
      start(name, kind, site);
  }
  ~RecordFunction() {
    if (begin_ != 0) [[unlikely]]
      record(name_, kind_, site_, begin_);
  }
  RecordFunction(const RecordFunction&) = delete;
  RecordFunction& operator=(const RecordFunction&) = delete;

 private:
  TORCHLITE_COLD void start(const char* name, Kind kind, Site site) {
    name_ = name, kind_ = kind, site_ = site;
    begin_ = nanoseconds();
  }
  // Written when it is known that there is a profile.
  const char* name_;
  Kind kind_;
  Site site_;
  std::int64_t begin_ = 0;
};

/// Text as it stands between the quotes of JSON.
inline std::string json_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') (out += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20) out += format_text("\\u{:04x}", static_cast<int>(c));
    else out += c;
  }
  return out;
}

/// Sums over all events of one name and kind.
struct Average {
  std::string name;
  Kind kind;
  std::int64_t calls = 0;
  std::int64_t total = 0;  ///< nanoseconds
};

/// Records operations, backward nodes, kernels and the program's own ranges, of all threads, from its construction until stop()
/// or its end. One lives at a time; throws Error if there is one already.
///   profiler::Profile profile; train(); profile.export_chrome_trace("trace.json");
class Profile {
 public:
  Profile() {
    const state::Locked locked;
    check<Error>(state::events == nullptr, "profile: another profile is running; stop it first");
    state::events = &events_;
    state::origin = nanoseconds();
    state::enabled.store(true, std::memory_order_relaxed);
  }
  ~Profile() { stop(); }
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  /// Ends the recording. What runs in other threads at this moment is not in it.
  void stop() {
    close_kernel();
    const state::Locked locked;
    if (state::events != &events_) return;
    state::enabled.store(false, std::memory_order_relaxed);
    state::events = nullptr;
  }

  /// What was recorded, in the order in which it ended; call stop() first.
  const std::vector<Event>& events() const {
    check<Error>(state::events != &events_, "profile: the profile is still running; stop it first");
    return events_;
  }

  /// Calls and time by name, the most time first. Time of an operation includes that of the kernels in it.
  std::vector<Average> key_averages() const {
    std::vector<Average> list;
    for (const Event& e : events()) {
      std::size_t i = 0;
      while (i < list.size() && !(list[i].name == e.name && list[i].kind == e.kind)) ++i;
      if (i == list.size()) list.push_back({e.name, e.kind});
      ++list[i].calls;
      list[i].total += e.duration;
    }
    for (std::size_t i = 1; i < list.size(); ++i)  // few names: insertion sort
      for (std::size_t j = i; j > 0 && list[j - 1].total < list[j].total; --j) std::swap(list[j - 1], list[j]);
    return list;
  }
  /// key_averages() as text, one line for each.
  std::string table() const {
    std::string out = format_text("{:<32} {:<9} {:>8} {:>12} {:>12}\n", "name", "kind", "calls", "total ms", "mean us");
    for (const Average& a : key_averages())
      out += format_text("{:<32} {:<9} {:>8} {:>12.3f} {:>12.3f}\n", a.name, kind_name(a.kind), a.calls,
                         static_cast<double>(a.total) * 1e-6, static_cast<double>(a.total) * 1e-3 / static_cast<double>(a.calls));
    return out;
  }

  /// The trace as JSON, in Chrome's trace event format.
  std::string chrome_trace() const {
    std::string out = "{\"traceEvents\": [";
    const char* separator = "\n";
    for (const Event& e : events()) {
      out += format_text("{}{{\"name\": \"{}\", \"cat\": \"{}\", \"ph\": \"X\", \"ts\": {:.3f}, \"dur\": {:.3f}, \"pid\": 0, \"tid\": {}",
                         separator, json_text(e.name), kind_name(e.kind), static_cast<double>(e.begin) * 1e-3,
                         static_cast<double>(e.duration) * 1e-3, e.thread);
      if (e.site.line > 0) out += format_text(", \"args\": {{\"site\": \"{}:{}\"}}", json_text(e.site.file), e.site.line);
      out += '}';
      separator = ",\n";
    }
    return out + "\n]}\n";
  }
  /// Writes it; throws IoError if that fails.
  void export_chrome_trace(const std::string& path) const {
    const std::string text = chrome_trace();
    std::FILE* file = std::fopen(path.c_str(), "wb");
    check<IoError>(file != nullptr, "export_chrome_trace: '{}' cannot be opened for writing", path);
    const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    const bool closed = std::fclose(file) == 0;
    check<IoError>(whole && closed, "export_chrome_trace: '{}' could not be written", path);
  }

  static std::string_view kind_name(Kind kind) {
    constexpr std::string_view names[] = {"op", "backward", "kernel", "user"};
    return names[static_cast<int>(kind)];
  }

 private:
  std::vector<Event> events_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::profiler
