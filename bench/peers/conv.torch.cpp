// SPDX-License-Identifier: BSD-3-Clause
#include "peers/torch_settings.hpp"
#include "support/serve.hpp"
#include "support/shapes.hpp"

namespace {

using torch::Tensor;

struct Layer : bench::ConvCase {
  Tensor x, w, b, y;
  explicit Layer(const benchmark::State& s)
      : ConvCase(s),
        x(torch::randn({batch, in, size, size})),
        w(torch::randn({out, in / groups, kernel, kernel})),
        b(torch::randn({out})),
        y(torch::randn({batch, out, out_size, out_size})) {}
  /// The convolution's own backward function, for the gradients that are asked for.
  auto backward(bool data, bool weight) const {
    return torch::convolution_backward(y, x, w, torch::IntArrayRef({out}), {1, 1}, {pad, pad}, {1, 1}, false, {0, 0}, groups,
                                       {data, weight, false});
  }
};

void conv_forward(benchmark::State& state) {
  const torch::NoGradGuard guard;
  const Layer l(state);
  for (auto _ : state) benchmark::DoNotOptimize(torch::conv2d(l.x, l.w, l.b, 1, l.pad, 1, l.groups).unsafeGetTensorImpl());
}
void conv_backward_data(benchmark::State& state) {
  const torch::NoGradGuard guard;
  const Layer l(state);
  for (auto _ : state) benchmark::DoNotOptimize(l.backward(true, false));
}
void conv_backward_weight(benchmark::State& state) {
  const torch::NoGradGuard guard;
  const Layer l(state);
  for (auto _ : state) benchmark::DoNotOptimize(l.backward(false, true));
}

}  // namespace

BENCHMARK(conv_forward)->Apply(bench::conv_shapes);
BENCHMARK(conv_backward_data)->Apply(bench::conv_shapes);
BENCHMARK(conv_backward_weight)->Apply(bench::conv_shapes);

BENCH_MAIN(torch_settings())
