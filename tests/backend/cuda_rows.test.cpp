// SPDX-License-Identifier: BSD-3-Clause
// What threads do with rows and with random numbers on Cuda, played on the host and compared with the Cpu's kernels.
#include <support/catch.hpp>
#include <support/vectors.hpp>

#include <torchlite/backend/cpu/batch_norm.hpp>
#include <torchlite/backend/cpu/dropout.hpp>
#include <torchlite/backend/cpu/loss.hpp>
#include <torchlite/backend/cpu/norm.hpp>
#include <torchlite/backend/cpu/random.hpp>
#include <torchlite/backend/cpu/softmax.hpp>
#include <torchlite/backend/cuda/loss_element.hpp>
#include <torchlite/backend/cuda/norm_element.hpp>
#include <torchlite/backend/cuda/random_element.hpp>
#include <torchlite/backend/cuda/softmax_element.hpp>

#include <cmath>
#include <vector>

namespace {
using namespace torchlite;
using namespace torchlite::backend;
using vectors::difference;
using vectors::numbers;

template <class T>
inline constexpr double tolerance = 2e-6;
template <>
inline constexpr double tolerance<double> = 1e-14;
template <>
inline constexpr double tolerance<half> = 2e-3;
template <>
inline constexpr double tolerance<bfloat16> = 1.6e-2;

/// The team and the packets that the launch would choose.
template <class T, class Task, class... P>
void play(const Task& task, std::int64_t rows, std::int64_t n, std::int64_t inner, const P*... data) {
  constexpr int width = cuda::row_width<T>;
  const bool whole = cuda::takes_packets<width>(n, inner, data...);
  switch (cuda::team_size(n, inner, whole ? width : 1)) {
    case 1: return cuda::play_rows<1, 1>(task, rows);
    case 32: return whole ? cuda::play_rows<32, width>(task, rows) : cuda::play_rows<32, 1>(task, rows);
    default: return whole ? cuda::play_rows<256, width>(task, rows) : cuda::play_rows<256, 1>(task, rows);
  }
}

template <bool Log, class T>
void check_softmax(const RowLayout& rows) {
  const std::int64_t count = rows.count() * rows.n;
  auto x = numbers<T>(count, 1);
  const auto g = numbers<T>(count, 2);
  std::vector<T> y(x.size()), dx(x.size()), expected(x.size()), expected_dx(x.size());
  play<T>(cuda::SoftmaxForward<Log, T>{rows, x.data(), y.data()}, rows.count(), rows.n, rows.inner, x.data(), y.data());
  softmax_forward<Log>(Cpu{}, rows, x.data(), expected.data());
  INFO(rows.outer << " x " << rows.n << " x " << rows.inner);
  CHECK(difference(y, expected) <= tolerance<T>);
  play<T>(cuda::SoftmaxBackward<Log, T>{rows, expected.data(), g.data(), dx.data()}, rows.count(), rows.n, rows.inner, g.data(), dx.data());
  softmax_backward<Log>(Cpu{}, rows, expected.data(), g.data(), expected_dx.data());
  CHECK(difference(dx, expected_dx) <= 20 * tolerance<T>);
}
}  // namespace

TEST_CASE("a team of threads computes the Cpu's softmax", "[backend][cuda]") {
  for (const RowLayout& rows : {RowLayout{3, 1, 1}, RowLayout{2, 7, 1}, RowLayout{2, 128, 1}, RowLayout{1, 130, 1}, RowLayout{2, 4096, 1},
                                RowLayout{1, 5001, 1}, RowLayout{2, 10, 6}}) {
    check_softmax<false, float>(rows);
    check_softmax<true, float>(rows);
    check_softmax<false, double>(rows);
    check_softmax<true, half>(rows);
    check_softmax<false, bfloat16>(rows);
  }
}

TEST_CASE("a team's softmax treats infinities and NaN as the Cpu's does", "[backend][cuda]") {
  const float inf = INFINITY;
  for (const std::vector<float>& x :
       {std::vector<float>{-inf, 0, 1, -inf}, {-inf, -inf, -inf, -inf}, {NAN, 0, 1, 2}, {inf, 0, 1, 2}, {3e4f, 0, -3e38f, 2}}) {
    const RowLayout row{1, 4, 1};
    std::vector<float> y(4), expected(4);
    cuda::play_rows<32, 1>(cuda::SoftmaxForward<false, float>{row, x.data(), y.data()}, 1);
    softmax_forward<false>(Cpu{}, row, x.data(), expected.data());
    for (std::size_t i = 0; i < 4; ++i) CHECK(std::isnan(y[i]) == std::isnan(expected[i]));
    CHECK(difference(y, expected) <= 1e-6);
  }
}

