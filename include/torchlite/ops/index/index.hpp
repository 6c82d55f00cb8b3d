// SPDX-License-Identifier: BSD-3-Clause
// a[i] and a(Slice(0, 2), None, Ellipsis, i, index_tensor, mask).
#pragma once
#include <torchlite/ops/index/masked.hpp>
#include <torchlite/ops/shape/slice.hpp>

#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

namespace indexing {

/// One argument of a(...), without its type.
struct Item {
  enum class Kind : std::uint8_t { integer, slice, none, ellipsis, tensor, mask };
  Kind kind = Kind::slice;
  std::int64_t integer = 0;
  Slice range;
  int rank = 1;       ///< dimensions that it takes from the tensor
  int argument = -1;  ///< which index tensor
};

/// The view that integers, slices, None and Ellipsis select; dimensions of index tensors stay whole.
struct BasicView {
  Shape sizes, strides;
  std::int64_t offset = 0;
};

inline BasicView basic_view(const std::vector<Item>& items, const Shape& sizes, const Shape& strides,
                            std::vector<int>* tensor_dims = nullptr) {
  int taken = 0, ellipses = 0;
  for (const Item& item : items) {
    taken += item.rank;
    ellipses += item.kind == Item::Kind::ellipsis ? 1 : 0;
  }
  check<IndexError>(ellipses <= 1, "index: there are {} Ellipsis; one is allowed", ellipses);
  check<IndexError>(taken <= sizes.rank(), "index: {} dimensions are indexed of a tensor of shape {}, which has {}", taken, sizes.str(),
                    sizes.rank());
  BasicView out;
  int dim = 0;
  const auto keep = [&](int count) {
    for (int i = 0; i < count; ++i, ++dim) {
      out.sizes.push_back(sizes[dim]);
      out.strides.push_back(strides[dim]);
    }
  };
  for (const Item& item : items) {
    switch (item.kind) {
      case Item::Kind::integer:
        out.offset += normalize_index(item.integer, dim, sizes) * strides[dim];
        ++dim;
        break;
      case Item::Kind::slice: {
        const Slice s = normalize_slice("index", item.range, sizes[dim]);
        out.offset += s.start * strides[dim];
        out.sizes.push_back((s.stop - s.start + s.step - 1) / s.step);
        out.strides.push_back(strides[dim] * s.step);
        ++dim;
        break;
      }
      case Item::Kind::none:
        out.sizes.push_back(1);
        out.strides.push_back(0);
        break;
      case Item::Kind::ellipsis: keep(sizes.rank() - taken); break;
      case Item::Kind::tensor:
      case Item::Kind::mask:
        if (tensor_dims != nullptr) tensor_dims->push_back(out.sizes.rank());
        keep(item.rank);
        break;
    }
  }
  keep(sizes.rank() - dim);
  return out;
}

template <class T, class D>
Tensor<T, D> basic_index(const Tensor<T, D>& x, const std::vector<Item>& items, std::vector<int>* tensor_dims, Site site) {
  const BasicView v = basic_view(items, x.sizes(), x.strides(), tensor_dims);
  return autograd::record_view("index", site, x, v.sizes, v.strides, x.storage_offset() + v.offset,
                               [own = x.sizes(), items](const autograd::Pass&, const Tensor<T, D>& g) {
                                 return autograd::embed("index_backward", own, g,
                                                        [items](const Tensor<T, D>& t) { return basic_index(t, items, nullptr, Site{}); });
                               });
}

/// The loop of NumPy's advanced indexing: indices[d], if defined, chooses along dimension d. They broadcast against each other;
/// their dimensions stand where the first of them stood if they stood side by side, else in front.
template <class D>
Plan<D> advanced(const char* op, const Shape& data, const std::vector<Tensor<std::int64_t, D>>& indices) {
  check<IndexError>(static_cast<int>(indices.size()) <= data.rank(), "{}: {} index tensors for a tensor of shape {}", op, indices.size(),
                    data.str());
  Shape loop;
  int first = -1, last = -1, used = 0;
  for (std::size_t d = 0; d < indices.size(); ++d) {
    if (!indices[d].defined()) continue;
    loop = used == 0 ? indices[d].sizes() : broadcast_shapes(op, loop, indices[d].sizes());
    if (used++ == 0) first = static_cast<int>(d);
    last = static_cast<int>(d);
  }
  check<IndexError>(used > 0, "{}: there is no index tensor", op);
  const bool together = last - first + 1 == used;
  const auto is_indexed = [&](int d) { return d < static_cast<int>(indices.size()) && indices[static_cast<std::size_t>(d)].defined(); };
  Plan<D> plan;
  int start = 0;
  const auto insert_loop = [&] {
    start = plan.sizes.rank();
    for (std::int64_t s : loop) {
      plan.sizes.push_back(s);
      plan.source.push_back(-1);
    }
  };
  if (!together) insert_loop();
  for (int d = 0; d < data.rank(); ++d) {
    if (together && d == first) insert_loop();
    if (is_indexed(d)) continue;
    plan.sizes.push_back(data[d]);
    plan.source.push_back(d);
  }
  // An index whose result has no elements is not looked at, as in PyTorch.
  for (int d = first; d <= last; ++d)
    if (is_indexed(d)) {
      const auto& index = indices[static_cast<std::size_t>(d)];
      plan.add(op, index, start + loop.rank() - index.dim(), d, data, true);
    }
  return plan;
}

template <class D>
using IndexList = std::vector<Tensor<std::int64_t, D>>;

/// Reads one argument of a(...); index tensors are collected, masks as one vector for each of their dimensions.
template <class D, class I>
Item read_item(const I& index, std::vector<IndexList<D>>& tensors, std::vector<Shape>& masks) {
  Item item;
  if constexpr (std::same_as<I, bool>) {
    static_assert(!std::same_as<I, bool>, "a bool is no index; use None, or a tensor of bool as a mask");
  } else if constexpr (std::integral<I>) {
    item.kind = Item::Kind::integer;
    item.integer = static_cast<std::int64_t>(index);
  } else if constexpr (std::same_as<I, Slice>) {
    item.range = index;
  } else if constexpr (std::same_as<I, NoneType>) {
    item.kind = Item::Kind::none;
    item.rank = 0;
  } else if constexpr (std::same_as<I, EllipsisType>) {
    item.kind = Item::Kind::ellipsis;
    item.rank = 0;
  } else {
    static_assert(std::is_same_v<device_t<I>, D>, "operands live on different devices; move one first, for example with a.to<Cuda>()");
    item.argument = static_cast<int>(tensors.size());
    if constexpr (std::same_as<value_t<I>, bool>) {
      const auto& mask = eval(index);
      check<IndexError>(mask.dim() > 0, "index: a mask without dimensions is no index; use masked_select");
      item.kind = Item::Kind::mask;
      item.rank = mask.dim();
      tensors.push_back(nonzero_as_tuple(mask));
      masks.push_back(mask.sizes());
    } else {
      item.kind = Item::Kind::tensor;
      tensors.push_back({numbers("index", index)});
      masks.push_back(Shape{});
    }
  }
  return item;
}

/// The arguments of a(...): what is a view, and what index tensors then choose from it.
template <class D>
struct Selection {
  std::vector<Item> items;
  std::vector<IndexList<D>> tensors;
  std::vector<Shape> masks;

