// SPDX-License-Identifier: BSD-3-Clause
// Dimensions of size 1 added until there are enough.
#pragma once
#include <torchlite/ops/shape/view.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

/// A number as a vector of one element; other tensors as they are.
///   x [] -> [1]
template <tensor_like X>
tensor_of<X> atleast_1d(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (x.dim() >= 1) return x;
  return view(x, {1}, site);
}
/// A vector as a row, a number as a matrix of one element; other tensors as they are.
///   x [n] -> [1, n]
template <tensor_like X>
tensor_of<X> atleast_2d(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (x.dim() >= 2) return x;
  return reshape(x, {1, x.numel()}, site);
}
/// A matrix with one more dimension behind it, a vector with one before and one behind it; other tensors as they are.
///   x [m, n] -> [m, n, 1];  x [n] -> [1, n, 1];  x [] -> [1, 1, 1]
template <tensor_like X>
tensor_of<X> atleast_3d(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (x.dim() >= 3) return x;
  if (x.dim() == 2) return reshape(x, {x.sizes()[0], x.sizes()[1], 1}, site);
  return reshape(x, {1, x.numel(), 1}, site);
}

/// The same for every tensor of a list.
template <class T, class D>
std::vector<Tensor<T, D>> atleast_1d(std::vector<Tensor<T, D>> tensors, Site site = Site::current()) {
  for (auto& x : tensors) x = atleast_1d(x, site);
  return tensors;
}
template <class T, class D>
std::vector<Tensor<T, D>> atleast_2d(std::vector<Tensor<T, D>> tensors, Site site = Site::current()) {
  for (auto& x : tensors) x = atleast_2d(x, site);
  return tensors;
}
template <class T, class D>
std::vector<Tensor<T, D>> atleast_3d(std::vector<Tensor<T, D>> tensors, Site site = Site::current()) {
  for (auto& x : tensors) x = atleast_3d(x, site);
  return tensors;
}

}  // namespace torchlite::inline TORCHLITE_ABI
