// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/backend/cuda/recurrent.cuh>
#include <torchlite/ops/recurrent/layer.hpp>

namespace cuda_tests {
namespace {
/// A layer's results, and the gradients of all that it took, on both devices.
template <class Cell>
void check_layer(bool reversed) {
  const std::int64_t inputs = 6, hidden = 5, all = Cell::gates * hidden;
  std::vector<Tensor<float, Cpu>> in{numbers<float>({7, 3, inputs}, 1),
                                     numbers<float>({3, hidden}, 2),
                                     numbers<float>({3, hidden}, 3),
                                     numbers<float>({all, inputs}, 4) * 0.5f,
                                     numbers<float>({all, hidden}, 5) * 0.5f,
                                     numbers<float>({all}, 6),
                                     numbers<float>({all}, 7)};
  std::vector<Tensor<float, Cuda>> on_device;
  for (auto& t : in) {
    t.requires_grad_();
    on_device.push_back(leaf_on_device(t));
  }
  const auto run = [&]<class D>(const std::vector<Tensor<float, D>>& t) {
    const bool lstm = std::is_same_v<Cell, backend::LstmCell>;
    return ops::recurrent_layer<Cell>("layer", t[0], LstmState<float, D>{t[1], lstm ? t[2] : Tensor<float, D>()},
                                      ops::RecurrentWeights<float, D>{t[3], t[4], t[5], t[6]}, reversed);
  };
  const auto r = run(in);
  const auto dr = run(on_device);
  CHECK(difference(dr.y, r.y) <= 1e-5);
  CHECK(difference(dr.h, r.h) <= 1e-5);
  if (r.c.defined()) CHECK(difference(dr.c, r.c) <= 1e-5);
  const auto g = numbers<float>(r.y.sizes(), 8);
  r.y.backward(g);
  dr.y.backward(to_device<Cuda>(g));
  for (std::size_t i = 0; i < in.size(); ++i)
    if (in[i].grad().defined()) CHECK(difference(on_device[i].grad(), in[i].grad()) <= 1e-4);
}
}  // namespace

TEST_CASE("recurrent layers and their gradients agree with the Cpu", "[cuda][recurrent]") {
  for (const bool reversed : {false, true}) {
    check_layer<backend::LstmCell>(reversed);
    check_layer<backend::GruCell>(reversed);
    check_layer<backend::ElmanCell<true>>(reversed);
  }
}

}  // namespace cuda_tests
