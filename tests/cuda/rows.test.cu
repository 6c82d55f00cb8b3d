// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/backend/cuda/loss.cuh>
#include <torchlite/backend/cuda/norm.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/softmax.cuh>
#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/norm/batch_norm.hpp>
#include <torchlite/ops/norm/layer_norm.hpp>
#include <torchlite/ops/random/bernoulli.hpp>
#include <torchlite/ops/random/dropout.hpp>
#include <torchlite/ops/random/randint.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

namespace cuda_tests {
namespace {
/// f on both devices, and the gradient of its only differentiable operand.
template <class T, class F>
void check_unary(F f, const Tensor<T, Cpu>& x) {
  x.requires_grad_();
  const auto dx = leaf_on_device(x);
  const Tensor<T, Cpu> y = f(x);
  const Tensor<T, Cuda> dy = f(dx);
  CHECK(difference(dy, y) <= 4 * tolerance<T>);
  const auto w = numbers<T>(y.sizes(), 9);
  y.backward(w);
  dy.backward(to_device<Cuda>(w));
  CHECK(difference(dx.grad(), x.grad()) <= 16 * tolerance<T>);
}
}  // namespace

TEST_CASE("softmax and log_softmax agree with the Cpu", "[cuda][softmax]") {
  const auto soft = [](const auto& t) { return softmax(t, -1); };
  const auto log_soft = [](const auto& t) { return log_softmax(t, 1); };
  for (const Shape& sizes : {Shape{5, 7}, Shape{3, 128}, Shape{2, 4096}, Shape{1, 100001}}) {
    check_unary(soft, numbers<float>(sizes, 1));
    check_unary(log_soft, numbers<torchlite::half>(sizes, 2));
  }
  check_unary(log_soft, numbers<torchlite::half>({3, 10, 8}, 3));  // columns
}

TEST_CASE("layer_norm agrees with the Cpu", "[cuda][norm]") {
  for (const auto& [rows, n] : {std::pair<std::int64_t, std::int64_t>{5, 7}, {300, 128}, {3, 4096}}) {
    const auto w = numbers<float>({n}, 4), b = numbers<float>({n}, 5);
    w.requires_grad_();
    b.requires_grad_();
    const auto dw = leaf_on_device(w), db = leaf_on_device(b);
    const auto x = numbers<float>({rows, n}, 1), outer = numbers<float>({rows, n}, 2);
    x.requires_grad_();
    const auto dx = leaf_on_device(x);
    const Tensor<float, Cpu> y = layer_norm(x, {n}, w, b);
    const Tensor<float, Cuda> dy = layer_norm(dx, {n}, dw, db);
    CHECK(difference(dy, y) <= 4 * tolerance<float>);
    y.backward(outer);
    dy.backward(to_device<Cuda>(outer));
    CHECK(difference(dx.grad(), x.grad()) <= 16 * tolerance<float>);
    CHECK(difference(dw.grad(), w.grad()) <= 16 * tolerance<float>);
    CHECK(difference(db.grad(), b.grad()) <= 16 * tolerance<float>);
  }
}

TEST_CASE("batch_norm agrees with the Cpu", "[cuda][norm]") {
  for (const bool training : {true, false}) {
    const auto x = numbers<float>({4, 6, 7, 8}, 1), outer = numbers<float>({4, 6, 7, 8}, 2), w = numbers<float>({6}, 3);
    x.requires_grad_();
    w.requires_grad_();
    const auto dx = leaf_on_device(x), dw = leaf_on_device(w);
    const auto mean = numbers<float>({6}, 4), var = Tensor<float, Cpu>(square(numbers<float>({6}, 5)) + 1.0f);
    const auto dmean = to_device<Cuda>(mean), dvar = to_device<Cuda>(var);
    const Tensor<float, Cpu> y = batch_norm(x, mean, var, w, {}, training);
    const Tensor<float, Cuda> dy = batch_norm(dx, dmean, dvar, dw, {}, training);
    CHECK(difference(dy, y) <= 4 * tolerance<float>);
    CHECK(difference(dmean, mean) <= tolerance<float>);
    CHECK(difference(dvar, var) <= tolerance<float>);
    y.backward(outer);
    dy.backward(to_device<Cuda>(outer));
    CHECK(difference(dx.grad(), x.grad()) <= 16 * tolerance<float>);
    CHECK(difference(dw.grad(), w.grad()) <= 16 * tolerance<float>);
  }
}

TEST_CASE("cross_entropy agrees with the Cpu", "[cuda][loss]") {
  std::vector<std::int64_t> labels(60);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = i % 7 == 2 ? -100 : static_cast<std::int64_t>(i % 10);
  const auto target = Tensor<std::int64_t, Cpu>::from(labels);
  const auto dtarget = to_device<Cuda>(target);
  const auto loss = [&](const auto& x, const auto& t) { return torchlite::cross_entropy(x, t, {.label_smoothing = 0.1}); };
  const auto x = numbers<float>({60, 10}, 1);
  x.requires_grad_();
  const auto dx = leaf_on_device(x);
  const Tensor<float, Cpu> y = loss(x, target);
  const Tensor<float, Cuda> dy = loss(dx, dtarget);
  CHECK(difference(dy, y) <= tolerance<float>);
  y.backward();
  dy.backward();
  CHECK(difference(dx.grad(), x.grad()) <= 4 * tolerance<float>);
}

TEST_CASE("a seed gives the same numbers and the same dropout mask on both devices", "[cuda][random]") {
  for (const std::int64_t n : {5, 1003}) {
    manual_seed(7);
    const auto a = rand<float>({n}), b = randn<float>({n});
    const auto c = randint<std::int64_t>(-3, 9, {n});
    const auto x = numbers<float>({n}, 1);
    const auto d = torchlite::dropout(x, 0.3);
    manual_seed(7);
    CHECK(difference(rand<float, Cuda>({n}), a) == 0);
    CHECK(difference(randn<float, Cuda>({n}), b) <= 1e-6);
    CHECK(randint<std::int64_t, Cuda>(-3, 9, {n}).to_vector() == c.to_vector());
    CHECK(difference(torchlite::dropout(to_device<Cuda>(x), 0.3), d) == 0);
  }
}

}  // namespace cuda_tests
