// Mixed precision: products in half, all else and the parameters in float, and a scaled loss so that small gradients survive.
#include <fmt/core.h>
#include <torchlite/torchlite.hpp>

namespace tl = torchlite;
namespace nn = tl::nn;

template <class D>
float fit() {
  tl::manual_seed(1);
  nn::Sequential<nn::Linear<float, D>, nn::Tanh, nn::Linear<float, D>> net{{4, 16}, {}, {16, 1}};
  tl::optim::AdamW optimizer(net.parameters(), {.lr = 1e-2});
  tl::amp::GradScaler scaler;
  const auto x = tl::randn<float, D>({128, 4});
  const tl::Tensor y = tl::sin(tl::sum(x, 1, true));
  tl::Tensor<float, D> loss;
  for (int step = 0; step < 300; ++step) {
    optimizer.zero_grad();
    {
      tl::amp::Autocast<tl::half, D> autocast;  // bfloat16 needs no scaler
      loss = nn::functional::mse_loss(net(x), y);
    }
    scaler.scale(loss).backward();
    scaler.step(optimizer);
    scaler.update();
  }
  return loss.item();
}

int main() {
  const float loss = fit<tl::Cpu>();
  fmt::print("loss {:.4f}\n", loss);
  return loss < 0.1f ? 0 : 1;
}
