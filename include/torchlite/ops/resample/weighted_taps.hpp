// SPDX-License-Identifier: BSD-3-Clause
// Sums of elements with weights, where both elements and weights have gradients. The operation and its two gradients are linear in
// both their operands, and their gradients are again these three, so that any order works.
#pragma once
#include <torchlite/autograd/pointwise.hpp>
#include <torchlite/backend/cpu/grid_sample.hpp>
#include <torchlite/ops/shape/contiguous.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Which elements of x [N, C, size] make y [N, C, P]: index [N, taps, P].
template <class D>
struct WeightedTapsPlan {
  backend::WeightedTaps shape;
  Tensor<std::int64_t, D> index;
};

template <class T, class D>
Tensor<T, D> weighted_taps_weight(const Tensor<T, D>& g_, const Tensor<T, D>& x_, const WeightedTapsPlan<D>& plan);
template <class T, class D>
Tensor<T, D> weighted_taps_input(const Tensor<T, D>& g_, const Tensor<T, D>& weight_, const WeightedTapsPlan<D>& plan, const Shape& sizes);

/// y[n, c, p] = sum over t of weight[n, t, p] x[n, c, index[n, t, p]].
template <class T, class D>
Tensor<T, D> weighted_taps(const char* name, Site site, const Tensor<T, D>& x_, const Tensor<T, D>& weight_,
                           const WeightedTapsPlan<D>& plan) {
  check_devices(name, x_, weight_, plan.index);
  const Tensor<T, D> x = contiguous(x_), weight = contiguous(weight_);
  const backend::WeightedTaps& s = plan.shape;
  Tensor<T, D> y = empty<T, D>({s.batch, s.channels, s.points});
  backend::count_kernel();
  weighted_taps_forward(D{}, s, plan.index.data(), weight.data(), x.data(), y.data());
  if (!autograd::needed(x, weight)) return y;
  return autograd::record(
      name, site, std::move(y), autograd::inputs(x, weight),
      [x = autograd::save(x), weight = autograd::save(weight), plan](const autograd::Pass& pass, const Tensor<T, D>& g) {
        return std::tuple(pass.needs(0) ? weighted_taps_input(g, weight.get(), plan, x.get().sizes()) : Tensor<T, D>(),
                          pass.needs(1) ? weighted_taps_weight(g, x.get(), plan) : Tensor<T, D>());
      });
}

/// The gradient of weighted_taps with respect to x: linear in g and the weights.
template <class T, class D>
Tensor<T, D> weighted_taps_input(const Tensor<T, D>& g_, const Tensor<T, D>& weight_, const WeightedTapsPlan<D>& plan, const Shape& sizes) {
  check_devices("weighted_taps_input", g_, weight_, plan.index);
  const Tensor<T, D> g = contiguous(g_), weight = contiguous(weight_);
  Tensor<T, D> dx = empty<T, D>(sizes);
  backend::count_kernel();
  weighted_taps_backward_input(D{}, plan.shape, plan.index.data(), weight.data(), g.data(), dx.data());
  if (!autograd::needed(g, weight)) return dx;
  return autograd::record(
      "weighted_taps_input", Site{}, std::move(dx), autograd::inputs(g, weight),
      [g = autograd::save(g), weight = autograd::save(weight), plan](const autograd::Pass& pass, const Tensor<T, D>& v) {
        return std::tuple(pass.needs(0) ? weighted_taps("weighted_taps", Site{}, v, weight.get(), plan) : Tensor<T, D>(),
                          pass.needs(1) ? weighted_taps_weight(g.get(), v, plan) : Tensor<T, D>());
      });
}

/// The gradient of weighted_taps with respect to the weights: linear in g and x.
template <class T, class D>
Tensor<T, D> weighted_taps_weight(const Tensor<T, D>& g_, const Tensor<T, D>& x_, const WeightedTapsPlan<D>& plan) {
  check_devices("weighted_taps_weight", g_, x_, plan.index);
  const Tensor<T, D> g = contiguous(g_), x = contiguous(x_);
  const backend::WeightedTaps& s = plan.shape;
  Tensor<T, D> dweight = empty<T, D>({s.batch, s.taps, s.points});
  backend::count_kernel();
  weighted_taps_backward_weight(D{}, s, plan.index.data(), g.data(), x.data(), dweight.data());
  if (!autograd::needed(g, x)) return dweight;
  return autograd::record("weighted_taps_weight", Site{}, std::move(dweight), autograd::inputs(g, x),
                          [g = autograd::save(g), x = autograd::save(x), plan](const autograd::Pass& pass, const Tensor<T, D>& v) {
                            return std::tuple(pass.needs(0) ? weighted_taps("weighted_taps", Site{}, x.get(), v, plan) : Tensor<T, D>(),
                                              pass.needs(1) ? weighted_taps_input(g.get(), v, plan, x.get().sizes()) : Tensor<T, D>());
                          });
}

}  // namespace torchlite::inline TORCHLITE_ABI
