// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/reduce/sum_to_size.hpp>
#include <torchlite/ops/shape/record_view.hpp>

#include <initializer_list>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
inline auto sum_to(const Shape& sizes) {
  return [sizes](const Pass&, const auto& g) { return sum_to_size(g, sizes); };
}
}  // namespace autograd

/// x repeated along dimensions of size 1, without copying: all repetitions are the same memory.
///   x [3, 1], {2, 3, 4} -> [2, 3, 4]; -1 keeps a size
/// Throws ShapeError where a size that is not 1 would change.
template <tensor_like X>
tensor_of<X> expand(const X& x_, const Shape& sizes, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const int added = sizes.rank() - x.dim();
  check<ShapeError>(added >= 0, "expand: {} has fewer dimensions than a tensor of shape {}", sizes.str(), x.sizes().str());
  Shape target = sizes;
  for (int d = 0; d < sizes.rank(); ++d) {
    if (target[d] == -1 && d >= added) target[d] = x.sizes()[d - added];
    const bool fits = target[d] >= 0 && (d < added || x.sizes()[d - added] == 1 || x.sizes()[d - added] == target[d]);
    check<ShapeError>(fits, "expand: a tensor of shape {} does not expand to {}: only dimensions of size 1 can be repeated",
                      x.sizes().str(), sizes.str());
  }
  return autograd::record_view("expand", site, x, target, broadcast_strides(x.sizes(), x.strides(), target), x.storage_offset(),
                               autograd::sum_to(x.sizes()));
}

/// x expanded to the sizes of another tensor.
template <tensor_like X, tensor_like B>
tensor_of<X> expand_as(const X& x, const B& other, Site site = Site::current()) {
  return expand(x, eval(other, site).sizes(), site);
}

/// PyTorch's other name for expand.
template <tensor_like X>
tensor_of<X> broadcast_to(const X& x, const Shape& sizes, Site site = Site::current()) {
  return expand(x, sizes, site);
}

/// The shape that all of the given ones broadcast to.
inline Shape broadcast_shapes(std::initializer_list<Shape> shapes) {
  Shape out;
  for (const Shape& sizes : shapes) out = broadcast_shapes("broadcast_shapes", out, sizes);
  return out;
}

/// Every tensor expanded to the shape that all of them broadcast to.
///   [3, 1], [4] -> [3, 4], [3, 4]; share memory
template <class T, class D>
std::vector<Tensor<T, D>> broadcast_tensors(const std::vector<Tensor<T, D>>& tensors, Site site = Site::current()) {
  Shape sizes;
  for (const auto& x : tensors) sizes = broadcast_shapes("broadcast_tensors", sizes, x.sizes());
  std::vector<Tensor<T, D>> out;
  out.reserve(tensors.size());
  for (const auto& x : tensors) out.push_back(expand(x, sizes, site));
  return out;
}
template <class T, class D>
std::vector<Tensor<T, D>> broadcast_tensors(std::initializer_list<Tensor<T, D>> tensors, Site site = Site::current()) {
  return broadcast_tensors(std::vector<Tensor<T, D>>(tensors), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
