// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/view.hpp>
#include <torchlite/tensor/create.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Each tensor cut into num_chunks equal chunks along dim (zeros are added at its end until they are equal), each chunk as a
/// vector, and the vectors of all tensors one after the other: how sharded training packs its parameters.
///   [a, n, b], [a, m, c], 1, k -> [a, k, ceil(n / k) * b + ceil(m / k) * c]
/// Throws ShapeError unless all sizes before dim are equal.
template <class T, class D>
Tensor<T, D> _chunk_cat(const std::vector<Tensor<T, D>>& tensors, std::int64_t dim, std::int64_t num_chunks, Site site = Site::current()) {
  check<ShapeError>(!tensors.empty(), "_chunk_cat: the list of tensors is empty");
  check<ShapeError>(num_chunks >= 1, "_chunk_cat: {} chunks were asked for; there must be at least one", num_chunks);
  const int axis = normalize_axis("_chunk_cat", dim, tensors[0].dim());
  std::vector<Tensor<T, D>> rows;
  rows.reserve(tensors.size());
  for (const auto& x : tensors) {
    check<ShapeError>(x.numel() > 0 && x.dim() > axis && (dim >= 0 || x.dim() == tensors[0].dim()),
                      "_chunk_cat: a tensor of shape {} has no dimension {} with elements to cut", x.sizes().str(), dim);
    for (int d = 0; d < axis; ++d)
      check<ShapeError>(x.sizes()[d] == tensors[0].sizes()[d], "_chunk_cat: shapes {} and {} differ before dimension {}",
                        tensors[0].sizes().str(), x.sizes().str(), axis);
    Shape missing = x.sizes();
    missing[axis] = (num_chunks - x.sizes()[axis] % num_chunks) % num_chunks;
    const Tensor<T, D> whole = missing[axis] == 0 ? x : cat({x, zeros<T, D>(missing)}, axis, site);
    Shape sizes(x.sizes().begin(), x.sizes().begin() + axis);
    sizes.push_back(num_chunks);
    sizes.push_back(-1);
    rows.push_back(reshape(whole, sizes, site));
  }
  return cat(rows, axis + 1, site);
}
template <class T, class D>
Tensor<T, D> _chunk_cat(std::initializer_list<Tensor<T, D>> tensors, std::int64_t dim, std::int64_t num_chunks,
                        Site site = Site::current()) {
  return _chunk_cat(std::vector<Tensor<T, D>>(tensors), dim, num_chunks, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
