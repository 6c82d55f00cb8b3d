// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/einsum_equation.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/shape/diagonal.hpp>
#include <torchlite/ops/shape/expand.hpp>

#include <string_view>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {

/// A tensor and the names of its dimensions.
template <class T, class D>
struct EinsumOperand {
  Tensor<T, D> x;
  EinsumLabels labels;

  std::int64_t size(int label) const {
    const int d = einsum_find(labels, label);
    return d < 0 ? 1 : x.sizes()[d];
  }
  void remove(int label, Site site) {  // a dimension of size 1
    const int d = einsum_find(labels, label);
    if (d < 0) return;
    x = squeeze(x, d, site);
    labels.erase(labels.begin() + d);
  }
  void sum_out(int label, Site site) {
    const int d = einsum_find(labels, label);
    if (d < 0) return;
    if (x.sizes()[d] == 1) x = squeeze(x, d, site);
    else if constexpr (differentiable<T>) x = sum(x, d, false, site);
    else x = to<T>(sum(x, d, false, site));
    labels.erase(labels.begin() + d);
  }
  /// The dimensions of the groups in their order, each group as one dimension.
  Tensor<T, D> grouped(const std::vector<EinsumLabels>& groups, Site site) const {
    Shape order, sizes;
    for (const EinsumLabels& group : groups) {
      std::int64_t size = 1;
      for (const int label : group) {
        order.push_back(einsum_find(labels, label));
        size *= x.sizes()[static_cast<int>(order.back())];
      }
      sizes.push_back(size);
    }
    return reshape(permute(x, order, site), sizes, site);
  }
};

template <class T, class D>
EinsumOperand<T, D> einsum_product(EinsumOperand<T, D> a, EinsumOperand<T, D> b, const std::vector<bool>& needed, Site site) {
  // A dimension of size 1 against another one is broadcast: it can as well be missing.
  for (const int label : EinsumLabels(a.labels)) {
    if (einsum_find(b.labels, label) < 0) continue;
    if (a.size(label) == 1 && b.size(label) != 1) a.remove(label, site);
    else if (b.size(label) == 1 && a.size(label) != 1) b.remove(label, site);
  }
  const auto is_needed = [&](int label) { return needed[static_cast<std::size_t>(label)]; };
  for (const int label : EinsumLabels(a.labels))
    if (!is_needed(label) && einsum_find(b.labels, label) < 0) a.sum_out(label, site);
  for (const int label : EinsumLabels(b.labels))
    if (!is_needed(label) && einsum_find(a.labels, label) < 0) b.sum_out(label, site);
  EinsumLabels batch, of_a, of_b, summed;
  for (const int label : a.labels) {
    if (einsum_find(b.labels, label) < 0) of_a.push_back(label);
    else if (is_needed(label)) batch.push_back(label);
    else summed.push_back(label);
  }
  for (const int label : b.labels)
    if (einsum_find(a.labels, label) < 0) of_b.push_back(label);
  EinsumOperand<T, D> out;
  Shape sizes;
  for (const auto* group : {&batch, &of_a, &of_b})
    for (const int label : *group) {
      out.labels.push_back(label);
      sizes.push_back(group == &of_b ? b.size(label) : a.size(label));
    }
  out.x = reshape(bmm(a.grouped({batch, of_a, summed}, site), b.grouped({batch, summed, of_b}, site), site), sizes, site);
  return out;
}

}  // namespace ops

