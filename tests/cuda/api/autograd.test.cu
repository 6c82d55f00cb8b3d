// SPDX-License-Identifier: BSD-3-Clause
// examples/autograd.cpp on the device.
#include "expect.hpp"

#include <cmath>
#include <string_view>

// Not at global scope: the toolkit's headers call sqrt and the like there.
namespace cuda_tests::api {
namespace tl = torchlite;

namespace {
struct StraightThroughSign : tl::autograd::Function<StraightThroughSign> {
  template <class T, class D>
  static tl::Tensor<T, D> forward(tl::autograd::Context& context, const tl::Tensor<T, D>& x) {
    context.save_for_backward(x);
    return tl::sign(x);
  }
  template <class T, class D>
  static tl::Tensor<T, D> backward(tl::autograd::Context&, const tl::Tensor<T, D>& grad_output) {
    return grad_output;
  }
};

bool says(const tl::Error& error, std::string_view word) { return std::string_view(error.what()).find(word) != std::string_view::npos; }

template <class D>
int autograd() {
  using std::abs;
  auto x = tl::full<double, D>({3}, 2.0).requires_grad_();
  tl::Tensor y = tl::pow(x, 3.0);
  auto [dx] = tl::autograd::grad({tl::sum(y)}, {x});
  EXPECT(abs(dx[0].item() - 12.0) < 1e-12 && !x.grad().defined());

  auto [d1] = tl::autograd::grad({tl::sum(tl::pow(x, 3.0))}, {x}, {.create_graph = true});
  auto [d2] = tl::autograd::grad({tl::sum(d1)}, {x}, {.create_graph = true});
  auto [d3] = tl::autograd::grad({tl::sum(d2)}, {x});
  EXPECT(abs(d2[1].item() - 12.0) < 1e-12 && abs(d3[2].item() - 6.0) < 1e-12);

  tl::sum(x * 2.0).backward();
  tl::sum(x * 2.0).backward();
  EXPECT(abs(x.grad()[0].item() - 4.0) < 1e-12);
  x.zero_grad();

  {
    tl::NoGradGuard no_grad;
    tl::Tensor z = x * 2.0;
    EXPECT(!z.requires_grad());
  }

  tl::Tensor h = x * 3.0;
  auto handle = h.register_hook([](const auto& g) { return g * 10.0; });
  tl::sum(h).backward();
  EXPECT(abs(x.grad()[0].item() - 30.0) < 1e-12);
  x.zero_grad();

  tl::sum(StraightThroughSign::apply(x)).backward();
  EXPECT(abs(x.grad()[0].item() - 1.0) < 1e-12);
  x.zero_grad();

  auto block = [](const tl::Tensor<double, D>& t) { return tl::sin(tl::exp(t) * t); };
  tl::sum(tl::autograd::checkpoint(block, x)).backward();
  EXPECT(tl::gradcheck(block, x) && tl::gradgradcheck(block, x));

  tl::Tensor once = tl::sum(tl::exp(x));
  once.backward();
  try {
    once.backward();
    return __LINE__;
  } catch (const tl::Error& error) {
    EXPECT(says(error, "retain_graph"));
  }

  tl::Tensor e = tl::exp(x);
  tl::Tensor out = e * e;
  e.mul_(2.0);
  try {
    tl::sum(out).backward();
    return __LINE__;
  } catch (const tl::Error& error) {
    EXPECT(says(error, "modified in place"));
  }

  auto w = tl::ones<double, D>({1}).requires_grad_();
  tl::Tensor chain = w;
  for (int i = 0; i < 100'000; ++i) chain = chain + 1.0;
  tl::sum(chain).backward();
  EXPECT(w.grad().item() == 1.0);
  return 0;
}
}  // namespace

TEST_CASE("what the tape offers is there on the device", "[cuda][api]") { CHECK(autograd<tl::Cuda>() == 0); }

}  // namespace cuda_tests::api
