// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <support/golden.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/pool/avg_pool.hpp>
#include <torchlite/ops/conv/conv2d.hpp>
#include <torchlite/ops/pool/max_pool.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/permute.hpp>

#include <limits>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

namespace {

Double tensor(const golden::Array& a) {
  tl::Shape sizes;
  for (const std::int64_t n : a.shape) sizes.push_back(n);
  return Double::from(a.values, sizes);
}

Double numbers(const tl::Shape& sizes, std::uint64_t seed) {
  const Double t = tl::empty<double>(sizes);
  for (std::int64_t i = 0; i < t.numel(); ++i) t.data()[i] = golden::uniform(seed, static_cast<std::uint64_t>(i)) * 4 - 2;
  return t;
}

bool given(const golden::Json* j) { return j != nullptr && !j->is_null(); }
tl::Pair pair(const golden::Json* j, std::int64_t otherwise) {
  if (!given(j)) return otherwise;
  const std::vector<std::int64_t> n = golden::integers(*j);
  if (n.empty()) return otherwise;
  return n.size() == 1 ? tl::Pair(n[0]) : tl::Pair(n[0], n[1]);
}
bool flag(const golden::Json* j, bool otherwise) { return given(j) ? j->get<bool>() : otherwise; }

/// Replays the calls that PyTorch recorded; f(sample, tensors) returns an undefined tensor for those it leaves out.
template <class F>
void replay(const std::string& variant, F f) {
  int replayed = 0;
  for (const golden::Sample& s : golden::ops().samples(variant)) {
    std::vector<Double> x;
    std::vector<std::string> names;
    const auto add = [&](const golden::Json& j) {
      if (!golden::is_tensor(j)) return;
      names.push_back(golden::tensor_name(j));
      x.push_back(tensor(s.at(names.back())));
      if (golden::requires_grad(j)) x.back().requires_grad_();
    };
    add(s.input);
    for (const golden::Json& j : s.args) add(j);
    if (given(s.argument(99, "bias"))) add(*s.argument(99, "bias"));
    CAPTURE(variant, replayed);
    const Double y = f(s, x);
    if (!y.defined()) continue;
    ++replayed;
    CHECK(golden::difference(y.to_vector(), s.out(0).values) < 1e-11);
    CHECK(y.sizes().str() == tensor(s.out(0)).sizes().str());
    if (!y.requires_grad() || s.cotangent(0) == nullptr) continue;
    y.backward(tensor(*s.cotangent(0)));
    for (std::size_t k = 0; k < x.size(); ++k)
      if (const golden::Array* want = s.find("grad" + names[k].substr(2))) {
        CAPTURE(k);
        REQUIRE(x[k].grad().defined());
        CHECK(golden::difference(x[k].grad().to_vector(), want->values) < 1e-11);
      }
  }
  CHECK(replayed > 0);
}

std::int64_t count(const golden::Sample& s, std::size_t position, const char* name, std::int64_t otherwise) {
  const golden::Json* j = s.argument(position, name);
  return given(j) ? j->get<std::int64_t>() : otherwise;
}

}  // namespace

TEST_CASE("convolutions are PyTorch's, with their gradients", "[ops][conv]") {
  replay("conv2d", [](const golden::Sample& s, const std::vector<Double>& x) -> Double {
    const golden::Json* padding = s.argument(3, "padding");
    if (given(padding) && padding->is_string()) return {};
    const tl::Conv2dOptions o{.stride = pair(s.argument(2, "stride"), 1),
                              .padding = pair(padding, 0),
                              .dilation = pair(s.argument(4, "dilation"), 1),
                              .groups = count(s, 5, "groups", 1)};
    return tl::conv2d(x[0], x[1], x.size() > 2 ? x[2] : Double(), o);
  });
}

