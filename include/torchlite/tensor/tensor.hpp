// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/pointwise.hpp>
#include <torchlite/expr/expression.hpp>
#include <torchlite/tensor/impl.hpp>
#include <torchlite/tensor/index.hpp>

#include <initializer_list>
#include <span>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

// What autograd does with tensors whose type it no longer sees; defined in autograd/accumulate.hpp.
template <class T, class D>
void accumulate_gradient(ImplRef& into, const ImplRef& gradient, bool create_graph);
template <class T, class D>
ImplRef copy_gradient(const ImplRef& tensor);
template <class T, class D>
ImplRef ones_like_gradient(const ImplRef& tensor);
template <class T, class D>
ImplRef empty_gradient(const Shape& sizes);
template <class T, class D>
ImplRef scaled_gradient(const ImplRef& tensor, double by);
template <class T, class D>
bool gradient_has_nan(const ImplRef& tensor);

template <class T, class D>
inline constexpr TensorType tensor_type{dtype_v<T>,
                                        static_cast<int>(sizeof(T)),
                                        D::name,
                                        &accumulate_gradient<T, D>,
                                        &copy_gradient<T, D>,
                                        &ones_like_gradient<T, D>,
                                        &empty_gradient<T, D>,
                                        &scaled_gradient<T, D>,
                                        &gradient_has_nan<T, D>};

// Runs an expression, or converts without loss; defined in autograd/pointwise.hpp.
template <class T, class D, class X>
Tensor<T, D> convert_tensor(const X& x, Site site);

// What a(...) gives; defined in ops/index/index.hpp.
template <class T, class D, class... I>
Tensor<T, D> index_with(const Tensor<T, D>& t, const I&... index);

/// Typed element access at the cost of a pointer; checked in debug builds.
template <class T, int N>
struct Accessor {
  T* data;
  std::int64_t sizes[N];
  std::int64_t strides[N];

  template <std::integral... I>
    requires(sizeof...(I) == N)
  T& operator()(I... index) const {
    const std::int64_t at[N] = {static_cast<std::int64_t>(index)...};
    std::int64_t offset = 0;
    for (int d = 0; d < N; ++d) {
#ifndef NDEBUG
      check<IndexError>(at[d] >= 0 && at[d] < sizes[d], "accessor: index {} is out of range for dimension {} of size {}", at[d], d,
                        sizes[d]);
#endif
      offset += at[d] * strides[d];
    }
    return data[offset];
  }
};

/// An n-dimensional array of T on device D: a counted handle, one pointer wide. Copies share memory; clone() copies it.
template <class T, class D>
class Tensor : public TensorTag, public Methods<Tensor<T, D>> {
  static_assert(dtype<T>,
                "a tensor's dtype is one of float, double, half, bfloat16, int8_t, int16_t, int32_t, int64_t, uint8_t, bool, "
                "std::complex<float>, std::complex<double>");
  static_assert(device<D>, "a tensor's device is Cpu or Cuda");

 public:
  using value_type = T;
  using device_type = D;

  /// No tensor at all; defined() is false.
  Tensor() = default;
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;
  explicit Tensor(ImplRef impl) : impl_(std::move(impl)) {}
  /// values in row-major order; throws ShapeError if their number is not that of sizes.
  Tensor(const Shape& sizes, std::initializer_list<T> values);
  /// Runs an expression, or converts a tensor of a dtype that T holds without loss.
  template <tensor_like X>
    requires(!std::is_base_of_v<Tensor<T, D>, X>)
  Tensor(const X& x, Site site = Site::current()) : Tensor(convert_tensor<T, D>(x, site)) {}

  // A named tensor is bound to another one; an element or a view (a[1] = x) is written to.
  Tensor& operator=(const Tensor&) & = default;
  Tensor& operator=(Tensor&&) & noexcept = default;
  const Tensor& operator=(const Tensor& values) && {
    check_is_view();
    return copy_(values);
  }
  template <operand X>
    requires(!std::is_base_of_v<Tensor<T, D>, std::remove_cvref_t<X>>)
  const Tensor& operator=(X&& values) && {
    check_is_view();
    return copy_(std::forward<X>(values));
  }

  /// A copy of values, one-dimensional or of the given sizes.
  static Tensor from(std::span<const T> values);
  static Tensor from(std::span<const T> values, const Shape& sizes);
  static Tensor from(const std::vector<T>& values);
  static Tensor from(const std::vector<T>& values, const Shape& sizes);
  /// A tensor over memory of the caller's, row-major; deleter(data) runs when the last tensor lets go of it. Without a
  /// deleter the memory must outlive every tensor over it.
  template <class Deleter>
  static Tensor from_blob(T* data, const Shape& sizes, Deleter deleter);
  static Tensor from_blob(T* data, const Shape& sizes);

