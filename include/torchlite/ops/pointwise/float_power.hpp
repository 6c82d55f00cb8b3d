// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pow.hpp>
#include <torchlite/ops/pointwise/to.hpp>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {
template <operand X>
auto as_double(X&& x) {
  if constexpr (!tensor_like<X>) return static_cast<double>(x);
  else if constexpr (complex_number<value_t<X>>) return to<complex_t<double>>(std::forward<X>(x));
  else return to<double>(std::forward<X>(x));
}
}  // namespace ops

/// a^b, computed in double and given as double whatever the dtypes; in complex128 if one is complex.
///   a [...], b [...] -> [...], broadcast
template <operand A, operand B>
  requires(tensor_like<A> || tensor_like<B>)
auto float_power(A&& a, B&& b) { return pow(ops::as_double(std::forward<A>(a)), ops::as_double(std::forward<B>(b))); }

}  // namespace torchlite::inline TORCHLITE_ABI
