// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Lines along the middle of dense memory [outer, n, inner], which Fourier transforms go along.
struct FourierLines {
  std::int64_t outer, inner;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
