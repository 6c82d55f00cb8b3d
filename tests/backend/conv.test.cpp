// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/backend/cpu/conv.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace {
using torchlite::bfloat16;
using torchlite::half;
using torchlite::backend::Conv2dShape;
using torchlite::backend::Cpu;
using torchlite::backend::Epilogue;
using Doubles = std::vector<double>;

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

// Small integers, whose sums of products are exact in float: comparisons need no tolerance.
template <class T>
std::vector<T> numbers(std::int64_t count, std::uint32_t state) {
  std::vector<T> v(at(count));
  for (T& x : v) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<T>(static_cast<float>(static_cast<int>(state >> 24) % 7 - 3));
  }
  return v;
}

// Calls f(index in x, index in w, index in y) for every product of the convolution.
template <class F>
void every_product(const Conv2dShape& s, F f) {
  const std::int64_t in = s.in_channels / s.groups, out = s.out_channels / s.groups;
  for (std::int64_t b = 0; b < s.batch; ++b)
    for (std::int64_t o = 0; o < s.out_channels; ++o)
      for (std::int64_t oh = 0; oh < s.out_h; ++oh)
        for (std::int64_t ow = 0; ow < s.out_w; ++ow)
          for (std::int64_t c = 0; c < in; ++c)
            for (std::int64_t kh = 0; kh < s.kernel_h; ++kh)
              for (std::int64_t kw = 0; kw < s.kernel_w; ++kw) {
                const std::int64_t ih = oh * s.stride_h + kh * s.dilation_h - s.pad_h, iw = ow * s.stride_w + kw * s.dilation_w - s.pad_w;
                if (ih < 0 || ih >= s.in_h || iw < 0 || iw >= s.in_w) continue;
                f(at(((b * s.in_channels + o / out * in + c) * s.in_h + ih) * s.in_w + iw),
                  at(((o * in + c) * s.kernel_h + kh) * s.kernel_w + kw), at(((b * s.out_channels + o) * s.out_h + oh) * s.out_w + ow));
              }
}

template <class T>
double difference(const std::vector<T>& computed, const Doubles& expected) {
  double worst = 0;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    const double d = std::fabs(static_cast<double>(computed[i]) - static_cast<double>(static_cast<T>(expected[i])));
    worst = std::isnan(d) ? 1e300 : std::fmax(worst, d);
  }
  return worst;
}

struct Case {
  std::int64_t batch, in, h, w, out, kh, kw, sh, sw, ph, pw, dh, dw, groups;
  Conv2dShape shape() const {
    Conv2dShape s;
    s.batch = batch, s.in_channels = in, s.in_h = h, s.in_w = w, s.out_channels = out;
    s.kernel_h = kh, s.kernel_w = kw, s.stride_h = sh, s.stride_w = sw, s.pad_h = ph, s.pad_w = pw;
    s.dilation_h = dh, s.dilation_w = dw, s.groups = groups;
    s.out_h = Conv2dShape::out_size(h, kh, sh, ph, dh);
    s.out_w = Conv2dShape::out_size(w, kw, sw, pw, dw);
    return s;
  }
};

const Case cases[] = {
    {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1},    {2, 1, 28, 28, 32, 3, 3, 1, 1, 0, 0, 1, 1, 1},
    {2, 5, 13, 11, 7, 3, 3, 1, 1, 1, 1, 1, 1, 1},  {3, 4, 9, 17, 6, 3, 2, 2, 1, 1, 0, 1, 1, 1},
    {2, 3, 23, 19, 10, 5, 7, 2, 3, 2, 3, 1, 1, 1}, {2, 4, 15, 16, 8, 3, 3, 1, 1, 2, 2, 2, 2, 2},
    {2, 6, 12, 12, 6, 3, 3, 1, 1, 1, 1, 1, 1, 6},  {2, 6, 12, 37, 12, 3, 3, 2, 2, 1, 1, 1, 1, 6},
    {2, 3, 10, 80, 3, 3, 5, 1, 1, 1, 2, 1, 2, 3},  {3, 16, 7, 7, 20, 1, 1, 1, 1, 0, 0, 1, 1, 1},
    {2, 16, 7, 9, 20, 1, 1, 2, 2, 0, 0, 1, 1, 4},  {1, 2, 5, 6, 3, 1, 1, 1, 1, 3, 2, 1, 1, 1},
    {1, 64, 6, 6, 17, 3, 3, 1, 1, 1, 1, 1, 1, 1},  {1, 3, 70, 45, 5, 3, 3, 1, 1, 1, 1, 1, 1, 1},
    {2, 2, 3, 3, 4, 3, 3, 1, 1, 3, 4, 1, 1, 1},    {1, 2, 20, 20, 4, 3, 3, 3, 2, 0, 1, 3, 2, 1},
    {10, 3, 6, 5, 9, 2, 2, 1, 1, 0, 0, 1, 1, 1},   {1, 8, 9, 9, 8, 3, 3, 4, 4, 1, 1, 1, 1, 8},
    {2, 4, 4, 4, 40, 4, 4, 1, 1, 0, 0, 1, 1, 1},   {0, 4, 4, 4, 4, 3, 3, 1, 1, 0, 0, 1, 1, 1},
};
}  // namespace

