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
/// Calls in which nothing is drawn: no training, or all or nothing dropped.
template <class F>
auto certain(F dropout, bool training_by_default) {
  return [=](const Call& c) {
    const double p = c.number(0, "p", 0.5);
    const bool training = c.flag(1, "training", training_by_default);
    if (training && p > 0 && p < 1) throw NotOffered{"what is dropped is drawn"};
    return Real(dropout(c.x(), p, training));
  };
}
}  // namespace

TEST_CASE("dropout in all its forms is PyTorch's where nothing is drawn", "[ops][dropout]") {
  replay("dropout", certain([](const auto& x, double p, bool training) { return F::dropout(x, p, training); }, true));
  replay("dropout2d", certain([](const auto& x, double p, bool training) { return F::dropout2d(x, p, training); }, true));
  replay("dropout3d", certain([](const auto& x, double p, bool training) { return F::dropout3d(x, p, training); }, true));
  replay("alpha_dropout", certain([](const auto& x, double p, bool training) { return F::alpha_dropout(x, p, training); }, false));
  const auto features = [](const auto& x, double p, bool training) { return F::feature_alpha_dropout(x, p, training); };
  replay("feature_alpha_dropout_with_train", certain(features, true));
  replay("feature_alpha_dropout_without_train", certain(features, false));
}

TEST_CASE("native_dropout_backward is PyTorch's", "[ops][dropout]") {
  replay("native_dropout_backward",
         [](const Call& c) { return tl::native_dropout_backward(c.x(), mask(c.sample.in(1)), golden::number(c.argument(1, "scale"))); });
}
