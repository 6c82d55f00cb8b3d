// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/tensor/tensor.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {
/// Rows and columns of the elements of a matrix with column - row in [lowest, highest], row by row: the rows, then the columns.
template <class T, class D>
Tensor<T, D> band_indices(const char* op, std::int64_t rows, std::int64_t columns, std::int64_t lowest, std::int64_t highest) {
  check<ShapeError>(rows >= 0 && columns >= 0, "{}: a matrix of {} rows and {} columns; neither can be negative", op, rows, columns);
  std::vector<T> row_numbers, column_numbers;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t first = lowest < -row ? 0 : row + lowest;
    const std::int64_t last = highest > columns - 1 - row ? columns - 1 : row + highest;
    for (std::int64_t column = first; column <= last; ++column) {
      row_numbers.push_back(static_cast<T>(row));
      column_numbers.push_back(static_cast<T>(column));
    }
  }
  const auto n = static_cast<std::int64_t>(row_numbers.size());
  row_numbers.insert(row_numbers.end(), column_numbers.begin(), column_numbers.end());
  return Tensor<T, D>::from(row_numbers, {2, n});
}
}  // namespace ops

/// The positions of the lower triangle of a matrix, as tril keeps it: the rows of all elements, then their columns.
///   -> [2, n]
/// Throws ShapeError if a size is negative.
template <dtype T = std::int64_t, device D = Cpu>
Tensor<T, D> tril_indices(std::int64_t row, std::int64_t col, std::int64_t offset = 0) {
  static_assert(integral<T>, "indices are integers; use std::int64_t or std::int32_t");
  return ops::band_indices<T, D>("tril_indices", row, col, std::numeric_limits<std::int64_t>::min(), offset);
}
/// The positions of the upper triangle of a matrix, as triu keeps it.
///   -> [2, n]
template <dtype T = std::int64_t, device D = Cpu>
Tensor<T, D> triu_indices(std::int64_t row, std::int64_t col, std::int64_t offset = 0) {
  static_assert(integral<T>, "indices are integers; use std::int64_t or std::int32_t");
  return ops::band_indices<T, D>("triu_indices", row, col, offset, std::numeric_limits<std::int64_t>::max());
}

}  // namespace torchlite::inline TORCHLITE_ABI