namespace {
template <class T>
using Register = torchlite::register_t<T>;
template <class T>
void check_layer_norm(std::int64_t rows, std::int64_t n, bool affine) {
  INFO(rows << " x " << n << " affine " << affine);
  using R = Register<T>;
  const auto x = numbers<T>(rows * n, 1), g = numbers<T>(rows * n, 2), w = numbers<T>(n, 3), b = numbers<T>(n, 4);
  const T *weight = affine ? w.data() : nullptr, *bias = affine ? b.data() : nullptr;
  const auto size = x.size(), count = static_cast<std::size_t>(rows);
  std::vector<T> y(size), expected(size), dx(size), expected_dx(size), dw(w.size()), db(w.size()), expected_dw(w.size()),
      expected_db(w.size());
  std::vector<R> means(count), rstds(count), expected_means(count), expected_rstds(count);
  play<T>(cuda::LayerNormForward<T>{n, R(1e-5), x.data(), weight, bias, y.data(), means.data(), rstds.data()}, rows, n, 1, x.data(),
          y.data(), weight, bias);
  layer_norm_forward(Cpu{}, rows, n, 1e-5, x.data(), weight, bias, expected.data(), expected_means.data(), expected_rstds.data());
  CHECK(difference(y, expected) <= 4 * tolerance<T>);
  CHECK(difference(means, expected_means) <= 4 * tolerance<R>);
  CHECK(difference(rstds, expected_rstds) <= 4 * tolerance<R>);

  play<T>(cuda::LayerNormBackward<T>{n, x.data(), weight, g.data(), means.data(), rstds.data(), dx.data()}, rows, n, 1, x.data(), g.data(),
          dx.data(), weight);
  const std::int64_t chunk = cuda::rows_of_chunk(rows, n), chunks = (rows + chunk - 1) / chunk;
  std::vector<cuda::TwoSums<R>> partial(static_cast<std::size_t>(chunks * n));
  cuda::play_each(cuda::LayerNormColumns<T>{rows, n, chunk, x.data(), g.data(), means.data(), rstds.data(), partial.data()}, chunks * n);
  cuda::play_each(cuda::SumChunks<T>{n, chunks, partial.data(), dw.data(), db.data()}, n);
  layer_norm_backward(Cpu{}, rows, n, x.data(), weight, means.data(), rstds.data(), g.data(), expected_dx.data(), expected_dw.data(),
                      expected_db.data());
  CHECK(difference(dx, expected_dx) <= 8 * tolerance<T>);
  CHECK(difference(dw, expected_dw) <= 8 * tolerance<T>);
  CHECK(difference(db, expected_db) <= 8 * tolerance<T>);
}

template <class T>
void check_batch_norm(const ChannelLayout& s, bool own) {
  INFO(s.batch << " x " << s.channels << " x " << s.plane);
  using R = Register<T>;
  const std::int64_t n = s.batch * s.channels * s.plane, row = s.batch * s.plane;
  const auto x = numbers<T>(n, 1), g = numbers<T>(n, 2), shifts = numbers<T>(s.channels, 3);
  const auto scales = numbers<R>(s.channels, 4);
  const std::size_t size = x.size(), channels = static_cast<std::size_t>(s.channels);
  std::vector<T> y(size), expected(size), dx(size), expected_dx(size);
  std::vector<R> means(channels), variances(channels), expected_means(channels), expected_variances(channels), sums(channels),
      products(channels), expected_sums(channels), expected_products(channels);
  constexpr int width = cuda::row_width<T>;
  const bool whole = cuda::takes_packets<width>(s.plane, 1, x.data(), g.data(), dx.data());
  const auto play_channels = [&](const auto& task) {
    const bool block = cuda::team_size(row, 1, whole ? width : 1) == 256;
    if (whole) block ? cuda::play_rows<256, width>(task, s.channels) : cuda::play_rows<32, width>(task, s.channels);
    else block ? cuda::play_rows<256, 1>(task, s.channels) : cuda::play_rows<32, 1>(task, s.channels);
  };
  play_channels(cuda::BatchNormMoments<T>{s, x.data(), means.data(), variances.data()});
  batch_norm_moments(Cpu{}, s, x.data(), expected_means.data(), expected_variances.data());
  CHECK(difference(means, expected_means) <= 4 * tolerance<R>);
  CHECK(difference(variances, expected_variances) <= 4 * tolerance<R>);
  if (whole) cuda::play_each(cuda::BatchNormApply<T, width>{s, x.data(), means.data(), scales.data(), shifts.data(), y.data()}, n / width);
  else cuda::play_each(cuda::BatchNormApply<T, 1>{s, x.data(), means.data(), scales.data(), shifts.data(), y.data()}, n);
  batch_norm_apply(Cpu{}, s, x.data(), means.data(), scales.data(), shifts.data(), expected.data());
  CHECK(difference(y, expected) <= 4 * tolerance<T>);
  std::vector<R> rstds(channels);
  for (std::size_t c = 0; c < channels; ++c) rstds[c] = R(1) / std::sqrt(variances[c] + R(1e-5));
  play_channels(cuda::BatchNormBackward<T>{s, own, x.data(), g.data(), means.data(), rstds.data(), scales.data(), dx.data(), sums.data(),
                                           products.data()});
  batch_norm_backward(Cpu{}, s, own, x.data(), g.data(), means.data(), rstds.data(), scales.data(), expected_dx.data(),
                      expected_sums.data(), expected_products.data());
  CHECK(difference(dx, expected_dx) <= 8 * tolerance<T>);
  CHECK(difference(sums, expected_sums) <= 20 * tolerance<R>);
  CHECK(difference(products, expected_products) <= 20 * tolerance<R>);
}

template <bool Normalize, class T>
void check_class_loss(std::int64_t outer, std::int64_t classes, std::int64_t inner, bool weighted, double smoothing, Reduction reduction) {
  INFO(outer << " x " << classes << " x " << inner << " weighted " << weighted << " smoothing " << smoothing);
  using R = Register<T>;
  const std::int64_t rows = outer * inner, n = rows * classes;
  const auto x = numbers<T>(n, 1), g = numbers<T>(rows, 2);
  auto weight = numbers<T>(classes, 3);
  for (T& w : weight) w = static_cast<T>(static_cast<R>(w) + R(5));
  std::vector<std::int64_t> target(static_cast<std::size_t>(rows));
  for (std::size_t r = 0; r < target.size(); ++r) target[r] = r % 5 == 3 ? -100 : static_cast<std::int64_t>(r * 7) % classes;
  const ClassLossArguments<T> a{outer, classes,   inner,    x.data(), target.data(), weighted ? weight.data() : nullptr,
                                -100,  smoothing, reduction};
  const std::size_t size = target.size();
  std::vector<T> out(reduction == Reduction::none ? size : 1), expected(out.size()), dx(x.size()), expected_dx(x.size());
  std::vector<R> lse(size), expected_lse(size);
  std::vector<cuda::TwoSums<R>> losses(size);
  R total = 0, expected_total = 0;
  const cuda::ClassTargets<T> targets(a);
  play<T>(cuda::ClassLossForward<Normalize, T>{targets, losses.data(), lse.data()}, rows, classes, inner, x.data());
  cuda::play_rows<256, 1>(cuda::ReduceLosses<T>{rows, reduction, losses.data(), out.data(), &total}, 1);
  class_loss_forward<Normalize>(Cpu{}, "test", a, expected.data(), expected_lse.data(), &expected_total);
  CHECK(difference(out, expected) <= 8 * tolerance<T>);
  CHECK(std::abs(total - expected_total) <= 8 * tolerance<R> * std::abs(expected_total));
  if (Normalize) CHECK(difference(lse, expected_lse) <= 4 * tolerance<R>);
  play<T>(cuda::ClassLossBackward<Normalize, T>{targets, g.data(), expected_lse.data(), &expected_total, dx.data()}, rows, classes, inner,
          x.data(), dx.data());
  class_loss_backward<Normalize>(Cpu{}, a, g.data(), expected_lse.data(), &expected_total, expected_dx.data());
  CHECK(difference(dx, expected_dx) <= 8 * tolerance<T>);
  std::vector<T> q(x.size()), expected_q(x.size()), mass(size), expected_mass(size);
  cuda::play_each(cuda::WriteClassTargets<T>{targets, q.data(), mass.data()}, rows);
  class_targets(Cpu{}, a, expected_q.data(), expected_mass.data());
  CHECK(difference(q, expected_q) == 0);
  CHECK(difference(mass, expected_mass) <= tolerance<T>);
}
}  // namespace

