// A new optimizer: its options, what it does to one element, and its step.
#include <torchlite/torchlite.hpp>

#include <array>
#include <cmath>
#include <vector>

namespace tl = torchlite;

struct LionOptions {
  double lr = 1e-4;
  double beta1 = 0.9, beta2 = 0.99;
  double weight_decay = 0;
};

/// p = shrink * p - lr * sign(beta1 * m + (1 - beta1) * g), then m = beta2 * m + (1 - beta2) * g.
template <class R>
struct LionUpdate {
  static constexpr unsigned states = 1;  // bit 0: one number is kept for each element
  R lr, shrink, beta1, beta2;

  TORCHLITE_HOST_DEVICE void operator()(R& p, R g, R& m, R&, R&) const {
    p = shrink * p - lr * tl::math::sign(beta1 * m + (R(1) - beta1) * g);
    m = beta2 * m + (R(1) - beta2) * g;
  }
};

/// Steps of equal length along the sign of a moving average. Source: Chen et al., NeurIPS 2023.
template <class T, class D = tl::Cpu>
class Lion : public tl::optim::Optimizer<Lion<T, D>, T, D, LionOptions, 1> {
  using Base = tl::optim::Optimizer<Lion, T, D, LionOptions, 1>;
  friend Base;

 public:
  static constexpr const char* name = "Lion";
  explicit Lion(std::vector<tl::Tensor<T, D>> params, LionOptions options = {}) : Base(std::move(params), options) {}

 private:
  static constexpr std::array<const char*, 1> states{"exp_avg"};
  template <class F>
  static void each_option(LionOptions& o, F&& f) {
    f("lr", o.lr), f("beta1", o.beta1), f("beta2", o.beta2), f("weight_decay", o.weight_decay);
  }
  static void check(const LionOptions& o) { tl::check<tl::Error>(o.lr >= 0, "Lion: lr is {}; it must not be negative", o.lr); }
  void update(const LionOptions& o, typename Base::State& state, const tl::Tensor<T, D>& p, const tl::Tensor<T, D>& g) {
    const LionUpdate<T> formula{T(o.lr), T(1 - o.lr * o.weight_decay), T(o.beta1), T(o.beta2)};
    Base::apply(formula, state, p, g);
  }
};

int main() {
  auto w = tl::Tensor<double>({2}, {1.0, -3.0}).requires_grad_();
  Lion optimizer(std::vector{w}, {.lr = 0.01});
  for (int step = 0; step < 100; ++step) {
    optimizer.zero_grad();
    tl::sum(tl::square(w - 0.5)).backward();
    optimizer.step();
  }
  // A hundred steps of 0.01: the first weight is there and swings by one step, the second has come a whole unit closer.
  return std::abs(w[0].item() - 0.5) < 0.2 && std::abs(w[1].item() + 2.0) < 1e-9 ? 0 : 1;
}
