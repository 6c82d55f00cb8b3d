// SPDX-License-Identifier: BSD-3-Clause
// The second names that PyTorch has for pointwise functions.
#pragma once
#include <torchlite/ops/pointwise/abs.hpp>
#include <torchlite/ops/pointwise/acos.hpp>
#include <torchlite/ops/pointwise/acosh.hpp>
#include <torchlite/ops/pointwise/asin.hpp>
#include <torchlite/ops/pointwise/asinh.hpp>
#include <torchlite/ops/pointwise/atan.hpp>
#include <torchlite/ops/pointwise/atan2.hpp>
#include <torchlite/ops/pointwise/atanh.hpp>
#include <torchlite/ops/pointwise/ge.hpp>
#include <torchlite/ops/pointwise/gt.hpp>
#include <torchlite/ops/pointwise/le.hpp>
#include <torchlite/ops/pointwise/lt.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/pointwise/ne.hpp>
#include <torchlite/ops/pointwise/neg.hpp>
#include <torchlite/ops/pointwise/sub.hpp>
#include <torchlite/ops/pointwise/trunc.hpp>

namespace torchlite::inline TORCHLITE_ABI {

inline constexpr auto absolute = abs;
inline constexpr auto arccos = acos;
inline constexpr auto arccosh = acosh;
inline constexpr auto arcsin = asin;
inline constexpr auto arcsinh = asinh;
inline constexpr auto arctan = atan;
inline constexpr auto arctan2 = atan2;
inline constexpr auto arctanh = atanh;
inline constexpr auto fix = trunc;
inline constexpr auto greater = gt;
inline constexpr auto greater_equal = ge;
inline constexpr auto less = lt;
inline constexpr auto less_equal = le;
inline constexpr auto multiply = mul;
inline constexpr auto negative = neg;
inline constexpr auto not_equal = ne;
inline constexpr auto subtract = sub;

}  // namespace torchlite::inline TORCHLITE_ABI
