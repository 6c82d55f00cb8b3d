// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/indexing.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

/// Positions in a row-major tensor of the given sizes as one vector of coordinates for each dimension; negative ones count from
/// the end.
///   indices [...] -> sizes.rank() times [...]
/// Throws IndexError where a position is not in [-numel, numel).
template <tensor_like I>
std::vector<Tensor<std::int64_t, device_t<I>>> unravel_index(const I& indices_, const Shape& sizes) {
  using D = device_t<I>;
  check_sizes("unravel_index", sizes, 1);
  const auto indices = indexing::numbers("unravel_index", indices_);
  const std::int64_t all = sizes.numel();
  check_devices("unravel_index", indices);
  const backend::RangeCheck range = check_range(D{}, strided_memory(indices), -all, all - 1);
  check<IndexError>(range.ok, "unravel_index: position {} is out of range for a tensor of shape {}", range.offender, sizes.str());
  std::vector<Tensor<std::int64_t, D>> out;
  std::vector<std::int64_t> positions = indices.to_vector(), coordinates(positions.size());
  const Shape strides = contiguous_strides(sizes);
  for (int d = 0; d < sizes.rank(); ++d) {
    for (std::size_t i = 0; i < positions.size(); ++i)
      coordinates[i] = (positions[i] < 0 ? positions[i] + all : positions[i]) / strides[d] % sizes[d];
    out.push_back(Tensor<std::int64_t, D>::from(coordinates, indices.sizes()));
  }
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI
