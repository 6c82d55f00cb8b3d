// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/backend/cpu/pool.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace {
using torchlite::half;
using torchlite::backend::AveragePooling;
using torchlite::backend::Cpu;
using torchlite::backend::Pool2dShape;

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

struct Case {
  std::int64_t planes, h, w, kh, kw, sh, sw, ph, pw, dh, dw;
  bool ceil;
  Pool2dShape shape() const {
    Pool2dShape s;
    s.planes = planes, s.in_h = h, s.in_w = w, s.kernel_h = kh, s.kernel_w = kw, s.stride_h = sh, s.stride_w = sw;
    s.pad_h = ph, s.pad_w = pw, s.dilation_h = dh, s.dilation_w = dw;
    s.out_h = Pool2dShape::out_size(h, kh, sh, ph, dh, ceil);
    s.out_w = Pool2dShape::out_size(w, kw, sw, pw, dw, ceil);
    return s;
  }
};

const Case cases[] = {
    {3, 24, 24, 2, 2, 2, 2, 0, 0, 1, 1, false}, {2, 26, 26, 2, 2, 2, 2, 0, 0, 1, 1, false}, {2, 7, 9, 2, 2, 2, 2, 0, 0, 1, 1, false},
    {2, 7, 9, 2, 2, 2, 2, 0, 0, 1, 1, true},    {1, 64, 71, 2, 2, 2, 2, 0, 0, 1, 1, false}, {1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, false},
    {4, 11, 13, 3, 3, 2, 2, 1, 1, 1, 1, false}, {4, 11, 13, 3, 2, 1, 3, 1, 1, 1, 1, true},  {2, 12, 12, 3, 3, 2, 2, 1, 1, 2, 2, false},
    {2, 2, 40, 2, 2, 2, 2, 0, 0, 1, 1, false},  {2, 4, 2, 2, 2, 2, 2, 0, 0, 1, 1, false},   {0, 4, 4, 2, 2, 2, 2, 0, 0, 1, 1, false}};

template <class T>
std::vector<T> numbers(std::int64_t count, std::uint32_t state) {
  std::vector<T> v(at(count));
  for (T& x : v) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<T>(static_cast<float>(static_cast<int>(state >> 24) % 13 - 6));  // many ties
  }
  return v;
}
}  // namespace

TEMPLATE_TEST_CASE("max_pool2d finds the first maximum of every window, and its gradient goes there", "[backend][pool]", float, double,
                   half) {
  using T = TestType;
  for (const Case& c : cases) {
    const Pool2dShape s = c.shape();
    INFO("case " << &c - cases);
    const auto x = numbers<T>(s.planes * s.in_plane(), 5);
    const auto dy = numbers<T>(s.planes * s.out_plane(), 6);
    std::vector<T> y(dy.size()), dx(x.size());
    std::vector<double> gradient(x.size());
    std::vector<std::int64_t> indices(y.size());
    max_pool2d_forward(Cpu{}, s, x.data(), y.data(), indices.data());
    max_pool2d_backward(Cpu{}, s, dy.data(), indices.data(), dx.data());
    bool right = true;
    for (std::int64_t i = 0; i < s.planes * s.out_plane(); ++i) {
      const std::int64_t p = i / s.out_plane(), oh = i / s.out_w % s.out_h, ow = i % s.out_w;
      double best = -1e9;
      std::int64_t where = -1;
      for (std::int64_t kh = 0; kh < s.kernel_h; ++kh)
        for (std::int64_t kw = 0; kw < s.kernel_w; ++kw) {
          const std::int64_t h = oh * s.stride_h - s.pad_h + kh * s.dilation_h, w = ow * s.stride_w - s.pad_w + kw * s.dilation_w;
          if (h < 0 || h >= s.in_h || w < 0 || w >= s.in_w) continue;
          const double value = static_cast<double>(x[at(p * s.in_plane() + h * s.in_w + w)]);
          if (value > best) best = value, where = h * s.in_w + w;
        }
      right &= static_cast<double>(y[at(i)]) == best && indices[at(i)] == where;
      gradient[at(p * s.in_plane() + where)] += static_cast<double>(dy[at(i)]);
    }
    REQUIRE(right);
    for (std::size_t i = 0; i < dx.size(); ++i) REQUIRE(static_cast<double>(dx[i]) == gradient[i]);
    // Without indices, and with narrow ones, the values are the same.
    std::vector<T> again(y.size());
    std::vector<std::int32_t> narrow(y.size());
    max_pool2d_forward(Cpu{}, s, x.data(), again.data(), static_cast<std::int64_t*>(nullptr));
    REQUIRE((y.empty() || std::memcmp(again.data(), y.data(), y.size() * sizeof(T)) == 0));
    max_pool2d_forward(Cpu{}, s, x.data(), again.data(), narrow.data());
    for (std::size_t i = 0; i < narrow.size(); ++i) REQUIRE(narrow[i] == indices[i]);
  }
}

