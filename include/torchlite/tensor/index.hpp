// SPDX-License-Identifier: BSD-3-Clause
// What stands between the parentheses of a(...).
#pragma once
#include <torchlite/expr/concepts.hpp>

#include <concepts>
#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

/// As an index: a new dimension of size 1. In a Slice: "from the start", "to the end".
struct NoneType {};
inline constexpr NoneType None{};

/// As an index: as many full slices as are left over.
struct EllipsisType {};
inline constexpr EllipsisType Ellipsis{};

/// start:stop:step of one dimension, with Python's meaning of negative and missing numbers; step is positive.
struct Slice {
  static constexpr std::int64_t missing = std::numeric_limits<std::int64_t>::min();

  /// A bound of a slice: a number or None.
  struct Bound {
    std::int64_t value;
    constexpr Bound(std::integral auto v) : value(static_cast<std::int64_t>(v)) {}
    constexpr Bound(NoneType) : value(missing) {}
  };

  constexpr Slice(Bound first = None, Bound last = None, std::int64_t by = 1) : start(first.value), stop(last.value), step(by) {}

  std::int64_t start, stop, step;
};

/// An integer, Slice, None, Ellipsis, or a tensor of integers or bool.
template <class I>
concept index_argument =
    std::integral<I> || std::same_as<I, Slice> || std::same_as<I, NoneType> || std::same_as<I, EllipsisType> || tensor_like<I>;

}  // namespace torchlite::inline TORCHLITE_ABI