TEST_CASE("poolings are PyTorch's, with their gradients", "[ops][conv]") {
  replay("max_pool2d", [](const golden::Sample& s, const std::vector<Double>& x) {
    const tl::MaxPool2dOptions o{.stride = pair(s.argument(1, "stride"), 0),
                                 .padding = pair(s.argument(2, "padding"), 0),
                                 .dilation = pair(s.argument(3, "dilation"), 1),
                                 .ceil_mode = flag(s.argument(4, "ceil_mode"), false)};
    const tl::Pair kernel = pair(s.argument(0, "kernel_size"), 0);
    if (!flag(s.argument(5, "return_indices"), false)) return tl::max_pool2d(x[0], kernel, o);
    const auto both = tl::max_pool2d_with_indices(x[0], kernel, o);
    CHECK(both.indices.to_vector() == s.out(1).integers);
    return both.values;
  });
  replay("avg_pool2d", [](const golden::Sample& s, const std::vector<Double>& x) {
    const tl::AvgPool2dOptions o{.stride = pair(s.argument(1, "stride"), 0),
                                 .padding = pair(s.argument(2, "padding"), 0),
                                 .ceil_mode = flag(s.argument(3, "ceil_mode"), false),
                                 .count_include_pad = flag(s.argument(4, "count_include_pad"), true),
                                 .divisor_override = count(s, 5, "divisor_override", 0)};
    return tl::avg_pool2d(x[0], pair(s.argument(0, "kernel_size"), 0), o);
  });
  replay("adaptive_avg_pool2d", [](const golden::Sample& s, const std::vector<Double>& x) -> Double {
    const golden::Json& size = *s.argument(0, "output_size");
    if (size.is_array() && (size[0].is_null() || size[1].is_null())) return {};
    return tl::adaptive_avg_pool2d(x[0], pair(&size, 0));
  });
}

TEST_CASE("a convolution is a sum over its window, for every stride, padding, dilation and group", "[ops][conv]") {
  for (const std::int64_t stride : {1, 2})
    for (const std::int64_t padding : {0, 1, 2})
      for (const std::int64_t dilation : {1, 2})
        for (const std::int64_t groups : {1, 2, 4}) {
          const std::int64_t n = 2, c = 4, h = 9, w = 7, out = 8, kh = 3, kw = 2;
          const Double x = numbers({n, c, h, w}, 1), weight = numbers({out, c / groups, kh, kw}, 2), bias = numbers({out}, 3);
          const Double y = tl::conv2d(x, weight, bias, {.stride = stride, .padding = padding, .dilation = dilation, .groups = groups});
          std::vector<double> want;
          const std::int64_t oh = (h + 2 * padding - dilation * (kh - 1) - 1) / stride + 1,
                             ow = (w + 2 * padding - dilation * (kw - 1) - 1) / stride + 1;
          for (std::int64_t b = 0; b < n; ++b)
            for (std::int64_t o = 0; o < out; ++o)
              for (std::int64_t i = 0; i < oh; ++i)
                for (std::int64_t j = 0; j < ow; ++j) {
                  double sum = bias.data()[o];
                  for (std::int64_t k = 0; k < c / groups; ++k)
                    for (std::int64_t p = 0; p < kh; ++p)
                      for (std::int64_t q = 0; q < kw; ++q) {
                        const std::int64_t row = i * stride - padding + p * dilation, column = j * stride - padding + q * dilation;
                        if (row < 0 || row >= h || column < 0 || column >= w) continue;
                        const std::int64_t channel = o / (out / groups) * (c / groups) + k;
                        sum += x.data()[((b * c + channel) * h + row) * w + column] *
                               weight.data()[((o * (c / groups) + k) * kh + p) * kw + q];
                      }
                  want.push_back(sum);
                }
          CAPTURE(stride, padding, dilation, groups);
          CHECK(golden::difference(y.to_vector(), want) < 1e-13);
        }
}

