// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/backend/cpu/gemm.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace {
using torchlite::bfloat16;
using torchlite::half;
using torchlite::backend::Cpu;
using torchlite::backend::Epilogue;
using torchlite::backend::GemmArguments;

// Small integers over 8: products and sums of hundreds of them are exact in float, so most comparisons need no tolerance.
struct Numbers {
  std::uint32_t state = 12345;
  double next() {
    state = state * 1664525u + 1013904223u;
    return static_cast<double>(static_cast<int>(state >> 24) % 17 - 8);
  }
};

template <class T>
struct Problem {
  GemmArguments<T> g;
  std::vector<T> a, b, c, column, row;

  static std::int64_t span(std::int64_t rows, std::int64_t cols, std::int64_t rs, std::int64_t cs, std::int64_t batch, std::int64_t bs) {
    return (rows > 0 ? (rows - 1) * rs : 0) + (cols > 0 ? (cols - 1) * cs : 0) + (batch - 1) * bs + 1;
  }
  static void fill(std::vector<T>& v, std::int64_t size, Numbers& numbers) {
    v.resize(static_cast<std::size_t>(size));
    for (T& x : v) x = static_cast<T>(numbers.next());
  }
  void make(bool biases) {
    Numbers numbers;
    fill(a, span(g.m, g.k, g.a_row, g.a_col, g.batch, g.a_batch), numbers);
    fill(b, span(g.k, g.n, g.b_row, g.b_col, g.batch, g.b_batch), numbers);
    fill(c, span(g.m, g.n, g.c_row, g.c_col, g.batch, g.c_batch), numbers);
    fill(column, g.n * 2 + 1, numbers);
    fill(row, g.m * 2 + 1, numbers);
    g.a = a.data(), g.b = b.data(), g.c = c.data();
    if (biases) {
      g.column_bias = column.data(), g.column_bias_step = 2;
      g.row_bias = row.data(), g.row_bias_step = 2;
    }
  }

  // The largest difference from the definition, evaluated in double; c's gaps must be left alone.
  double error() {
    std::vector<double> expected(c.size());
    for (std::size_t i = 0; i < c.size(); ++i) expected[i] = static_cast<double>(c[i]);
    for (std::int64_t q = 0; q < g.batch; ++q)
      for (std::int64_t i = 0; i < g.m; ++i)
        for (std::int64_t j = 0; j < g.n; ++j) {
          double sum = 0;
          for (std::int64_t p = 0; p < g.k; ++p)
            sum += static_cast<double>(g.a[q * g.a_batch + i * g.a_row + p * g.a_col]) *
                   static_cast<double>(g.b[q * g.b_batch + p * g.b_row + j * g.b_col]);
          double& e = expected[static_cast<std::size_t>(q * g.c_batch + i * g.c_row + j * g.c_col)];
          e = static_cast<double>(g.alpha) * sum + (g.beta == 0 ? 0 : static_cast<double>(g.beta) * e);
          if (g.column_bias) e += static_cast<double>(g.column_bias[j * g.column_bias_step]);
          if (g.row_bias) e += static_cast<double>(g.row_bias[i * g.row_bias_step]);
          if (g.epilogue == Epilogue::relu) e = e < 0 ? 0 : e;
        }
    gemm(Cpu{}, g);
    double worst = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      const double difference = std::fabs(static_cast<double>(c[i]) - static_cast<double>(static_cast<T>(expected[i])));
      worst = std::isnan(difference) ? std::numeric_limits<double>::infinity() : std::fmax(worst, difference);
    }
    return worst;
  }
};

enum Layout { row_major, column_major, strided };

