// SPDX-License-Identifier: BSD-3-Clause
// Results that are larger than the caches are written past them: no line is read before it is overwritten, and none is pushed out.
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>
#include <cstring>

namespace torchlite::inline TORCHLITE_ABI::backend {

inline constexpr bool can_stream = TORCHLITE_AVX512 && !TORCHLITE_CUDA;
/// Results from this size on are gone from most last-level caches before they are read.
inline constexpr std::int64_t streaming_bytes = std::int64_t{32} << 20;

/// True if a result of so many bytes is worth stream_copy, and stream_copy can write there.
inline bool is_streamed(const void* to, std::int64_t bytes) {
  return can_stream && bytes >= streaming_bytes && reinterpret_cast<std::uintptr_t>(to) % 64 == 0;
}

/// Copies whole 64-byte lines between aligned addresses. stream_end must follow, in the same thread, before others read.
inline void stream_copy(void* to, const void* from, std::int64_t bytes) {
#if TORCHLITE_AVX512 && !TORCHLITE_CUDA
  using Line [[gnu::vector_size(64), gnu::may_alias]] = long long;
  for (std::int64_t i = 0; i < bytes; i += 64) {
    const Line line = *reinterpret_cast<const Line*>(static_cast<const char*>(from) + i);
    auto* const target = reinterpret_cast<Line*>(static_cast<char*>(to) + i);
#if defined(__clang__)
    __builtin_nontemporal_store(line, target);
#else
    __builtin_ia32_movntdq512(target, line);
#endif
  }
#else
  std::memcpy(to, from, static_cast<std::size_t>(bytes));
#endif
}
inline void stream_end() {
#if TORCHLITE_AVX512 && !TORCHLITE_CUDA
  __builtin_ia32_sfence();
#endif
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
