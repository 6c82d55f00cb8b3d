// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/core/random.hpp>

#include <cmath>
#include <vector>

namespace tl = torchlite;

namespace {

struct Moments {
  double mean, variance, skewness, kurtosis;
};

template <class T>
Moments moments(const std::vector<T>& x) {
  double mean = 0, m2 = 0, m3 = 0, m4 = 0;
  for (T v : x) mean += v;
  mean /= double(x.size());
  for (T v : x) {
    const double d = v - mean;
    m2 += d * d;
    m3 += d * d * d;
    m4 += d * d * d * d;
  }
  const double n = double(x.size());
  m2 /= n;
  return {mean, m2, m3 / n / std::pow(m2, 1.5), m4 / n / (m2 * m2)};
}

}  // namespace

TEST_CASE("Philox gives the known answers of Random123", "[core][random]") {
  const auto same = [](tl::Uint4 r, std::uint32_t x, std::uint32_t y, std::uint32_t z, std::uint32_t w) {
    return r.x == x && r.y == y && r.z == z && r.w == w;
  };
  CHECK(same(tl::Philox::block(0, 0, 0), 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u));
  CHECK(same(tl::Philox::block(~0ull, ~0ull, ~0ull), 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu));
  CHECK(same(tl::Philox::block(0x299f31d0a4093822ull, 0x0370734413198a2eull, 0x85a308d3243f6a88ull), 0xd16cfe09u, 0x94fdccebu, 0x5001e420u,
             0x24126ea1u));
  STATIC_REQUIRE(tl::Philox::block(0, 0, 0).x == 0x6627e8d5u);
}

TEST_CASE("a draw taken in pieces equals the draw taken at once, element by element", "[core][random]") {
  // The offset lies just below 2^32, so that the tiles carry into the counter's second word.
  const tl::RandomStream stream{1234567890123ull, 0xfffffff0ull};
  constexpr std::size_t n = 1500;
  std::vector<std::uint32_t> words(n), word_pieces(n);
  std::vector<float> uniform(n), pieces(n), normal(n), normal_pieces(n);
  std::vector<double> uniform_double(n), normal_double(n);
  tl::random_bits_block(stream, 0, words.data(), n);
  tl::uniform_block(stream, 0, uniform.data(), n);
  tl::normal_block(stream, 0, normal.data(), n);
  tl::uniform_block(stream, 0, uniform_double.data(), n);
  tl::normal_block(stream, 0, normal_double.data(), n);
  std::size_t at = 0;
  for (std::size_t length : {1u, 3u, 252u, 256u, 1u, 511u, 476u}) {
    tl::random_bits_block(stream, at, word_pieces.data() + at, length);
    tl::uniform_block(stream, at, pieces.data() + at, length);
    tl::normal_block(stream, at, normal_pieces.data() + at, length);
    at += length;
  }
  REQUIRE(at == n);
  CHECK(words == word_pieces);
  CHECK(uniform == pieces);
  CHECK(normal == normal_pieces);
  int wrong = 0;
  for (std::size_t i = 0; i < n; ++i) {
    wrong += words[i] != stream.word(i) || uniform[i] != stream.uniform<float>(i) || uniform_double[i] != stream.uniform<double>(i);
    wrong += std::abs(normal[i] - stream.normal<float>(i)) > 2e-6f || std::abs(normal_double[i] - stream.normal<double>(i)) > 4e-15;
  }
  CHECK(wrong == 0);
}

TEST_CASE("uniform numbers are in [0, 1) with the moments of the uniform distribution", "[core][random]") {
  const tl::RandomStream stream{7, 0};
  std::vector<float> x(200000);
  tl::uniform_block(stream, 0, x.data(), x.size());
  bool inside = true;
  for (float v : x) inside = inside && v >= 0.0f && v < 1.0f;
  CHECK(inside);
  const Moments m = moments(x);
  CHECK(m.mean == Approx(0.5).margin(0.003));
  CHECK(m.variance == Approx(1.0 / 12).margin(0.001));
  CHECK(m.kurtosis == Approx(1.8).margin(0.02));
  CHECK(tl::uniform_float(0xffffffffu) < 1.0f);
  CHECK(tl::uniform_double(0xffffffffu, 0xffffffffu) == 1.0 - 0x1p-53);
  CHECK(tl::uniform_double(0, 0) == 0.0);
}

