// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/dtype.hpp>
#include <torchlite/core/shape.hpp>
#include <torchlite/tensor/storage.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct TensorImpl;
using ImplRef = Ref<TensorImpl>;

/// What is known of a tensor type where the type itself is not: one object for each dtype and device in use.
struct TensorType {
  Dtype dtype;
  int element_size;
  std::string_view device;
  /// into += gradient, in place if nobody else holds into and no graph is wanted; into may be undefined.
  void (*accumulate)(ImplRef& into, const ImplRef& gradient, bool create_graph);
  /// Fresh row-major memory with the same values, without a graph.
  ImplRef (*copy)(const ImplRef& tensor);
  /// Ones of the same sizes.
  ImplRef (*ones_like)(const ImplRef& tensor);
  /// Fresh row-major memory, its content undefined; null for types of tensors that were loaded from a file.
  ImplRef (*empty)(const Shape& sizes) = nullptr;
  /// A fresh row-major tensor times a number; null like empty.
  ImplRef (*scaled)(const ImplRef& tensor, double by) = nullptr;
  /// Whether an element is NaN; null like empty.
  bool (*has_nan)(const ImplRef& tensor) = nullptr;
};

/// A tensor's part in a graph; its content is autograd's business.
struct GraphState {
  virtual ~GraphState() = default;
};

/// What a tensor handle points to: where its elements are and how they are laid out.
struct TensorImpl : Counted {
  const TensorType* type = nullptr;
  Ref<Storage> storage;
  std::int64_t offset = 0;      ///< of the first element, in elements
  Shape sizes{Shape::Unset{}};  // not cleared first: that alone is a tenth of a small operation's time
  Shape strides{Shape::Unset{}};
  std::int64_t numel = 0;
  bool contiguous = true;
  bool requires_grad = false;
  GraphState* graph = nullptr;
  ImplRef base;  ///< of a view: the tensor whose memory it shows

  std::byte* data() const { return static_cast<std::byte*>(storage->data) + offset * type->element_size; }

  ~TensorImpl() { delete graph; }
  static void* operator new(std::size_t bytes) { return backend::allocate(Cpu{}, bytes); }
  static void operator delete(void* p) { backend::deallocate(Cpu{}, p, sizeof(TensorImpl)); }
};

TORCHLITE_NOINLINE inline void destroy(TensorImpl* impl) { delete impl; }

TORCHLITE_NOINLINE inline ImplRef make_impl(const TensorType* type, Ref<Storage> storage, std::int64_t offset, const Shape& sizes,
                                            const Shape& strides) {
  auto* impl = new TensorImpl;
  impl->type = type;
  impl->storage = std::move(storage);
  impl->offset = offset;
  impl->sizes = sizes;
  impl->strides = strides;
  impl->numel = sizes.numel();
  impl->contiguous = is_contiguous(sizes, strides);
  return ImplRef(impl);
}

/// The same for dense row-major memory; the strides are computed where they stay.
TORCHLITE_NOINLINE inline ImplRef make_dense_impl(const TensorType* type, Ref<Storage> storage, const Shape& sizes) {
  auto* impl = new TensorImpl;
  impl->type = type;
  impl->storage = std::move(storage);
  impl->sizes.set_rank(sizes.rank());
  impl->strides.set_rank(sizes.rank());
  std::int64_t step = 1, numel = 1;
  for (int d = sizes.rank() - 1; d >= 0; --d) {  // one by one: a copy by vectors would wait for numbers that were just written
    const std::int64_t size = sizes[d];
    impl->sizes[d] = size;
    impl->strides[d] = step;
    step *= size > 0 ? size : 1;
    numel *= size;
  }
  impl->numel = numel;
  return ImplRef(impl);
}

}  // namespace torchlite::inline TORCHLITE_ABI
