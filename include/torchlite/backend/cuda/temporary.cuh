// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cuda/memory.cuh>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Calls CUB twice: once for the size of its temporary memory, once for the work.
template <class Call>
void with_temporary(const char* name, Call&& call) {
  std::size_t bytes = 0;
  check_status(call(nullptr, bytes), name);
  const Scratch scratch(bytes > 0 ? bytes : 1);
  check_status(call(scratch.data(), bytes), name);
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
