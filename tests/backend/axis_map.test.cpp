// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/backend/cpu/axis_map.hpp>

#include <cmath>
#include <vector>

namespace {
using torchlite::half;
using torchlite::backend::AxisMapArguments;
using torchlite::backend::AxisTaps;
using torchlite::backend::Cpu;

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

struct Random {
  std::uint32_t state;
  int next(int n) {
    state = state * 1664525u + 1013904223u;
    return static_cast<int>((state >> 16) % static_cast<std::uint32_t>(n));
  }
};

/// Up to `most` taps for each element, with small whole weights, so that every sum is exact.
AxisTaps some_taps(std::int64_t in, std::int64_t out, int most, bool weighted, Random& random) {
  AxisTaps m(in);
  for (std::int64_t i = 0; i < out; ++i) {
    for (int k = random.next(most + 1); k > 0; --k) {
      if (weighted) m.tap(random.next(static_cast<int>(in)), random.next(7) - 3);
      else m.tap(random.next(static_cast<int>(in)));
    }
    m.next();
  }
  return m;
}
template <class T>
std::vector<T> numbers(std::int64_t n, Random& random) {
  std::vector<T> v(at(n));
  for (T& x : v) x = static_cast<T>(static_cast<float>(random.next(7) - 3));
  return v;
}

/// The maps applied by their definition.
std::vector<double> expected(const AxisMapArguments& a, const std::vector<double>& x) {
  std::vector<double> from = x;
  std::int64_t sizes[4] = {a.planes, a.sizes[0], a.sizes[1], a.sizes[2]};
  for (int axis = 0; axis < 3; ++axis) {
    if (!a.taps[axis]) continue;
    const AxisTaps& m = *a.taps[axis];
    std::int64_t outer = 1, inner = 1;
    for (int d = 0; d <= axis; ++d) outer *= sizes[d];
    for (int d = axis + 2; d < 4; ++d) inner *= sizes[d];
    std::vector<double> to(at(outer * m.out * inner));
    for (std::int64_t o = 0; o < outer; ++o)
      for (std::int64_t i = 0; i < m.out; ++i)
        for (std::int64_t t = m.begin[at(i)]; t < m.begin[at(i) + 1]; ++t)
          for (std::int64_t j = 0; j < inner; ++j)
            to[at((o * m.out + i) * inner + j)] +=
                (m.weight.empty() ? 1 : m.weight[at(t)]) * from[at((o * m.in + m.index[at(t)]) * inner + j)];
    from = to;
    sizes[axis + 1] = m.out;
  }
  return from;
}
}  // namespace

TEMPLATE_TEST_CASE("maps along axes equal their definition, whatever the number of threads", "[backend][axis_map]", float, double, half,
                   std::int64_t) {
  using T = TestType;
  const bool weighted = !std::is_same_v<T, std::int64_t>;
  Random random{7};
  for (int round = 0; round < 60; ++round) {
    AxisMapArguments a;
    a.planes = round % 7;
    AxisTaps taps[3];
    for (int axis = 0; axis < 3; ++axis) {
      a.sizes[axis] = 1 + random.next(axis == 2 && round % 10 == 9 ? 1300 : 9);
      taps[axis] = some_taps(a.sizes[axis], random.next(12), 4, weighted && random.next(3) > 0, random);
      if (random.next(3) > 0) a.taps[axis] = &taps[axis];
    }
    const std::vector<T> x = numbers<T>(a.planes * a.sizes[0] * a.sizes[1] * a.sizes[2], random);
    std::vector<double> exact;
    for (const T v : x) exact.push_back(static_cast<double>(v));
    const std::vector<double> want = expected(a, exact);
    for (const int threads : {1, 3}) {
      torchlite::set_num_threads(threads);
      std::vector<T> y(want.size(), static_cast<T>(99.0f));
      map_axes(Cpu{}, a, x.data(), y.data());
      double worst = 0;
      for (std::size_t i = 0; i < y.size(); ++i)
        worst = std::fmax(worst, std::fabs(static_cast<double>(y[i]) - static_cast<double>(static_cast<T>(want[i]))));
      CAPTURE(round, threads);
      CHECK(worst == 0);
    }
  }
}

TEST_CASE("the transposed map is the transposed matrix", "[backend][axis_map]") {
  Random random{3};
  for (const bool weighted : {false, true}) {
    const AxisTaps m = some_taps(9, 13, 5, weighted, random), t = m.transposed();
    REQUIRE(t.in == 13);
    REQUIRE(t.out == 9);
    std::vector<double> matrix(9 * 13), turned(9 * 13);
    for (std::int64_t i = 0; i < m.out; ++i)
      for (std::int64_t k = m.begin[at(i)]; k < m.begin[at(i) + 1]; ++k)
        matrix[at(i * 9 + m.index[at(k)])] += weighted ? m.weight[at(k)] : 1;
    for (std::int64_t j = 0; j < t.out; ++j)
      for (std::int64_t k = t.begin[at(j)]; k < t.begin[at(j) + 1]; ++k)
        turned[at(t.index[at(k)] * 9 + j)] += weighted ? t.weight[at(k)] : 1;
    CHECK(matrix == turned);
  }
}
