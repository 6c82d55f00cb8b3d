// SPDX-License-Identifier: BSD-3-Clause
// Taking tensors apart along a dimension and putting them together again: what batching needs, to any order of derivatives.
#pragma once
#include <torchlite/autograd/accumulate.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// The memory of one slice of x, without a graph.
template <class T, class D>
Tensor<T, D> slice_memory(const Tensor<T, D>& x, int dim, std::int64_t i) {
  Shape sizes = x.sizes(), strides = x.strides();
  const std::int64_t offset = x.storage_offset() + i * strides[dim];
  sizes.erase(dim);
  strides.erase(dim);
  return alias(x, sizes, strides, offset);
}

template <class T, class D>
Tensor<T, D> place_slice(const Tensor<T, D>& x, int dim, std::int64_t i, std::int64_t n);

/// Slice i of x along a dimension, which it loses.
template <class T, class D>
Tensor<T, D> take_slice(const Tensor<T, D>& x, int dim, std::int64_t i) {
  Tensor<T, D> out = slice_memory(x, dim, i);
  out.impl().base = x.impl().base ? x.impl().base : x.ref();
  if constexpr (differentiable<T>)
    if (needed(x))
      return mark_view(record("select", Site{}, std::move(out), inputs(x),
                              [dim, i, n = x.size(dim)](const Pass&, const Tensor<T, D>& g) { return place_slice(g, dim, i, n); }));
  return out;
}

/// x as slice i of n along a new dimension; the others are zeros.
template <class T, class D>
Tensor<T, D> place_slice(const Tensor<T, D>& x, int dim, std::int64_t i, std::int64_t n) {
  Shape sizes = x.sizes();
  sizes.insert(dim, n);
  Tensor<T, D> out = empty<T, D>(sizes);
  fill_elements(out, T{});
  copy_elements(slice_memory(out, dim, i), x);
  if (!needed(x)) return out;
  return record("place_slice", Site{}, std::move(out), inputs(x),
                [dim, i](const Pass&, const Tensor<T, D>& g) { return take_slice(g, dim, i); });
}

/// Tensors of equal sizes, side by side along a new dimension.
template <class T, class D>
Tensor<T, D> stack_slices(const char* op, const std::vector<Tensor<T, D>>& parts, std::int64_t dim) {
  check<Error>(!parts.empty(), "{}: there is nothing to put together; the batch is empty", op);
  const int at = normalize_axis(op, dim, parts[0].dim() + 1);
  Shape sizes = parts[0].sizes();
  for (const auto& p : parts)
    check<ShapeError>(p.sizes() == sizes, "{}: results of shapes {} and {}; all must have the same shape", op, sizes.str(),
                      p.sizes().str());
  sizes.insert(at, static_cast<std::int64_t>(parts.size()));
  Tensor<T, D> out = empty<T, D>(sizes);
  bool recorded = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    copy_elements(slice_memory(out, at, static_cast<std::int64_t>(i)), parts[i]);
    recorded = recorded || parts[i].requires_grad();
  }
  if constexpr (differentiable<T>)
    if (recorded && is_grad_enabled())
      return record("stack", Site{}, std::move(out), inputs(parts), [at, n = parts.size()](const Pass& pass, const Tensor<T, D>& g) {
        std::vector<Tensor<T, D>> gradients(n);
        for (std::size_t i = 0; i < n; ++i)
          if (pass.needs(i)) gradients[i] = take_slice(g, at, static_cast<std::int64_t>(i));
        return gradients;
      });
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
