// SPDX-License-Identifier: BSD-3-Clause
// Cuts strided operands into blocks that block functions can run on.
#pragma once
#include <torchlite/backend/cpu/block.hpp>
#include <torchlite/backend/pointwise.hpp>

#include <cstring>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Copies n elements between a dense buffer and memory that is strided by the innermost dimension.
struct WidePair {
  std::uint64_t first, second;
};

template <class Word>
inline void copy_run(std::byte* dst, std::int64_t dst_stride, const std::byte* src, std::int64_t src_stride, std::int64_t n) {
  auto* d = reinterpret_cast<Word*>(dst);
  auto* s = reinterpret_cast<const Word*>(src);
  if (src_stride == 1 && dst_stride == 1) {
    std::memcpy(d, s, static_cast<std::size_t>(n) * sizeof(Word));
  } else if (src_stride == 0 && dst_stride == 1) {
    const Word value = *s;
    Word* const end = d + n;
    for (; end - d >= 64; d += 64) {
      TORCHLITE_VECTORIZE
      for (int k = 0; k < 64; ++k) d[k] = value;
    }
    while (d != end) *d++ = value;
  } else {
    for (std::int64_t i = 0; i < n; ++i) d[i * dst_stride] = s[i * src_stride];
  }
}

inline void copy_run(int element_size, std::byte* dst, std::int64_t dst_stride, const std::byte* src, std::int64_t src_stride,
                     std::int64_t n) {
  switch (element_size) {
    case 1: return copy_run<std::uint8_t>(dst, dst_stride, src, src_stride, n);
    case 2: return copy_run<std::uint16_t>(dst, dst_stride, src, src_stride, n);
    case 4: return copy_run<std::uint32_t>(dst, dst_stride, src, src_stride, n);
    case 8: return copy_run<std::uint64_t>(dst, dst_stride, src, src_stride, n);
    default: return copy_run<WidePair>(dst, dst_stride, src, src_stride, n);
  }
}

/// dst [rows, columns] from memory in which the rows, not the columns, are side by side: by tiles, of which both sides are read and
/// written by whole cache lines.
template <class Word>
inline void copy_transposed(std::byte* dst, std::int64_t dst_row, const std::byte* src, std::int64_t src_column, std::int64_t rows,
                            std::int64_t columns) {
  constexpr std::int64_t width = 16;
  auto* d = reinterpret_cast<Word*>(dst);
  auto* s = reinterpret_cast<const Word*>(src);
  for (std::int64_t i = 0; i < rows; i += width)
    for (std::int64_t j = 0; j < columns; j += width) {
      const std::int64_t height = std::min(width, rows - i), length = std::min(width, columns - j);
      Word tile[width][width];
      for (std::int64_t k = 0; k < length; ++k) {
        const Word* const line = s + i + (j + k) * src_column;
        if (height == width) std::memcpy(tile[k], line, sizeof(tile[k]));
        else std::memcpy(tile[k], line, static_cast<std::size_t>(height) * sizeof(Word));
      }
      for (std::int64_t r = 0; r < height; ++r) {
        Word* const to = d + (i + r) * dst_row + j;
        if (length == width) {
          for (std::int64_t k = 0; k < width; ++k) to[k] = tile[k][r];
        } else {
          for (std::int64_t k = 0; k < length; ++k) to[k] = tile[k][r];
        }
      }
    }
}
inline void copy_transposed(int element_size, std::byte* dst, std::int64_t dst_row, const std::byte* src, std::int64_t src_column,
                            std::int64_t rows, std::int64_t columns) {
  switch (element_size) {
    case 1: return copy_transposed<std::uint8_t>(dst, dst_row, src, src_column, rows, columns);
    case 2: return copy_transposed<std::uint16_t>(dst, dst_row, src, src_column, rows, columns);
    case 4: return copy_transposed<std::uint32_t>(dst, dst_row, src, src_column, rows, columns);
    case 8: return copy_transposed<std::uint64_t>(dst, dst_row, src, src_column, rows, columns);
    default: return copy_transposed<WidePair>(dst, dst_row, src, src_column, rows, columns);
  }
}

