// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/backend/cpu/conv.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace {
namespace winograd = torchlite::backend::winograd;
using torchlite::backend::Conv2dShape;
using torchlite::backend::Cpu;
using torchlite::backend::Epilogue;
using Floats = std::vector<float>;
using Doubles = std::vector<double>;

// Forbids or allows the algorithm while it lives.
struct Allowed {
  explicit Allowed(bool allowed) { torchlite::conv_winograd() = allowed; }
  ~Allowed() { torchlite::conv_winograd() = true; }
};

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

Floats numbers(std::int64_t count, std::uint32_t state) {
  Floats v(size(count));
  for (float& x : v) {
    state = state * 1664525u + 1013904223u;
    x = static_cast<float>(state >> 8) / 8388608.0f - 1.0f;
  }
  return v;
}

Conv2dShape shape(std::int64_t batch, std::int64_t in, std::int64_t h, std::int64_t w, std::int64_t out, std::int64_t pad_h,
                  std::int64_t pad_w) {
  Conv2dShape s;
  s.batch = batch, s.in_channels = in, s.in_h = h, s.in_w = w, s.out_channels = out;
  s.kernel_h = s.kernel_w = 3, s.pad_h = pad_h, s.pad_w = pad_w;
  s.out_h = h + 2 * pad_h - 2, s.out_w = w + 2 * pad_w - 2;
  return s;
}
Conv2dShape turned(const Conv2dShape& s) {
  return shape(s.batch, s.out_channels, s.out_h, s.out_w, s.in_channels, 2 - s.pad_h, 2 - s.pad_w);
}

// Edges of every kind: one tile, parts of tiles, more tiles than a block, channels that fill no vector, paddings of 0 to 3.
const Conv2dShape shapes[] = {
    shape(1, 1, 4, 4, 1, 1, 1),    shape(1, 1, 3, 3, 1, 0, 0),   shape(2, 3, 5, 9, 4, 1, 0),
    shape(3, 5, 13, 70, 33, 0, 1), shape(2, 17, 6, 7, 16, 2, 2), shape(1, 40, 11, 12, 65, 1, 1),
    shape(7, 32, 8, 8, 48, 1, 1),  shape(2, 20, 4, 4, 20, 3, 3), shape(1, 96, 50, 50, 8, 1, 1),
};

struct Operands {
  Floats x, w, dy, bias;
  explicit Operands(const Conv2dShape& s)
      : x(numbers(s.batch * s.in_channels * s.in_plane(), 1)),
        w(numbers(s.out_channels * s.depth(), 2)),
        dy(numbers(s.batch * s.out_channels * s.out_plane(), 3)),
        bias(numbers(s.out_channels, 4)) {}
};

Doubles in_double(const Floats& v) { return Doubles(v.begin(), v.end()); }
Doubles absolutes(const Floats& v) {
  Doubles a(v.begin(), v.end());
  for (double& x : a) x = std::fabs(x);
  return a;
}

// The largest error in units of the largest sum of absolute products.
double error(const Floats& computed, const Doubles& expected, const Doubles& sums) {
  double worst = 0, largest = 0;
  for (const double s : sums) largest = std::fmax(largest, s);
  for (std::size_t i = 0; i < computed.size(); ++i) {
    const double d = std::fabs(static_cast<double>(computed[i]) - expected[i]);
    worst = std::isnan(d) ? std::numeric_limits<double>::infinity() : std::fmax(worst, d);
  }
  return worst / largest;
}
constexpr double bound = 1e-5;
}  // namespace

TEST_CASE("convolutions by Winograd's algorithm are the definition's up to 1e-5 of the largest sum of absolute products",
          "[backend][conv][winograd]") {
  for (const Conv2dShape& s : shapes) {
    const Operands o(s);
    const Doubles x = in_double(o.x), w = in_double(o.w), dy = in_double(o.dy), bias = in_double(o.bias);
    const Doubles ax = absolutes(o.x), aw = absolutes(o.w), ady = absolutes(o.dy), abias = absolutes(o.bias);
    INFO("case " << &s - shapes);
    const float garbage = std::numeric_limits<float>::quiet_NaN();

    Floats y(o.dy.size(), garbage), positive = y;
    Doubles expected(y.size()), sums(y.size());
    conv2d_forward(Cpu{}, s, x.data(), w.data(), bias.data(), expected.data());
    conv2d_forward(Cpu{}, s, ax.data(), aw.data(), abias.data(), sums.data());
    winograd::convolve(s, o.x.data(), o.w.data(), false, o.bias.data(), false, y.data());
    CHECK(error(y, expected, sums) < bound);
    conv2d_forward(Cpu{}, s, x.data(), w.data(), static_cast<const double*>(nullptr), expected.data(), Epilogue::relu);
    winograd::convolve(s, o.x.data(), o.w.data(), false, nullptr, true, positive.data());
    CHECK(error(positive, expected, sums) < bound);

    Floats dx(o.x.size(), garbage);
    Doubles expected_dx(dx.size()), sums_dx(dx.size());
    conv2d_backward_input(Cpu{}, s, dy.data(), w.data(), expected_dx.data());
    conv2d_backward_input(Cpu{}, s, ady.data(), aw.data(), sums_dx.data());
    winograd::convolve(turned(s), o.dy.data(), o.w.data(), true, nullptr, false, dx.data());
    CHECK(error(dx, expected_dx, sums_dx) < bound);

    Floats dw(o.w.size(), garbage);
    Doubles expected_dw(dw.size()), sums_dw(dw.size());
    conv2d_backward_weight(Cpu{}, s, dy.data(), x.data(), expected_dw.data());
    conv2d_backward_weight(Cpu{}, s, ady.data(), ax.data(), sums_dw.data());
    winograd::backward_weight(s, o.dy.data(), o.x.data(), dw.data());
    CHECK(error(dw, expected_dw, sums_dw) < bound);
  }
}