TEST_CASE("max_pool2d hands a NaN on, wherever in the window it is, and knows minus infinity", "[backend][pool]") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const Pool2dShape s = Case{1, 8, 64, 2, 2, 2, 2, 0, 0, 1, 1, false}.shape();
  for (const std::int64_t place : {0, 1, 64, 65}) {
    std::vector<float> x(8 * 64, 1.0f), y(4 * 32);
    std::vector<std::int64_t> indices(y.size());
    x[at(place + 10)] = nan;
    x[at(place + 20)] = inf;
    for (const std::int64_t i : {40, 41, 104, 105}) x[at(i)] = -inf;
    max_pool2d_forward(Cpu{}, s, x.data(), y.data(), indices.data());
    REQUIRE(std::isnan(y[5]));
    REQUIRE(indices[5] == place + 10);
    REQUIRE(y[10] == inf);
    REQUIRE(indices[10] == place + 20);
    REQUIRE(y[20] == -inf);
    REQUIRE(indices[20] == 40);
    REQUIRE(y[0] == 1.0f);
    REQUIRE(indices[0] == 0);
  }
}

TEMPLATE_TEST_CASE("avg_pool2d divides by the window, by what is inside it, or by the given number", "[backend][pool]", float, double,
                   half) {
  using T = TestType;
  for (const Case& c : cases) {
    if (c.dh != 1) continue;
    const Pool2dShape s = c.shape();
    const auto x = numbers<T>(s.planes * s.in_plane(), 5), dy = numbers<T>(s.planes * s.out_plane(), 6);
    for (const AveragePooling how : {AveragePooling{true, 0}, AveragePooling{false, 0}, AveragePooling{true, 7}}) {
      std::vector<T> y(dy.size()), dx(x.size());
      std::vector<double> gradient(x.size());
      avg_pool2d_forward(Cpu{}, s, how, x.data(), y.data());
      avg_pool2d_backward(Cpu{}, s, how, dy.data(), dx.data());
      for (std::int64_t i = 0; i < s.planes * s.out_plane(); ++i) {
        const std::int64_t p = i / s.out_plane(), oh = i / s.out_w % s.out_h, ow = i % s.out_w;
        double sum = 0, inside = 0, padded = 0;
        for (int pass = 0; pass < 2; ++pass)
          for (std::int64_t kh = 0; kh < s.kernel_h; ++kh)
            for (std::int64_t kw = 0; kw < s.kernel_w; ++kw) {
              const std::int64_t h = oh * s.stride_h - s.pad_h + kh, w = ow * s.stride_w - s.pad_w + kw;
              if (pass == 0) padded += h < s.in_h + s.pad_h && w < s.in_w + s.pad_w;
              if (h < 0 || h >= s.in_h || w < 0 || w >= s.in_w) continue;
              const std::size_t j = at(p * s.in_plane() + h * s.in_w + w);
              if (pass == 0) sum += static_cast<double>(x[j]), inside += 1;
              else gradient[j] += static_cast<double>(dy[at(i)]) / (how.divisor_override ? 7.0 : how.count_include_pad ? padded : inside);
            }
        const double expected = sum / (how.divisor_override ? 7.0 : how.count_include_pad ? padded : inside);
        REQUIRE(static_cast<double>(y[at(i)]) == Approx(expected).epsilon(1e-3).margin(1e-6));
      }
      for (std::size_t i = 0; i < dx.size(); ++i) REQUIRE(static_cast<double>(dx[i]) == Approx(gradient[i]).epsilon(1e-3).margin(2e-3));
    }
  }
}

