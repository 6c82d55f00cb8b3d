// SPDX-License-Identifier: BSD-3-Clause
#include "reduction.hpp"

#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/loss/ctc_loss.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>

using namespace samples;
namespace F = tl::nn::functional;

namespace {
Real scores(const tl::Shape& sizes) {
  Real x = tl::empty<double>(sizes);
  for (std::int64_t i = 0; i < x.numel(); ++i) x.data()[i] = 2 * golden::uniform(5, static_cast<std::uint64_t>(i)) - 1;
  return x;
}
/// The probability of all paths that spell the labels, path by path.
double spelt(const Real& log_p, const std::vector<std::int64_t>& labels, std::int64_t blank) {
  const std::int64_t steps = log_p.size(0), classes = log_p.size(1);
  double total = 0;
  for (std::int64_t path = 0; path < std::pow(classes, steps); ++path) {
    std::vector<std::int64_t> read;
    double sum = 0;
    std::int64_t rest = path, before = -1;
    for (std::int64_t t = 0; t < steps; ++t, rest /= classes) {
      const std::int64_t c = rest % classes;
      sum += log_p.data()[t * classes + c];
      if (c != blank && c != before) read.push_back(c);
      before = c;
    }
    if (read == labels) total += std::exp(sum);
  }
  return total;
}
}  // namespace

TEST_CASE("ctc_loss is minus the log of the sum over all paths that spell the labels", "[ops][loss]") {
  const Real log_p = tl::log_softmax(scores({5, 3}), -1);
  for (const std::int64_t blank : {0, 2})
    for (const std::vector<std::int64_t>& labels :
         {std::vector<std::int64_t>{1}, {1, 1}, {1, blank == 0 ? 2 : 0}, {}, {1, blank == 0 ? 2 : 0, 1}}) {
      const auto n = static_cast<std::int64_t>(labels.size());
      const Real loss = F::ctc_loss(log_p, Index::from(labels, {n}), {5}, {n}, {.blank = blank, .reduction = tl::Reduction::none});
      CHECK(loss.dim() == 0);
      CHECK(loss.item() == Approx(-std::log(spelt(log_p, labels, blank))));
    }
}

TEST_CASE("the gradient of ctc_loss through log_softmax equals differences; steps after a sequence's end have none", "[ops][loss]") {
  const Real x = scores({6, 2, 4});
  x.requires_grad_();
  const Index labels({3}, {1, 1, 3});  // of both targets, in a row
  const auto loss = [&](const auto& t) {
    return F::ctc_loss(tl::log_softmax(t, -1), labels, Index({2}, {6, 4}), Index({2}, {2, 1}), {.reduction = tl::Reduction::none});
  };
  CHECK(tl::gradcheck(loss, x));
  tl::sum(loss(x)).backward();
  for (const std::int64_t t : {4, 5})
    for (int c = 0; c < 4; ++c) CHECK(x.grad().to_vector()[static_cast<std::size_t>((t * 2 + 1) * 4 + c)] == 0);
}

TEST_CASE("a target that no path spells has an infinite loss, or 0 if that is asked for", "[ops][loss]") {
  const tl::Tensor<float> x = tl::empty<float>({2, 1, 3});
  tl::fill_elements(x, std::log(1.0f / 3));
  x.requires_grad_();
  const Index labels({1, 2}, {1, 1});  // needs a blank between them
  CHECK(std::isinf(F::ctc_loss(x, labels, {2}, {2}).item()));
  const tl::Tensor<float> loss = F::ctc_loss(x, labels, {2}, {2}, {.zero_infinity = true});
  CHECK(loss.item() == 0);
  loss.backward();
  for (const float g : x.grad().to_vector()) CHECK(g == 0);
}

TEST_CASE("ctc_loss refuses lengths and labels that do not fit", "[ops][loss]") {
  const Real x = scores({4, 1, 3});
  const Index labels({1, 2}, {1, 3});
  CHECK_THROWS_WITH(F::ctc_loss(x, labels, {4}, {2}), ContainsSubstring("label 3"));
  CHECK_THROWS_WITH(F::ctc_loss(x, labels, {5}, {1}), ContainsSubstring("input length 0 is 5"));
  CHECK_THROWS_WITH(F::ctc_loss(x, labels, {4}, {3}), ContainsSubstring("[1, 2]"));
  CHECK_THROWS_WITH(F::ctc_loss(x, labels, {4, 4}, {1}), ContainsSubstring("2 input lengths"));
  CHECK_THROWS_WITH(F::ctc_loss(x, labels, {4}, {1}, {.blank = 3}), ContainsSubstring("blank is 3"));
}
