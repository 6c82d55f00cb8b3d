// SPDX-License-Identifier: BSD-3-Clause
// Every value of one vector with every value of the others.
#pragma once
#include <torchlite/ops/shape/atleast.hpp>
#include <torchlite/ops/shape/cat.hpp>
#include <torchlite/ops/shape/permute.hpp>

#include <string_view>

namespace torchlite::inline TORCHLITE_ABI {

/// Result i holds vector i along dimension i and the same values along all others. indexing "xy" exchanges the first two
/// dimensions of every result, as plots want it.
///   [a], [b], "ij" -> [a, b], [a, b];  "xy" -> [b, a], [b, a]; share memory
/// Throws ShapeError for tensors of two and more dimensions.
template <class T, class D>
std::vector<Tensor<T, D>> meshgrid(const std::vector<Tensor<T, D>>& tensors, std::string_view indexing = "ij",
                                   Site site = Site::current()) {
  check<ShapeError>(!tensors.empty(), "meshgrid: the list of tensors is empty");
  check<Error>(indexing == "ij" || indexing == "xy", "meshgrid: indexing \"{}\" is neither \"ij\" nor \"xy\"", indexing);
  const bool exchanged = indexing == "xy" && tensors.size() >= 2;
  const int n = static_cast<int>(tensors.size());
  Shape sizes;
  for (const auto& x : tensors) {
    check<ShapeError>(x.dim() <= 1, "meshgrid: a tensor of shape {} is no vector", x.sizes().str());
    sizes.push_back(x.numel());
  }
  if (exchanged) std::swap(sizes[0], sizes[1]);
  std::vector<Tensor<T, D>> out;
  out.reserve(tensors.size());
  for (int i = 0; i < n; ++i) {
    Shape own = Shape::filled(n, 1);
    const int at = exchanged && i < 2 ? 1 - i : i;
    own[at] = sizes[at];
    out.push_back(expand(reshape(tensors[static_cast<std::size_t>(i)], own, site), sizes, site));
  }
  return out;
}
template <class T, class D>
std::vector<Tensor<T, D>> meshgrid(std::initializer_list<Tensor<T, D>> tensors, std::string_view indexing = "ij",
                                   Site site = Site::current()) {
  return meshgrid(std::vector<Tensor<T, D>>(tensors), indexing, site);
}

/// All tuples of one element of each vector, as rows, in the order of the elements; of one vector itself.
///   [a], [b] -> [a * b, 2]
template <class T, class D>
Tensor<T, D> cartesian_prod(const std::vector<Tensor<T, D>>& tensors, Site site = Site::current()) {
  check<ShapeError>(!tensors.empty(), "cartesian_prod: the list of tensors is empty");
  for (const auto& x : tensors) check<ShapeError>(x.dim() == 1, "cartesian_prod: a tensor of shape {} is no vector", x.sizes().str());
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor<T, D>> columns = meshgrid(tensors, "ij", site);
  for (auto& column : columns) column = reshape(column, {column.numel()}, site);
  return stack(columns, 1, site);
}
template <class T, class D>
Tensor<T, D> cartesian_prod(std::initializer_list<Tensor<T, D>> tensors, Site site = Site::current()) {
  return cartesian_prod(std::vector<Tensor<T, D>>(tensors), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
