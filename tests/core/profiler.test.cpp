// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/core/profiler.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/exp.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/tensor/create.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace tl = torchlite;
namespace profiler = torchlite::profiler;
using Double = tl::Tensor<double>;

namespace {
std::size_t count(const profiler::Profile& p, std::string_view name, profiler::Kind kind) {
  return static_cast<std::size_t>(
      std::count_if(p.events().begin(), p.events().end(), [&](const auto& e) { return e.name == name && e.kind == kind; }));
}
const profiler::Event& event(const profiler::Profile& p, std::string_view name, profiler::Kind kind) {
  const auto at = std::find_if(p.events().begin(), p.events().end(), [&](const auto& e) { return e.name == name && e.kind == kind; });
  REQUIRE(at != p.events().end());
  return *at;
}
bool inside(const profiler::Event& inner, const profiler::Event& outer) {
  return inner.begin >= outer.begin && inner.begin + inner.duration <= outer.begin + outer.duration;
}
}  // namespace

TEST_CASE("a profile holds operations, their kernels, backward nodes and the program's own ranges", "[core][profiler]") {
  const Double x = tl::ones<double>({64, 64}).requires_grad_();
  CHECK_FALSE(profiler::is_enabled());
  profiler::Profile profile;
  CHECK(profiler::is_enabled());
  {
    const profiler::RecordFunction step("step \"one\"");
    const Double e = tl::exp(x);  // this line
    tl::sum(tl::matmul(e, e)).backward();
  }
  const int line = __LINE__ - 3;
  profile.stop();
  CHECK_FALSE(profiler::is_enabled());
  using profiler::Kind;
  INFO(profile.table());
  CHECK(count(profile, "exp", Kind::op) == 1);
  CHECK(count(profile, "exp", Kind::backward) == 1);
  CHECK(count(profile, "map", Kind::kernel) >= 1);
  CHECK(count(profile, "gemm", Kind::kernel) == 3);
  CHECK(std::count_if(profile.events().begin(), profile.events().end(), [](const auto& e) { return e.kind == Kind::backward; }) >= 3);
  const profiler::Event& step = event(profile, "step \"one\"", Kind::user);
  const profiler::Event& op = event(profile, "exp", Kind::op);
  CHECK(op.site.line == line);
  CHECK(inside(op, step));
  CHECK(inside(event(profile, "exp", Kind::backward), step));
  CHECK(inside(event(profile, "map", Kind::kernel), op));
  for (const profiler::Event& e : profile.events()) CHECK((e.begin >= 0 && e.duration >= 0));
  const auto averages = profile.key_averages();
  CHECK(averages[0].name == "step \"one\"");  // it holds all the others
  CHECK(profile.table().find("backward") != std::string::npos);
}

TEST_CASE("the trace is JSON in Chrome's format", "[core][profiler]") {
  profiler::Profile profile;
  CHECK_THROWS_WITH(profile.events(), ContainsSubstring("stop it first"));
  { const profiler::RecordFunction range("line\nbreak \\ \"quoted\""); }
  std::thread([] { const profiler::RecordFunction range("other thread"); }).join();
  profile.stop();
  const std::filesystem::path path = std::filesystem::temp_directory_path() / ("torchlite_trace_" + std::to_string(::getpid()) + ".json");
  profile.export_chrome_trace(path.string());
  std::ifstream stream(path);
  const nlohmann::json trace = nlohmann::json::parse(stream);
  std::filesystem::remove(path);
  REQUIRE(trace.at("traceEvents").size() == 2);
  const auto& first = trace["traceEvents"][0];
  CHECK(first.at("name") == "line\nbreak \\ \"quoted\"");
  CHECK(first.at("ph") == "X");
  CHECK(first.at("cat") == "user");
  CHECK(first.at("ts").is_number());
  CHECK(first.at("dur").is_number());
  CHECK(first.at("args").at("site").get<std::string>().find("profiler.test.cpp:") != std::string::npos);
  CHECK(first.at("tid") != trace["traceEvents"][1].at("tid"));
  CHECK_THROWS_AS(profile.export_chrome_trace("/nonexistent folder/trace.json"), tl::IoError);
}

TEST_CASE("without a profile nothing is recorded, and there is one profile at a time", "[core][profiler]") {
  { const profiler::RecordFunction range("before"); }
  profiler::Profile profile;
  CHECK_THROWS_WITH(profiler::Profile(), ContainsSubstring("another profile"));
  CHECK(profiler::is_enabled());
  profile.stop();
  { const profiler::RecordFunction range("after"); }
  CHECK(profile.events().empty());
  CHECK(profile.key_averages().empty());
  profiler::Profile next;
  { const profiler::RecordFunction range("during"); }
  next.stop();
  CHECK(next.events().size() == 1);
}
