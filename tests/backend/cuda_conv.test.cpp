// SPDX-License-Identifier: BSD-3-Clause
// Pooling, convolution and optimizers on Cuda, played on the host and compared with the Cpu's kernels.
#include <support/catch.hpp>
#include <support/vectors.hpp>

#include <torchlite/backend/cpu/axis_map.hpp>
#include <torchlite/backend/cpu/conv.hpp>
#include <torchlite/backend/cpu/max_pool_windows.hpp>
#include <torchlite/backend/cpu/optimizer.hpp>
#include <torchlite/backend/cpu/plane_index.hpp>
#include <torchlite/backend/cpu/pool.hpp>
#include <torchlite/backend/cuda/axis_map_element.hpp>
#include <torchlite/backend/cuda/conv_element.hpp>
#include <torchlite/backend/cuda/optimizer_element.hpp>
#include <torchlite/core/random.hpp>

#include <cmath>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend;
using vectors::difference;
using vectors::numbers;

Pool2dShape pool(std::int64_t h, std::int64_t w, std::int64_t kernel, std::int64_t stride, std::int64_t pad, std::int64_t dilation,
                 bool ceil) {
  Pool2dShape s;
  s.planes = 3, s.in_h = h, s.in_w = w;
  s.kernel_h = kernel, s.kernel_w = kernel, s.stride_h = stride, s.stride_w = stride, s.pad_h = pad, s.pad_w = pad;
  s.dilation_h = dilation, s.dilation_w = dilation;
  s.out_h = Pool2dShape::out_size(h, kernel, stride, pad, dilation, ceil);
  s.out_w = Pool2dShape::out_size(w, kernel, stride, pad, dilation, ceil);
  return s;
}
const std::vector<Pool2dShape>& pools() {
  static const std::vector<Pool2dShape> all{pool(8, 6, 2, 2, 0, 1, false), pool(7, 9, 3, 2, 1, 1, false), pool(7, 9, 3, 2, 1, 1, true),
                                            pool(5, 5, 3, 1, 1, 1, false), pool(9, 8, 2, 3, 1, 2, true),  pool(4, 4, 4, 4, 0, 1, false)};
  return all;
}

template <class T>
void check_pools() {
  for (const Pool2dShape& s : pools()) {
    INFO(s.in_h << " x " << s.in_w << " kernel " << s.kernel_h << " stride " << s.stride_h << " dilation " << s.dilation_h);
    const std::int64_t in = s.planes * s.in_plane(), out = s.planes * s.out_plane();
    auto x = numbers<T>(in, 1, 2);
    if constexpr (floating<T>) x[5] = static_cast<T>(NAN);
    const auto dy = numbers<T>(out, 2, 2);
    std::vector<T> y(dy.size()), expected(dy.size()), dx(x.size()), expected_dx(x.size());
    std::vector<std::int32_t> where(dy.size()), expected_where(dy.size());
    cuda::play_each(cuda::MaxPoolForward<T, std::int32_t>{s, x.data(), y.data(), where.data()}, out);
    max_pool2d_forward(Cpu{}, s, x.data(), expected.data(), expected_where.data());
    CHECK(difference(y, expected) == 0);
    CHECK(where == expected_where);
    cuda::play_each(cuda::MaxPoolBackward<T, std::int32_t>{s, dy.data(), where.data(), dx.data()}, in);
    max_pool2d_backward(Cpu{}, s, dy.data(), where.data(), expected_dx.data());
    CHECK(difference(dx, expected_dx) <= 1e-6);
    if constexpr (floating<T>) {
      if (s.dilation_h != 1) continue;
      for (const AveragePooling& how : {AveragePooling{true, 0}, AveragePooling{false, 0}, AveragePooling{true, 5}}) {
        cuda::play_each(cuda::AveragePoolForward<T, cuda::SlidingAverage>{{s, how}, x.data(), y.data()}, out);
        avg_pool2d_forward(Cpu{}, s, how, x.data(), expected.data());
        CHECK(difference(y, expected) <= 1e-6);
        cuda::play_each(cuda::AveragePoolBackward<T, cuda::SlidingAverage>{{s, how}, dy.data(), dx.data()}, in);
        avg_pool2d_backward(Cpu{}, s, how, dy.data(), expected_dx.data());
        CHECK(difference(dx, expected_dx) <= 1e-6);
      }
    }
  }
}
}  // namespace

