// A new layer: a plain struct. Its fields are its parameters, found and named by the compiler.
#include <torchlite/torchlite.hpp>

#include <cmath>
#include <cstdint>

namespace tl = torchlite;
namespace nn = tl::nn;

/// x / sqrt(mean(x^2) + eps) * weight over the last dimension.
///   x [..., dim] -> same. Source: Zhang and Sennrich, NeurIPS 2019.
template <class T = float, class D = tl::Cpu>
struct ScaledNorm : nn::Module<ScaledNorm<T, D>> {
  std::int64_t dim = 1;
  double eps = 1e-6;
  nn::Parameter<T, D> weight{tl::ones<T, D>({dim})};

  auto forward(const tl::Tensor<T, D>& x) {
    tl::Tensor mean_square = tl::mean(tl::square(x), -1, true);
    return tl::Tensor(x * tl::rsqrt(mean_square + eps) * weight);
  }
};

int main() {
  ScaledNorm<double> norm{.dim = 4};
  tl::Tensor x = tl::Tensor<double>({2, 4}, {1, 2, 3, 4, -1, 1, -1, 1}).requires_grad_();
  tl::Tensor y = norm(x);
  bool right = std::abs(y[0][3].item() - 4.0 / std::sqrt(7.5 + 1e-6)) < 1e-12;
  right = right && norm.state_dict().contains("weight") && norm.num_parameters() == 4;
  return right && tl::gradcheck([&](const auto& t) { return norm(t); }, x) ? 0 : 1;
}
