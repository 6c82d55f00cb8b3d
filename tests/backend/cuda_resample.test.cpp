// SPDX-License-Identifier: BSD-3-Clause
// Sampling between elements, distances, CTC and margin losses on Cuda, played on the host and compared with the Cpu's kernels.
#include <support/catch.hpp>

#include <torchlite/backend/cpu/ctc_loss.hpp>
#include <torchlite/backend/cpu/grid_sample.hpp>
#include <torchlite/backend/cpu/linalg/distance.hpp>
#include <torchlite/backend/cpu/margin_loss.hpp>
#include <torchlite/backend/cuda/ctc_element.hpp>
#include <torchlite/backend/cuda/distance_element.hpp>
#include <torchlite/backend/cuda/margin_loss_element.hpp>
#include <torchlite/backend/cuda/resample_element.hpp>
#include <torchlite/backend/cuda/team.hpp>

#include <algorithm>
#include <numeric>

namespace {
using namespace torchlite;
using namespace torchlite::backend;

template <class T>
std::vector<T> numbers(std::int64_t n) {
  std::vector<T> v(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<T>(static_cast<int>(i * 7919 % 2003) - 1001) / T(500);
  return v;
}
template <class T>
void check_near(const std::vector<T>& a, const std::vector<T>& b, double tolerance) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    REQUIRE((a[i] == b[i] || std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])) <= tolerance));
}
}  // namespace

TEST_CASE("weighted sums of elements on Cuda and their gradients are the Cpu's", "[backend][cuda]") {
  const WeightedTaps s{2, 3, 20, 11, 4};
  const auto weight = numbers<double>(2 * 4 * 11), x = numbers<double>(2 * 3 * 20), dy = numbers<double>(2 * 3 * 11);
  std::vector<std::int64_t> index;
  for (int i = 0; i < 2 * 4 * 11; ++i) index.push_back(i % 5 == 0 ? -1 : i * i % 13);  // many taps read the same element
  std::vector<double> own(66), expected(66);
  cuda::play_each(cuda::WeightedTapsForward<double>{s, index.data(), weight.data(), x.data(), own.data()}, 66);
  weighted_taps_forward(Cpu{}, s, index.data(), weight.data(), x.data(), expected.data());
  check_near(own, expected, 1e-14);

  std::vector<double> own_weight(88), expected_weight(88);
  cuda::play_each(cuda::WeightedTapsToWeight<double>{s, index.data(), dy.data(), x.data(), own_weight.data()}, 88);
  weighted_taps_backward_weight(Cpu{}, s, index.data(), dy.data(), x.data(), expected_weight.data());
  check_near(own_weight, expected_weight, 1e-14);

  std::vector<std::uint64_t> keys(88), ordered;
  std::vector<std::int64_t> places(88), order(88);
  cuda::play_each(cuda::TapKeys{s, index.data(), keys.data(), places.data()}, 88);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return keys[static_cast<std::size_t>(a)] < keys[static_cast<std::size_t>(b)]; });
  for (const std::int64_t i : order) ordered.push_back(keys[static_cast<std::size_t>(i)]);
  std::vector<double> own_x(120), expected_x(120);
  cuda::play_each(cuda::WeightedTapsToInput<double>{s, ordered.data(), order.data(), weight.data(), dy.data(), own_x.data()}, 88 * 3);
  weighted_taps_backward_input(Cpu{}, s, index.data(), weight.data(), dy.data(), expected_x.data());
  check_near(own_x, expected_x, 1e-14);
}

TEST_CASE("distances of all pairs on Cuda and their gradients are the Cpu's", "[backend][cuda]") {
  const std::int64_t count = 2, rows_a = 4, rows_b = 3, n = 6;
  auto a = numbers<double>(count * rows_a * n);
  const auto b = numbers<double>(count * rows_b * n), g = numbers<double>(count * rows_a * rows_b);
  std::copy(b.begin(), b.begin() + n, a.begin());  // one pair is equal
  for (const double p : {0.0, 1.0, 2.0, 3.5, std::numeric_limits<double>::infinity()}) {
    std::vector<double> own(24), expected(24);
    cuda::play_each(cuda::PairDistance<double>{distance_kind(p), p, rows_a, rows_b, n, a.data(), b.data(), own.data()}, 24);
    pair_distances(Cpu{}, p, count, rows_a, rows_b, n, a.data(), b.data(), expected.data());
    CHECK(own == expected);
    for (const bool across : {false, true}) {
      const auto& from = across ? b : a;
      const auto& to = across ? a : b;
      const std::int64_t own_rows = across ? rows_b : rows_a, other_rows = across ? rows_a : rows_b;
      std::vector<double> slope(static_cast<std::size_t>(count * own_rows * n)), wanted(slope.size());
      cuda::play_each(cuda::PairDistanceGradient<double>{distance_kind(p), p, own_rows, other_rows, n, across, from.data(), to.data(),
                                                         own.data(), g.data(), slope.data()},
                      count * own_rows * n);
      pair_distance_gradient(Cpu{}, p, count, own_rows, other_rows, n, across, from.data(), to.data(), own.data(), g.data(), wanted.data());
      check_near(slope, wanted, 1e-13);
    }
  }
}

