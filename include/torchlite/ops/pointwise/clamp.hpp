// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/pointwise/pointwise.hpp>

#include <optional>

namespace torchlite::inline TORCHLITE_ABI {
namespace pointwise {

/// x limited to [lowest, highest], elementwise; the gradient is 1 inside and at the bounds, 0 outside.
struct Clamp : Symbolic {
  static constexpr std::string_view name = "clamp";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T lowest, T highest) {
    return min(max(x, lowest), highest);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 3> derivative(T x, T lowest, T highest) {
    return {{select(x < lowest, T(0), select(x > highest, T(0), T(1))), select(x < lowest, select(lowest < highest, T(1), T(0)), T(0)),
             select(max(x, lowest) > highest, T(1), T(0))}};
  }
};

/// The larger of x and lowest, elementwise; where they are equal x gets the gradient.
struct ClampMin : Symbolic {
  static constexpr std::string_view name = "clamp_min";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T lowest) {
    return max(x, lowest);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T lowest) {
    return {{select(x >= lowest, T(1), T(0)), select(x < lowest, T(1), T(0))}};
  }
};

/// The smaller of x and highest, elementwise; where they are equal x gets the gradient.
struct ClampMax : Symbolic {
  static constexpr std::string_view name = "clamp_max";
  static constexpr Result result = Result::same;
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T x, T highest) {
    return min(x, highest);
  }
  template <class T>
  TORCHLITE_HOST_DEVICE static Partials<T, 2> derivative(T x, T highest) {
    return {{select(x <= highest, T(1), T(0)), select(x > highest, T(1), T(0))}};
  }
};
}  // namespace pointwise

inline constexpr Pointwise<pointwise::ClampMin> clamp_min{};
inline constexpr Pointwise<pointwise::ClampMax> clamp_max{};

namespace ops {
/// clamp(x, lowest, highest), and with one bound only: clamp(x, lowest), clamp(x, std::nullopt, highest).
struct ClampFunction : Pointwise<pointwise::Clamp> {
  using Pointwise::operator();
  template <operand X, operand A>
    requires(tensor_like<X> || tensor_like<A>)
  constexpr auto operator()(X&& x, A&& lowest) const { return clamp_min(std::forward<X>(x), std::forward<A>(lowest)); }
  template <operand X, operand A>
    requires(tensor_like<X> || tensor_like<A>)
  constexpr auto operator()(X&& x, A&& lowest, std::nullopt_t) const { return clamp_min(std::forward<X>(x), std::forward<A>(lowest)); }
  template <operand X, operand B>
    requires(tensor_like<X> || tensor_like<B>)
  constexpr auto operator()(X&& x, std::nullopt_t, B&& highest) const { return clamp_max(std::forward<X>(x), std::forward<B>(highest)); }
};
}  // namespace ops

inline constexpr ops::ClampFunction clamp{}, clip{};

}  // namespace torchlite::inline TORCHLITE_ABI
