// SPDX-License-Identifier: BSD-3-Clause
// Convolutions: the layers of the demo's network, of a residual network, and a depthwise one.
#include "support/serve.hpp"
#include "support/shapes.hpp"

#include <torchlite/backend/cpu/conv.hpp>

namespace {
using torchlite::backend::Conv2dShape;
using torchlite::backend::Cpu;

template <class T>
struct Layer : bench::ConvCase {
  Conv2dShape s;
  std::vector<T> x, w, bias, y;

  explicit Layer(const benchmark::State& state)
      : ConvCase(state),
        x(bench::numbers<T>(x_numel())),
        w(bench::numbers<T>(w_numel())),
        bias(bench::numbers<T>(out)),
        y(bench::numbers<T>(y_numel())) {
    s.batch = batch, s.in_channels = in, s.in_h = s.in_w = size, s.out_channels = out;
    s.kernel_h = s.kernel_w = kernel, s.pad_h = s.pad_w = pad, s.groups = groups;
    s.out_h = s.out_w = out_size;
  }
};

template <class T>
void conv_forward(benchmark::State& state) {
  Layer<T> l(state);
  for (auto _ : state) conv2d_forward(Cpu{}, l.s, l.x.data(), l.w.data(), l.bias.data(), l.y.data());
  bench::work(state, l.operations());
}
template <class T>
void conv_backward_data(benchmark::State& state) {
  Layer<T> l(state);
  for (auto _ : state) conv2d_backward_input(Cpu{}, l.s, l.y.data(), l.w.data(), l.x.data());
  bench::work(state, l.operations());
}
template <class T>
void conv_backward_weight(benchmark::State& state) {
  Layer<T> l(state);
  for (auto _ : state) conv2d_backward_weight(Cpu{}, l.s, l.y.data(), l.x.data(), l.w.data());
  bench::work(state, l.operations());
}

}  // namespace

BENCHMARK_TEMPLATE(conv_forward, float)->Apply(bench::conv_shapes)->Name("conv_forward");
BENCHMARK_TEMPLATE(conv_backward_data, float)->Apply(bench::conv_shapes)->Name("conv_backward_data");
BENCHMARK_TEMPLATE(conv_backward_weight, float)->Apply(bench::conv_shapes)->Name("conv_backward_weight");
BENCHMARK_TEMPLATE(conv_forward, torchlite::bfloat16)->Apply(bench::short_conv_shapes)->Name("bfloat16_conv_forward");
BENCHMARK_TEMPLATE(conv_backward_data, torchlite::bfloat16)->Apply(bench::short_conv_shapes)->Name("bfloat16_conv_backward_data");
BENCHMARK_TEMPLATE(conv_backward_weight, torchlite::bfloat16)->Apply(bench::short_conv_shapes)->Name("bfloat16_conv_backward_weight");

BENCH_MAIN()