TEMPLATE_TEST_CASE("conv2d and its gradients equal their definitions", "[backend][conv]", float, double, half, bfloat16) {
  using T = TestType;
  for (const Case& c : cases) {
    const Conv2dShape s = c.shape();
    const auto x = numbers<T>(s.batch * s.in_channels * s.in_h * s.in_w, 1), w = numbers<T>(s.out_channels * s.depth(), 2),
               dy = numbers<T>(s.batch * s.out_channels * s.out_h * s.out_w, 3), bias = numbers<T>(s.out_channels, 4);
    const T garbage = static_cast<T>(1e4f);
    std::vector<T> y(dy.size(), garbage), relu = y, dx(x.size(), garbage), dw(w.size(), garbage), db(bias.size(), garbage);
    Doubles ey(y.size()), edx(x.size()), edw(w.size()), edb(bias.size());
    every_product(s, [&](std::size_t i, std::size_t j, std::size_t k) {
      ey[k] += static_cast<double>(x[i]) * static_cast<double>(w[j]);
      edx[i] += static_cast<double>(dy[k]) * static_cast<double>(w[j]);
      edw[j] += static_cast<double>(dy[k]) * static_cast<double>(x[i]);
    });
    INFO("case " << &c - cases);
    conv2d_forward(Cpu{}, s, x.data(), w.data(), static_cast<const T*>(nullptr), y.data());
    CHECK(difference(y, ey) == 0);
    conv2d_backward_input(Cpu{}, s, dy.data(), w.data(), dx.data());
    // Strided gradients of half are rounded per tap before they are added; sums this small are exact all the same.
    CHECK(difference(dx, edx) == 0);
    conv2d_backward_weight(Cpu{}, s, dy.data(), x.data(), dw.data());
    CHECK(difference(dw, edw) == 0);
    const std::size_t plane = at(s.out_h * s.out_w), channels = at(s.out_channels);
    for (std::size_t i = 0; i < y.size(); ++i) {
      edb[i / plane % channels] += static_cast<double>(dy[i]);
      ey[i] = std::fmax(0.0, ey[i] + static_cast<double>(bias[i / plane % channels]));
    }
    conv2d_forward(Cpu{}, s, x.data(), w.data(), bias.data(), relu.data(), Epilogue::relu);
    CHECK(difference(relu, ey) == 0);
    conv2d_backward_bias(Cpu{}, s, dy.data(), db.data());
    CHECK(difference(db, edb) == 0);
  }
}

TEST_CASE("conv2d over more channels than one block of the sum equals its definition", "[backend][conv]") {
  const Conv2dShape s = Case{2, 150, 6, 7, 26, 3, 3, 1, 1, 1, 1, 1, 1, 1}.shape();
  const auto x = numbers<float>(s.batch * s.in_channels * s.in_h * s.in_w, 1), w = numbers<float>(s.out_channels * s.depth(), 2);
  std::vector<float> y(at(s.batch * s.out_channels * s.out_plane()));
  Doubles expected(y.size());
  every_product(s,
                [&](std::size_t i, std::size_t j, std::size_t k) { expected[k] += static_cast<double>(x[i]) * static_cast<double>(w[j]); });
  conv2d_forward(Cpu{}, s, x.data(), w.data(), static_cast<const float*>(nullptr), y.data());
  CHECK(difference(y, expected) == 0);
}

