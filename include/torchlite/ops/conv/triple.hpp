// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <concepts>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {

/// Depth, height and width; one number means all.
struct Triple {
  std::int64_t d = 0, h = 0, w = 0;

  constexpr Triple() = default;
  constexpr Triple(std::integral auto all)
      : d(static_cast<std::int64_t>(all)), h(static_cast<std::int64_t>(all)), w(static_cast<std::int64_t>(all)) {}
  constexpr Triple(std::integral auto depth, std::integral auto height, std::integral auto width)
      : d(static_cast<std::int64_t>(depth)), h(static_cast<std::int64_t>(height)), w(static_cast<std::int64_t>(width)) {}
  friend constexpr bool operator==(const Triple&, const Triple&) = default;
};

}  // namespace torchlite::inline TORCHLITE_ABI
