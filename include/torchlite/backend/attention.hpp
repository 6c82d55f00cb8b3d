// SPDX-License-Identifier: BSD-3-Clause
// What the kernels of attention, softmax(scale q k^T) v, are told on every device.
#pragma once
#include <torchlite/core/dtype.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Matrices [rows, width] in one memory: head i begins at offsets[i], its rows are `row` apart, a row is dense.
template <class T>
struct HeadRows {
  T* data = nullptr;
  const std::int64_t* offsets = nullptr;
  std::int64_t row = 0;

  T* at(std::int64_t head, std::int64_t r) const { return data + offsets[head] + r * row; }
};

/// The same in memory that lies in two dimensions of heads, `inner` of them in the second one: no table that a device had to be sent.
template <class T>
struct HeadStrides {
  T* data = nullptr;
  std::int64_t inner = 1, outer_step = 0, inner_step = 0, row = 0;

  TORCHLITE_HOST_DEVICE T* at(std::int64_t head, std::int64_t r) const {
    const std::int64_t outer = head / inner;
    return data + outer * outer_step + (head - outer * inner) * inner_step + r * row;
  }
};

/// Each of `heads` heads of keys and values serves `group` heads of queries that follow each other.
template <class T, template <class> class Rows = HeadRows>
struct AttentionArguments {
  std::int64_t heads = 0, group = 1, queries = 0, keys = 0, width = 0, value_width = 0;
  register_t<T> scale = 1;
  bool causal = false;  ///< query i sees keys 0 to i
  Rows<const T> q, k, v;
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