TEST_CASE("conv_winograd decides whether conv2d of float uses Winograd's algorithm", "[backend][conv][winograd]") {
  const Conv2dShape s = shape(4, 64, 16, 16, 64, 1, 1);
  const Operands o(s);
  const auto all = [&] {
    std::vector<Floats> r{Floats(o.dy.size()), Floats(o.x.size()), Floats(o.w.size())};
    conv2d_forward(Cpu{}, s, o.x.data(), o.w.data(), o.bias.data(), r[0].data());
    conv2d_backward_input(Cpu{}, s, o.dy.data(), o.w.data(), r[1].data());
    conv2d_backward_weight(Cpu{}, s, o.dy.data(), o.x.data(), r[2].data());
    return r;
  };
  std::vector<Floats> expected{Floats(o.dy.size()), Floats(o.x.size()), Floats(o.w.size())};
  winograd::convolve(s, o.x.data(), o.w.data(), false, o.bias.data(), false, expected[0].data());
  winograd::convolve(turned(s), o.dy.data(), o.w.data(), true, nullptr, false, expected[1].data());
  winograd::backward_weight(s, o.dy.data(), o.x.data(), expected[2].data());
  CHECK(all() == expected);
  const Allowed never(false);
  const auto direct = all();
  for (std::size_t i = 0; i < 3; ++i) CHECK(direct[i] != expected[i]);
}

TEST_CASE("Winograd's algorithm gives the same bits with any number of threads", "[backend][conv][winograd]") {
  const int before = torchlite::get_num_threads();
  for (const Conv2dShape& s : {shape(3, 40, 30, 30, 72, 1, 1), shape(1, 64, 8, 8, 160, 1, 1), shape(4, 200, 40, 40, 33, 0, 0)}) {
    const Operands o(s);
    std::vector<Floats> first;
    for (int threads = 1; threads <= 5; ++threads) {
      torchlite::set_num_threads(threads);
      std::vector<Floats> r{Floats(o.dy.size()), Floats(o.x.size()), Floats(o.w.size())};
      winograd::convolve(s, o.x.data(), o.w.data(), false, o.bias.data(), false, r[0].data());
      winograd::convolve(turned(s), o.dy.data(), o.w.data(), true, nullptr, false, r[1].data());
      winograd::backward_weight(s, o.dy.data(), o.x.data(), r[2].data());
      if (threads == 1) first = r;
      for (std::size_t i = 0; i < r.size(); ++i) REQUIRE(std::memcmp(first[i].data(), r[i].data(), r[i].size() * sizeof(float)) == 0);
    }
  }
  torchlite::set_num_threads(before);
}

TEST_CASE("a NaN reaches all results that depend on it, and no other tile", "[backend][conv][winograd]") {
  const Conv2dShape s = shape(2, 16, 12, 12, 16, 1, 1);
  Operands o(s);
  o.x[size(5 * s.in_plane() + 5 * 12 + 6)] = std::numeric_limits<float>::quiet_NaN();  // of the first image, row 5, column 6
  Floats y(o.dy.size());
  winograd::convolve(s, o.x.data(), o.w.data(), false, nullptr, true, y.data());
  for (std::int64_t i = 0; i < s.batch * s.out_channels * s.out_plane(); ++i) {
    const std::int64_t image = i / s.out_plane() / s.out_channels, row = i % s.out_plane() / 12, column = i % 12;
    const bool near = image == 0 && row >= 4 && row <= 6 && column >= 5 && column <= 7,
               tile = image == 0 && row / 4 == 1 && column / 4 == 1;
    const bool nan = std::isnan(y[size(i)]);
    if (near) REQUIRE(nan);
    if (!tile) REQUIRE(!nan);
  }
}
