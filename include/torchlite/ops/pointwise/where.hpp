// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// a where the condition holds, else b, elementwise, broadcast.
///   condition [...] bool, a [...], b [...] -> [...], the promoted dtype of a and b
struct Where : Symbolic {
  static constexpr std::string_view name = "where";
  static constexpr Result result = Result::same;
  static constexpr unsigned depends = 1;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T c, T a, T b) {
    return select(c != T(0), a, b);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T c, T, T) {
    return {{T(0), select(c != T(0), T(1), T(0)), select(c != T(0), T(0), T(1))}};
  }
};
}  // namespace pointwise

/// nonzero as one vector for each dimension; defined in ops/index/masked.hpp.
template <tensor_like X>
std::vector<Tensor<std::int64_t, device_t<X>>> nonzero_as_tuple(const X& x);

/// where(condition, a, b), and where(condition): the positions at which it holds, one vector for each dimension.
struct WhereFunction : Pointwise<pointwise::Where> {
  using Pointwise<pointwise::Where>::operator();

  template <tensor_like C>
  auto operator()(const C& condition) const {
    return nonzero_as_tuple(condition);
  }
};
inline constexpr WhereFunction where{};

}  // namespace torchlite::inline TORCHLITE_ABI
