// SPDX-License-Identifier: BSD-3-Clause
// Special functions in place.
#pragma once
#include <torchlite/ops/inplace/inplace.hpp>
#include <torchlite/ops/special/bessel.hpp>
#include <torchlite/ops/special/entropy.hpp>
#include <torchlite/ops/special/error_function.hpp>
#include <torchlite/ops/special/gamma.hpp>
#include <torchlite/ops/special/incomplete_gamma.hpp>
#include <torchlite/ops/special/logit.hpp>
#include <torchlite/ops/special/spherical_bessel.hpp>

namespace torchlite::inline TORCHLITE_ABI {

inline constexpr InPlace<pointwise::Digamma> digamma_{};
inline constexpr InPlace<pointwise::Erfinv> erfinv_{};
inline constexpr InPlace<pointwise::I0> i0_{};
inline constexpr InPlace<pointwise::Lgamma> lgamma_{};
inline constexpr InPlace<pointwise::Sinc> sinc_{};
inline constexpr InPlace<pointwise::Xlogy> xlogy_{};

/// x = logit(x), in place.
template <class T, class D>
const Tensor<T, D>& logit_(const Tensor<T, D>& x, Site site = Site::current()) {
  ops::write_in_place("logit_", x, logit(x), site);
  return x;
}
/// The same of x limited to [eps, 1 - eps].
template <class T, class D>
const Tensor<T, D>& logit_(const Tensor<T, D>& x, double eps, Site site = Site::current()) {
  ops::write_in_place("logit_", x, logit(x, eps), site);
  return x;
}
/// x = polygamma(n, x), in place.
template <class T, class D>
const Tensor<T, D>& polygamma_(const Tensor<T, D>& x, std::int64_t n, Site site = Site::current()) {
  ops::write_in_place("polygamma_", x, polygamma(n, x), site);
  return x;
}
/// x = mvlgamma(x, p), in place.
template <class T, class D>
const Tensor<T, D>& mvlgamma_(const Tensor<T, D>& x, std::int64_t p, Site site = Site::current()) {
  ops::write_in_place("mvlgamma_", x, mvlgamma(x, p), site);
  return x;
}
/// x = igamma(x, other) and x = igammac(x, other), in place.
template <class T, class D, operand A>
const Tensor<T, D>& igamma_(const Tensor<T, D>& x, A&& other, Site site = Site::current()) {
  ops::write_in_place("igamma_", x, igamma(x, std::forward<A>(other)), site);
  return x;
}
template <class T, class D, operand A>
const Tensor<T, D>& igammac_(const Tensor<T, D>& x, A&& other, Site site = Site::current()) {
  ops::write_in_place("igammac_", x, igammac(x, std::forward<A>(other)), site);
  return x;
}

}  // namespace torchlite::inline TORCHLITE_ABI