TEST_CASE("CTC on Cuda and its gradient are the Cpu's: repeated labels, targets too long, empty ones", "[backend][cuda]") {
  const std::int64_t steps = 7, batch = 5, classes = 6;
  auto x = numbers<double>(steps * batch * classes);
  for (double& v : x) v -= 3;
  const std::vector<std::int64_t> targets{1, 1, 2, 5, 3, 4, 3, 4, 2, 1, 1, 1, 1, 0, 3}, starts{0, 4, 9, 9, 13}, lengths{7, 6, 3, 5, 0},
      labels{4, 5, 0, 4, 2};
  CtcArguments<double> a;
  a.steps = steps, a.batch = batch, a.classes = classes, a.blank = 0, a.states = 11;
  a.log_probs = x.data(), a.targets = targets.data(), a.starts = starts.data();
  a.input_lengths = lengths.data(), a.target_lengths = labels.data();
  const cuda::CtcLabels<double> all(a);
  for (std::int64_t i = 0; i < all.count(); ++i) REQUIRE(all.fits(i));
  const auto states = static_cast<std::size_t>(batch * steps * a.states), outputs = x.size();
  std::vector<double> losses(5), alpha(states), own_losses(5), own_alpha(states), beta(static_cast<std::size_t>(2 * batch * a.states));
  ctc_loss_forward(Cpu{}, a, losses.data(), alpha.data());
  cuda::play_rows<256, 1>(cuda::CtcForward<double>{a, own_losses.data(), own_alpha.data()}, batch);
  CHECK(own_losses == losses);
  CHECK(own_alpha == alpha);
  const auto g = numbers<double>(batch);
  for (const bool zero_infinity : {false, true}) {
    std::vector<double> own(outputs), expected(outputs);
    ctc_loss_backward(Cpu{}, a, zero_infinity, losses.data(), alpha.data(), g.data(), expected.data());
    cuda::play_rows<32, 1>(cuda::CtcBackward<double>{a, zero_infinity, losses.data(), alpha.data(), g.data(), beta.data(), own.data()},
                           batch);
    for (std::size_t i = 0; i < outputs; ++i)
      REQUIRE(((std::isnan(own[i]) && std::isnan(expected[i])) || std::abs(own[i] - expected[i]) <= 1e-12));
  }
}

TEST_CASE("a label that is no class is found, unless it lies behind its target", "[backend][cuda]") {
  const std::vector<double> x(12);
  const std::vector<std::int64_t> targets{1, 7, 2, -1}, starts{0, 2}, lengths{2, 2}, labels{1, 2};
  CtcArguments<double> a;
  a.steps = 2, a.batch = 2, a.classes = 3, a.states = 5;
  a.log_probs = x.data(), a.targets = targets.data(), a.starts = starts.data();
  a.input_lengths = lengths.data(), a.target_lengths = labels.data();
  const cuda::CtcLabels<double> all(a);
  REQUIRE(all.count() == 4);
  CHECK(all.fits(1));  // 7 is behind the one label of the first target
  CHECK_FALSE(all.fits(3));
  CHECK(ctc_labels(Cpu{}, a).offender == -1);
}

TEST_CASE("the margin loss of several labels on Cuda is the Cpu's", "[backend][cuda]") {
  const std::int64_t rows = 4, classes = 7;
  const auto x = numbers<float>(rows * classes);
  const std::vector<std::int64_t> target{3, 0, -1, 2, 2, 2, 2, 1, 1, 6, -1, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 6, 5, 4, 3, 2, 1, 0};
  std::vector<float> own(4), own_slope(28), expected(4), expected_slope(28);
  cuda::play_rows<32, 1>(cuda::MultilabelMarginLoss<float>{classes, x.data(), target.data(), own.data(), own_slope.data()}, rows);
  multilabel_margin_loss(Cpu{}, rows, classes, x.data(), target.data(), expected.data(), expected_slope.data());
  check_near(own, expected, 1e-6);
  CHECK(own_slope == expected_slope);
}
