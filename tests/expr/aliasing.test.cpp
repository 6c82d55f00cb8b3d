// SPDX-License-Identifier: BSD-3-Clause
// In-place forms whose target stands among the operands.
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/permute.hpp>
#include <torchlite/ops/shape/slice.hpp>

#include "reference.hpp"

namespace tl = torchlite;
using reference::numbers, reference::values;
using Float = tl::Tensor<float>;

TEST_CASE("a square matrix plus its own transpose, in place", "[expr][aliasing]") {
  const std::int64_t n = GENERATE(1, 2, 8, 33, 70);
  const Float m = numbers<float>({n, n}, 1), before = numbers<float>({n, n}, 1);
  m.copy_(m + tl::transpose(m, 0, 1));
  bool right = true;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) right = right && m.data()[i * n + j] == before.data()[i * n + j] + before.data()[j * n + i];
  CHECK(right);
}

TEST_CASE("slices that overlap are read before they are written", "[expr][aliasing]") {
  const std::int64_t n = GENERATE(5, 40, 600), shift = GENERATE(1, 3);
  for (const bool forward : {true, false}) {
    const Float x = numbers<float>({n}, 1), before = numbers<float>({n}, 1);
    const Float low = tl::slice(x, 0, 0, n - shift), high = tl::slice(x, 0, shift, n);
    if (forward) high.copy_(low * 2.0f);
    else low.copy_(high * 2.0f);
    bool right = true;
    for (std::int64_t i = 0; i < n - shift; ++i)
      right = right && (forward ? x.data()[i + shift] == 2 * before.data()[i] : x.data()[i] == 2 * before.data()[i + shift]);
    for (std::int64_t i = 0; i < shift; ++i)
      right = right && (forward ? x.data()[i] == before.data()[i] : x.data()[n - 1 - i] == before.data()[n - 1 - i]);
    CHECK(right);
  }
}

TEST_CASE("a row of the target broadcasts over the target", "[expr][aliasing]") {
  const Float m = numbers<float>({4, 6}, 1), before = numbers<float>({4, 6}, 1);
  m.sub_(tl::select(m, 0, 1));
  bool right = true;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 6; ++j) right = right && m.data()[i * 6 + j] == before.data()[i * 6 + j] - before.data()[6 + j];
  CHECK(right);
}

TEST_CASE("the same layout twice is computed in place without a temporary", "[expr][aliasing]") {
  const Float x = numbers<float>({100}, 1), before = numbers<float>({100}, 1);
  const float* memory = x.data();
  const auto start = tl::kernel_count();
  x.mul_(x + x * x);
  CHECK(tl::kernel_count() - start == 1);
  CHECK(x.data() == memory);
  for (int i = 0; i < 100; ++i)
    CHECK(x.data()[i] == Approx(before.data()[i] * (before.data()[i] + before.data()[i] * before.data()[i])).margin(1e-6));
}

TEST_CASE("assignment to a name binds fresh memory; assignment to a view writes", "[expr][aliasing]") {
  Float m = numbers<float>({3, 3}, 1);
  const Float old = m;
  m = m + tl::transpose(m, 0, 1);
  CHECK(m.data() != old.data());
  CHECK(values(old) == values(numbers<float>({3, 3}, 1)));
  const Float x = numbers<float>({3, 2}, 1);
  tl::select(x, 0, 1) = 7.0f;
  CHECK(x.data()[2] == 7.0f);
  CHECK(x.data()[3] == 7.0f);
  tl::select(x, 0, 2) = tl::select(x, 0, 0) * 2.0f;
  CHECK(x.data()[4] == 2 * x.data()[0]);
}

TEST_CASE("strided targets are written where they lie and nowhere else", "[expr][aliasing]") {
  const Float x = numbers<float>({6, 7}, 1), before = numbers<float>({6, 7}, 1);
  const Float part = tl::slice(tl::slice(x, 0, 1, 6, 2), 1, 2, 7, 3);
  tl::transpose(part, 0, 1).add_(10.0f);
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 7; ++j) {
      const bool inside = i >= 1 && i % 2 == 1 && (j == 2 || j == 5);
      CHECK(x.data()[i * 7 + j] == before.data()[i * 7 + j] + (inside ? 10.0f : 0.0f));
    }
}

TEST_CASE("an expanded target is refused, and nothing is changed by it", "[expr][aliasing]") {
  const Float x = numbers<float>({3}, 1);
  const Float wide = tl::alias(x, {4, 3}, {0, 1}, 0);
  const auto version = x.version();
  CHECK_THROWS_WITH(wide.add_(1.0f), ContainsSubstring("add_") && ContainsSubstring("expanded"));
  CHECK_THROWS_AS(x.copy_(numbers<float>({2, 3}, 1)), tl::ShapeError);
  CHECK(x.version() == version);
  CHECK(values(x) == values(numbers<float>({3}, 1)));
}

TEST_CASE("integers take in place what they can hold", "[expr][aliasing]") {
  const tl::Tensor<std::int64_t> x = tl::Tensor<std::int64_t>::from({1, 2, 3});
  x.add_(tl::Tensor<std::int32_t>::from({10, 20, 30}));
  x.mul_(2);
  CHECK(x.to_vector() == std::vector<std::int64_t>{22, 44, 66});
  const Float f = Float::from({1, 2, 3});
  f.add_(x);
  CHECK(f.to_vector() == std::vector<float>{23, 46, 69});
  f.copy_(tl::Tensor<double>::from({0.5, 1.5, 2.5}));
  CHECK(f.to_vector() == std::vector<float>{0.5f, 1.5f, 2.5f});
}
