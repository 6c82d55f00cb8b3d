// SPDX-License-Identifier: BSD-3-Clause
// examples/quickstart.cpp, custom_op.cpp, fusion.cpp and errors.cpp on the device.
#include "expect.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

// Not at global scope: the toolkit's headers call sqrt and the like there.
namespace cuda_tests::api {
namespace tl = torchlite;

namespace {
template <class D>
int quickstart() {
  tl::manual_seed(0);
  tl::Tensor<float, D> a = tl::randn<float, D>({3, 4});
  tl::Tensor b = tl::arange<float, D>(4);
  tl::Tensor c = tl::tanh(a * b + 1.0f) * tl::sigmoid(b);
  EXPECT(!fmt::format("{}", c).empty());

  auto w = tl::randn<float, D>({4, 2}).requires_grad_();
  auto loss = tl::mean(tl::square(tl::matmul(c, w)));
  loss.backward();
  EXPECT(!fmt::format("loss {:.4f}\n{}\n", loss.item(), w.grad()).empty());

  auto row = a[1];
  auto corner = a(tl::Slice(0, 2), tl::Slice(-2, tl::None));
  row.fill_(7.0f);
  EXPECT(corner(1, 0).item() == 7.0f);

  tl::Tensor<std::int64_t, D> k({2, 2}, {1, 2, 3, 4});
  tl::Tensor mixed = k + 0.5;
  static_assert(std::is_same_v<typename decltype(mixed)::value_type, double>);
  tl::Tensor<float, D> narrowed = tl::to<float>(mixed) * 2.0f;
  EXPECT(std::abs(narrowed.sum().item() - 24.0f) <= 1e-5f);

  tl::Tensor<double, D> x({3}, {1.0, -2.0, 3.0});
  x.requires_grad_();
  tl::mean(x * x).backward();
  for (int i = 0; i < 3; ++i) EXPECT(std::abs(x.grad()[i].item() - 2.0 * x[i].item() / 3.0) <= 1e-12);
  return 0;
}

struct Squareplus {
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x) {
    using std::sqrt;
    return (x + sqrt(x * x + T(4))) * T(0.5);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static T derivative(T x) {
    using std::sqrt;
    return (T(1) + x / sqrt(x * x + T(4))) * T(0.5);
  }
};
inline constexpr tl::Pointwise<Squareplus> squareplus{};

template <class D>
int custom_op() {
  tl::manual_seed(0);
  tl::Tensor x = tl::randn<double, D>({5, 3}).requires_grad_();
  tl::Tensor y = squareplus(x * 2.0) + 1.0;
  EXPECT(y.size(0) == 5);
  EXPECT(tl::gradcheck([](const auto& t) { return squareplus(t * 2.0) + 1.0; }, x));
  return 0;
}

template <class D>
int fusion() {
  tl::Tensor a = tl::rand<float, D>({1000}), b = tl::rand<float, D>({1000}), bias = tl::rand<float, D>({10});
  auto passes = [start = tl::kernel_count()]() mutable {
    auto now = tl::kernel_count();
    return now - std::exchange(start, now);
  };
  passes();

  tl::Tensor y = tl::exp(a) * b + a / (b + 1.0f);
  EXPECT(passes() == 1);
  auto lazy = a * b + 1.0f;
  EXPECT(passes() == 0);
  tl::Tensor u = lazy * 2.0f, v = lazy * 3.0f;
  EXPECT(passes() == 3);
  EXPECT(tl::allclose(v, u * 1.5f));
  passes();

  float total = tl::sum(tl::square(a - b)).item();
  EXPECT(passes() == 1 && total >= 0.0f);
  y += a * b;
  EXPECT(passes() == 1);

  tl::Tensor m = tl::rand<float, D>({100, 10});
  passes();
  tl::Tensor h = tl::relu(m + bias);
  EXPECT(passes() == 1);
  tl::Tensor t = m.transpose(0, 1) * 2.0f;
  EXPECT(passes() == 1 && t.size(0) == 10);
  m = m + m.clone();
  tl::Tensor square = tl::rand<float, D>({8, 8});
  tl::Tensor expected = square.clone() + square.clone().transpose(0, 1);
  square.copy_(square + square.transpose(0, 1));
  EXPECT(tl::equal(square, expected));

  a.requires_grad_();
  b.requires_grad_();
  passes();
  tl::Tensor z = tl::tanh(a * b + a) * tl::sigmoid(b);
  EXPECT(passes() == 1);
  z.backward(tl::ones_like(z));
  EXPECT(passes() <= 4);

  tl::Tensor p = tl::ones<float, D>({4});
  auto stale = p + 1.0f;
  p.add_(5.0f);
  try {
    tl::Tensor wrong = stale;
    return __LINE__;
  } catch (const tl::Error&) {}
  return 0;
}

template <class E, class F>
int expect(const char* what, F&& wrong, std::vector<std::string> words) {
  try {
    wrong();
  } catch (const E& error) {
    for (auto& word : words)
      if (std::string(error.what()).find(word) == std::string::npos) {
        UNSCOPED_INFO(what << ": '" << error.what() << "' lacks '" << word << "'");
        return 1;
      }
    return 0;
  }
  UNSCOPED_INFO(what << ": nothing thrown");
  return 1;
}

template <class D>
int errors() {
  auto a = tl::ones<float, D>({2, 3}), b = tl::ones<float, D>({4, 5});
  tl::backend::cuda::index_checks() = true;  // otherwise a wrong index stops the device, as PyTorch's do
  int failures = 0;
  failures += expect<tl::ShapeError>("matmul", [&] { tl::matmul(a, b); }, {"matmul", "[2, 3]", "[4, 5]"});
  failures += expect<tl::ShapeError>("add", [&] { tl::Tensor c = a + b; }, {"[2, 3]", "[4, 5]", "broadcast"});
  failures += expect<tl::ShapeError>("view", [&] { a.view({4, 2}); }, {"view", "[2, 3]", "[4, 2]"});
  failures += expect<tl::IndexError>("index", [&] { a[2]; }, {"2", "[2, 3]"});
  failures += expect<tl::Error>("item", [&] { a.item(); }, {"item", "6"});
  failures += expect<tl::Error>("backward", [&] { a.backward(); }, {"requires_grad"});
  failures += expect<tl::IndexError>("embedding",
                                     [&] {
                                       tl::nn::Embedding<float, D> table{10, 4};
                                       table(tl::full<std::int64_t, D>({2}, 10));
                                     },
                                     {"10"});
  failures += expect<tl::Error>("state dict",
                                [&] {
                                  tl::nn::Linear<float, D> small{2, 2}, large{3, 2};
                                  large.load_state_dict(small.state_dict());
                                },
                                {"weight", "[2, 2]", "[2, 3]"});
  failures += expect<tl::ShapeError>("size", [&] { tl::zeros<float, D>({-2, 3}); }, {"-2"});
  failures += expect<tl::Error>("memory", [&] { tl::empty<double, D>({std::int64_t(1) << 40, std::int64_t(1) << 40}); }, {});
  tl::backend::cuda::index_checks() = false;
  return failures;
}
}  // namespace

TEST_CASE("the API's first program runs on the device", "[cuda][api]") { CHECK(quickstart<tl::Cuda>() == 0); }
TEST_CASE("a user's own operation runs on the device", "[cuda][api]") { CHECK(custom_op<tl::Cuda>() == 0); }
TEST_CASE("expressions run on the device when and as often as on the Cpu", "[cuda][api]") { CHECK(fusion<tl::Cuda>() == 0); }
TEST_CASE("wrong use throws on the device as on the Cpu", "[cuda][api]") { CHECK(errors<tl::Cuda>() == 0); }

}  // namespace cuda_tests::api
