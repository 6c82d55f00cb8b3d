// SPDX-License-Identifier: BSD-3-Clause
#include <ops/samples.hpp>
#include <torchlite/autograd/gradcheck.hpp>
#include <torchlite/ops/index/embedding_bag.hpp>

using namespace samples;
namespace F = tl::nn::functional;

namespace {
const Real& table() {
  static const Real t({4, 2}, {1, 10, 2, 20, 3, 30, 4, 5});
  return t;
}
Real leaf() { return Real(tl::clone(table())).requires_grad_(); }
}  // namespace

TEST_CASE("bags are summed, averaged or searched for the largest; an empty one is 0", "[ops][index]") {
  const Index input({5}, {0, 1, 1, 3, 2}), offsets({3}, {0, 3, 3});
  CHECK(F::embedding_bag(input, table(), offsets, {.mode = tl::BagMode::sum}).to_vector() == std::vector<double>{5, 50, 0, 0, 7, 35});
  CHECK(F::embedding_bag(input, table(), offsets).to_vector()[0] == Approx(5.0 / 3));
  CHECK(F::embedding_bag(input, table(), offsets).to_vector()[5] == Approx(17.5));
  CHECK(F::embedding_bag(input, table(), offsets, {.mode = tl::BagMode::max}).to_vector() == std::vector<double>{2, 20, 0, 0, 4, 30});
  CHECK(F::embedding_bag(Index({2, 2}, {0, 1, 2, 3}), table(), {}, {.mode = tl::BagMode::sum}).to_vector() ==
        std::vector<double>{3, 30, 7, 35});
  CHECK(F::embedding_bag(input, table(), offsets, {.mode = tl::BagMode::sum, .include_last_offset = true}).sizes() == tl::Shape{2, 2});
  // The padding row counts in no mean.
  CHECK(F::embedding_bag(input, table(), offsets, {.padding_idx = 1}).to_vector()[0] == 1);
  CHECK(F::embedding_bag(input, table(), offsets, {.mode = tl::BagMode::max, .padding_idx = -1}).to_vector()[4] == 3);
}

TEST_CASE("derivatives of bags are right to the second order in every mode", "[ops][index]") {
  const Index input({6}, {0, 1, 1, 3, 2, 1}), offsets({3}, {0, 3, 3});
  for (const auto mode : {tl::BagMode::sum, tl::BagMode::mean, tl::BagMode::max}) {
    const auto f = [&](const auto& w) { return F::embedding_bag(input, w * w, offsets, {.mode = mode, .padding_idx = 2}); };
    CHECK(tl::gradcheck(f, leaf()));
    CHECK(tl::gradgradcheck(f, leaf()));
  }
  const auto f = [&](const auto& w, const auto& factors) {
    return F::embedding_bag(input, w, offsets, {.mode = tl::BagMode::sum, .per_sample_weights = factors});
  };
  const Real factors = Real({6}, {0.5, -1, 2, 3, 0, 1}).requires_grad_();
  CHECK(tl::gradcheck(f, leaf(), factors));
  CHECK(tl::gradgradcheck(f, leaf(), factors));
}

TEST_CASE("max_norm shortens the rows that are used, in the table itself; a frequent row's gradient can be divided", "[ops][index]") {
  const Real weight = leaf();
  const Index input({3}, {0, 3, 3});
  const Real rows = tl::embedding(input, weight, {.max_norm = 5, .scale_grad_by_freq = true});
  CHECK(weight.to_vector()[0] == Approx(5 / std::sqrt(101.0)));
  CHECK(weight.to_vector()[3] == 20);
  CHECK(std::hypot(weight.to_vector()[6], weight.to_vector()[7]) == Approx(5));
  CHECK(rows.to_vector()[0] == weight.to_vector()[0]);
  tl::sum(rows).backward();
  CHECK(weight.grad().to_vector() == std::vector<double>{1, 1, 0, 0, 0, 0, 1, 1});
  const Real other = leaf();
  tl::sum(F::embedding_bag(Index({1, 3}, {0, 3, 3}), other, {}, {.scale_grad_by_freq = true, .mode = tl::BagMode::sum})).backward();
  CHECK(other.grad().to_vector() == std::vector<double>{1, 1, 0, 0, 0, 0, 1, 1});
}

TEST_CASE("bags in float and half agree with double", "[ops][index]") {
  const Index input({2, 2}, {0, 1, 2, 3});
  const tl::Tensor<float> f = tl::to<float>(table());
  const tl::Tensor<tl::half> h = tl::to<tl::half>(table());
  CHECK(F::embedding_bag(input, f).to_vector() == std::vector<float>{1.5f, 15, 3.5f, 17.5f});
  CHECK(static_cast<float>(F::embedding_bag(input, h).to_vector()[3]) == 17.5f);
}

TEST_CASE("embedding_bag refuses what makes no bags", "[ops][index]") {
  const Index input({3}, {0, 1, 2});
  CHECK_THROWS_WITH(F::embedding_bag(input, table()), ContainsSubstring("needs offsets"));
  CHECK_THROWS_WITH(F::embedding_bag(Index({1, 3}, {0, 1, 2}), table(), Index({1}, {0})), ContainsSubstring("[1, 3]"));
  CHECK_THROWS_WITH(F::embedding_bag(input, table(), Index({2}, {1, 2})), ContainsSubstring("first offset is 1"));
  CHECK_THROWS_WITH(F::embedding_bag(input, table(), Index({3}, {0, 2, 1})), ContainsSubstring("must not decrease"));
  CHECK_THROWS_AS(F::embedding_bag(input, table(), Index({1}, {4})), tl::IndexError);
  CHECK_THROWS_WITH(F::embedding_bag(Index({1}, {4}), table(), Index({1}, {0})), ContainsSubstring("index 4"));
  CHECK_THROWS_WITH(F::embedding_bag(input, table(), Index({1}, {0}), {.per_sample_weights = Real({3}, {1, 1, 1})}),
                    ContainsSubstring("mode sum"));
}
