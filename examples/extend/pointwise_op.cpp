// A new pointwise operation: the formula and its derivative, once, for every dtype and device.
#include <torchlite/torchlite.hpp>

#include <cmath>

namespace tl = torchlite;

/// x * tanh(softplus(x)) with a slope: a smooth, non-monotonic relu.
struct SlopedMish {
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T slope) {
    using std::exp, std::log1p, std::tanh;  // unqualified: floats, doubles and the numbers of second derivatives all work
    return x * tanh(log1p(exp(slope * x)));
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static tl::Partials<T, 2> derivative(T x, T slope) {
    using std::exp, std::log1p, std::tanh;
    const T e = exp(slope * x), t = tanh(log1p(e)), inner = (T(1) - t * t) * e / (T(1) + e);
    return {{t + x * slope * inner, x * x * inner}};
  }
};
inline constexpr tl::Pointwise<SlopedMish> sloped_mish{};

int main() {
  tl::manual_seed(0);
  tl::Tensor x = tl::randn<double>({4, 3}).requires_grad_();
  tl::Tensor slope = tl::rand<double>({3}).requires_grad_();  // broadcasts, and gets its gradient summed
  auto f = [](const auto& a, const auto& b) { return sloped_mish(a, b) * 2.0; };
  return tl::gradcheck(f, x, slope) && tl::gradgradcheck(f, x, slope) ? 0 : 1;
}