  template <class... I>
  explicit Selection(const I&... index) {
    items.reserve(sizeof...(I));
    (items.push_back(read_item<D>(index, tensors, masks)), ...);
  }

  /// The view of x; chosen[d] becomes the index tensor for its dimension d.
  template <class T>
  Tensor<T, D> view(const Tensor<T, D>& x, IndexList<D>& chosen, Site site = {}) const {
    std::vector<int> dims;
    const Tensor<T, D> v = basic_index(x, items, tensors.empty() ? nullptr : &dims, site);
    for (std::size_t k = 0; k < tensors.size(); ++k) {
      const int dim = dims[k];
      for (int d = 0; d < masks[k].rank(); ++d)
        check<IndexError>(masks[k][d] == v.sizes()[dim + d], "index: a mask of shape {} does not fit a tensor of shape {} at dimension {}",
                          masks[k].str(), v.sizes().str(), dim + d);
      const std::size_t end = static_cast<std::size_t>(dim) + tensors[k].size();
      if (chosen.size() < end) chosen.resize(end);
      for (std::size_t i = 0; i < tensors[k].size(); ++i) chosen[static_cast<std::size_t>(dim) + i] = tensors[k][i];
    }
    return v;
  }
};

/// Where a mask holds, as one index tensor for each of its dimensions. Throws IndexError unless the data starts with its sizes.
template <class D>
IndexList<D> positions(const char* op, const Shape& data, const Tensor<bool, D>& mask) {
  bool fits = mask.dim() > 0 && mask.dim() <= data.rank();
  for (int d = 0; fits && d < mask.dim(); ++d) fits = mask.sizes()[d] == data[d];
  check<IndexError>(fits, "{}: a mask of shape {} does not fit a tensor of shape {}; its sizes must be the first ones of the tensor", op,
                    mask.sizes().str(), data.str());
  return nonzero_as_tuple(mask);
}

}  // namespace indexing

/// NumPy's advanced indexing: indices[d] chooses along dimension d, an undefined tensor leaves the dimension whole.
///   x [a, b, c], {[n, m], [m]} -> [n, m, c]
/// Throws IndexError where an index is not in [-size, size).
template <tensor_like X>
tensor_of<X> index(const X& x_, const std::vector<Tensor<std::int64_t, device_t<X>>>& indices, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return indexing::get<value_t<X>, device_t<X>>("index", x, indexing::advanced("index", x.sizes(), indices), site);
}