/// Reads elements [flat, flat + n) of an operand, in the order of the loops, into a dense buffer.
inline void gather_block(const LoopPlan& plan, int operand, const void* base, int element_size, std::int64_t flat, std::int64_t n,
                         void* buffer) {
  LoopPosition at(plan, flat);
  auto* dst = static_cast<std::byte*>(buffer);
  const std::int64_t inner = plan.strides[operand][plan.rank - 1];
  while (n > 0) {
    const std::int64_t run = std::min(n, at.run(plan));
    copy_run(element_size, dst, 1, static_cast<const std::byte*>(base) + at.offset(plan, operand) * element_size, inner, run);
    dst += run * element_size;
    n -= run;
    if (n > 0) at.advance(plan, run);
  }
}

/// Writes a dense buffer to elements [flat, flat + n) of an operand.
inline void scatter_block(const LoopPlan& plan, int operand, void* base, int element_size, std::int64_t flat, std::int64_t n,
                          const void* buffer) {
  LoopPosition at(plan, flat);
  auto* src = static_cast<const std::byte*>(buffer);
  const std::int64_t inner = plan.strides[operand][plan.rank - 1];
  while (n > 0) {
    const std::int64_t run = std::min(n, at.run(plan));
    copy_run(element_size, static_cast<std::byte*>(base) + at.offset(plan, operand) * element_size, inner, src, 1, run);
    src += run * element_size;
    n -= run;
    if (n > 0) at.advance(plan, run);
  }
}

/// Hands out dense blocks of the read operands of a plan: a pointer into the operand itself where that is possible, else a
/// buffer that was filled from it.
class BlockReader {
 public:
  BlockReader(const LoopPlan& plan, const StridedMemory* operands, int count) : plan_(plan), operands_(operands), count_(count) {
    std::byte* free = memory_;
    for (int k = 0; k < count; ++k) {
      buffers_[k] = free;
      free += block_size * (operands[k].element_size > 8 ? max_element_size : 8);
      dense_[k] = plan.is_dense(k);
      splat_[k] = !dense_[k] && is_splat(k);
      splat_ready_[k] = false;
    }
  }

  /// Pointers to elements [flat, flat + n), n <= block_size, each good for padded(n) elements.
  const void* const* read(std::int64_t flat, std::int64_t n) {
    for (int k = 0; k < count_; ++k) {
      const StridedMemory& m = operands_[k];
      if (m.data == nullptr) {  // its value is not read
        pointers_[k] = buffers_[0];
      } else if (dense_[k]) {
        const auto* p = static_cast<const std::byte*>(m.data) + flat * m.element_size;
        if (n != padded(n)) {
          std::memcpy(buffers_[k], p, static_cast<std::size_t>(n * m.element_size));
          std::memset(buffers_[k] + n * m.element_size, 0, static_cast<std::size_t>((padded(n) - n) * m.element_size));
          p = buffers_[k];
        }
        pointers_[k] = p;
      } else if (splat_[k]) {
        if (!splat_ready_[k]) copy_run(m.element_size, buffers_[k], 1, static_cast<const std::byte*>(m.data), 0, block_size);
        splat_ready_[k] = true;
        pointers_[k] = buffers_[k];
      } else {
        gather_block(plan_, k, m.data, m.element_size, flat, n, buffers_[k]);
        std::memset(buffers_[k] + n * m.element_size, 0, static_cast<std::size_t>((padded(n) - n) * m.element_size));
        pointers_[k] = buffers_[k];
      }
    }
    return pointers_;
  }

 private:
  bool is_splat(int k) const {
    for (int d = 0; d < plan_.rank; ++d)
      if (plan_.strides[k][d] != 0) return false;
    return true;
  }

  const LoopPlan& plan_;
  const StridedMemory* operands_;
  int count_;
  bool dense_[LoopPlan::max_operands];
  bool splat_[LoopPlan::max_operands];
  bool splat_ready_[LoopPlan::max_operands];
  const void* pointers_[LoopPlan::max_operands];
  std::byte* buffers_[LoopPlan::max_operands];
  alignas(64) std::byte memory_[LoopPlan::max_operands * block_size * max_element_size];
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
