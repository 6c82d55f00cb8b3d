// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/data/progress.hpp>

#include <support/catch.hpp>

#include <memory>
#include <string>
#include <vector>

namespace tl = torchlite;
using namespace tl::data;

namespace {

/// What a loop writes to a file.
class Output {
 public:
  Output() : file_(std::tmpfile()) { REQUIRE(file_ != nullptr); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { std::fclose(file_); }
  std::FILE* file() const { return file_; }
  std::string text() const {
    std::rewind(file_);
    std::string all;
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) all += static_cast<char>(c);
    return all;
  }

 private:
  std::FILE* file_;
};

std::size_t count(const std::string& text, char c) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), c)); }

}  // namespace

TEST_CASE("times are written as clocks show them", "[data][progress]") {
  CHECK(clock_text(0) == "00:00");
  CHECK(clock_text(83.4) == "01:23");
  CHECK(clock_text(3725) == "1:02:05");
  CHECK(clock_text(1e300) == "?");
}

TEST_CASE("a progress line shows share, bar, counts, times and rate", "[data][progress]") {
  CHECK(progress_line("epoch 1", 50, 100, 10, 62) == "epoch 1:  50% [=========>        ] 50/100 [00:10<00:10, 5.0/s]");
  CHECK(progress_line("epoch 1", 100, 100, 10, 62) == "epoch 1: 100% [================] 100/100 [00:10<00:00, 10.0/s]");
  CHECK(progress_line("", 0, 4, 0, 36) == "  0% [>         ] 0/4 [00:00<?, ?/s]");
  CHECK(progress_line("slow", 1, 3, 20, 200).find("1/3 [00:20<00:40, 20.0 s each]") != std::string::npos);
  CHECK(progress_line("none", 0, 0, 0, 200).find("100%") != std::string::npos);
  for (int width = 0; width < 100; ++width) CHECK(progress_line("title", 37, 938, 12, width).size() <= static_cast<std::size_t>(width));
}

TEST_CASE("progress gives the elements themselves", "[data][progress]") {
  const Output out;
  std::vector<int> numbers{1, 2, 3};
  for (int& n : tl::progress(numbers, "n", {.file = out.file()})) n *= 10;
  CHECK(numbers == std::vector<int>{10, 20, 30});
  std::vector<std::unique_ptr<int>> owners(2);
  for (auto& owner : tl::progress(owners, "", {.file = out.file()})) owner = std::make_unique<int>(1);
  CHECK(owners[1]);
  int sum = 0;
  for (const int n : tl::progress(std::vector<int>{4, 5}, "temporary", {.file = out.file()})) sum += n;
  CHECK(sum == 9);
  CHECK(tl::progress(numbers).size() == 3);
}

TEST_CASE("without a terminal progress writes plain lines: the start, the end", "[data][progress]") {
  const Output out;
  const std::vector<int> numbers(1000);
  for ([[maybe_unused]] const int n : tl::progress(numbers, "epoch 1", {.file = out.file()})) continue;
  const std::string text = out.text();
  CHECK(text.rfind("epoch 1: 0/1000 [00:00<?, ?/s]\n", 0) == 0);
  CHECK(text.find("\nepoch 1: 1000/1000 [00:0") != std::string::npos);
  CHECK(count(text, '\n') == 2);
  CHECK(count(text, '\r') == 0);
}

TEST_CASE("on a terminal progress redraws one line and ends it", "[data][progress]") {
  const Output out;
  const std::vector<int> numbers(1000);
  for ([[maybe_unused]] const int n : tl::progress(numbers, "t", {.file = out.file(), .width = 60})) continue;
  const std::string text = out.text();
  CHECK(count(text, '\n') == 1);
  CHECK(text.back() == '\n');
  CHECK(count(text, '\r') >= 2);
  CHECK(count(text, '\r') <= 4);  // a thousand steps take less than 0.2 s
  CHECK(text.find("100%") != std::string::npos);
}

TEST_CASE("a loop that is left early shows where", "[data][progress]") {
  const Output out;
  const std::vector<int> numbers(10);
  int i = 0;
  for ([[maybe_unused]] const int n : tl::progress(numbers, "t", {.file = out.file()}))
    if (++i == 4) break;
  CHECK(out.text().find("t: 3/10 [") != std::string::npos);
}
