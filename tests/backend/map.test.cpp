// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/torchlite.hpp>

#include <thread>
#include <vector>

namespace tl = torchlite;

namespace {

// Fewer than a lane, lanes with and without a rest, the ends of blocks, more than one thread's share.
const std::int64_t lengths[] = {0, 1, 2, 15, 16, 17, 31, 33, 47, 255, 256, 257, 270, 272, 511, 513, 1000, 32768, 32769, 65537};

// Small integers: all results are exact.
template <class T>
T number(std::int64_t i, std::int64_t period) {
  return static_cast<T>(static_cast<float>(i * 7 % period) - 3.0f);
}
template <class T>
tl::Tensor<T> filled(std::int64_t n, std::int64_t period) {
  tl::Tensor<T> t = tl::empty<T>({n});
  for (std::int64_t i = 0; i < n; ++i) t.data()[i] = number<T>(i, period);
  return t;
}
template <class T, class F>
std::int64_t wrong(const tl::Tensor<T>& t, F expected) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < t.numel(); ++i) count += t.data()[i] != static_cast<T>(expected(i));
  return count;
}

}  // namespace

TEMPLATE_TEST_CASE("every element of a formula and of its gradients is written once, whatever the length", "[backend]", float, double,
                   tl::half) {
  using T = TestType;
  const auto at = [](std::int64_t period) { return [period](std::int64_t i) { return static_cast<float>(number<T>(i, period)); }; };
  const auto a_at = at(5), b_at = at(7), c_at = at(11), g_at = at(3);
  for (const std::int64_t n : lengths) {
    CAPTURE(n);
    const auto a = filled<T>(n, 5).requires_grad_(), b = filled<T>(n, 7).requires_grad_(), c = filled<T>(n, 11), g = filled<T>(n, 3);
    const tl::Tensor<T> y = a * b + b * c;
    CHECK(wrong(y, [&](std::int64_t i) { return a_at(i) * b_at(i) + b_at(i) * c_at(i); }) == 0);
    y.backward(g);  // nobody wants c's gradient
    CHECK(wrong(a.grad(), [&](std::int64_t i) { return g_at(i) * b_at(i); }) == 0);
    CHECK(wrong(b.grad(), [&](std::int64_t i) { return g_at(i) * (a_at(i) + c_at(i)); }) == 0);
    CHECK(wrong(g, g_at) == 0);
  }
}

TEST_CASE("a gradient that is overwritten by another one is read before, whatever the length", "[backend]") {
  for (const std::int64_t n : lengths) {
    CAPTURE(n);
    const auto a = filled<float>(n, 5).requires_grad_(), b = filled<float>(n, 7).requires_grad_();
    const tl::Tensor<float> x = a * 2.0f, y = x * b;  // the gradient of y, 3, is nobody else's; x's is written over it
    tl::Tensor<float> z = y * 3.0f;
    z.backward(tl::ones<float>({n}));
    CHECK(wrong(a.grad(), [](std::int64_t i) { return 6 * number<float>(i, 7); }) == 0);
    CHECK(wrong(b.grad(), [](std::int64_t i) { return 6 * number<float>(i, 5); }) == 0);
  }
}

TEST_CASE("an operand that is used twice gets the sum of both gradients, whatever the length", "[backend]") {
  for (const std::int64_t n : lengths) {
    CAPTURE(n);
    const auto a = filled<float>(n, 5).requires_grad_();
    tl::Tensor<float> y = a * a + a;
    y.backward(filled<float>(n, 3));
    CHECK(wrong(a.grad(), [](std::int64_t i) { return number<float>(i, 3) * (2 * number<float>(i, 5) + 1); }) == 0);
  }
}

TEST_CASE("in place, no element is changed twice, whatever the length", "[backend]") {
  for (const std::int64_t n : lengths) {
    CAPTURE(n);
    const auto a = filled<float>(n, 5), b = filled<float>(n, 7);
    a.add_(b);
    a.mul_(a);
    CHECK(wrong(a, [](std::int64_t i) {
            const float s = number<float>(i, 5) + number<float>(i, 7);
            return s * s;
          }) == 0);
  }
}

TEST_CASE("formulas of strided and broadcast operands write every element, whatever the length", "[backend]") {
  for (const std::int64_t n : {std::int64_t{1}, std::int64_t{5}, std::int64_t{16}, std::int64_t{17}, std::int64_t{300}}) {
    CAPTURE(n);
    const auto rows = filled<float>(n * 3, 5).requires_grad_(), one = filled<float>(n, 7).requires_grad_();
    const tl::Tensor<float> x = tl::transpose(tl::view(rows, {n, 3}), 0, 1);  // [3, n]
    tl::Tensor<float> y = x * one;
    CHECK(wrong(y, [&](std::int64_t i) { return number<float>(i % n * 3 + i / n, 5) * number<float>(i % n, 7); }) == 0);
    y.backward(tl::ones<float>({3, n}));
    CHECK(wrong(rows.grad(), [&](std::int64_t i) { return number<float>(i / 3, 7); }) == 0);
    CHECK(wrong(one.grad(),
                [&](std::int64_t i) { return number<float>(i * 3, 5) + number<float>(i * 3 + 1, 5) + number<float>(i * 3 + 2, 5); }) == 0);
  }
}

TEST_CASE("memory that another thread frees after its pool is gone is used again", "[backend]") {
  std::vector<tl::Tensor<float>> kept;
  for (int round = 0; round < 3; ++round) {
    std::thread([&] {
      kept.clear();  // of the thread before
      for (int i = 0; i < 600; ++i) kept.push_back(tl::full<float>({20}, static_cast<float>(i)));
      for (int i = 0; i < 600; i += 2) kept[static_cast<std::size_t>(i)] = {};
    }).join();
    std::int64_t bad = 0;
    for (int i = 1; i < 600; i += 2) bad += wrong(kept[static_cast<std::size_t>(i)], [i](std::int64_t) { return i; });
    CHECK(bad == 0);
  }
}