template <class T>
GemmArguments<T> arguments(std::int64_t m, std::int64_t n, std::int64_t k, int a, int b, int c) {
  GemmArguments<T> g;
  g.m = m, g.n = n, g.k = k;
  const auto strides = [](int layout, std::int64_t rows, std::int64_t cols, std::int64_t& rs, std::int64_t& cs) {
    rs = layout == row_major ? cols + 3 : layout == column_major ? 1 : 2 * cols + 1;
    cs = layout == row_major ? 1 : layout == column_major ? rows + 2 : 2;
    if (rs == 0) rs = 1;
  };
  strides(a, m, k, g.a_row, g.a_col);
  strides(b, k, n, g.b_row, g.b_col);
  strides(c, m, n, g.c_row, g.c_col);
  return g;
}

const std::int64_t sizes[][3] = {{1, 1, 1},      {1, 1, 0},    {3, 5, 0},     {4, 4, 4},    {4, 8, 8},     {2, 3, 7},
                                 {12, 32, 16},   {13, 33, 5},  {1, 70, 37},   {70, 1, 37},  {31, 17, 1},   {64, 10, 50},
                                 {53, 100, 131}, {90, 97, 83}, {16, 16, 400}, {9, 29, 811}, {200, 40, 64}, {27, 300, 90},
                                 {6, 8, 3},      {1, 2000, 9}, {2000, 1, 9},  {1, 4300, 7}};
}  // namespace

TEMPLATE_TEST_CASE("gemm equals its definition for every layout and edge", "[backend][gemm]", float, double, half, bfloat16) {
  for (const auto& s : sizes)
    for (int layout = 0; layout < 27; ++layout) {
      Problem<TestType> p;
      p.g = arguments<TestType>(s[0], s[1], s[2], layout % 3, layout / 3 % 3, layout / 9);
      p.make(layout % 2 == 1);
      p.g.beta = static_cast<TestType>(layout % 4 == 0 ? 0 : layout % 4 == 1 ? 1 : 2);
      p.g.alpha = static_cast<TestType>(layout % 5 == 4 ? -2 : 1);
      p.g.epilogue = layout % 3 == 2 ? Epilogue::relu : Epilogue::none;
      INFO("m n k " << s[0] << " " << s[1] << " " << s[2] << " layout " << layout);
      REQUIRE(p.error() == 0);
    }
}

TEMPLATE_TEST_CASE("gemm of every small width and height equals its definition", "[backend][gemm]", float, double, half, bfloat16) {
  for (std::int64_t n = 1; n <= 35; ++n)
    for (std::int64_t m = 1; m <= 29; m += n % 3 + 1) {
      Problem<TestType> p;
      p.g = arguments<TestType>(m, n, 1 + (m + n) % 6, static_cast<int>(m % 3), row_major, row_major);
      p.make(m % 4 == 1);
      if (m % 4 == 1) p.g.column_bias_step = 1;
      p.g.beta = static_cast<TestType>(m % 2);
      p.g.epilogue = n % 2 == 0 ? Epilogue::relu : Epilogue::none;
      INFO("m n k " << m << " " << n << " " << p.g.k);
      REQUIRE(p.error() == 0);
    }
}

TEMPLATE_TEST_CASE("an element of a product has the same bits however much is computed around it", "[backend][gemm]", float, double,
                   bfloat16) {
  const std::int64_t m = 100, n = 333, k = 61;
  std::vector<TestType> a(m * k), b(k * n), c(m * n), part(m * n);
  std::uint32_t state = 1;
  for (auto* v : {&a, &b})
    for (TestType& x : *v) x = static_cast<TestType>(((state = state * 1664525u + 1013904223u) >> 8) / 16777216.0 - 0.5);
  gemm(Cpu{}, GemmArguments<TestType>::dense(m, n, k, a.data(), b.data(), c.data()));
  const std::int64_t parts[][4] = {{0, 8, 0, 16}, {12, 3, 40, 21}, {5, 13, 300, 33}, {90, 10, 7, 70}, {0, 100, 1, 332}, {20, 26, 0, 333}};
  for (const auto& q : parts) {
    auto g = GemmArguments<TestType>::dense(q[1], q[3], k, &a[static_cast<std::size_t>(q[0] * k)], &b[static_cast<std::size_t>(q[2])],
                                            part.data());
    g.b_row = n;
    gemm(Cpu{}, g);
    bool equal = true;
    for (std::int64_t i = 0; i < q[1]; ++i)
      equal &= std::memcmp(&part[static_cast<std::size_t>(i * q[3])], &c[static_cast<std::size_t>((q[0] + i) * n + q[2])],
                           static_cast<std::size_t>(q[3]) * sizeof(TestType)) == 0;
    INFO("rows " << q[0] << " + " << q[1] << ", columns " << q[2] << " + " << q[3]);
    REQUIRE(equal);
  }
}

