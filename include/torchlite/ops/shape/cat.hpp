// SPDX-License-Identifier: BSD-3-Clause
// Tensors put together.
#pragma once
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/squeeze.hpp>
#include <torchlite/tensor/check_devices.hpp>

#include <initializer_list>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

/// The tensors one after the other along dimension dim; their other sizes are equal.
///   [a, n1, b], [a, n2, b], ..., 1 -> [a, n1 + n2 + ..., b]
/// Throws ShapeError if sizes differ or there is no tensor. A tensor of shape [0] counts as nothing, as in PyTorch.
template <class T, class D>
Tensor<T, D> cat(const std::vector<Tensor<T, D>>& tensors, std::int64_t dim = 0, Site site = Site::current()) {
  check<ShapeError>(!tensors.empty(), "cat: the list of tensors is empty");
  const auto is_nothing = [](const Tensor<T, D>& x) { return x.sizes() == Shape{0}; };
  const Tensor<T, D>* model = &tensors[0];
  for (const auto& x : tensors)
    if (is_nothing(*model)) model = &x;
  check<ShapeError>(model->dim() > 0, "cat: tensors without dimensions cannot be put one after the other; use stack");
  const int axis = normalize_axis("cat", dim, model->dim());
  Shape sizes = model->sizes();
  sizes[axis] = 0;
  for (const auto& x : tensors) {
    if (is_nothing(x)) continue;
    check_devices("cat", *model, x);
    bool fits = x.dim() == sizes.rank();
    for (int d = 0; fits && d < sizes.rank(); ++d) fits = d == axis || x.sizes()[d] == sizes[d];
    check<ShapeError>(fits, "cat: shapes {} and {} differ in another dimension than {}", model->sizes().str(), x.sizes().str(), axis);
    sizes[axis] += x.sizes()[axis];
  }
  Tensor<T, D> out = empty<T, D>(sizes);
  const std::int64_t stride = out.strides()[axis];
  std::int64_t start = 0;
  bool needed = false;
  for (const auto& x : tensors) {
    needed |= autograd::needed(x);
    if (is_nothing(x)) continue;
    if (x.numel() > 0) copy_elements(alias(out, x.sizes(), out.strides(), start * stride), x);
    start += x.sizes()[axis];
  }
  if constexpr (differentiable<T>) {
    if (needed) {
      std::vector<std::int64_t> lengths;
      for (const auto& x : tensors) lengths.push_back(is_nothing(x) ? -1 : x.sizes()[axis]);
      return autograd::record("cat", site, std::move(out), autograd::inputs(tensors),
                              [axis, lengths](const autograd::Pass& pass, const Tensor<T, D>& g) {
                                std::vector<Tensor<T, D>> gradients(lengths.size());
                                std::int64_t at = 0;
                                for (std::size_t i = 0; i < lengths.size(); ++i) {
                                  if (pass.needs(i)) gradients[i] = lengths[i] < 0 ? empty<T, D>({0}) : narrow(g, axis, at, lengths[i]);
                                  at += lengths[i] < 0 ? 0 : lengths[i];
                                }
                                return gradients;
                              });
    }
  }
  return out;
}
template <class T, class D>
Tensor<T, D> cat(std::initializer_list<Tensor<T, D>> tensors, std::int64_t dim = 0, Site site = Site::current()) {
  return cat(std::vector<Tensor<T, D>>(tensors), dim, site);
}

/// Tensors of equal shape along a new dimension at position dim.
///   n times [a, b], 1 -> [a, n, b]
/// Throws ShapeError if shapes differ or there is no tensor.
template <class T, class D>
Tensor<T, D> stack(const std::vector<Tensor<T, D>>& tensors, std::int64_t dim = 0, Site site = Site::current()) {
  check<ShapeError>(!tensors.empty(), "stack: the list of tensors is empty");
  const int axis = normalize_axis("stack", dim, tensors[0].dim() + 1);
  std::vector<Tensor<T, D>> rows;
  rows.reserve(tensors.size());
  for (const auto& x : tensors) {
    check<ShapeError>(x.sizes() == tensors[0].sizes(), "stack: shapes {} and {} differ; stack takes tensors of equal shape",
                      tensors[0].sizes().str(), x.sizes().str());
    rows.push_back(unsqueeze(x, axis, site));
  }
  return cat(rows, axis, site);
}
template <class T, class D>
Tensor<T, D> stack(std::initializer_list<Tensor<T, D>> tensors, std::int64_t dim = 0, Site site = Site::current()) {
  return stack(std::vector<Tensor<T, D>>(tensors), dim, site);
}

/// cat along the first dimension of tensors made at least two-dimensional: vectors become rows.
template <class T, class D>
Tensor<T, D> vstack(const std::vector<Tensor<T, D>>& tensors, Site site = Site::current()) {
  std::vector<Tensor<T, D>> rows;
  for (const auto& x : tensors) rows.push_back(x.dim() >= 2 ? x : (x.dim() == 1 ? unsqueeze(x, 0, site) : reshape(x, {1, 1}, site)));
  return cat(rows, 0, site);
}
template <class T, class D>
Tensor<T, D> vstack(std::initializer_list<Tensor<T, D>> tensors, Site site = Site::current()) {
  return vstack(std::vector<Tensor<T, D>>(tensors), site);
}

/// cat along the second dimension; vectors are put one after the other.
template <class T, class D>
Tensor<T, D> hstack(const std::vector<Tensor<T, D>>& tensors, Site site = Site::current()) {
  std::vector<Tensor<T, D>> columns;
  for (const auto& x : tensors) columns.push_back(x.dim() >= 1 ? x : reshape(x, {1}, site));
  return cat(columns, !columns.empty() && columns[0].dim() > 1 ? 1 : 0, site);
}
template <class T, class D>
Tensor<T, D> hstack(std::initializer_list<Tensor<T, D>> tensors, Site site = Site::current()) {
  return hstack(std::vector<Tensor<T, D>>(tensors), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