TEST_CASE("gradients of convolutions, of first and second order", "[ops][conv]") {
  const Double x = numbers({2, 2, 4, 5}, 1).requires_grad_(), w = numbers({4, 1, 2, 3}, 2).requires_grad_(),
               b = numbers({4}, 3).requires_grad_();
  const auto grouped = [](const Double& p, const Double& q, const Double& r) {
    return tl::conv2d(p, q, r, {.stride = {2, 1}, .padding = {1, 0}, .groups = 2});
  };
  CHECK(tl::gradcheck(grouped, x, w, b));
  CHECK(tl::gradgradcheck(grouped, x, w, b));
  const Double v = numbers({2, 2, 2, 2}, 4).requires_grad_();
  const auto dilated = [](const Double& p, const Double& q) {
    return tl::conv2d(tl::transpose(p, 2, 3) * 1.5, q, {}, {.padding = 1, .dilation = 2});
  };
  CHECK(tl::gradcheck(dilated, x, v));
  CHECK(tl::gradgradcheck(dilated, x, v));
}

TEST_CASE("gradients of poolings, of first and second order", "[ops][conv]") {
  const Double x = numbers({1, 2, 5, 6}, 1).requires_grad_();
  const auto max = [](const Double& t) { return tl::max_pool2d(t, {3, 2}, {.stride = 2, .padding = 1}) * 2.0; };
  const auto avg = [](const Double& t) {
    const Double y = tl::avg_pool2d(tl::transpose(t, 2, 3), 2, {.stride = 1, .padding = 1, .count_include_pad = false});
    return y * y;
  };
  const auto adaptive = [](const Double& t) {
    const Double y = tl::adaptive_avg_pool2d(t, {2, 4});
    return y * y;
  };
  CHECK(tl::gradcheck(max, x));
  CHECK(tl::gradgradcheck(max, x));
  CHECK(tl::gradcheck(avg, x));
  CHECK(tl::gradgradcheck(avg, x));
  CHECK(tl::gradcheck(adaptive, x));
  CHECK(tl::gradgradcheck(adaptive, x));
}

TEST_CASE("max_pool2d lets NaN through and gives the first of equal maxima the gradient", "[ops][conv]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Double x = Double({1, 2, 4}, {1, 1, nan, 0, 1, 1, 2, 3}).requires_grad_();
  const Double y = tl::max_pool2d(x, 2);
  CHECK(y.data()[0] == 1);
  CHECK(std::isnan(y.data()[1]));
  y.backward(Double({1, 1, 2}, {1, 5}));
  CHECK(x.grad().to_vector() == std::vector<double>{1, 0, 5, 0, 0, 0, 0, 0});
}

TEST_CASE("convolutions and poolings that do not fit are refused with all shapes and the rule", "[ops][conv]") {
  const Double x = numbers({1, 3, 4, 4}, 1), w = numbers({2, 2, 3, 3}, 2);
  CHECK_THROWS_AS(tl::conv2d(x, w), tl::ShapeError);
  CHECK_THROWS_WITH(tl::conv2d(x, w), ContainsSubstring("conv2d:") && ContainsSubstring("[1, 3, 4, 4]") &&
                                          ContainsSubstring("[2, 2, 3, 3]") && ContainsSubstring("groups"));
  CHECK_THROWS_WITH(tl::conv2d(x, numbers({2, 3, 5, 5}, 1)), ContainsSubstring("larger"));
  CHECK_THROWS_WITH(tl::conv2d(x, numbers({2, 3, 3, 3}, 1), numbers({3}, 1)), ContainsSubstring("bias is [3]"));
  CHECK_THROWS_WITH(tl::conv2d(numbers({4, 4}, 1), w), ContainsSubstring("[4, 4]"));
  CHECK_THROWS_AS(tl::conv2d(x, numbers({2, 3, 3, 3}, 1), {}, {.stride = 0}), tl::Error);
  CHECK_THROWS_WITH(tl::max_pool2d(x, 5), ContainsSubstring("max_pool2d:") && ContainsSubstring("larger"));
  CHECK_THROWS_WITH(tl::max_pool2d(x, 2, {.padding = 2}), ContainsSubstring("half"));
  CHECK_THROWS_WITH(tl::avg_pool2d(numbers({4}, 1), 2), ContainsSubstring("avg_pool2d:") && ContainsSubstring("[4]"));
  CHECK_THROWS_AS(tl::adaptive_avg_pool2d(x, 0), tl::Error);
}