TEST_CASE("normal numbers have the moments and tails of the normal distribution", "[core][random]") {
  const tl::RandomStream stream{11, 0};
  std::vector<float> x(200000);
  tl::normal_block(stream, 0, x.data(), x.size());
  const Moments m = moments(x);
  CHECK(m.mean == Approx(0.0).margin(0.01));
  CHECK(m.variance == Approx(1.0).margin(0.015));
  CHECK(m.skewness == Approx(0.0).margin(0.025));
  CHECK(m.kurtosis == Approx(3.0).margin(0.05));
  double within_one = 0, beyond_three = 0, lag = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    within_one += std::abs(x[i]) < 1.0f;
    beyond_three += std::abs(x[i]) > 3.0f;
    if (i > 0) lag += double(x[i]) * x[i - 1];
  }
  CHECK(within_one / 200000 == Approx(0.682689).margin(0.005));
  CHECK(beyond_three / 200000 == Approx(0.0026998).margin(0.0006));
  CHECK(lag / 200000 == Approx(0.0).margin(0.01));

  std::vector<double> y(100000);
  tl::normal_block(stream, 0, y.data(), y.size());
  const Moments d = moments(y);
  CHECK(d.mean == Approx(0.0).margin(0.015));
  CHECK(d.variance == Approx(1.0).margin(0.02));
  CHECK(d.kurtosis == Approx(3.0).margin(0.08));
  CHECK(std::isfinite(tl::normal_pair(0u, 0u).first));
  CHECK(std::isfinite(tl::normal_pair(0xffffffffu, 0xffffffffu).first));
}

TEST_CASE("different seeds and consecutive reservations give unrelated numbers", "[core][random]") {
  tl::Generator generator(5);
  const tl::RandomStream a = generator.draw(4096), b = generator.draw(4096);
  CHECK(b.offset == a.offset + 1024);
  const tl::RandomStream c{6, a.offset};
  double ab = 0, ac = 0;
  for (std::uint64_t i = 0; i < 4096; ++i) {
    const double va = a.uniform<float>(i) - 0.5;
    ab += va * (b.uniform<float>(i) - 0.5);
    ac += va * (c.uniform<float>(i) - 0.5);
  }
  CHECK(ab / 4096 * 12 == Approx(0.0).margin(0.06));
  CHECK(ac / 4096 * 12 == Approx(0.0).margin(0.06));
}

TEST_CASE("a probability of 0 never succeeds, one of 1 always, and 0.3 does so three times in ten", "[core][random]") {
  const tl::RandomStream stream{3, 9};
  constexpr std::size_t n = 100000;
  std::vector<char> storage(n);
  bool* out = reinterpret_cast<bool*>(storage.data());
  const auto share = [&](double p) {
    tl::bernoulli_block(stream, 0, p, out, n);
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) count += out[i];
    return double(count) / n;
  };
  CHECK(share(0.0) == 0.0);
  CHECK(share(1.0) == 1.0);
  CHECK(share(0.3) == Approx(0.3).margin(0.006));
}

TEST_CASE("bounded integers fill their range evenly, also beyond 32 bits", "[core][random]") {
  const tl::RandomStream stream{21, 0};
  int counts[6] = {};
  for (std::uint64_t i = 0; i < 60000; ++i) {
    const std::uint64_t v = stream.integer(i, 6);
    REQUIRE(v < 6);
    ++counts[v];
  }
  double chi_square = 0;
  for (int c : counts) chi_square += (c - 10000.0) * (c - 10000.0) / 10000.0;
  CHECK(chi_square < 20.5);  // 5 degrees of freedom, 0.1 %
  // The upper half of the product, against plain long multiplication.
  const std::uint64_t ones = ~0ull;
  CHECK(tl::bounded(0xffffffffu, 0xffffffffu, ones) == ones - 1);
  CHECK(tl::bounded(0x80000000u, 0, 0x123456789abcdef0ull) == 0x091a2b3c4d5e6f78ull);
  CHECK(tl::bounded(0, 0, ones) == 0);
}

TEST_CASE("a generator starts again from its seed and from a saved state", "[core][random]") {
  tl::Generator generator(1);
  CHECK(generator.reserve(5) == 0);
  CHECK(generator.reserve(1) == 2);
  const auto state = generator.get_state();
  const auto first = generator.draw(10);
  generator.reserve(1000);
  generator.set_state(state);
  CHECK(generator.draw(10).offset == first.offset);
  generator.manual_seed(99);
  CHECK(generator.get_state() == tl::Generator::State{99, 0});
  tl::manual_seed(4);
  CHECK(tl::default_generator().initial_seed() == 4);
  CHECK(tl::default_generator().draw(1).offset == 0);
}
