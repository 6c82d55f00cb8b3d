// SPDX-License-Identifier: BSD-3-Clause
// Softmax, layer_norm and cross_entropy over rows of 128 to 32768 elements, 2^24 in all, forward alone and with backward.
#include "case.hpp"

#include <torchlite/backend/cuda/loss.cuh>
#include <torchlite/backend/cuda/map.cuh>
#include <torchlite/backend/cuda/norm.cuh>
#include <torchlite/backend/cuda/random.cuh>
#include <torchlite/backend/cuda/reduce.cuh>
#include <torchlite/backend/cuda/softmax.cuh>
#include <torchlite/ops/loss/cross_entropy.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/ops/norm/layer_norm.hpp>
#include <torchlite/ops/random/randint.hpp>
#include <torchlite/ops/softmax/softmax.hpp>

#include <memory>

namespace {

namespace tl = torchlite;
using tl::Cuda;
template <class T>
using Tensor = tl::Tensor<T, Cuda>;

constexpr std::int64_t elements = 1 << 24;

/// f(x) of [rows, n], and its gradients to x and to the other leaves.
template <class T, class Make>
void add(bench::Cases& cases, const std::string& name, std::int64_t n, double forward_numbers, double train_numbers, Make make) {
  for (const bool train : {false, true})
    cases.push_back({name + (train ? "_train/" : "_forward/") + std::to_string(n),
                     (train ? train_numbers : forward_numbers) * static_cast<double>(elements) * static_cast<double>(sizeof(T)), 0,
                     [=]() -> std::function<void()> {
                       const Tensor<T> x = tl::randn<T, Cuda>({elements / n, n});
                       const auto f = make(n, train);
                       if (!train) return [=] { const Tensor<T> y = f(x); };
                       x.requires_grad_();
                       const auto g = std::make_shared<Tensor<T>>();
                       return [=] {
                         x.zero_grad();
                         const Tensor<T> y = f(x);
                         if (!g->defined()) *g = tl::ones<T, Cuda>(y.sizes());
                         y.backward(*g);
                       };
                     }});
}

template <class T>
struct LayerNorm {
  Tensor<T> w, b;
  LayerNorm(std::int64_t n, bool train) : w(tl::ones<T, Cuda>({n})), b(tl::zeros<T, Cuda>({n})) {
    if (train) w.requires_grad_(), b.requires_grad_();
  }
  Tensor<T> operator()(const Tensor<T>& x) const {
    w.zero_grad();
    b.zero_grad();
    return tl::layer_norm(x, {x.size(-1)}, w, b);
  }
};
template <class T>
struct CrossEntropy {
  Tensor<std::int64_t> y;
  CrossEntropy(std::int64_t n, bool) : y(tl::randint<std::int64_t, Cuda>(0, n, {elements / n})) {}
  Tensor<T> operator()(const Tensor<T>& x) const { return tl::cross_entropy(x, y); }
};

}  // namespace

void bench::row_cases(Cases& cases) {
  using T = float;
  for (const std::int64_t n : {128, 1024, 4096, 32768}) {
    add<T>(cases, "softmax", n, 2, 5, [](std::int64_t, bool) { return [](const Tensor<T>& x) { return tl::softmax(x, -1); }; });
    add<T>(cases, "layer_norm", n, 2, 5, [](std::int64_t size, bool train) { return LayerNorm<T>(size, train); });
    add<T>(cases, "cross_entropy", n, 1, 3, [](std::int64_t size, bool train) { return CrossEntropy<T>(size, train); });
  }
}
