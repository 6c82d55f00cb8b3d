// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/torchlite.hpp>

namespace tl = torchlite;

namespace {

// Large enough to be written past the caches, with blocks and lanes left over. All numbers are small integers: exact.
constexpr std::int64_t large = tl::backend::streaming_bytes / 4 + 3 * 256 + 16 + 5;

float a_at(std::int64_t i) { return static_cast<float>(i % 1021); }
float b_at(std::int64_t i) { return static_cast<float>(i % 509) - 250.0f; }

tl::Tensor<float> filled(float (*at)(std::int64_t), std::int64_t n) {
  tl::Tensor<float> t = tl::empty<float>({n});
  for (std::int64_t i = 0; i < n; ++i) t.data()[i] = at(i);
  return t;
}

}  // namespace

TEST_CASE("results larger than the caches, and their gradients, are what small ones are", "[backend]") {
  const auto a = filled(a_at, large).requires_grad_(), b = filled(b_at, large).requires_grad_(), g = filled(b_at, large);
  const tl::Tensor<float> y = a * b + a;
  std::int64_t wrong = 0;
  for (std::int64_t i = 0; i < large; ++i) wrong += y.data()[i] != a_at(i) * b_at(i) + a_at(i);
  CHECK(wrong == 0);
  y.backward(g);
  const tl::Tensor<float> da = a.grad(), db = b.grad();
  for (std::int64_t i = 0; i < large; ++i) wrong += da.data()[i] != b_at(i) * (b_at(i) + 1.0f) || db.data()[i] != b_at(i) * a_at(i);
  CHECK(wrong == 0);
}

TEST_CASE("copies past the caches copy every line", "[backend]") {
  alignas(64) unsigned char from[512], to[512] = {};
  for (int i = 0; i < 512; ++i) from[i] = static_cast<unsigned char>(i * 7);
  tl::backend::stream_copy(to + 64, from, 384);
  tl::backend::stream_end();
  for (int i = 0; i < 64; ++i) CHECK((to[i] == 0 && to[448 + i] == 0));
  for (int i = 0; i < 384; ++i) CHECK(to[64 + i] == from[i]);
  CHECK_FALSE(tl::backend::is_streamed(to + 16, tl::backend::streaming_bytes));
  CHECK_FALSE(tl::backend::is_streamed(to, tl::backend::streaming_bytes - 1));
}