  bool defined() const { return static_cast<bool>(impl_); }
  int dim() const { return impl().sizes.rank(); }
  const Shape& sizes() const { return impl().sizes; }
  const Shape& shape() const { return impl().sizes; }
  const Shape& strides() const { return impl().strides; }
  std::int64_t size(std::int64_t axis) const { return sizes()[normalize_axis("size", axis, dim())]; }
  std::int64_t stride(std::int64_t axis) const { return strides()[normalize_axis("stride", axis, dim())]; }
  std::int64_t numel() const { return impl().numel; }
  std::int64_t storage_offset() const { return impl().offset; }
  bool is_contiguous() const { return impl().contiguous; }
  static constexpr Dtype scalar_type() { return dtype_v<T>; }
  /// The first element; a pointer of device D.
  T* data() const { return reinterpret_cast<T*>(impl().data()); }
  /// How often the memory was changed in place.
  std::uint32_t version() const { return impl().storage->version; }
  const Tensor& eval(Site = {}) const { return *this; }

  /// The one element; throws Error if there is not exactly one.
  T item() const;
  template <int N>
  Accessor<T, N> accessor() const;
  std::vector<T> to_vector() const;

  // Views and elements: a[i], a(Slice(0, 2), None, Ellipsis, i), a(index_tensor), a(mask). Defined in ops/index.
  Tensor operator[](std::int64_t index) const;
  template <class... I>
    requires(sizeof...(I) > 0 && (index_argument<I> && ...))
  Tensor operator()(const I&... index) const { return index_with(*this, index...); }
  /// Writes values, broadcast, to the selected elements. Defined in ops/index.
  template <tensor_like M, operand V>
  const Tensor& masked_fill_(const M& mask, const V& value) const;

  /// Iterates over dimension 0.
  class Iterator {
   public:
    Iterator(const Tensor& t, std::int64_t i) : tensor_(&t), i_(i) {}
    Tensor operator*() const { return (*tensor_)[i_]; }
    Iterator& operator++() { return ++i_, *this; }
    bool operator==(const Iterator& other) const { return i_ == other.i_; }

   private:
    const Tensor* tensor_;
    std::int64_t i_;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size(0)}; }

  // In place: the memory changes, and with it every view of it. Defined in autograd and ops.
  template <operand X>
  const Tensor& copy_(X&& values, Site site = Site::current()) const;
  const Tensor& fill_(T value) const;
  const Tensor& zero_() const { return fill_(T{}); }
  template <operand X>
  const Tensor& add_(X&& x, Site site = Site::current()) const;
  template <operand X>
  const Tensor& sub_(X&& x, Site site = Site::current()) const;
  template <operand X>
  const Tensor& mul_(X&& x, Site site = Site::current()) const;
  template <operand X>
  const Tensor& div_(X&& x, Site site = Site::current()) const;
  const Tensor& uniform_(double low = 0, double high = 1) const;
  const Tensor& normal_(double mean = 0, double std = 1) const;

  // Gradients. Defined in autograd.
  bool requires_grad() const { return impl().requires_grad; }
  const Tensor& requires_grad_(bool on = true) const;
  bool is_leaf() const;
  /// The accumulated gradient; undefined before the first backward().
  Tensor grad() const;
  void set_grad(const Tensor& gradient) const;
  void zero_grad() const;
  /// Backward passes from now on keep the gradient of this tensor in grad(), as they do for leaves.
  void retain_grad() const;
  bool retains_grad() const;
  /// Accumulates d(this)/d(leaf) into grad() of every leaf that requires it; this is a scalar, or gradient is given.
  void backward(const Tensor& gradient = {}, bool retain_graph = false, bool create_graph = false) const;
  /// The same memory without a graph.
  Tensor detach() const;
  /// hook(gradient) runs when the gradient of this tensor is known, and may return another one to take its place.
  template <class Hook>
  auto register_hook(Hook hook) const;
  /// The name of the operation that made this tensor; empty for a leaf.
  std::string_view grad_fn() const;

  TensorImpl& impl() const {
    if (!impl_) [[unlikely]]
      fail<Error>("tensor: this tensor is undefined; it was never given a value");
    return *impl_;
  }
  const ImplRef& ref() const { return impl_; }

 private:
  // a(mask) and a(index_tensor) are copies: writing into one would change nothing.
  void check_is_view() const {
    check<Error>(impl().base || impl().storage->use_count() > 1,
                 "index: this selection of shape {} is a copy, so assigning to it changes nothing; use index_put_ or masked_fill_",
                 sizes().str());
  }

  ImplRef impl_;
};

/// Numbers that are neither Tensor nor expression make a zero-dimensional tensor only through full().
template <expression E>
Tensor(const E&) -> Tensor<typename E::value_type, typename E::device_type>;

// --- raw construction: no graph, no initial value ----------------------------------------------------------------------
/// Fresh memory for sizes, row-major, content undefined.
template <class T, class D = Cpu>
Tensor<T, D> empty(const Shape& sizes) {
  auto storage = make_storage(D{}, check_sizes("empty", sizes, sizeof(T)));
  return Tensor<T, D>(make_dense_impl(&tensor_type<T, D>, std::move(storage), sizes));
}

/// Another look at t's memory; records nothing and is no view of t to autograd.
template <class T, class D>
Tensor<T, D> alias(const Tensor<T, D>& t, const Shape& sizes, const Shape& strides, std::int64_t offset) {
  return Tensor<T, D>(make_impl(&tensor_type<T, D>, t.impl().storage, offset, sizes, strides));
}

