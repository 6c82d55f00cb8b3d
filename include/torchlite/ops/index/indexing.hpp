// SPDX-License-Identifier: BSD-3-Clause
// What all operations with index tensors share. Reading by index and adding by index are each other's gradients, so that
// derivatives of any order stay within these two.
#pragma once
#include <torchlite/autograd/accumulate.hpp>
#include <torchlite/backend/cpu/index.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/expand.hpp>

namespace torchlite::inline TORCHLITE_ABI::indexing {

/// Which element of the data belongs to each position of a loop: dimension d of the loop is dimension source[d] of the data,
/// or, if that is -1, one along which the indices vary.
template <class D>
struct Plan {
  Shape sizes;   ///< of the loop, and of the values
  Shape source;  ///< one entry for each entry of sizes
  int count = 0;
  int dims[max_rank] = {};                  ///< the dimension of the data that each index walks along
  Tensor<std::int64_t, D> index[max_rank];  ///< read with the sizes of the loop

  /// Adds an index tensor whose dimensions are dimensions first, first + 1, ... of the loop. Throws IndexError if a number is
  /// not in [lowest, size of the data's dimension).
  void add(const char* op, const Tensor<std::int64_t, D>& numbers, int first, int data_dim, const Shape& data_sizes, bool negative) {
    const std::int64_t n = data_sizes[data_dim];
    check_devices(op, numbers);
    const backend::RangeCheck range = check_range(D{}, strided_memory(numbers), negative ? -n : 0, n - 1);
    check<IndexError>(range.ok, "{}: index {} is out of range for dimension {} of a tensor of shape {}", op, range.offender, data_dim,
                      data_sizes.str());
    Shape strides = Shape::filled(sizes.rank(), 0);
    for (int d = 0; d < numbers.dim(); ++d) strides[first + d] = numbers.sizes()[d] == 1 ? 0 : numbers.strides()[d];
    dims[count] = data_dim;
    index[count++] = alias(numbers, sizes, strides, numbers.storage_offset());
  }
};

/// The plan as a kernel's arguments; owns what they point to.
template <class T, class D>
struct Arguments {
  Arguments(const Plan<D>& plan, const Tensor<T, D>& values, const Tensor<T, D>& data) : strides(plan.source) {
    for (int d = 0; d < plan.sizes.rank(); ++d) strides[d] = plan.source[d] < 0 ? 0 : data.strides()[plan.source[d]];
    for (int k = 0; k < plan.count; ++k) {
      indices[k] = strided_memory(plan.index[k]);
      index_sizes[k] = data.sizes()[plan.dims[k]];
      index_strides[k] = data.strides()[plan.dims[k]];
    }
    kernel.values = strided_memory(values);
    kernel.data = {data.data(), &plan.sizes, &strides, static_cast<int>(sizeof(T))};
    kernel.indices = indices;
    kernel.index_count = plan.count;
    kernel.index_sizes = index_sizes;
    kernel.index_strides = index_strides;
  }
  Arguments(const Arguments&) = delete;

