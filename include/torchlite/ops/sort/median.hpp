// SPDX-License-Identifier: BSD-3-Clause
// Middle elements. Of an even number the lower middle one counts, as in PyTorch; quantile(x, 0.5) gives the mean of both.
#pragma once
#include <torchlite/ops/pointwise/isnan.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/ops/sort/kthvalue.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// The element of one rank among all; elements equal to it share the gradient. NaN if there is no element.
template <class T, class D>
Tensor<T, D> ranked_of_all(const char* op, const Tensor<T, D>& x, backend::Rank rank, Site site) {
  Tensor<T, D> out = empty<T, D>(Shape{});
  if (x.numel() == 0) {
    check<IndexError>(floating<T>, "{}: a tensor of shape {} has no elements, and its dtype no NaN", op, x.sizes().str());
    if constexpr (floating<T>) fill_elements(out, static_cast<T>(std::numeric_limits<float>::quiet_NaN()));
  } else {
    const NoGradGuard no_grad;
    out = ranked(op, reshape(x.detach(), {x.numel()}), rank, 0, 0, false, site).values;
  }
  if constexpr (differentiable<T>)
    if (autograd::needed(x))
      return autograd::record(op, site, out, autograd::inputs(x),
                              [x = autograd::save(x), out = autograd::save_output(out)](const autograd::Pass&, const Tensor<T, D>& g) {
                                const Tensor<T, D> all = x.get().detach(), middle = out.get();
                                Tensor<bool, D> equals = eq(all, middle);
                                if (all.numel() > 0 && middle.item() != middle.item()) equals = isnan(all);
                                const Tensor<std::int64_t, D> ties = sum(equals);
                                return Tensor<T, D>(where(equals, g / ties, 0));
                              });
  return out;
}

}  // namespace ops

/// The lower middle one of all elements; NaN if there is one, or no element. Elements equal to it share the gradient.
///   x [...] -> []
template <tensor_like X>
auto median(const X& x, Site site = Site::current()) {
  return ops::ranked_of_all("median", eval(x, site), backend::Rank::median, site);
}
/// The lower middle elements along a dimension and where they stand: auto [values, indices] = median(x, 1); NaN where there is one.
///   x [..., n, ...] -> values, indices (int64) [..., ...], 1 in the dimension's place with keepdim
/// The gradient goes to the element at the index. Throws IndexError if the dimension has no elements.
template <tensor_like X>
auto median(const X& x, std::int64_t dim, bool keepdim = false, Site site = Site::current()) {
  return ops::ranked("median", eval(x, site), backend::Rank::median, 0, dim, keepdim, site);
}

/// The lower middle one of all elements that are not NaN; NaN if there is none. Elements equal to it share the gradient.
///   x [...] -> []
template <tensor_like X>
auto nanmedian(const X& x, Site site = Site::current()) {
  return ops::ranked_of_all("nanmedian", eval(x, site), backend::Rank::nanmedian, site);
}
/// The lower middle ones of the elements along a dimension that are not NaN, and where they stand.
///   x [..., n, ...] -> values, indices (int64) [..., ...], 1 in the dimension's place with keepdim
/// The gradient goes to the element at the index. Throws IndexError if the dimension has no elements.
template <tensor_like X>
auto nanmedian(const X& x, std::int64_t dim, bool keepdim = false, Site site = Site::current()) {
  return ops::ranked("nanmedian", eval(x, site), backend::Rank::nanmedian, 0, dim, keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
