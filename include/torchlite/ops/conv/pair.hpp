// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <concepts>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {

/// Height and width; one number means both.
struct Pair {
  std::int64_t h = 0, w = 0;

  constexpr Pair() = default;
  constexpr Pair(std::integral auto both) : h(static_cast<std::int64_t>(both)), w(static_cast<std::int64_t>(both)) {}
  constexpr Pair(std::integral auto height, std::integral auto width)
      : h(static_cast<std::int64_t>(height)), w(static_cast<std::int64_t>(width)) {}
  friend constexpr bool operator==(const Pair&, const Pair&) = default;
};

}  // namespace torchlite::inline TORCHLITE_ABI
