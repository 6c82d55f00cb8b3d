// SPDX-License-Identifier: BSD-3-Clause
// More ways of putting tensors together: NumPy's names.
#pragma once
#include <torchlite/ops/shape/atleast.hpp>
#include <torchlite/ops/shape/cat.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// Other names of cat.
template <class T, class D>
Tensor<T, D> concat(const std::vector<Tensor<T, D>>& tensors, std::int64_t dim = 0, Site site = Site::current()) {
  return cat(tensors, dim, site);
}
template <class T, class D>
Tensor<T, D> concat(std::initializer_list<Tensor<T, D>> tensors, std::int64_t dim = 0, Site site = Site::current()) {
  return cat(std::vector<Tensor<T, D>>(tensors), dim, site);
}
template <class T, class D>
Tensor<T, D> concatenate(const std::vector<Tensor<T, D>>& tensors, std::int64_t axis = 0, Site site = Site::current()) {
  return cat(tensors, axis, site);
}
template <class T, class D>
Tensor<T, D> concatenate(std::initializer_list<Tensor<T, D>> tensors, std::int64_t axis = 0, Site site = Site::current()) {
  return cat(std::vector<Tensor<T, D>>(tensors), axis, site);
}

/// Another name of vstack.
template <class T, class D>
Tensor<T, D> row_stack(const std::vector<Tensor<T, D>>& tensors, Site site = Site::current()) {
  return vstack(tensors, site);
}
template <class T, class D>
Tensor<T, D> row_stack(std::initializer_list<Tensor<T, D>> tensors, Site site = Site::current()) {
  return vstack(std::vector<Tensor<T, D>>(tensors), site);
}

/// cat along the third dimension of tensors made at least three-dimensional.
///   n times [m] -> [1, m, n];  n times [a, b] -> [a, b, n]
template <class T, class D>
Tensor<T, D> dstack(const std::vector<Tensor<T, D>>& tensors, Site site = Site::current()) {
  check<ShapeError>(!tensors.empty(), "dstack: the list of tensors is empty");
  return cat(atleast_3d(tensors, site), 2, site);
}
template <class T, class D>
Tensor<T, D> dstack(std::initializer_list<Tensor<T, D>> tensors, Site site = Site::current()) {
  return dstack(std::vector<Tensor<T, D>>(tensors), site);
}

/// hstack in which vectors are columns.
///   [m], [m, 2] -> [m, 3]
template <class T, class D>
Tensor<T, D> column_stack(const std::vector<Tensor<T, D>>& tensors, Site site = Site::current()) {
  check<ShapeError>(!tensors.empty(), "column_stack: the list of tensors is empty");
  std::vector<Tensor<T, D>> columns;
  columns.reserve(tensors.size());
  for (const auto& x : tensors) columns.push_back(x.dim() <= 1 ? reshape(x, {x.numel(), 1}, site) : x);
  return hstack(columns, site);
}
template <class T, class D>
Tensor<T, D> column_stack(std::initializer_list<Tensor<T, D>> tensors, Site site = Site::current()) {
  return column_stack(std::vector<Tensor<T, D>>(tensors), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