/// x with values, broadcast, written (or added) where the indices point. Of several values for one element the last one
/// stays; sums are taken in the order of the values.
template <tensor_like X, tensor_like V>
tensor_of<X> index_put(const X& x_, const std::vector<Tensor<std::int64_t, device_t<X>>>& indices, const V& values_,
                       bool accumulate = false, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const tensor_of<X>& values = eval(values_, site);
  const auto plan = indexing::advanced("index_put", x.sizes(), indices);
  return indexing::put<value_t<X>, device_t<X>>("index_put", x, plan, expand(values, plan.sizes, site), accumulate, site);
}

/// The same where a mask holds: it chooses along its own number of dimensions, and values are broadcast to what it chooses.
///   x [a, b, c], mask [a, b] bool, values [n, c] -> [a, b, c]
template <tensor_like X, tensor_like M, tensor_like V>
tensor_of<X> index_put(const X& x, const M& mask, const V& values, bool accumulate = false, Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<M>, bool>, "index_put takes a mask of dtype bool, or a list of index tensors");
  return index_put(x, indexing::positions("index_put", eval(x, site).sizes(), eval(mask)), values, accumulate, site);
}

/// index_put in place: a(index) = values, which C++ cannot say, since a(index) is a copy.
template <class T, class D, tensor_like V>
const Tensor<T, D>& index_put_(const Tensor<T, D>& x, const std::vector<Tensor<std::int64_t, D>>& indices, const V& values_,
                               bool accumulate = false, Site site = Site::current()) {
  const Tensor<T, D>& values = eval(values_, site);
  const auto plan = indexing::advanced("index_put_", x.sizes(), indices);
  indexing::put_<T, D>("index_put_", x, plan, expand(values, plan.sizes, site), accumulate, site);
  return x;
}
template <class T, class D, scalar S>
const Tensor<T, D>& index_put_(const Tensor<T, D>& x, const std::vector<Tensor<std::int64_t, D>>& indices, S value, bool accumulate = false,
                               Site site = Site::current()) {
  const Tensor<T, D> one = empty<T, D>(Shape{});
  fill_elements(one, static_cast<T>(value));
  return index_put_(x, indices, one, accumulate, site);
}

template <class T, class D, tensor_like M, operand V>
const Tensor<T, D>& index_put_(const Tensor<T, D>& x, const M& mask, const V& values, bool accumulate = false,
                               Site site = Site::current()) {
  static_assert(std::is_same_v<value_t<M>, bool>, "index_put_ takes a mask of dtype bool, or a list of index tensors");
  return index_put_(x, indexing::positions("index_put_", x.sizes(), eval(mask)), values, accumulate, site);
}

/// The i-th slice along dimension 0, a view; negative i counts from the end.
template <class T, class D>
Tensor<T, D> Tensor<T, D>::operator[](std::int64_t index) const {
  const TensorImpl& own = impl();
  check<IndexError>(own.sizes.rank() > 0, "index: a tensor without dimensions cannot be indexed; use item()");
  if constexpr (differentiable<T>)
    if (autograd::needed(*this)) return select(*this, 0, index, Site{});
  const std::int64_t at = normalize_index(index, 0, own.sizes);
  return view_of(*this, Shape(own.sizes.begin() + 1, own.sizes.end()), Shape(own.strides.begin() + 1, own.strides.end()),
                 own.offset + at * own.strides[0]);
}

/// A view for integers, Slice, None and Ellipsis; a copy as soon as there is an index tensor or a mask.
template <class T, class D, class... I>
Tensor<T, D> index_with(const Tensor<T, D>& t, const I&... index) {
  if constexpr ((std::integral<I> && ...)) {
    const TensorImpl& own = t.impl();
    constexpr int count = static_cast<int>(sizeof...(I));
    if (count <= own.sizes.rank() && !autograd::needed(t)) {
      const std::int64_t at[] = {static_cast<std::int64_t>(index)...};
      std::int64_t offset = own.offset;
      for (int d = 0; d < count; ++d) offset += normalize_index(at[d], d, own.sizes) * own.strides[d];
      return view_of(t, Shape(own.sizes.begin() + count, own.sizes.end()), Shape(own.strides.begin() + count, own.strides.end()), offset);
    }
  }
  const indexing::Selection<D> selection(index...);
  indexing::IndexList<D> chosen;
  const Tensor<T, D> view = selection.view(t, chosen);
  if constexpr ((tensor_like<I> || ...)) return torchlite::index(view, chosen, Site{});
  else return view;
}

}  // namespace torchlite::inline TORCHLITE_ABI