TEMPLATE_TEST_CASE("gemm of integers wraps around and equals its definition", "[backend][gemm]", std::int32_t, std::int64_t, std::uint8_t) {
  using T = TestType;
  for (const auto& s : sizes) {
    GemmArguments<T> g = GemmArguments<T>::dense(s[0], s[1], s[2], nullptr, nullptr, nullptr);
    std::vector<T> a(static_cast<std::size_t>(s[0] * s[2])), b(static_cast<std::size_t>(s[2] * s[1])),
        c(static_cast<std::size_t>(s[0] * s[1]));
    std::uint64_t state = 7;
    for (auto* v : {&a, &b})
      for (T& x : *v) x = static_cast<T>((state = state * 6364136223846793005ull + 1442695040888963407ull) >> 20);
    g.a = a.data(), g.b = b.data(), g.c = c.data();
    gemm(Cpu{}, g);
    bool equal = true;
    for (std::int64_t i = 0; i < g.m; ++i)
      for (std::int64_t j = 0; j < g.n; ++j) {
        std::uint64_t sum = 0;
        for (std::int64_t p = 0; p < g.k; ++p)
          sum += static_cast<std::uint64_t>(a[static_cast<std::size_t>(i * g.k + p)]) *
                 static_cast<std::uint64_t>(b[static_cast<std::size_t>(p * g.n + j)]);
        equal &= c[static_cast<std::size_t>(i * g.n + j)] == static_cast<T>(sum);
      }
    REQUIRE(equal);
  }
}

TEMPLATE_TEST_CASE("gemm of half precision accumulates in float and rounds once", "[backend][gemm]", half, bfloat16) {
  // 2049 ones sum to 2049 in float, but to 2048 in half; both round the result to 2048 (ties to even) or 2050, never less.
  for (const std::int64_t k : {5, 700, 2051}) {
    Problem<TestType> p;
    p.g = arguments<TestType>(19, 45, k, k % 2 ? column_major : row_major, k == 5 ? column_major : row_major, row_major);
    p.make(true);
    INFO("k " << k);
    REQUIRE(p.error() == 0);
  }
  for (const auto epilogue : {Epilogue::none, Epilogue::relu}) {
    Problem<TestType> p;  // whole tiles, dense
    p.g = GemmArguments<TestType>::dense(64, 96, 40, nullptr, nullptr, nullptr);
    p.g.epilogue = epilogue;
    p.make(false);
    REQUIRE(p.error() == 0);
  }
}

