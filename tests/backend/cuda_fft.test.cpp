// SPDX-License-Identifier: BSD-3-Clause
// What cuFFT is told and what it leaves to do, played on the host with a transform by definition in its place.
#include <support/catch.hpp>

#include <torchlite/backend/cpu/fft.hpp>
#include <torchlite/backend/cuda/fft_element.hpp>
#include <torchlite/backend/cuda/plan_cache.hpp>

#include <cmath>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend;
using C = std::complex<double>;
using N = math::DeviceComplex<double>;

/// What cuFFT does: every line by its steps. Only the numbers that a real transform reads and writes are touched.
template <class X, class Y>
void direct_transform(const cuda::LineLayout& l, std::int64_t n, std::int64_t in, std::int64_t out, int sign, const X* x, Y* y) {
  const std::int64_t step = l.element_step();
  for (std::int64_t line = 0; line < l.count; ++line) {
    std::vector<C> from(static_cast<std::size_t>(n));
    for (std::int64_t j = 0; j < n; ++j) {
      const std::int64_t at = j < in ? j : n - j;
      const X v = x[line * l.line_step(in) + at * step];
      if constexpr (std::is_same_v<X, N>) from[static_cast<std::size_t>(j)] = j < in ? C(v) : std::conj(C(v));
      else from[static_cast<std::size_t>(j)] = v;
    }
    for (std::int64_t k = 0; k < out; ++k) {
      C sum = 0;
      for (std::int64_t j = 0; j < n; ++j)
        sum += from[static_cast<std::size_t>(j)] *
               std::polar(1.0, sign * 2 * 3.14159265358979323846 * static_cast<double>(j * k % n) / static_cast<double>(n));
      Y& to = y[line * l.line_step(out) + k * step];
      if constexpr (std::is_same_v<Y, N>) to = N(sum);
      else to = sum.real();
    }
  }
}

std::vector<double> numbers(std::int64_t n) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < n; ++i) out.push_back(std::sin(static_cast<double>(3 * i + 1)));
  return out;
}
std::vector<C> pairs(std::int64_t n) {
  std::vector<C> out;
  for (std::int64_t i = 0; i < n; ++i) out.emplace_back(std::sin(static_cast<double>(3 * i + 1)), std::cos(static_cast<double>(i)));
  return out;
}
template <class T>
double apart(const std::vector<T>& a, const std::vector<T>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}
N* parts(std::vector<C>& v) { return reinterpret_cast<N*>(v.data()); }
}  // namespace

TEST_CASE("lines that no library reaches by two steps are moved, and all go back where they belong", "[backend][cuda][fft]") {
  for (const FourierLines lines : {FourierLines{1, 1}, FourierLines{4, 1}, FourierLines{1, 3}, FourierLines{2, 3}})
    for (const std::int64_t n : {1, 2, 5, 6})
      for (const bool forward : {true, false}) {
        const cuda::LineLayout layout(lines);
        const std::int64_t half = n / 2 + 1, count = lines.outer * lines.inner;
        INFO(lines.outer << " x " << n << " x " << lines.inner << (forward ? " forward" : " back"));
        CHECK(layout.moved == (lines.outer == 2));

        std::vector<C> x = pairs(count * n), expected(x.size()), held(x.size()), y(x.size());
        fourier(Cpu{}, lines, n, forward, 0.5, x.data(), expected.data());
        cuda::play_each(cuda::LoadLines<N>{layout, n, parts(x), parts(held)}, count * n);
        std::vector<C> result(held.size());
        direct_transform(layout, n, n, n, forward ? -1 : 1, parts(held), parts(result));
        cuda::play_each(cuda::StoreLines<N, double>{layout, n, 0.5, parts(result), parts(y)}, count * n);
        CHECK(apart(y, expected) <= 1e-13);

        std::vector<double> real = numbers(count * n), real_lines(real.size());
        std::vector<C> some(static_cast<std::size_t>(count * half)), expected_half(some.size()), stored(some.size());
        fourier_real(Cpu{}, lines, n, forward, 0.5, real.data(), expected_half.data());
        cuda::play_each(cuda::LoadLines<double>{layout, n, real.data(), real_lines.data()}, count * n);
        direct_transform(layout, n, n, half, -1, real_lines.data(), parts(some));
        cuda::play_each(cuda::StoreHalfLines<double>{layout, n, 0.5, forward ? 1.0 : -1.0, parts(some), parts(stored)}, count * half);
        CHECK(apart(stored, expected_half) <= 1e-13);
        for (std::int64_t i = 0; i < lines.inner; ++i) CHECK(stored[static_cast<std::size_t>(i)].imag() == 0);

        std::vector<C> given = pairs(count * half), prepared(given.size());  // with imaginary parts that do not count
        std::vector<double> back(real.size()), expected_back(real.size()), back_lines(real.size());
        fourier_to_real(Cpu{}, lines, n, forward, 0.5, given.data(), expected_back.data());
        cuda::play_each(cuda::LoadHalfLines<double>{layout, n, 0.5, forward ? -1.0 : 1.0, parts(given), parts(prepared)}, count * half);
        direct_transform(layout, n, half, n, 1, parts(prepared), back_lines.data());
        cuda::play_each(cuda::StoreLines<double, double>{layout, n, 1.0, back_lines.data(), back.data()}, count * n);
        CHECK(apart(back, expected_back) <= 1e-13);
      }
}

TEST_CASE("of many plans the one that was used longest ago goes, and none that a graph uses", "[backend][cuda][fft]") {
  int alive = 0;
  struct Plan {
    int* alive;
    int name;
    Plan(int* a, int n) : alive(a), name(n) { ++*alive; }
    ~Plan() { --*alive; }
  };
  {
    cuda::PlanCache<int, Plan> cache(3);
    const auto get = [&](int key, bool keep = false) {
      Plan* found = cache.find(key, keep);
      const bool fresh = found == nullptr;
      if (fresh) found = cache.insert(key, std::make_unique<Plan>(&alive, key));
      CHECK(found->name == key);
      return fresh;
    };
    CHECK(get(1));
    CHECK(get(2));
    CHECK(get(3));
    CHECK_FALSE(get(1));
    CHECK(get(4));  // in place of 2
    CHECK(alive == 3);
    CHECK_FALSE(get(1, true));
    CHECK_FALSE(get(3));
    CHECK(get(2));  // 1 is kept and does not count
    CHECK(alive == 4);
    CHECK(get(5));  // in place of 4
    CHECK(get(4));
    for (int k = 10; k < 20; ++k) CHECK(get(k));
    CHECK_FALSE(get(1));
    CHECK(cache.size() == 4);
    CHECK(alive == 4);
  }
  CHECK(alive == 1);  // 1, beyond the cache's end
}
