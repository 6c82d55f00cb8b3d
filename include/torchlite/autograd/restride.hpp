// SPDX-License-Identifier: BSD-3-Clause
// Memory looked at with other sizes and strides: what as_strided and writes into views need of gradients, to any order.
#pragma once
#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/backend/cpu/index.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// How a tensor lies in its memory.
struct Geometry {
  Shape sizes, strides;
  std::int64_t offset = 0;

  /// One past the last element that is reached; 0 if there is none.
  std::int64_t end() const {
    if (sizes.numel() == 0) return 0;
    std::int64_t last = offset;
    for (int d = 0; d < sizes.rank(); ++d) last += (sizes[d] - 1) * strides[d];
    return last + 1;
  }
  /// True if every element between the first and the last one is reached, once.
  bool is_dense() const { return sizes.numel() > 0 && end() - offset == sizes.numel() && !may_overlap(); }
  /// True if part reaches nothing outside.
  bool spans(const Geometry& part) const { return part.sizes.numel() > 0 && part.offset >= offset && part.end() <= end(); }
  /// False if no two positions can be the same element: sorted by stride, each dimension steps over all smaller ones.
  bool may_overlap() const {
    std::int64_t reach = 0;
    unsigned seen = 0;
    if (sizes.numel() == 0) return false;
    for (int n = 0; n < sizes.rank(); ++n) {
      int next = -1;
      for (int d = 0; d < sizes.rank(); ++d)
        if (((seen >> d) & 1u) == 0 && (next < 0 || strides[d] < strides[next])) next = d;
      seen |= 1u << next;
      if (sizes[next] == 1) continue;
      if (strides[next] <= reach) return true;
      reach += (sizes[next] - 1) * strides[next];
    }
    return false;
  }
};

template <class T, class D>
Geometry geometry_of(const Tensor<T, D>& t) {
  return {t.sizes(), t.strides(), t.storage_offset()};
}

/// Memory, uninitialised, that reaches over several geometries.
template <class T, class D>
struct Canvas {
  Tensor<T, D> memory;
  std::int64_t start = 0;

  Canvas(std::initializer_list<const Geometry*> all) {
    std::int64_t end = 0;
    bool first = true;
    for (const Geometry* g : all) {
      if (g->end() == 0) continue;
      start = first || g->offset < start ? g->offset : start;
      end = g->end() > end ? g->end() : end;
      first = false;
    }
    memory = empty<T, D>({end - start});
  }
  Tensor<T, D> at(const Geometry& g) const { return alias(memory, g.sizes, g.strides, g.end() == 0 ? 0 : g.offset - start); }
};

/// into += values, where the elements of into may be the same memory several times: one slice after the other along the
/// dimensions of the smallest strides, until the elements of a slice lie apart. For devices without a primitive for it.
template <class T, class D>
void accumulate_by_slices(const Tensor<T, D>& into, const Tensor<T, D>& values) {
  const Geometry g = geometry_of(into);
  if (!g.may_overlap()) {
    using R = register_t<T>;
    using Sum = backend::Apply<AddFormula, R, R, backend::Leaf<0, T>, backend::Leaf<1, T>>;
    const backend::StridedMemory leaves[] = {strided_memory(into), strided_memory(values)};
    if (into.numel() > 0) map<Sum, T>(D{}, backend::MapArguments{strided_memory(into), leaves, 2, nullptr, false});
    return;
  }
  int axis = -1;
  for (int d = 0; d < g.sizes.rank(); ++d)
    if (g.sizes[d] > 1 && (axis < 0 || g.strides[d] < g.strides[axis])) axis = d;
  const auto slice = [axis](const Tensor<T, D>& t, std::int64_t i) {
    Shape sizes = t.sizes(), strides = t.strides();
    const std::int64_t offset = t.storage_offset() + i * strides[axis];
    sizes.erase(axis);
    strides.erase(axis);
    return alias(t, sizes, strides, offset);
  };
  for (std::int64_t i = 0; i < g.sizes[axis]; ++i) accumulate_by_slices(slice(into, i), slice(values, i));
}
/// The same by the device's own means.
template <class T, class D>
void accumulate_overlapping(const Tensor<T, D>& into, const Tensor<T, D>& values) {
  if constexpr (std::is_same_v<D, Cpu>) {
    backend::IndexArguments a;
    a.values = strided_memory(values);
    a.data = strided_memory(into);
    index_accumulate<T>(D{}, a);
  } else {
    accumulate_by_slices(into, values);
  }
}

