// A training step on the GPU, recorded once as a CUDA graph and replayed. The step is written for any device: the same code trains on
// Cpu, and both must arrive at the same weights.
#include <torchlite/torchlite.hpp>

#include <cmath>
#include <cstdio>

namespace tl = torchlite;

/// y = tanh(x w), fitted by gradient descent.
template <class D>
struct Fit {
  tl::Tensor<float, D> x, y, w, loss;

  Fit() {
    tl::manual_seed(1);
    const auto on_host = tl::randn<float>({256, 8});
    const auto truth = tl::randn<float>({8, 1});
    x = on_host.to<D>();
    y = tl::Tensor<float>(tl::tanh(tl::matmul(on_host, truth))).to<D>();
    w = tl::zeros<float, D>({8, 1}).requires_grad_();
  }
  void step() {
    w.zero_grad();
    loss = tl::mean(tl::square(tl::tanh(tl::matmul(x, w)) - y));
    loss.backward();
    const tl::NoGradGuard guard;
    w.sub_(w.grad() * 0.5f);
  }
};

int main() {
  Fit<tl::Cpu> on_cpu;
  for (int i = 0; i < 200; ++i) on_cpu.step();
  std::printf("Cpu: loss %.6f\n", static_cast<double>(on_cpu.loss.item()));
  if (on_cpu.loss.item() > 1e-2f) return 1;
  if (!tl::cuda::is_available()) {
    std::printf("skipped: no CUDA device\n");
    return 77;
  }

  Fit<tl::Cuda> on_gpu;
  auto graph = tl::cuda::capture([&] { on_gpu.step(); });  // one step to warm up, then the recording
  for (int i = 1; i < 200; ++i) graph.replay();
  std::printf("%s: loss %.6f\n", tl::cuda::get_device_name().c_str(), static_cast<double>(on_gpu.loss.item()));
  const auto a = on_cpu.w.to_vector(), b = on_gpu.w.to_vector();
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::abs(a[i] - b[i]) < 1e-3f)) return 1;
  return 0;
}
