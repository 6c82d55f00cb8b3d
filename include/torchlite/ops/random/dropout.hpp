// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/dropout.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/tensor/check_devices.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// x with the elements that the stream chooses set to 0. Nothing is kept for backward: the stream says again which they were.
template <class T, class D>
Tensor<T, D> drop(const Tensor<T, D>& x, RandomStream stream, double p, Site site) {
  check_devices("dropout", x);
  Tensor<T, D> out = empty<T, D>(x.sizes());
  const Tensor<T, D> from = dense(x);
  dropout(D{}, stream, 1 - p, p < 1 ? 1 / (1 - p) : 0, x.numel(), static_cast<const T*>(from.data()), out.data());
  if (!autograd::needed(x)) return out;
  return autograd::record("dropout", site, std::move(out), autograd::inputs(x),
                          [stream, p, site](const autograd::Pass&, const Tensor<T, D>& g) { return drop(g, stream, p, site); });
}

}  // namespace ops

/// In training each element is 0 with probability p and x / (1 - p) else; otherwise x itself.
///   x [...] -> [...]
/// Source: Srivastava et al., Dropout, JMLR 2014.
template <tensor_like X>
tensor_of<X> dropout(const X& x_, double p = 0.5, bool training = true, Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "dropout needs a floating dtype; cast first: x.to<float>()");
  check<Error>(p >= 0 && p <= 1, "dropout: p is {}; it must be in [0, 1]", p);
  const tensor_of<X>& x = eval(x_, site);
  if (!training || p == 0) return x;
  return ops::drop(x, default_generator().draw(static_cast<std::uint64_t>(x.numel())), p, site);
}

namespace nn::functional {
using torchlite::dropout;
}

}  // namespace torchlite::inline TORCHLITE_ABI
