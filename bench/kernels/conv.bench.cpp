// SPDX-License-Identifier: BSD-3-Clause
// GFLOP/s of convolutions: the layers of the demo's network, of a residual network, and a depthwise one.
#include <torchlite/backend/cpu/conv.hpp>

#include <benchmark/benchmark.h>

#include <vector>

namespace {
using torchlite::backend::Conv2dShape;
using torchlite::backend::Cpu;

struct Layer {
  Conv2dShape s;
  std::vector<float> x, w, bias, y;

  // batch, in_channels, size, out_channels, kernel, pad, groups
  explicit Layer(const benchmark::State& state) {
    s.batch = state.range(0), s.in_channels = state.range(1), s.in_h = s.in_w = state.range(2), s.out_channels = state.range(3);
    s.kernel_h = s.kernel_w = state.range(4), s.pad_h = s.pad_w = state.range(5), s.groups = state.range(6);
    s.out_h = s.out_w = Conv2dShape::out_size(s.in_h, s.kernel_h, 1, s.pad_h, 1);
    x.assign(static_cast<std::size_t>(s.batch * s.in_channels * s.in_plane()), 0.5f);
    w.assign(static_cast<std::size_t>(s.out_channels * s.depth()), 0.25f);
    bias.assign(static_cast<std::size_t>(s.out_channels), 1.0f);
    y.assign(static_cast<std::size_t>(s.batch * s.out_channels * s.out_plane()), 0.125f);
  }
  void report(benchmark::State& state) const {
    const double work = 2.0 * static_cast<double>(s.batch * s.out_channels * s.out_plane() * s.depth());
    state.counters["FLOP/s"] = benchmark::Counter(work, benchmark::Counter::kIsIterationInvariantRate);
  }
};

void forward(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) conv2d_forward(Cpu{}, l.s, l.x.data(), l.w.data(), l.bias.data(), l.y.data());
  l.report(state);
}
void backward_input(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) conv2d_backward_input(Cpu{}, l.s, l.y.data(), l.w.data(), l.x.data());
  l.report(state);
}
void backward_weight(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) conv2d_backward_weight(Cpu{}, l.s, l.y.data(), l.x.data(), l.w.data());
  l.report(state);
}
void backward_bias(benchmark::State& state) {
  Layer l(state);
  for (auto _ : state) conv2d_backward_bias(Cpu{}, l.s, l.y.data(), l.bias.data());
}

void shapes(benchmark::internal::Benchmark* b) {
  b->Args({64, 1, 28, 32, 3, 0, 1})->Args({64, 32, 26, 64, 3, 0, 1})->Args({32, 64, 56, 64, 3, 1, 1});
  b->Args({32, 256, 14, 256, 3, 1, 1})->Args({32, 256, 28, 128, 1, 0, 1})->Args({32, 128, 28, 128, 3, 1, 128});
  b->Unit(benchmark::kMillisecond)->MinTime(0.1)->UseRealTime();
}
}  // namespace

BENCHMARK(forward)->Apply(shapes);
BENCHMARK(backward_input)->Apply(shapes);
BENCHMARK(backward_weight)->Apply(shapes);
BENCHMARK(backward_bias)->Apply(shapes);
