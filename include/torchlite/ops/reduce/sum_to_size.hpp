// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/inplace.hpp>
#include <torchlite/ops/reduce/reduction.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x summed over the dimensions in which `sizes` was broadcast to x's: what a broadcast does to gradients.
/// Throws ShapeError if sizes does not broadcast to x's sizes.
template <class T, class D>
Tensor<T, D> sum_to_size(const Tensor<T, D>& x, const Shape& sizes, Site site) {
  if (x.sizes() == sizes) return x;
  check<ShapeError>(broadcast_shapes("sum_to_size", x.sizes(), sizes) == x.sizes(),
                    "sum_to_size: a tensor of shape {} is no broadcast of shape {}", x.sizes().str(), sizes.str());
  const int shift = x.dim() - sizes.rank();
  Shape axes;
  for (int d = 0; d < x.dim(); ++d)
    if (d < shift || (sizes[d - shift] == 1 && x.sizes()[d] != 1)) axes.push_back(d);
  ops::ReducedShape r("sum_to_size", x.sizes(), axes, true);
  r.out = sizes;  // leading dimensions go, the others stay as 1
  const ops::Reads in("sum_to_size", x);
  Tensor<T, D> out = ops::run_reduction<backend::SumReducer<ops::reduced_value<Tensor<T, D>>>, T, Tensor<T, D>>(in, r);
  if constexpr (differentiable<T>)
    if (in.requires_grad)
      return autograd::record(
          "sum_to_size", site, std::move(out), autograd::inputs(x),
          [own = x.sizes(), site](const autograd::Pass&, const Tensor<T, D>& g) { return autograd::expand_recorded(g, own, site); });
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI
