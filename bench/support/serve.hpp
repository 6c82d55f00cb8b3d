// SPDX-License-Identifier: BSD-3-Clause
// The main function of every benchmark, ours and the peers'. Without arguments a program runs as any of Google Benchmark's; with
// --serve it waits for orders, so that bench/compare.py can let two programs take turns, one repetition each:
//   run NAME      -> of one iteration: nanoseconds of wall time and of this thread, operations and bytes (0 where a case does not say),
//                    then NAME=VALUE for every other counter
//   quit
#pragma once
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <cstdio>
#include <iostream>
#include <string>

namespace bench {

/// How much a case does in an iteration: floating-point operations, and bytes that must be moved.
inline void work(benchmark::State& state, double operations, double bytes = 0) {
  state.counters["work"] = operations;
  state.counters["bytes"] = bytes;
}

/// The most memory that this process has had, in megabytes.
inline double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

class Capture : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.iterations == 0) continue;
      nanoseconds = run.real_accumulated_time / static_cast<double>(run.iterations) * 1e9;
      cpu_nanoseconds = run.cpu_accumulated_time / static_cast<double>(run.iterations) * 1e9;
      const auto counter = [&](const char* name) {
        const auto found = run.counters.find(name);
        return found == run.counters.end() ? 0.0 : found->second.value;
      };
      operations = counter("work");
      bytes = counter("bytes");
      others.clear();
      for (const auto& [name, value] : run.counters)
        if (name != "work" && name != "bytes") others += " " + name + "=" + std::to_string(value.value);
    }
  }
  double nanoseconds = 0, cpu_nanoseconds = 0, operations = 0, bytes = 0;
  std::string others;
};

inline std::string exactly(const std::string& name) {
  std::string pattern = "^";
  for (const char c : name) {
    if (std::string("^$.|?*+()[]{}\\").find(c) != std::string::npos) pattern += '\\';
    pattern += c;
  }
  return pattern + "$";
}

inline int serve() {
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line == "quit") break;
    if (line.rfind("run ", 0) == 0) {
      Capture capture;
      benchmark::RunSpecifiedBenchmarks(&capture, exactly(line.substr(4)));
      std::printf("%.3f %.3f %.0f %.0f%s\n", capture.nanoseconds, capture.cpu_nanoseconds, capture.operations, capture.bytes,
                  capture.others.c_str());
      std::fflush(stdout);
    }
  }
  return 0;
}

}  // namespace bench

/// settings: what the program must say to its library before the first case.
#define BENCH_MAIN(settings)                                            \
  int main(int argc, char** argv) {                                     \
    settings;                                                           \
    const bool serving = argc > 1 && std::string(argv[1]) == "--serve"; \
    if (serving) argv[1] = argv[0], ++argv, --argc;                     \
    benchmark::Initialize(&argc, argv);                                 \
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;   \
    if (serving) return bench::serve();                                 \
    benchmark::RunSpecifiedBenchmarks();                                \
    return 0;                                                           \
  }
