// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/nn/distance.hpp>
#include <torchlite/nn/dropout.hpp>
#include <torchlite/nn/embedding_bag.hpp>
#include <torchlite/nn/group_norm.hpp>
#include <torchlite/nn/instance_norm.hpp>
#include <torchlite/nn/margin_losses.hpp>
#include <torchlite/nn/rms_norm.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>

namespace tl = torchlite;
namespace nn = tl::nn;

namespace {
template <class M>
void check_dropout(M m, const tl::Shape& sizes, const char* text) {
  const tl::Tensor<float> x = tl::ones<float>(sizes);
  CHECK(m(x).to_vector() != x.to_vector());
  m.eval();
  CHECK(m(x).to_vector() == x.to_vector());
  CHECK(m.str() == text);
}
}  // namespace

TEST_CASE("every dropout layer drops in training and nothing in evaluation", "[nn]") {
  tl::manual_seed(1);
  check_dropout(nn::Dropout1d(0.5), {8, 8, 2}, "Dropout1d(p=0.5, inplace=False)");
  check_dropout(nn::Dropout2d(0.5), {8, 8, 2, 2}, "Dropout2d(p=0.5, inplace=False)");
  check_dropout(nn::Dropout3d(0.5), {8, 8, 2, 2, 2}, "Dropout3d(p=0.5, inplace=False)");
  check_dropout(nn::AlphaDropout(0.5), {64}, "AlphaDropout(p=0.5, inplace=False)");
  check_dropout(nn::FeatureAlphaDropout(0.5), {8, 8, 2}, "FeatureAlphaDropout(p=0.5, inplace=False)");
  CHECK_THROWS_WITH(nn::AlphaDropout(2), ContainsSubstring("p is 2"));
}

TEST_CASE("distances as layers take their options from the constructor", "[nn]") {
  const tl::Tensor<double> a({1, 2}, {3, 4}), b({1, 2}, {4, 3});
  CHECK(nn::CosineSimilarity()(a, b).item() == Approx(24.0 / 25));
  CHECK(nn::PairwiseDistance(1, 0)(a, b).item() == 2);
  CHECK(nn::PairwiseDistance(2, 0, true)(a, b).sizes() == tl::Shape{1, 1});
}

TEST_CASE("EmbeddingBag sums rows of its table; the padding row is zero and counts in no bag", "[nn]") {
  nn::EmbeddingBag<double> bag({.num_embeddings = 4, .embedding_dim = 3, .mode = tl::BagMode::sum, .padding_idx = -1});
  const tl::Tensor<std::int64_t> ids({2, 2}, {0, 3, 1, 2});
  const auto y = bag(ids).to_vector(), table = bag.weight.to_vector();
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(table[9 + k] == 0);
    CHECK(y[k] == table[k]);
    CHECK(y[3 + k] == Approx(table[3 + k] + table[6 + k]));
  }
  CHECK(bag.str() == "EmbeddingBag(4, 3, mode='sum', padding_idx=3)");
  const tl::Tensor<std::int64_t> row({3}, {0, 1, 2}), offsets({2}, {0, 1});
  CHECK(bag(row, offsets).sizes() == tl::Shape{2, 3});
  CHECK_THROWS_WITH(nn::EmbeddingBag<float>({.num_embeddings = 4, .embedding_dim = 3, .padding_idx = 4}),
                    ContainsSubstring("padding_idx 4"));
}

TEST_CASE("a triplet loss of one's own distance is a module, too", "[nn]") {
  const auto city_block = [](const auto& a, const auto& b) { return tl::sum(tl::abs(a - b)); };
  const nn::TripletMarginWithDistanceLoss criterion(city_block, {.margin = 2});
  const tl::Tensor<float> a({2}, {0, 0}), p({2}, {1, 1}), n({2}, {3, 0});
  CHECK(criterion(a, p, n).item() == 2 - 3 + 2);
  CHECK(nn::TripletMarginLoss({.margin = 2})(a, p, n).item() == Approx(std::sqrt(2.0) - 3 + 2).margin(1e-5));
}

TEST_CASE("normalising layers say what they are, and refuse other channels", "[nn]") {
  nn::InstanceNorm2d<float> m({.num_features = 3, .affine = true});
  CHECK(m.str() == "InstanceNorm2d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=False)");
  CHECK(nn::GroupNorm<float>(2, 4).str() == "GroupNorm(2, 4, eps=1e-05, affine=True)");
  CHECK(nn::RMSNorm<float>(4).str() == "RMSNorm((4,), eps=None, elementwise_affine=True)");
  CHECK_THROWS_WITH(m(tl::zeros<float>({2, 4, 3, 3})), ContainsSubstring("[2, 4, 3, 3]") && ContainsSubstring("3 channels"));
  CHECK_THROWS_WITH(nn::GroupNorm<float>(3, 4), ContainsSubstring("4 channels"));
}