  Shape strides;
  backend::StridedMemory indices[max_rank];
  std::int64_t index_sizes[max_rank], index_strides[max_rank];
  backend::IndexArguments kernel;
};

template <class T, class D>
Tensor<T, D> scatter_sum(const char* name, const Tensor<T, D>& values, const Plan<D>& plan, const Shape& sizes);

/// The elements of x that the plan names.
///   x [...] -> plan.sizes
template <class T, class D>
Tensor<T, D> get(const char* name, const Tensor<T, D>& x, const Plan<D>& plan, Site site = {}) {
  check_devices(name, x);
  Tensor<T, D> out = empty<T, D>(plan.sizes);
  index_get<T>(D{}, Arguments<T, D>(plan, out, x).kernel);
  if constexpr (differentiable<T>)
    if (autograd::needed(x))
      return autograd::record(
          name, site, std::move(out), autograd::inputs(x),
          [name, plan, own = x.sizes()](const autograd::Pass&, const Tensor<T, D>& g) { return scatter_sum(name, g, plan, own); });
  return out;
}

/// Zeros of the given sizes to which the values are added where the plan says.
///   values plan.sizes -> sizes
template <class T, class D>
Tensor<T, D> scatter_sum(const char* name, const Tensor<T, D>& values, const Plan<D>& plan, const Shape& sizes) {
  Tensor<T, D> out = empty<T, D>(sizes);
  fill_elements(out, T{});
  index_accumulate<T>(D{}, Arguments<T, D>(plan, values, out).kernel);
  if (!autograd::needed(values)) return out;
  return autograd::record(name, Site{}, std::move(out), autograd::inputs(values),
                          [name, plan](const autograd::Pass&, const Tensor<T, D>& g) { return get(name, g, plan); });
}

/// Writes (or adds) values, of the plan's sizes, into data; no graph.
template <class T, class D>
void write(const Tensor<T, D>& data, const Plan<D>& plan, const Tensor<T, D>& values, bool accumulate) {
  const Arguments<T, D> arguments(plan, values, data);
  if (accumulate) index_accumulate<T>(D{}, arguments.kernel);
  else index_put<T>(D{}, arguments.kernel);
}

template <class T, class D>
Tensor<T, D> put(const char* name, const Tensor<T, D>& x, const Plan<D>& plan, const Tensor<T, D>& values, bool accumulate, Site site = {});

/// One value, read with the sizes of the plan.
template <class T, class D>
Tensor<T, D> constant(const Plan<D>& plan, T value) {
  const Tensor<T, D> one = empty<T, D>(Shape{});
  fill_elements(one, value);
  return alias(one, plan.sizes, Shape::filled(plan.sizes.rank(), 0), 0);
}
/// x with zeros where the plan says.
template <class T, class D>
Tensor<T, D> cleared(const char* name, const Tensor<T, D>& x, const Plan<D>& plan) {
  return put(name, x, plan, constant<T, D>(plan, T{}), false);
}

/// A copy of x with values, of the plan's sizes, written (or added) where the plan says.
template <class T, class D>
Tensor<T, D> put(const char* name, const Tensor<T, D>& x, const Plan<D>& plan, const Tensor<T, D>& values, bool accumulate, Site site) {
  check_devices(name, x, values);
  Tensor<T, D> out = empty<T, D>(x.sizes());
  copy_elements(out, x);
  write(out, plan, values, accumulate);
  if constexpr (differentiable<T>)
    if (autograd::needed(x, values))
      return autograd::record(name, site, std::move(out), autograd::inputs(x, values),
                              [name, plan, accumulate](const autograd::Pass& pass, const Tensor<T, D>& g) {
                                Tensor<T, D> of_x, of_values;
                                if (pass.needs(0)) of_x = accumulate ? g : cleared(name, g, plan);
                                if (pass.needs(1)) of_values = get(name, g, plan);
                                return std::tuple(of_x, of_values);
                              });
  return out;
}

/// The in-place form of put.
template <class T, class D>
void put_(const char* name, const Tensor<T, D>& x, const Plan<D>& plan, const Tensor<T, D>& values, bool accumulate, Site site) {
  const TensorImpl& impl = x.impl();
  if (is_grad_enabled() && (impl.requires_grad || (impl.base && impl.base->requires_grad) || values.requires_grad())) {
    x.copy_(put(name, x, plan, values, accumulate, site), site);
    return;
  }
  check_devices(name, x, values);
  autograd::check_inplace(name, x, false);
  const bool aliased = values.impl().storage == impl.storage;
  write(x, plan, aliased ? clone(values) : values, accumulate);
  ++impl.storage->version;
}

/// An index tensor as int64.
template <tensor_like I>
Tensor<std::int64_t, device_t<I>> numbers(const char* op, const I& index_) {
  using T = value_t<I>;
  static_assert(integral<T>, "an index tensor needs an integer dtype; cast first: index.to<std::int64_t>()");
  const auto& index = eval(index_);
  check<Error>(index.defined(), "{}: the index tensor is undefined", op);
  if constexpr (std::is_same_v<T, std::int64_t>) {
    return index;
  } else {
    const Tensor<std::int64_t, device_t<I>> wide = empty<std::int64_t, device_t<I>>(index.sizes());
    copy_elements(wide, index);
    return wide;
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::indexing
