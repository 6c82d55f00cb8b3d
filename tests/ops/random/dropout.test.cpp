// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>
#include <torchlite/ops/random/alpha_dropout.hpp>
#include <torchlite/ops/random/dropout.hpp>
#include <torchlite/ops/random/feature_dropout.hpp>
#include <torchlite/ops/random/native_dropout.hpp>
#include <torchlite/ops/random/rand.hpp>
#include <torchlite/ops/shape/view.hpp>

#include <algorithm>

using namespace samples;
namespace F = tl::nn::functional;

namespace {
tl::Tensor<float> filled(const tl::Shape& sizes, float value) {
  const tl::Tensor<float> t = tl::empty<float>(sizes);
  tl::fill_elements(t, value);
  return t;
}
double mean(const tl::Tensor<float>& t) {
  double sum = 0;
  for (const float x : t.to_vector()) sum += static_cast<double>(x);
  return sum / static_cast<double>(t.numel());
}
}  // namespace

TEST_CASE("dropout keeps the mean, drops the same elements backward, and is linear", "[ops][dropout]") {
  tl::manual_seed(3);
  const tl::Tensor<float> x = filled({100'003}, 1);
  x.requires_grad_();
  const tl::Tensor<float> y = F::dropout(x, 0.25);
  std::int64_t kept = 0;
  for (std::int64_t i = 0; i < y.numel(); ++i) kept += y.data()[i] != 0;
  CHECK(static_cast<double>(kept) / 100'003 == Approx(0.75).margin(0.01));
  CHECK(*std::max_element(y.data(), y.data() + y.numel()) == Approx(1 / 0.75));
  y.backward(filled(x.sizes(), 1));
  CHECK(x.grad().to_vector() == y.to_vector());
  CHECK(F::dropout(x, 0.5, false).data() == x.data());
  CHECK(mean(F::dropout(x, 1.0)) == 0);
  CHECK_THROWS_WITH(F::dropout(x, 1.5), ContainsSubstring("1.5"));
  tl::manual_seed(3);
  CHECK(F::dropout(x, 0.25).to_vector() == y.to_vector());
}

TEST_CASE("dropout of channels drops all of a channel or nothing, forward and backward", "[ops][dropout]") {
  tl::manual_seed(4);
  const auto check = [](const tl::Tensor<float>& x, const tl::Tensor<float>& y, std::int64_t channels, double kept_value) {
    const std::vector<float> values = y.to_vector();
    const auto size = static_cast<std::int64_t>(values.size()) / channels;
    std::int64_t kept = 0;
    for (std::int64_t c = 0; c < channels; ++c) {
      const float first = values[static_cast<std::size_t>(c * size)];
      CHECK((first == 0 || static_cast<double>(first) == Approx(kept_value)));
      CHECK(std::all_of(values.begin() + c * size, values.begin() + (c + 1) * size, [&](float v) { return v == first; }));
      kept += first != 0;
    }
    CHECK(static_cast<double>(kept) / static_cast<double>(channels) == Approx(0.8).margin(0.15));  // four standard deviations
    y.backward(filled(y.sizes(), 1));
    CHECK(x.grad().to_vector() == values);
  };
  const auto leaf = [](const tl::Shape& sizes) { return tl::Tensor<float>(filled(sizes, 1).requires_grad_()); };
  const tl::Tensor<float> a = leaf({10, 12, 3}), b = leaf({120, 3}), c = leaf({10, 12, 3, 2}), d = leaf({10, 12, 3, 2, 2}),
                          e = leaf({120, 3, 2, 2});
  check(a, F::dropout1d(a, 0.2), 120, 1.25);
  check(b, F::dropout1d(b, 0.2), 120, 1.25);
  check(c, F::dropout2d(c, 0.2), 120, 1.25);
  check(d, F::dropout3d(d, 0.2), 120, 1.25);
  check(e, F::dropout3d(e, 0.2), 120, 1.25);
  CHECK_THROWS_WITH(F::dropout2d(filled({3}, 1), 0.2), ContainsSubstring("[3]"));
  CHECK_THROWS_WITH(F::dropout3d(c, -1), ContainsSubstring("p is -1"));
}

TEST_CASE("alpha_dropout keeps mean 0 and variance 1; the same seed drops the same", "[ops][dropout]") {
  const std::int64_t n = 200'000;
  tl::manual_seed(6);
  const tl::Tensor<float> x = tl::randn<float>({n / 20, 20});
  const auto moments = [](const tl::Tensor<float>& t) {
    double sum = 0, squares = 0;
    for (const float v : t.to_vector()) sum += static_cast<double>(v), squares += static_cast<double>(v) * static_cast<double>(v);
    return std::pair(sum / static_cast<double>(t.numel()), squares / static_cast<double>(t.numel()));
  };
  const auto seed = [] { tl::manual_seed(7); };
  seed();
  const tl::Tensor<float> y = F::alpha_dropout(x, 0.3, true);
  CHECK(moments(y).first == Approx(0).margin(0.02));
  CHECK(moments(y).second == Approx(1).margin(0.03));
  seed();
  CHECK(F::alpha_dropout(x, 0.3, true).to_vector() == y.to_vector());
  CHECK(F::alpha_dropout(x).data() == x.data());
  const tl::Tensor<float> z = F::feature_alpha_dropout(tl::Tensor<float>(tl::reshape(x, {n / 20, 4, 5})), 0.3, true);
  CHECK(moments(z).first == Approx(0).margin(0.05));
  CHECK(moments(z).second == Approx(1).margin(0.06));
  // What is dropped is selu's limit, scaled and shifted, a channel of five at a time.
  const tl::Tensor<float> same = F::feature_alpha_dropout(filled({n / 20, 4, 5}, 1), 0.3, true);
  const double limit = -1.7580993408473766, a = 1 / std::sqrt((limit * limit * 0.3 + 1) * 0.7);
  std::int64_t channels = 0;
  for (std::int64_t c = 0; c < n / 5; ++c) {
    int dropped = 0;
    for (int i = 0; i < 5; ++i) dropped += std::fabs(static_cast<double>(same.data()[c * 5 + i]) - limit * a * 0.7) < 1e-5;
    if (dropped != 5) CHECK(dropped == 0);
    channels += dropped == 5;
  }
  CHECK(static_cast<double>(channels) / static_cast<double>(n / 5) == Approx(0.3).margin(0.01));
}

TEST_CASE("native_dropout tells what it kept", "[ops][dropout]") {
  tl::manual_seed(8);
  const tl::Tensor<float> x = filled({1000}, 3);
  x.requires_grad_();
  const auto [y, kept] = tl::native_dropout(x, 0.25, true);
  for (int i = 0; i < 1000; ++i) CHECK(y.data()[i] == (kept.data()[i] ? 4.0f : 0.0f));
  y.backward(filled({1000}, 1));
  CHECK(x.grad().to_vector() == tl::native_dropout_backward(filled({1000}, 1), kept, 1 / 0.75).to_vector());
  const auto all = tl::native_dropout(x, 0.25, false);
  CHECK(all.output.to_vector() == x.to_vector());
  CHECK_THROWS_WITH(tl::native_dropout_backward(x, Mask({2}, {true, false}), 1), ContainsSubstring("[1000]") && ContainsSubstring("[2]"));
}
