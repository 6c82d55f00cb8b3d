// SPDX-License-Identifier: BSD-3-Clause
// Dense memory seen as rows or as channels.
#pragma once
#include <torchlite/core/config.hpp>

#include <algorithm>
#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Dense memory [outer, n, inner] as outer * inner rows of n elements, which lie `inner` apart.
struct RowLayout {
  std::int64_t outer = 1, n = 1, inner = 1;

  TORCHLITE_HOST_DEVICE std::int64_t count() const { return outer * inner; }
  TORCHLITE_HOST_DEVICE std::int64_t first(std::int64_t row) const { return inner == 1 ? row * n : row / inner * n * inner + row % inner; }
  /// Rows that are worth a thread.
  std::int64_t grain() const { return std::max<std::int64_t>(1, 8192 / std::max<std::int64_t>(n, 1)); }
};

/// Dense memory [batch, channels, plane].
struct ChannelLayout {
  std::int64_t batch = 1, channels = 1, plane = 1;

  TORCHLITE_HOST_DEVICE std::int64_t at(std::int64_t n, std::int64_t c) const { return (n * channels + c) * plane; }
  TORCHLITE_HOST_DEVICE double count() const { return static_cast<double>(batch * plane); }
  /// Channels that are worth a thread.
  std::int64_t grain() const { return std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(batch * plane, 1)); }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