struct ShareFormula {
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T sum, T count) {
    return count == T(0) ? sum : sum / count;
  }
};

/// restride in general, without a graph.
template <class T, class D>
Tensor<T, D> restrided_sums(const Tensor<T, D>& x, const Geometry& from, const Geometry& to, const Geometry& counted) {
  const Canvas<T, D> sums({&from, &to, &counted});
  fill_elements(sums.memory, T{});
  const Tensor<T, D> target = sums.at(from);
  if (from.may_overlap()) accumulate_overlapping(target, x);
  else copy_elements(target, x);
  if (counted.may_overlap()) {
    using R = register_t<T>;
    const Canvas<T, D> counts({&from, &to, &counted});
    fill_elements(counts.memory, T{});
    const Tensor<T, D> one = empty<T, D>(Shape{});
    fill_elements(one, static_cast<T>(1));
    accumulate_overlapping(counts.at(counted), alias(one, counted.sizes, Shape::filled(counted.sizes.rank(), 0), 0));
    using Share = backend::Apply<ShareFormula, R, R, backend::Leaf<0, T>, backend::Leaf<1, T>>;
    const backend::StridedMemory leaves[] = {strided_memory(sums.memory), strided_memory(counts.memory)};
    map<Share, T>(D{}, backend::MapArguments{strided_memory(sums.memory), leaves, 2, nullptr, true});
  }
  if (to.is_dense() && to.sizes.numel() == sums.memory.numel()) return sums.at(to);
  Tensor<T, D> out = empty<T, D>(to.sizes);
  copy_elements(out, sums.at(to));
  return out;
}

/// Zeros to which x is added where `from` looks, read where `to` looks. Where `counted` looks at an element several times,
/// the sum is shared among them. The transpose of this linear map is the same with from and to exchanged.
///   x from.sizes -> to.sizes
template <class T, class D>
Tensor<T, D> restride(const char* name, const Tensor<T, D>& x, const Geometry& from, const Geometry& to, const Geometry& counted,
                      Site site = {}) {
  Tensor<T, D> out;
  if (x.strides() == from.strides && from.is_dense() && from.spans(to) && !counted.may_overlap()) {
    out = empty<T, D>(to.sizes);
    copy_elements(out, alias(x, to.sizes, to.strides, x.storage_offset() + to.offset - from.offset));
  } else {
    out = restrided_sums(x, from, to, counted);
  }
  if (!needed(x)) return out;
  return record(name, site, std::move(out), inputs(x),
                [name, from, to, counted](const Pass&, const Tensor<T, D>& g) { return restride(name, g, to, from, counted); });
}

/// x, which lies in memory as `whole` says, with zeros where `part` looks.
///   x whole.sizes -> whole.sizes, with whole's strides
template <class T, class D>
Tensor<T, D> blank(const char* name, const Tensor<T, D>& x, const Geometry& whole, const Geometry& part) {
  const Canvas<T, D> canvas({&whole, &part});
  Tensor<T, D> out = canvas.at(whole);
  copy_elements(out, x);
  fill_elements(canvas.at(part), T{});
  if (!needed(x)) return out;
  return record(name, Site{}, std::move(out), inputs(x),
                [name, whole, part](const Pass&, const Tensor<T, D>& g) { return blank(name, g, whole, part); });
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