TEST_CASE("pooling by elements is the Cpu's", "[backend][cuda]") {
  check_pools<float>();
  check_pools<double>();
  check_pools<std::int32_t>();
}

TEST_CASE("adaptive pooling by elements is the Cpu's", "[backend][cuda]") {
  for (const auto& [in, out] : {std::pair<std::int64_t, std::int64_t>{7, 3}, {8, 8}, {5, 9}, {6, 1}, {10, 4}}) {
    Pool2dShape s;
    s.planes = 2, s.in_h = in, s.in_w = in + 1, s.out_h = out, s.out_w = out + 1;
    const auto x = numbers<float>(s.planes * s.in_plane(), 1, 2), dy = numbers<float>(s.planes * s.out_plane(), 2, 2);
    std::vector<float> y(dy.size()), expected(dy.size()), dx(x.size()), expected_dx(x.size());
    cuda::play_each(cuda::AveragePoolForward<float, cuda::AdaptiveAverage>{{s}, x.data(), y.data()}, s.planes * s.out_plane());
    adaptive_avg_pool2d_forward(Cpu{}, s, x.data(), expected.data());
    CHECK(difference(y, expected) <= 1e-6);
    cuda::play_each(cuda::AveragePoolBackward<float, cuda::AdaptiveAverage>{{s}, dy.data(), dx.data()}, s.planes * s.in_plane());
    adaptive_avg_pool2d_backward(Cpu{}, s, dy.data(), expected_dx.data());
    CHECK(difference(dx, expected_dx) <= 1e-6);
  }
}

TEST_CASE("windows of any kind and indices into planes are the Cpu's", "[backend][cuda]") {
  PoolWindows w;
  w.planes = 2;
  w.axes[0] = PoolAxis::sliding(4, 3, 2, 1, 0, 1);
  w.axes[1] = PoolAxis::adaptive(5, 3);
  w.axes[2] = PoolAxis::sliding(6, 3, 3, 2, 1, 1);
  const auto x = numbers<float>(w.planes * w.in_plane(), 1, 2);
  const std::int64_t out = w.planes * w.out_plane();
  std::vector<float> y(static_cast<std::size_t>(out)), expected(y.size());
  std::vector<std::int64_t> where(y.size()), expected_where(y.size());
  cuda::MaxWindows<float, std::int64_t> task{{}, x.data(), y.data(), where.data()};
  for (int d = 0; d < 3; ++d) {
    const PoolAxis& a = w.axes[d];
    task.axes[d] = {a.in, a.out, a.step, a.per_plane, a.start.data(), a.end.data()};
  }
  cuda::play_each(task, out);
  max_pool_windows_forward(Cpu{}, w, x.data(), expected.data(), expected_where.data());
  CHECK(y == expected);
  CHECK(where == expected_where);

  for (const bool add : {false, true}) {
    std::vector<float> plane(x.size(), 0.0f), expected_plane(x.size()), back(y.size()), expected_back(y.size());
    cuda::play_each(cuda::PlanePut<float, std::int64_t>{w.in_plane(), w.out_plane(), y.data(), where.data(), add, plane.data()}, w.planes);
    plane_put(Cpu{}, w.planes, w.in_plane(), w.out_plane(), y.data(), where.data(), add, expected_plane.data());
    CHECK(plane == expected_plane);
    cuda::play_each(cuda::PlaneGet<float, std::int64_t>{w.in_plane(), w.out_plane(), x.data(), where.data(), back.data()}, out);
    plane_get(Cpu{}, w.planes, w.in_plane(), w.out_plane(), x.data(), where.data(), expected_back.data());
    CHECK(back == expected_back);
  }
}