TEMPLATE_TEST_CASE("gemm of half precision is off by a rounding and what float adds up", "[backend][gemm]", half, bfloat16) {
  for (const auto& size : sizes)
    for (int layout = 0; layout < 27; ++layout) {
      Problem<TestType> p;
      p.g = arguments<TestType>(size[0], size[1], size[2], layout % 3, layout / 3 % 3, layout / 9);
      p.make(false);
      std::uint32_t state = 1;
      for (auto* v : {&p.a, &p.b})
        for (TestType& x : *v) x = static_cast<TestType>(((state = state * 1664525u + 1013904223u) >> 8) / 8388608.0 - 1.0);
      gemm(Cpu{}, p.g);
      const GemmArguments<TestType>& g = p.g;
      double worst = 0;  // of what is allowed
      for (std::int64_t i = 0; i < g.m; ++i)
        for (std::int64_t j = 0; j < g.n; ++j) {
          double sum = 0, absolute = 0;
          for (std::int64_t q = 0; q < g.k; ++q) {
            const double product =
                static_cast<double>(g.a[i * g.a_row + q * g.a_col]) * static_cast<double>(g.b[q * g.b_row + j * g.b_col]);
            sum += product;
            absolute += std::fabs(product);
          }
          const double rounding = static_cast<double>(std::numeric_limits<TestType>::epsilon()) / 2;
          const double allowed = rounding * std::fabs(sum) + static_cast<double>(g.k) * 0x1p-23 * absolute + 0x1p-24;
          worst = std::fmax(worst, std::fabs(static_cast<double>(g.c[i * g.c_row + j * g.c_col]) - sum) / allowed);
        }
      INFO("m n k " << size[0] << " " << size[1] << " " << size[2] << " layout " << layout);
      REQUIRE(worst <= 1);
    }
}