/// Sums of products by Einstein's convention: einsum("bij,bjk->bik", {a, b}) multiplies batches of matrices.
/// A letter names a dimension of an operand; one that stands in several terms, or twice in one, is the same dimension (there the
/// diagonal is taken); "..." stands for any others, which broadcast. After "->" stand the dimensions of the result, all other ones are
/// summed; without "->" those are left that are named once, in alphabetical order, behind "...". Operands are multiplied from left to right.
/// Throws Error for an equation that says nothing, ShapeError if the sizes do not fit.
template <class T, class D>
Tensor<T, D> einsum(std::string_view equation, const std::vector<Tensor<T, D>>& operands, Site site = Site::current()) {
  check<Error>(!operands.empty(), "einsum: \"{}\" was given no operands; there must be at least one", equation);
  std::vector<Shape> sizes;
  for (const auto& x : operands) sizes.push_back(x.sizes());
  const ops::EinsumPlan plan = ops::einsum_plan(equation, sizes);

  std::vector<ops::EinsumOperand<T, D>> list;
  int top = ops::einsum_letters;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    ops::EinsumOperand<T, D> o{operands[i], plan.inputs[i]};
    for (std::size_t p = 0; p < o.labels.size(); ++p)
      for (std::size_t q = p + 1; q < o.labels.size();) {
        if (o.labels[q] != o.labels[p]) {
          ++q;
          continue;
        }
        const std::int64_t sp = o.x.sizes()[p], sq = o.x.sizes()[q];
        check<ShapeError>(sp == sq, "einsum: '{}' stands twice in term {} of \"{}\" for sizes {} and {}; they must be equal",
                          ops::einsum_name(o.labels[p]), i, equation, sp, sq);
        // The diagonal comes last, and goes where the first of its two dimensions was.
        const auto d = static_cast<std::int64_t>(p);
        o.x = movedim(diagonal(o.x, 0, d, static_cast<std::int64_t>(q), site), -1, d, site);
        o.labels.erase(o.labels.begin() + static_cast<std::ptrdiff_t>(q));
      }
    for (const int label : o.labels) top = label >= top ? label + 1 : top;
    list.push_back(std::move(o));
  }
  std::vector<std::int64_t> extent(static_cast<std::size_t>(top), 1);
  for (std::size_t i = 0; i < list.size(); ++i)
    for (const int label : list[i].labels) {
      std::int64_t& known = extent[static_cast<std::size_t>(label)];
      const std::int64_t size = list[i].size(label);
      check<ShapeError>(known == 1 || size == 1 || known == size,
                        "einsum: '{}' of \"{}\" stands for sizes {} and {}; they must be equal or 1", ops::einsum_name(label), equation,
                        known, size);
      if (known == 1) known = size;
    }
  // What the result or a later operand still uses.
  std::vector<std::vector<bool>> needed(list.size(), std::vector<bool>(static_cast<std::size_t>(top), false));
  for (std::size_t i = list.size(); i-- > 0;) {
    if (i + 1 == list.size())
      for (const int label : plan.output) needed[i][static_cast<std::size_t>(label)] = true;
    else {
      needed[i] = needed[i + 1];
      for (const int label : list[i + 1].labels) needed[i][static_cast<std::size_t>(label)] = true;
    }
  }
  ops::EinsumOperand<T, D> out = list[0];
  if (list.size() == 1)
    for (const int label : ops::EinsumLabels(out.labels))
      if (!needed[0][static_cast<std::size_t>(label)]) out.sum_out(label, site);
  for (std::size_t i = 1; i < list.size(); ++i) out = ops::einsum_product(out, list[i], needed[i], site);
  Shape order;
  for (const int label : plan.output) {
    if (ops::einsum_find(out.labels, label) < 0) {  // of size 1 in all operands that had it
      out.x = unsqueeze(out.x, 0, site);
      out.labels.insert(out.labels.begin(), label);
    }
  }
  for (const int label : plan.output) order.push_back(ops::einsum_find(out.labels, label));
  return permute(out.x, order, site);
}
template <class T, class D>
Tensor<T, D> einsum(std::string_view equation, std::initializer_list<Tensor<T, D>> operands, Site site = Site::current()) {
  return einsum(equation, std::vector<Tensor<T, D>>(operands), site);
}
/// The same with the operands one after the other: einsum("ij,jk->ik", a, b).
template <tensor_like X, tensor_like... Rest>
tensor_of<X> einsum(std::string_view equation, const X& first, const Rest&... rest) {
  static_assert((std::is_same_v<value_t<X>, value_t<Rest>> && ...), "einsum needs operands of one dtype; cast with to<T>()");
  return einsum(equation, std::vector<tensor_of<X>>{eval(first), eval(rest)...});
}

}  // namespace torchlite::inline TORCHLITE_ABI