namespace {
Conv2dShape conv(std::int64_t in, std::int64_t out, std::int64_t groups, std::int64_t h, std::int64_t w, std::int64_t kernel,
                 std::int64_t stride, std::int64_t pad, std::int64_t dilation) {
  Conv2dShape s;
  s.batch = 3, s.in_channels = in, s.out_channels = out, s.groups = groups, s.in_h = h, s.in_w = w;
  s.kernel_h = kernel, s.kernel_w = kernel, s.stride_h = stride, s.stride_w = stride, s.pad_h = pad, s.pad_w = pad;
  s.dilation_h = dilation, s.dilation_w = dilation;
  s.out_h = Conv2dShape::out_size(h, kernel, stride, pad, dilation);
  s.out_w = Conv2dShape::out_size(w, kernel, stride, pad, dilation);
  return s;
}
/// c[m, n] += a[m, k] b[k, n] with any strides: what cuBLAS does on the device.
void multiply(std::int64_t m, std::int64_t n, std::int64_t k, const float* a, std::int64_t a_row, std::int64_t a_col, const float* b,
              std::int64_t b_row, std::int64_t b_col, float* c, std::int64_t c_row) {
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      double sum = 0;
      for (std::int64_t p = 0; p < k; ++p) sum += double(a[i * a_row + p * a_col]) * b[p * b_row + j * b_col];
      c[i * c_row + j] += static_cast<float>(sum);
    }
}
}  // namespace

TEST_CASE("products with columns of patches are convolutions", "[backend][cuda]") {
  for (const Conv2dShape& s : {conv(2, 3, 1, 6, 5, 3, 1, 1, 1), conv(4, 6, 2, 7, 7, 3, 2, 1, 1), conv(3, 2, 1, 8, 9, 2, 3, 2, 2)}) {
    INFO(s.in_channels << " -> " << s.out_channels << " groups " << s.groups << " stride " << s.stride_h);
    const std::int64_t plane = s.out_plane(), depth = s.depth(), out = s.group_out();
    const auto x = numbers<float>(s.batch * s.in_channels * s.in_plane(), 1, 2), w = numbers<float>(s.out_channels * depth, 2, 2),
               dy = numbers<float>(s.batch * s.out_channels * plane, 3, 2);
    std::vector<float> y(dy.size()), expected(dy.size()), dx(x.size()), expected_dx(x.size()), dw(w.size()), expected_dw(w.size());
    std::vector<float> columns(static_cast<std::size_t>(s.batch * depth * plane));
    for (std::int64_t g = 0; g < s.groups; ++g) {
      const float *wg = w.data() + g * out * depth, *xg = x.data() + g * s.group_in() * s.in_plane();
      const cuda::ColumnLayout apart{s, s.group_in(), plane, depth * plane}, together{s, s.group_in(), s.batch * plane, plane};
      cuda::play_each(cuda::PatchesToColumns<float>{apart, xg, columns.data()}, s.batch * s.group_in() * plane);
      for (std::int64_t b = 0; b < s.batch; ++b)
        multiply(out, plane, depth, wg, depth, 1, columns.data() + b * depth * plane, plane, 1,
                 y.data() + (b * s.out_channels + g * out) * plane, plane);
      std::fill(columns.begin(), columns.end(), 0.0f);
      for (std::int64_t b = 0; b < s.batch; ++b)
        multiply(depth, plane, out, wg, 1, depth, dy.data() + (b * s.out_channels + g * out) * plane, plane, 1,
                 columns.data() + b * depth * plane, plane);
      cuda::play_each(cuda::ColumnsToPatches<float>{apart, columns.data(), dx.data() + g * s.group_in() * s.in_plane()},
                      s.batch * s.group_in() * s.in_plane());
      cuda::play_each(cuda::PatchesToColumns<float>{together, xg, columns.data()}, s.batch * s.group_in() * plane);
      for (std::int64_t b = 0; b < s.batch; ++b)
        multiply(out, depth, plane, dy.data() + (b * s.out_channels + g * out) * plane, plane, 1, columns.data() + b * plane, 1,
                 s.batch * plane, dw.data() + g * out * depth, depth);
    }
    conv2d_forward(Cpu{}, s, x.data(), w.data(), static_cast<const float*>(nullptr), expected.data());
    conv2d_backward_input(Cpu{}, s, dy.data(), w.data(), expected_dx.data());
    conv2d_backward_weight(Cpu{}, s, dy.data(), x.data(), expected_dw.data());
    CHECK(difference(y, expected) <= 1e-5);
    CHECK(difference(dx, expected_dx) <= 1e-5);
    CHECK(difference(dw, expected_dw) <= 1e-5);
  }
}