TEMPLATE_TEST_CASE("an infinity reaches exactly the results whose sums it is in", "[backend][conv]", float, bfloat16) {
  using T = TestType;
  for (const Case& c : {Case{2, 3, 7, 9, 5, 3, 3, 1, 1, 1, 1, 1, 1, 1}, Case{1, 5, 9, 8, 20, 2, 3, 1, 2, 0, 1, 1, 1, 1},
                        Case{1, 4, 6, 37, 6, 3, 3, 2, 1, 1, 0, 1, 1, 2}}) {
    const Conv2dShape s = c.shape();
    auto x = numbers<T>(s.batch * s.in_channels * s.in_h * s.in_w, 1), w = numbers<T>(s.out_channels * s.depth(), 2),
         dy = numbers<T>(s.batch * s.out_channels * s.out_h * s.out_w, 3);
    for (auto* v : {&x, &w, &dy})
      for (T& value : *v)
        if (float(value) == 0) value = T(1.0f);  // times infinity it would be NaN
    const std::size_t ix = at(s.in_w + 1), iy = at(s.out_w - 1);
    const auto not_finite = [](const std::vector<T>& v) {
      std::vector<bool> out;
      for (const T value : v) out.push_back(!std::isfinite(float(value)));
      return out;
    };
    std::vector<T> y(dy.size()), dx(x.size()), dw(w.size());
    std::vector<bool> ey(y.size()), edx(x.size()), edw(w.size());
    every_product(s, [&](std::size_t i, std::size_t j, std::size_t k) {
      if (i == ix) ey[k] = edw[j] = true;
      if (k == iy) edx[i] = true;
    });
    INFO("in_w " << s.in_w);
    x[ix] = T(std::numeric_limits<float>::infinity());
    conv2d_forward(Cpu{}, s, x.data(), w.data(), static_cast<const T*>(nullptr), y.data());
    CHECK(not_finite(y) == ey);
    conv2d_backward_weight(Cpu{}, s, dy.data(), x.data(), dw.data());
    CHECK(not_finite(dw) == edw);
    dy[iy] = T(std::numeric_limits<float>::infinity());
    conv2d_backward_input(Cpu{}, s, dy.data(), w.data(), dx.data());
    CHECK(not_finite(dx) == edx);
  }
}

TEMPLATE_TEST_CASE("conv2d and its gradients give the same bits with any number of threads", "[backend][conv]", float, bfloat16) {
  using T = TestType;
  const int before = torchlite::get_num_threads();
  for (const Case& c : {Case{9, 8, 30, 30, 24, 3, 3, 1, 1, 1, 1, 1, 1, 1}, Case{1, 48, 20, 20, 80, 3, 3, 2, 2, 1, 1, 1, 1, 2},
                        Case{5, 24, 40, 40, 24, 3, 3, 1, 1, 1, 1, 1, 1, 24}, Case{6, 32, 28, 28, 48, 1, 1, 1, 1, 0, 0, 1, 1, 1}}) {
    const Conv2dShape s = c.shape();
    auto x = numbers<T>(s.batch * s.in_channels * s.in_h * s.in_w, 1), w = numbers<T>(s.out_channels * s.depth(), 2),
         dy = numbers<T>(s.batch * s.out_channels * s.out_h * s.out_w, 3);
    for (auto* v : {&x, &w, &dy})
      for (T& value : *v) value *= 0.1234567f;  // no longer exact: the order of the sums shows
    std::vector<std::vector<T>> first;
    for (int threads = 1; threads <= 5; ++threads) {
      torchlite::set_num_threads(threads);
      std::vector<std::vector<T>> results{std::vector<T>(dy.size()), std::vector<T>(x.size()), std::vector<T>(w.size()),
                                          std::vector<T>(at(s.out_channels))};
      conv2d_forward(Cpu{}, s, x.data(), w.data(), static_cast<const T*>(nullptr), results[0].data());
      conv2d_backward_input(Cpu{}, s, dy.data(), w.data(), results[1].data());
      conv2d_backward_weight(Cpu{}, s, dy.data(), x.data(), results[2].data());
      conv2d_backward_bias(Cpu{}, s, dy.data(), results[3].data());
      if (threads == 1) first = results;
      for (std::size_t i = 0; i < results.size(); ++i)
        REQUIRE(std::memcmp(first[i].data(), results[i].data(), first[i].size() * sizeof(T)) == 0);
    }
  }
  torchlite::set_num_threads(before);
}