TEST_CASE("a team of threads computes the Cpu's layer_norm", "[backend][cuda]") {
  for (const bool affine : {false, true})
    for (const auto& [rows, n] : {std::pair<std::int64_t, std::int64_t>{1, 1}, {5, 7}, {3, 128}, {70, 20}, {2, 4096}, {1, 3001}}) {
      check_layer_norm<float>(rows, n, affine);
      check_layer_norm<double>(rows, n, affine);
      check_layer_norm<bfloat16>(rows, n, affine);
    }
}

TEST_CASE("a team of threads computes the Cpu's batch_norm", "[backend][cuda]") {
  for (const bool own : {false, true})
    for (const ChannelLayout& s : {ChannelLayout{2, 3, 8}, ChannelLayout{3, 2, 49}, ChannelLayout{4, 3, 1024}, ChannelLayout{2, 1, 1025}}) {
      check_batch_norm<float>(s, own);
      check_batch_norm<double>(s, own);
      check_batch_norm<half>(s, own);
    }
}

TEST_CASE("a team of threads computes the Cpu's cross entropy", "[backend][cuda]") {
  for (const double smoothing : {0.0, 0.1})
    for (const Reduction reduction : {Reduction::none, Reduction::mean, Reduction::sum})
      for (const bool weighted : {false, true}) {
        check_class_loss<true, float>(9, 10, 1, weighted, smoothing, reduction);
        check_class_loss<true, float>(2, 1024, 1, weighted, smoothing, reduction);
        check_class_loss<true, double>(2, 3001, 1, weighted, smoothing, reduction);
        check_class_loss<false, double>(9, 5, 1, weighted, 0, reduction);
        check_class_loss<true, double>(2, 5, 6, weighted, smoothing, reduction);
        check_class_loss<true, bfloat16>(9, 64, 1, weighted, smoothing, reduction);
      }
}