TEST_CASE("adaptive_avg_pool2d averages bins that cover the plane", "[backend][pool]") {
  const std::int64_t sizes[][4] = {{7, 7, 1, 1}, {8, 6, 4, 3}, {5, 7, 3, 4}, {3, 3, 5, 5}, {40, 33, 1, 1}, {4, 6, 2, 1}};
  for (const auto& z : sizes) {
    Pool2dShape s;
    s.planes = 3, s.in_h = z[0], s.in_w = z[1], s.out_h = z[2], s.out_w = z[3];
    const auto x = numbers<float>(s.planes * s.in_plane(), 5), dy = numbers<float>(s.planes * s.out_plane(), 6);
    std::vector<float> y(dy.size()), dx(x.size());
    std::vector<double> gradient(x.size());
    adaptive_avg_pool2d_forward(Cpu{}, s, x.data(), y.data());
    adaptive_avg_pool2d_backward(Cpu{}, s, dy.data(), dx.data());
    for (std::int64_t i = 0; i < s.planes * s.out_plane(); ++i) {
      const std::int64_t p = i / s.out_plane(), oh = i / s.out_w % s.out_h, ow = i % s.out_w;
      const auto begin = [](std::int64_t o, std::int64_t in, std::int64_t out) {
        return static_cast<std::int64_t>(std::floor(static_cast<double>(o * in) / static_cast<double>(out)));
      };
      const auto end = [](std::int64_t o, std::int64_t in, std::int64_t out) {
        return static_cast<std::int64_t>(std::ceil(static_cast<double>((o + 1) * in) / static_cast<double>(out)));
      };
      double sum = 0, count = 0;
      for (int pass = 0; pass < 2; ++pass)
        for (std::int64_t h = begin(oh, s.in_h, s.out_h); h < end(oh, s.in_h, s.out_h); ++h)
          for (std::int64_t w = begin(ow, s.in_w, s.out_w); w < end(ow, s.in_w, s.out_w); ++w) {
            const std::size_t j = at(p * s.in_plane() + h * s.in_w + w);
            if (pass == 0) sum += static_cast<double>(x[j]), count += 1;
            else gradient[j] += static_cast<double>(dy[at(i)]) / count;
          }
      REQUIRE(static_cast<double>(y[at(i)]) == Approx(sum / count).margin(1e-6));
    }
    for (std::size_t i = 0; i < dx.size(); ++i) REQUIRE(static_cast<double>(dx[i]) == Approx(gradient[i]).margin(1e-5));
  }
}

TEST_CASE("pooling of many planes gives the same bits with any number of threads", "[backend][pool]") {
  const int before = torchlite::get_num_threads();
  const Pool2dShape s = Case{300, 26, 26, 2, 2, 2, 2, 0, 0, 1, 1, false}.shape();
  const auto x = numbers<float>(s.planes * s.in_plane(), 5);
  std::vector<float> first, y(at(s.planes * s.out_plane()));
  std::vector<std::int64_t> first_indices, indices(y.size());
  for (int threads = 1; threads <= 4; ++threads) {
    torchlite::set_num_threads(threads);
    max_pool2d_forward(Cpu{}, s, x.data(), y.data(), indices.data());
    if (threads == 1) first = y, first_indices = indices;
    REQUIRE(first == y);
    REQUIRE(first_indices == indices);
  }
  torchlite::set_num_threads(before);
}
