// SPDX-License-Identifier: BSD-3-Clause
// Operations along dimensions in place: computed beside x, then written into it.
#pragma once
#include <torchlite/ops/inplace/inplace.hpp>
#include <torchlite/ops/scan/cumprod.hpp>
#include <torchlite/ops/scan/cumsum.hpp>
#include <torchlite/ops/shape/tril.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x = cumsum(x, dim), in place.
template <class T, class D>
const Tensor<T, D>& cumsum_(const Tensor<T, D>& x, std::int64_t dim, Site site = Site::current()) {
  return ops::write_rows_in_place("cumsum_", x, site, [=](const Tensor<T, D>& t) { return cumsum(t, dim, site); });
}
/// x = cumprod(x, dim), in place.
template <class T, class D>
const Tensor<T, D>& cumprod_(const Tensor<T, D>& x, std::int64_t dim, Site site = Site::current()) {
  return ops::write_rows_in_place("cumprod_", x, site, [=](const Tensor<T, D>& t) { return cumprod(t, dim, site); });
}
/// x = tril(x, diagonal), in place.
template <class T, class D>
const Tensor<T, D>& tril_(const Tensor<T, D>& x, std::int64_t diagonal = 0, Site site = Site::current()) {
  return ops::write_rows_in_place("tril_", x, site, [=](const Tensor<T, D>& t) { return tril(t, diagonal, site); });
}
/// x = triu(x, diagonal), in place.
template <class T, class D>
const Tensor<T, D>& triu_(const Tensor<T, D>& x, std::int64_t diagonal = 0, Site site = Site::current()) {
  return ops::write_rows_in_place("triu_", x, site, [=](const Tensor<T, D>& t) { return triu(t, diagonal, site); });
}

}  // namespace torchlite::inline TORCHLITE_ABI