TEST_CASE("depthwise convolution by elements is the Cpu's", "[backend][cuda]") {
  for (const Conv2dShape& s : {conv(3, 3, 3, 6, 5, 3, 1, 1, 1), conv(2, 4, 2, 7, 7, 3, 2, 1, 1), conv(3, 3, 3, 8, 9, 2, 1, 1, 2)}) {
    const auto x = numbers<float>(s.batch * s.in_channels * s.in_plane(), 1, 2), w = numbers<float>(s.out_channels * s.depth(), 2, 2),
               dy = numbers<float>(s.batch * s.out_channels * s.out_plane(), 3, 2), bias = numbers<float>(s.out_channels, 4, 2);
    std::vector<float> y(dy.size()), expected(dy.size()), dx(x.size()), expected_dx(x.size()), dw(w.size()), expected_dw(w.size());
    for (const bool relu : {false, true}) {
      cuda::play_each(cuda::DepthwiseForward<float>{s, x.data(), w.data(), bias.data(), y.data(), relu},
                      s.batch * s.out_channels * s.out_plane());
      conv2d_forward(Cpu{}, s, x.data(), w.data(), bias.data(), expected.data(), relu ? Epilogue::relu : Epilogue::none);
      CHECK(difference(y, expected) <= 1e-5);
    }
    cuda::play_each(cuda::DepthwiseBackwardInput<float>{s, dy.data(), w.data(), dx.data()}, s.batch * s.in_channels * s.in_plane());
    conv2d_backward_input(Cpu{}, s, dy.data(), w.data(), expected_dx.data());
    CHECK(difference(dx, expected_dx) <= 1e-5);
    cuda::play_rows<32, 1>(cuda::DepthwiseBackwardWeight<float>{s, dy.data(), x.data(), dw.data()}, s.out_channels * s.taps());
    conv2d_backward_weight(Cpu{}, s, dy.data(), x.data(), expected_dw.data());
    CHECK(difference(dw, expected_dw) <= 1e-5);
  }
}

TEST_CASE("images take turns when their columns do not fit", "[backend][cuda]") {
  CHECK(cuda::images_at_a_time(10, 1 << 20) == 10);
  CHECK(cuda::images_at_a_time(1000, 1 << 20) == 256);
  CHECK(cuda::images_at_a_time(10, std::int64_t{1} << 40) == 1);
}

TEST_CASE("a map along an axis by elements is the Cpu's", "[backend][cuda]") {
  AxisTaps m(5);
  for (const int count : {1, 0, 3, 2}) {
    for (int k = 0; k < count; ++k) m.tap((count * 2 + k * 3) % 5, 0.25 * (k + 1));
    m.next();
  }
  for (const int axis : {1, 2}) {
    const auto x = numbers<float>(3 * 5 * 5 * 5, 1, 2);
    AxisMapArguments a;
    a.planes = 3;
    a.sizes[0] = a.sizes[1] = a.sizes[2] = 5;
    a.taps[axis] = &m;
    std::vector<float> y(3 * 5 * 5 * 4), expected(y.size());
    map_axes(Cpu{}, a, x.data(), expected.data());
    const std::int64_t inner = axis == 2 ? 1 : 5;
    cuda::play_each(cuda::MapAxis<float, float, float>{5, 4, inner, m.begin.data(), m.index.data(), m.weight.data(), x.data(), y.data()},
                    static_cast<std::int64_t>(y.size()));
    CHECK(difference(y, expected) <= 1e-6);
  }
}

