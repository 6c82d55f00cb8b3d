// SPDX-License-Identifier: BSD-3-Clause
// Operations whose reads go where the data says: sampling, bags, segments, bins, sequences, pairs.
#include "support/compare.cuh"

#include <torchlite/backend/cuda/bag.cuh>
#include <torchlite/backend/cuda/ctc.cuh>
#include <torchlite/backend/cuda/distance.cuh>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/histogram.cuh>
#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/backend/cuda/margin_loss.cuh>
#include <torchlite/backend/cuda/resample.cuh>
#include <torchlite/backend/cuda/softmax.cuh>
#include <torchlite/backend/cuda/sort.cuh>
#include <torchlite/ops/index/embedding_bag.hpp>
#include <torchlite/ops/linalg/cdist.hpp>
#include <torchlite/ops/loss/ctc_loss.hpp>
#include <torchlite/ops/loss/multilabel_margin_loss.hpp>
#include <torchlite/ops/norm/local_response_norm.hpp>
#include <torchlite/ops/reduce/segment_reduce.hpp>
#include <torchlite/ops/resample/grid_sample.hpp>
#include <torchlite/ops/softmax/log_softmax.hpp>
#include <torchlite/ops/statistics/bincount.hpp>
#include <torchlite/ops/statistics/histogram.hpp>

namespace cuda_tests {
namespace {
/// f(x) and the gradient of x on both devices; f takes a tensor on either.
template <class F>
void check_alike(F f, const Tensor<float, Cpu>& x, double tolerance = 1e-5) {
  x.requires_grad_();
  const auto dx = leaf_on_device(x);
  const Tensor<float, Cpu> y = f(x);
  const Tensor<float, Cuda> dy = f(dx);
  CHECK(difference(dy, y) <= tolerance);
  const auto g = numbers<float>(y.sizes(), 9);
  y.backward(g);
  dy.backward(to_device<Cuda>(g));
  CHECK(difference(dx.grad(), x.grad()) <= tolerance);
}
}  // namespace

TEST_CASE("grid_sample and its gradients agree with the Cpu", "[cuda][resample]") {
  for (const GridMode mode : {GridMode::bilinear, GridMode::nearest, GridMode::bicubic}) {
    const GridSampleOptions options{mode, GridPadding::reflection, true};
    const auto x = numbers<float>({2, 3, 6, 5}, 1), grid = numbers<float>({2, 4, 7, 2}, 2);
    check_alike([&]<class D>(const Tensor<float, D>& t) { return grid_sample(t, to_device<D>(grid), options); }, x);
    check_alike([&]<class D>(const Tensor<float, D>& t) { return grid_sample(to_device<D>(x.detach()), t, options); }, grid, 1e-4);
  }
}

TEST_CASE("bags and segments of rows agree with the Cpu", "[cuda][index]") {
  const auto input = Tensor<std::int64_t, Cpu>({9}, {1, 4, 0, 3, 3, 8, 4, 2, 1}), offsets = Tensor<std::int64_t, Cpu>({4}, {0, 3, 3, 7});
  for (const BagMode mode : {BagMode::sum, BagMode::mean, BagMode::max})
    check_alike(
        [&]<class D>(const Tensor<float, D>& table) {
          EmbeddingBagOptions<float, D> options;
          options.mode = mode, options.padding_idx = 4;
          return embedding_bag(to_device<D>(input), table, to_device<D>(offsets), options);
        },
        numbers<float>({9, 5}, 1));
  for (const char* reduction : {"sum", "mean", "max", "min"})
    check_alike(
        [&]<class D>(const Tensor<float, D>& t) {
          SegmentReduceOptions<D> options;
          options.lengths = to_device<D>(Tensor<std::int64_t, Cpu>({4}, {3, 1, 4, 2}));
          return segment_reduce(t, reduction, options);
        },
        numbers<float>({10, 3}, 2));
}

TEST_CASE("counts in bins agree with the Cpu", "[cuda][statistics]") {
  const auto x = numbers<float>({20000}, 1), w = numbers<float>({20000}, 2);
  const auto dx = to_device<Cuda>(x), dw = to_device<Cuda>(w);
  CHECK(histc(dx, 37).to_vector() == histc(x, 37).to_vector());
  CHECK(histogram(dx, 10).hist.to_vector() == histogram(x, 10).hist.to_vector());
  const auto of_weights = histogram(x, 10, {.range = {{-1, 1}}, .weight = w});
  CHECK(difference(histogram(dx, 10, {.range = {{-1, 1}}, .weight = dw}).hist, of_weights.hist) <= 1e-6);
  const Tensor<std::int64_t, Cpu> n = to<std::int64_t>(x * 10 + 20);
  const auto dn = to_device<Cuda>(n);
  CHECK(bincount(dn, 50).to_vector() == bincount(n, 50).to_vector());
  CHECK(difference(bincount(dn, dw), bincount(n, w)) <= 1e-4);
}

TEST_CASE("CTC, distances, margins and neighbours agree with the Cpu", "[cuda][loss]") {
  const std::vector<std::int64_t> inputs{12, 9, 0}, lengths{4, 0, 2};
  const auto targets = Tensor<std::int64_t, Cpu>({3, 4}, {1, 1, 5, 2, 0, 0, 0, 0, 3, 4, 0, 0});
  for (const bool zero_infinity : {false, true})
    check_alike(
        [&]<class D>(const Tensor<float, D>& t) {
          return ctc_loss(Tensor<float, D>(log_softmax(t, -1)), to_device<D>(targets), inputs, lengths,
                          {.reduction = Reduction::none, .zero_infinity = zero_infinity});
        },
        numbers<float>({12, 3, 6}, 1));
  const auto b = numbers<float>({2, 5, 6}, 3);
  for (const double p : {1.0, 2.0, 3.0, static_cast<double>(INFINITY)})
    check_alike([&]<class D>(const Tensor<float, D>& t) { return cdist(t, to_device<D>(b), p); }, numbers<float>({2, 4, 6}, 2));
  const auto labels = Tensor<std::int64_t, Cpu>({2, 5}, {3, 0, -1, 2, 2, 1, 1, 4, -1, 0});
  check_alike(
      [&]<class D>(const Tensor<float, D>& t) { return multilabel_margin_loss(t, to_device<D>(labels), {.reduction = Reduction::none}); },
      numbers<float>({2, 5}, 4));
  check_alike([](const auto& t) { return local_response_norm(t, 3); }, numbers<float>({2, 6, 5}, 5));
}

}  // namespace cuda_tests
