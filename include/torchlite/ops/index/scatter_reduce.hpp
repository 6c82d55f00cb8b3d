// SPDX-License-Identifier: BSD-3-Clause
// Values that come together at an index, reduced to one.
#pragma once
#include <torchlite/ops/index/combine.hpp>
#include <torchlite/ops/index/gather.hpp>
#include <torchlite/ops/index/index_select.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x with the elements of src for which the index names the same place reduced to one, together with x itself unless
/// include_self is false: out[index[i][j]][j] for dim 0. Places that no index names keep x. The order of sums is fixed.
///   x [a, b], index [c, d], src at least [c, d], "sum", "prod", "mean", "amax" or "amin" -> [a, b]
/// The mean of integers is rounded down. Throws IndexError where an index is not in [0, size of dim).
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> scatter_reduce(const X& x_, std::int64_t dim, const I& index_, const S& src_, std::string_view reduce,
                            bool include_self = true, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto how = indexing::combine_named("scatter_reduce", reduce, true);
  const auto index = indexing::numbers("scatter_reduce", index_);
  const auto plan = indexing::along("scatter_reduce", x.sizes(), dim, index);
  const tensor_of<X>& src = eval(src_, site);
  const auto values = indexing::first_part("scatter_reduce", src, index.sizes(), site);
  return indexing::combine<value_t<X>, device_t<X>>("scatter_reduce", x, plan, values, how, include_self, site);
}

/// scatter that adds ("add") or multiplies ("multiply") instead of replacing.
///   x [a, b], index [c, d], src at least [c, d] -> [a, b]
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> scatter(const X& x, std::int64_t dim, const I& index, const S& src, std::string_view reduce, Site site = Site::current()) {
  check<Error>(reduce == "add" || reduce == "multiply", "scatter: \"{}\" is neither \"add\" nor \"multiply\"; scatter_reduce knows more",
               reduce);
  return scatter_reduce(x, dim, index, src, reduce == "add" ? "sum" : "prod", true, site);
}
template <tensor_like X, tensor_like I, scalar S>
tensor_of<X> scatter(const X& x, std::int64_t dim, const I& index_, S value, std::string_view reduce, Site site = Site::current()) {
  const auto index = indexing::numbers("scatter", index_);
  const auto one = full<value_t<X>, device_t<X>>({}, value);
  return scatter(x, dim, index, alias(one, index.sizes(), Shape::filled(index.dim(), 0), 0), reduce, site);
}

/// x with the slices of source for which the index names the same slice of x reduced to one, together with x itself unless
/// include_self is false.
///   x [a, b, c], 1, index [n], source [a, n, c], "prod", "mean", "amax" or "amin" -> [a, b, c]
/// Throws IndexError where a number is not in [0, b) or there is not one slice of source for each.
template <tensor_like X, tensor_like I, tensor_like S>
tensor_of<X> index_reduce(const X& x_, std::int64_t dim, const I& index, const S& source, std::string_view reduce, bool include_self = true,
                          Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const auto how = indexing::combine_named("index_reduce", reduce, false);
  const auto plan = indexing::slices("index_reduce", x.sizes(), dim, indexing::numbers("index_reduce", index));
  const tensor_of<X>& given = eval(source, site);
  const auto values = indexing::slice_values("index_reduce", x.sizes(), plan, given, site);
  return indexing::combine<value_t<X>, device_t<X>>("index_reduce", x, plan, values, how, include_self, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