// --- optimizers ----------------------------------------------------------------------------------------------------------
namespace {
template <class T, class F>
void check_update(const F& formula) {
  // Sizes around a packet and a chunk; two tensors more than a block knows are empty or odd.
  const std::vector<std::int64_t> sizes{1, 3, 4, 0, 255, 8192, 8193, 20001, 7};
  std::vector<std::vector<T>> p, g, a, b, c;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    p.push_back(numbers<T>(sizes[i], 1, 2));
    g.push_back(numbers<T>(sizes[i], 2, 2));
    a.push_back(numbers<T>(sizes[i], 3, 2));
    b.push_back(numbers<T>(sizes[i], 4, 2));
    for (T& v : b.back()) v = static_cast<T>(std::abs(static_cast<float>(v)));
    c.push_back(b.back());
  }
  auto expected_p = p, expected_a = a, expected_b = b, expected_c = c;
  cuda::UpdateTable<T> table;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const auto state = [&](unsigned k, std::vector<T>& s) { return (F::states >> k & 1u) != 0 ? s.data() : nullptr; };
    table.add({p[i].data(), g[i].data(), {state(0, a[i]), state(1, b[i]), state(2, c[i])}, sizes[i]});
    update_parameters(Cpu{}, formula, sizes[i], expected_p[i].data(), static_cast<const T*>(g[i].data()), state(0, expected_a[i]),
                      state(1, expected_b[i]), state(2, expected_c[i]));
  }
  CHECK(table.blocks() == 11);
  for (int block = 0; block < table.blocks(); ++block)
    for (int thread = 0; thread < cuda::block_threads; ++thread) cuda::update_chunk_of(table, formula, block, thread);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    CHECK(difference(p[i], expected_p[i]) <= 1e-6);
    CHECK(difference(a[i], expected_a[i]) <= 1e-6);
    CHECK(difference(b[i], expected_b[i]) <= 1e-6);
    CHECK(difference(c[i], expected_c[i]) <= 1e-6);
  }
}
}  // namespace

TEST_CASE("a table of parameters is updated as each of them alone", "[backend][cuda][optim]") {
  check_update<float>(SgdUpdate<float>{0.1f, 1, 0.01f});
  check_update<double>(MomentumUpdate<double>{0.1, 1, 0, 0.9, 1, 0, 1});
  check_update<float>(AdamUpdate<float, false>{1, 0, 0.99f, 0.1f, 0.999f, 0.001f, 1e-3f, 1, 1e-8f});
  check_update<float>(AdamUpdate<float, true>{1, 0, 0.99f, 0.1f, 0.999f, 0.001f, 1e-3f, 1, 1e-8f});
}

TEST_CASE("the norm of all gradients and the factor that limits it", "[backend][cuda][optim]") {
  std::vector<std::vector<float>> g{numbers<float>(9000, 1, 2), numbers<float>(3, 2, 2), {}, numbers<float>(100, 3, 2)};
  for (const double power : {2.0, 1.0, 3.0, double{INFINITY}}) {
    double expected = 0;
    cuda::UpdateTable<float> table;
    for (auto& x : g) {
      for (const float v : x)
        expected = std::isinf(power) ? std::max(expected, std::abs(double(v))) : expected + std::pow(std::abs(double(v)), power);
      table.add({x.data(), x.data(), {}, static_cast<std::int64_t>(x.size())});
    }
    if (!std::isinf(power)) expected = std::pow(expected, 1 / power);
    std::vector<double> partial(static_cast<std::size_t>(table.blocks()));
    double result[2];
    for (const double most : {expected / 2, expected * 2}) {
      if (std::isinf(power)) {
        cuda::play_rows<256, 1>(cuda::ChunkNorms<true, float>{table, power, partial.data()}, table.blocks());
        cuda::play_rows<256, 1>(cuda::FinishNorm<true>{table.blocks(), power, most, partial.data(), result}, 1);
      } else {
        cuda::play_rows<256, 1>(cuda::ChunkNorms<false, float>{table, power, partial.data()}, table.blocks());
        cuda::play_rows<256, 1>(cuda::FinishNorm<false>{table.blocks(), power, most, partial.data(), result}, 1);
      }
      CHECK(std::abs(result[0] - expected) <= 1e-12 * expected);
      CHECK(std::abs(result[1] - (most < expected ? most / (expected + 1e-6) : 1.0)) <= 1e-12);
    }
  }
  g[1][1] = NAN;
  cuda::UpdateTable<float> table;
  table.add({g[1].data(), g[1].data(), {}, 3});
  double partial = 0, result[2];
  cuda::play_rows<256, 1>(cuda::ChunkNorms<true, float>{table, INFINITY, &partial}, 1);
  cuda::play_rows<256, 1>(cuda::FinishNorm<true>{1, INFINITY, 1, &partial, result}, 1);
  CHECK(std::isnan(result[0]));
  float p = 2, state = 0;
  cuda::ScaleByResult<float>{result + 1}(p, 0, state, state, state);
  CHECK(std::isnan(p));
}
