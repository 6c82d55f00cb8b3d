// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/recurrent_cells.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// One layer in one direction; all memory is dense, time first.
template <class T>
struct RecurrentArguments {
  std::int64_t length = 0, batch = 0, hidden = 0;
  bool reversed = false;      ///< the last step is the first one
  T* gates = nullptr;         ///< [length, batch, gates hidden]
  const T* weight = nullptr;  ///< of h: [gates hidden, hidden]
  const T* bias_h = nullptr;  ///< [gates hidden], where the cell takes it apart, or null
  const T* h_0 = nullptr;     ///< [batch, hidden]; null: zeros
  const T* kept_0 = nullptr;
  T* kept = nullptr;  ///< [length, batch, hidden], or [batch, hidden] if kept_step is 0
  std::int64_t kept_step = 0;
  T* y = nullptr;  ///< [length, batch, hidden]
};

/// What backward takes and gives besides; null where there is none.
template <class T>
struct RecurrentGradients {
  const T* dy = nullptr;       ///< [length, batch, hidden]
  const T* dkept_n = nullptr;  ///< of the last kept: [batch, hidden]
  T* dgates = nullptr;         ///< [length, batch, gates hidden]
  T* dfrom_h = nullptr;        ///< the same, where the cell takes it apart
  T* dh_0 = nullptr;           ///< [batch, hidden], as are the next
  T* dkept_0 = nullptr;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