/// A view of t: remembers whose memory it shows, so that writing into it is known to change t.
template <class T, class D>
Tensor<T, D> view_of(const Tensor<T, D>& t, const Shape& sizes, const Shape& strides, std::int64_t offset) {
  Tensor<T, D> v = alias(t, sizes, strides, offset);
  v.impl().base = t.impl().base ? t.impl().base : t.ref();
  return v;
}

/// The memory of t as a kernel's operand.
template <class T, class D>
backend::StridedMemory strided_memory(const Tensor<T, D>& t) {
  const TensorImpl& impl = t.impl();
  return {impl.data(), &impl.sizes, &impl.strides, static_cast<int>(sizeof(T))};
}

/// The tensor that x is or becomes, by reference where it is one.
template <tensor_like X>
decltype(auto) eval(const X& x, Site site = Site::current()) {
  if constexpr (expression<X>) {
    return x.eval(site);
  } else {
    return static_cast<const tensor_of<X>&>(x);
  }
}

// --- definitions -------------------------------------------------------------------------------------------------------
template <class T, class D>
Tensor<T, D> Tensor<T, D>::from(std::span<const T> values, const Shape& sizes) {
  check_sizes("from", sizes, sizeof(T));
  check<ShapeError>(sizes.numel() == static_cast<std::int64_t>(values.size()), "from: {} values do not fill a tensor of shape {}",
                    values.size(), sizes.str());
  Tensor t = empty<T, D>(sizes);
  if (!values.empty()) copy_from_host(D{}, t.data(), values.data(), values.size_bytes());
  return t;
}
template <class T, class D>
Tensor<T, D> Tensor<T, D>::from(std::span<const T> values) {
  return from(values, {static_cast<std::int64_t>(values.size())});
}
template <class T, class D>
Tensor<T, D> Tensor<T, D>::from(const std::vector<T>& values, const Shape& sizes) {
  if constexpr (std::is_same_v<T, bool>) {  // std::vector<bool> has no array behind it
    std::unique_ptr<bool[]> copy(new bool[values.size() + 1]);
    for (std::size_t i = 0; i < values.size(); ++i) copy[i] = values[i];
    return from(std::span<const bool>(copy.get(), values.size()), sizes);
  } else {
    return from(std::span<const T>(values), sizes);
  }
}
template <class T, class D>
Tensor<T, D> Tensor<T, D>::from(const std::vector<T>& values) {
  return from(values, {static_cast<std::int64_t>(values.size())});
}
template <class T, class D>
Tensor<T, D>::Tensor(const Shape& sizes, std::initializer_list<T> values)
    : Tensor(from(std::span<const T>(values.begin(), values.size()), sizes)) {}

template <class T, class D>
template <class Deleter>
Tensor<T, D> Tensor<T, D>::from_blob(T* data, const Shape& sizes, Deleter deleter) {
  check_sizes("from_blob", sizes, sizeof(T));
  check<Error>(data != nullptr || sizes.numel() == 0, "from_blob: data is null, shape is {}", sizes.str());
  auto storage =
      wrap_storage(data, static_cast<std::size_t>(sizes.numel()) * sizeof(T), [deleter](void* p) mutable { deleter(static_cast<T*>(p)); });
  if constexpr (has_places<D>) storage->device = current_place(D{}).device;
  return Tensor(make_dense_impl(&tensor_type<T, D>, std::move(storage), sizes));
}
template <class T, class D>
Tensor<T, D> Tensor<T, D>::from_blob(T* data, const Shape& sizes) {
  return from_blob(data, sizes, [](T*) {});
}

template <class T, class D>
T Tensor<T, D>::item() const {
  check<Error>(numel() == 1, "item: a tensor of shape {} has {} elements; item() needs exactly one", sizes().str(), numel());
  if constexpr (std::is_same_v<D, Cpu>) {
    return *data();
  } else {
    T value;
    copy_to_host(D{}, &value, data(), sizeof(T));
    return value;
  }
}

template <class T, class D>
template <int N>
Accessor<T, N> Tensor<T, D>::accessor() const {
  check<ShapeError>(dim() == N, "accessor: asked for {} dimensions of a tensor of shape {}", N, sizes().str());
  Accessor<T, N> a;
  a.data = data();
  for (int d = 0; d < N; ++d) a.sizes[d] = sizes()[d], a.strides[d] = strides()[d];
  return a;
}

template <class T, class D>
std::vector<T> Tensor<T, D>::to_vector() const {
  const Tensor dense = is_contiguous() ? *this : Tensor(copy_gradient<T, D>(impl_));
  std::vector<T> values(static_cast<std::size_t>(numel()));
  if constexpr (std::is_same_v<T, bool>) {
    std::unique_ptr<bool[]> copy(new bool[values.size() + 1]);
    copy_to_host(D{}, copy.get(), dense.data(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = copy[i];
  } else if (!values.empty()) {
    copy_to_host(D{}, values.data(), dense.data(), values.size() * sizeof(T));
  }
  return values;
}

}  // namespace torchlite::inline TORCHLITE_ABI