TEMPLATE_TEST_CASE("vectors of half precision widen and round as single numbers do", "[backend][gemm]", half, bfloat16) {
  using T = TestType;
  using P = torchlite::backend::gemm_packed_t<T>;
  constexpr int lanes = torchlite::backend::vector_lanes<float>;
  const auto same = [](float x, float y) { return std::isnan(x) ? std::isnan(y) : std::memcmp(&x, &y, sizeof(float)) == 0; };
  int wrong = 0;
  for (int p = 0; p < 0x10000; p += lanes) {
    T numbers[lanes], rounded[lanes];
    float wide[lanes], between[lanes];
    for (int i = 0; i < lanes; ++i) numbers[i] = T::from_bits(static_cast<std::uint16_t>(p + i));
    torchlite::backend::store_vector(wide, torchlite::backend::load_packed<float>(numbers));
    for (int i = 0; i < lanes; ++i) wrong += !same(wide[i], float(numbers[i]));
    for (const float direction : {0.0f, -1e30f, 1e30f}) {  // half-way to the neighbour, and a float below and above it
      for (int i = 0; i < lanes; ++i) {
        between[i] = 0.5f * wide[i] + 0.5f * float(T::from_bits(static_cast<std::uint16_t>(p + i + 1)));
        if (direction != 0) between[i] = std::nextafter(between[i], direction);
        if (std::is_same_v<T, bfloat16> && std::fabs(between[i]) < 0x1p-126f) between[i] = 0;
      }
      torchlite::backend::store_rounded<P>(rounded, torchlite::backend::load_vector(between));
      for (int i = 0; i < lanes; ++i) wrong += !same(float(rounded[i]), float(T(between[i])));
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("gemm of bfloat16 counts what is below 2^-126 as zero where the processor multiplies it", "[backend][gemm]") {
  const bool flushes = torchlite::backend::multiplies_bfloat16;
  std::vector<bfloat16> a(16 * 16, bfloat16(0x1p-130f)), b(16 * 40, bfloat16(1024.0f)), c(16 * 40);
  const auto g = GemmArguments<bfloat16>::dense(16, 40, 16, a.data(), b.data(), c.data());
  gemm(Cpu{}, g);
  for (const bfloat16 x : c) REQUIRE(float(x) == (flushes ? 0.0f : 0x1p-116f));
  a.assign(a.size(), bfloat16(0x1p-126f));
  gemm(Cpu{}, g);
  for (const bfloat16 x : c) REQUIRE(float(x) == 0x1p-112f);
}

TEMPLATE_TEST_CASE("gemm uses nothing that lies between the rows of its operands", "[backend][gemm]", float, bfloat16) {
  const TestType nan = std::numeric_limits<TestType>::quiet_NaN();
  for (const std::int64_t m : {1, 5, 30})
    for (const std::int64_t n : {1, 20, 47, 300})
      for (const std::int64_t k : {1, 6, 7, 33})
        for (int layout = 0; layout < 9; ++layout) {
          Problem<TestType> p;
          p.g = arguments<TestType>(m, n, k, layout % 3, layout / 3, row_major);
          p.make(false);
          const auto poison = [&](std::vector<TestType>& v, std::int64_t rows, std::int64_t cols, std::int64_t rs, std::int64_t cs) {
            const std::vector<TestType> old = v;
            v.assign(old.size() + 64, nan);
            for (std::int64_t i = 0; i < rows; ++i)
              for (std::int64_t j = 0; j < cols; ++j)
                v[static_cast<std::size_t>(i * rs + j * cs)] = old[static_cast<std::size_t>(i * rs + j * cs)];
          };
          poison(p.a, m, k, p.g.a_row, p.g.a_col);
          poison(p.b, k, n, p.g.b_row, p.g.b_col);
          p.g.a = p.a.data(), p.g.b = p.b.data();
          INFO("m n k " << m << " " << n << " " << k << " layout " << layout);
          REQUIRE(p.error() == 0);
        }
}

TEST_CASE("gemm walks a batch, shares operands of stride 0 and merges a shared b", "[backend][gemm]") {
  for (int mode = 0; mode < 4; ++mode) {
    Problem<float> p;
    p.g = GemmArguments<float>::dense(9, 21, 33, nullptr, nullptr, nullptr);
    p.g.batch = 7;
    if (mode == 1) p.g.a_batch = 0;
    if (mode == 2) p.g.b_batch = 0;
    if (mode == 3) p.g.b_batch = 0, p.g.a_batch += 5;
    p.make(mode % 2 == 1);
    INFO("mode " << mode);
    REQUIRE(p.error() == 0);
  }
}

TEST_CASE("gemm with beta zero does not read c, and a NaN operand reaches the result through relu", "[backend][gemm]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::int64_t n : {1, 8, 32, 45}) {
    std::vector<float> a(40 * 6, 1.0f), b(static_cast<std::size_t>(6 * n), 2.0f), c(static_cast<std::size_t>(40 * n), nan);
    auto g = GemmArguments<float>::dense(40, n, 6, a.data(), b.data(), c.data());
    g.epilogue = Epilogue::relu;
    gemm(Cpu{}, g);
    for (float x : c) REQUIRE(x == 12.0f);
    a[3 * 6] = nan;
    gemm(Cpu{}, g);
    for (std::int64_t j = 0; j < n; ++j) REQUIRE(std::isnan(c[static_cast<std::size_t>(3 * n + j)]));
    REQUIRE(c[0] == 12.0f);
  }
}

TEMPLATE_TEST_CASE("gemm gives the same bits with any number of threads", "[backend][gemm]", float, bfloat16) {
  using T = TestType;
  const int before = torchlite::get_num_threads();
  const std::int64_t shapes[][3] = {{257, 311, 900}, {64, 1000, 401}, {1500, 70, 129}, {1, 5000, 700}, {5000, 1, 700}, {1, 701, 5000}};
  for (const auto& s : shapes) {
    std::vector<T> a(static_cast<std::size_t>(s[0] * s[2])), b(static_cast<std::size_t>(s[2] * s[1])), first,
        c(static_cast<std::size_t>(s[0] * s[1]));
    std::uint32_t state = 1;
    for (auto* v : {&a, &b})
      for (T& x : *v) x = static_cast<T>(((state = state * 1664525u + 1013904223u) >> 8) / 16777216.0 - 0.5);
    for (int threads = 1; threads <= 5; ++threads) {
      torchlite::set_num_threads(threads);
      gemm(Cpu{}, GemmArguments<T>::dense(s[0], s[1], s[2], a.data(), b.data(), c.data()));
      if (threads == 1) first = c;
      INFO("threads " << threads);
      REQUIRE(std::memcmp(first.data(), c.data(), c.size() * sizeof(T)) == 0);
    }
  }
  torchlite::set_num_threads(before);
}
