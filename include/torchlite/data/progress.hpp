// SPDX-License-Identifier: BSD-3-Clause
// How far a loop has come.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/core/error.hpp>

#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI {

struct ProgressOptions {
  std::FILE* file = stderr;
  int width = 0;  ///< of the bar's line; 0: the terminal's, or plain lines if file is no terminal
};

namespace data {

/// 83 s -> "01:23", 3725 s -> "1:02:05".
template <class = void>
std::string clock_text(double seconds) {
  if (!(seconds < 359'999'999)) return "?";
  const auto s = static_cast<std::int64_t>(seconds + 0.5);
  if (s < 3600) return format_text("{:02}:{:02}", s / 60, s % 60);
  return format_text("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

/// "421/938 [00:12<00:15, 34.1/s]": done, all, time spent, time left, rate.
template <class = void>
std::string progress_numbers(std::int64_t done, std::int64_t total, double seconds) {
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  const std::string left = done >= total ? "00:00" : (rate > 0 ? clock_text(static_cast<double>(total - done) / rate) : "?");
  const std::string speed =
      rate <= 0 ? "?/s" : (rate < 1 ? fmt::format("{:.1f} s each", 1 / rate) : fmt::format("{:.{}f}/s", rate, rate < 100 ? 1 : 0));
  return format_text("{}/{} [{}<{}, {}]", done, total, clock_text(seconds), left, speed);
}

/// The whole line, cut to the width: "epoch 1:  45% [=====>     ] 421/938 [00:12<00:15, 34.1/s]".
template <class = void>
std::string progress_line(std::string_view title, std::int64_t done, std::int64_t total, double seconds, int width) {
  const int percent = total > 0 ? static_cast<int>(100 * done / total) : 100;
  const std::string head = format_text("{}{}{:3}% ", title, title.empty() ? "" : ": ", percent);
  const std::string tail = progress_numbers(done, total, seconds);
  const int room = std::min(width - static_cast<int>(head.size() + tail.size()) - 3, 60);
  std::string bar;
  if (room >= 5) {
    const auto filled = static_cast<std::size_t>(total > 0 ? room * done / total : room), all = static_cast<std::size_t>(room);
    bar = "[" + std::string(filled, '=');
    if (filled < all) bar += '>' + std::string(all - filled - 1, ' ');
    bar += "] ";
  }
  return (head + bar + tail).substr(0, static_cast<std::size_t>(std::max(width, 0)));
}

/// Draws a loop's progress: on a terminal one line that is redrawn at most ten times a second; elsewhere a line at the start, one at
/// the end, and between them one for every tenth of the way or every ten seconds, but not more than one a second.
template <class = void>
class BasicProgressBar {
 public:
  BasicProgressBar(std::string title, std::int64_t total, ProgressOptions options)
      : title_(std::move(title)),
        total_(total),
        options_(options),
        terminal_(options.width > 0 || ::isatty(::fileno(options.file)) == 1),
        start_(now()),
        last_(start_) {
    draw(start_);
  }
  BasicProgressBar(const BasicProgressBar&) = delete;
  BasicProgressBar& operator=(const BasicProgressBar&) = delete;
  ~BasicProgressBar() {
    if (total_ > 0) draw(now());
    if (terminal_) std::fputc('\n', options_.file), std::fflush(options_.file);
  }

  void advance() {
    ++done_;
    if (done_ >= total_) return;  // the destructor draws the end
    const double time = now();
    const bool tenth = 10 * done_ / std::max<std::int64_t>(total_, 1) != 10 * drawn_ / std::max<std::int64_t>(total_, 1);
    if (terminal_ ? time - last_ >= 0.1 : time - last_ >= 10 || (tenth && time - last_ >= 1)) draw(time);
  }

 private:
  static double now() {
    timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  }
  int width() const {
    if (options_.width > 0) return options_.width;
    winsize size{};
    // One column stays free: some terminals break the line when the last one is written.
    return ::ioctl(::fileno(options_.file), TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 : 79;
  }
  void draw(double time) {
    last_ = time;
    drawn_ = done_;
    std::string text;
    if (terminal_) text = "\r" + progress_line(title_, done_, total_, time - start_, width()) + "\x1b[K";
    else text = format_text("{}{}{}\n", title_, title_.empty() ? "" : ": ", progress_numbers(done_, total_, time - start_));
    std::fwrite(text.data(), 1, text.size(), options_.file);
    std::fflush(options_.file);
  }

  std::string title_;
  std::int64_t total_;
  ProgressOptions options_;
  bool terminal_;
  double start_, last_;
  std::int64_t done_ = 0, drawn_ = 0;
};
using ProgressBar = BasicProgressBar<>;

/// A range that draws how far its loop has come. R is a reference to a named range, or the range itself.
template <class R>
class Progress {
 public:
  Progress(R&& range, std::string title, ProgressOptions options)
      : range_(std::forward<R>(range)), title_(std::move(title)), options_(options) {}

  std::int64_t size() const { return static_cast<std::int64_t>(std::size(range_)); }

  /// The range's own iterator, and the bar, which lives as long as the loop.
  template <class I>
  class Iterator {
   public:
    // Guaranteed elision: an iterator of a loader cannot be copied.
    template <class Begin>
    Iterator(Begin begin, const Progress& p) : bar_(p.title_, p.size(), p.options_), at_(begin()) {}
    decltype(auto) operator*() { return *at_; }
    Iterator& operator++() {
      bar_.advance();
      ++at_;
      return *this;
    }
    template <class End>
    bool operator==(const End& end) const {
      return at_ == end;
    }

   private:
    ProgressBar bar_;
    I at_;
  };

  auto begin() {
    const auto first = [this] { return std::begin(range_); };
    return Iterator<decltype(first())>(first, *this);
  }
  auto end() { return std::end(range_); }

 private:
  R range_;
  std::string title_;
  ProgressOptions options_;
};

}  // namespace data

/// Loops over a range with a size, such as a DataLoader, and shows on stderr how far the loop is, its rate and the time left:
///   for (auto [images, labels] : progress(loader, "epoch 1")) ...
/// Elements come through as the range gives them. A temporary range is kept for the loop.
template <class R>
data::Progress<R> progress(R&& range, std::string title = {}, ProgressOptions options = {}) {
  return {std::forward<R>(range), std::move(title), options};
}

}  // namespace torchlite::inline TORCHLITE_ABI