TEST_CASE("a team's sum is that of its threads, whatever their number", "[backend][cuda]") {
  const auto count = [](std::int64_t i) { return cuda::SumState<double>{static_cast<double>(i + 1)}; };
  for (const std::int64_t n : {0, 1, 31, 33, 256, 1000}) {
    const double expected = static_cast<double>(n * (n + 1) / 2);
    CHECK(cuda::HostTeam<1>{}.template fold<cuda::SumState<double>>(n, count).sum == expected);
    CHECK(cuda::HostTeam<32>{}.template fold<cuda::SumState<double>>(n, count).sum == expected);
    CHECK(cuda::HostTeam<256>{}.template fold<cuda::SumState<double>>(n, count).sum == expected);
  }
}

namespace {
template <class Task>
void draw(const Task& task, std::int64_t n) {
  cuda::play_each(task, (n + Task::width - 1) / Task::width);
}
template <class T>
void check_draws(std::int64_t n) {
  const RandomStream stream{7, 11};
  const auto size = static_cast<std::size_t>(n);
  alignas(64) T got[1028], x[1028];
  std::vector<T> expected(size);
  const auto same = [&](double limit) { CHECK(difference(std::vector<T>(got, got + n), expected) <= limit); };
  using R = typename cuda::FillUniform<T>::R;
  for (const bool aligned : {false, true}) {
    draw(cuda::FillUniform<T>{{stream}, got, n, R(3), R(-1), aligned}, n);
    fill_uniform(Cpu{}, stream, expected.data(), n, -1, 2);
    same(1e-7);
    draw(cuda::FillNormal<T>{{stream}, got, n, R(2), R(1), aligned}, n);
    fill_normal(Cpu{}, stream, expected.data(), n, 1, 2);
    same(sizeof(T) == 2 ? tolerance<T> : 1e-6);
    draw(cuda::FillIntegers<T>{{stream}, got, n, -3, 10, aligned}, n);
    fill_integers(Cpu{}, stream, expected.data(), n, -3, 10);
    same(0);
    draw(cuda::FillBernoulli<T>{{stream}, got, n, bernoulli_threshold(0.3), aligned}, n);
    fill_bernoulli(Cpu{}, stream, expected.data(), n, 0.3);
    same(0);
    const auto values = numbers<T>(n, 3);
    std::copy(values.begin(), values.end(), x);
    using Register = torchlite::register_t<T>;
    draw(cuda::DropElements<T>{{stream}, x, got, n, bernoulli_threshold(0.75), static_cast<Register>(1 / 0.75), aligned}, n);
    dropout(Cpu{}, stream, 0.75, 1 / 0.75, n, x, expected.data());
    same(0);
  }
}
}  // namespace

TEST_CASE("the device's random numbers and dropout masks are the Cpu's", "[backend][cuda][random]") {
  for (const std::int64_t n : {1, 2, 5, 255, 1027}) {
    check_draws<float>(n);
    check_draws<double>(n);
    check_draws<half>(n);
    check_draws<bfloat16>(n);
  }
}
