// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/reduction.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// The sum over all dimensions, or over the given ones.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim); int64 for integers and bool
/// A temporary expression is summed as it is computed: sum(square(a - b)) is one pass.
///
/// Accuracy: runs of at most 256 elements are added in float by interleaved lanes, everything beyond in double, so the error of a float
/// sum is at most 10 * 2^-24 of sum |x| plus the rounding of the result, whatever the number of elements: a sum of 1e8 floats keeps
/// its digits. half and bfloat16 are summed in float the same way; in double it is at most (n / 256 + 10) * 2^-53 of sum |x|. The
/// result does not depend on the number of threads.
template <tensor_like X>
auto sum(X&& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  const auto& s = ops::source(std::forward<X>(x), site);
  const ops::Reads in("sum", s);
  return ops::sum_of("sum", s, in, ops::ReducedShape("sum", in.sizes, dims, keepdim), 1, site);
}
/// The same of x as dtype To: sum<double>(x).
template <dtype To, tensor_like X>
auto sum(const X& x, const Axes& dims = {}, bool keepdim = false, Site site = Site::current()) {
  return sum(make_expression<Cast<To>>(eval(x, site)), dims, keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
