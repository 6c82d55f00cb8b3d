// SPDX-License-Identifier: BSD-3-Clause
// A tensor whose dtype and device are values: what files, state dicts and printing work with.
#pragma once
#include <torchlite/autograd/accumulate.hpp>

#include <cstring>
#include <limits>

namespace torchlite::inline TORCHLITE_ABI {

/// How bytes travel between the host and the device of a tensor.
struct HostCopy {
  void (*from_host)(void* dst, const void* src, std::size_t bytes);
  void (*to_host)(void* dst, const void* src, std::size_t bytes);
};

namespace any_tensor {
template <class D>
void from_host(void* dst, const void* src, std::size_t bytes) {
  if (bytes > 0) copy_from_host(D{}, dst, src, bytes);
}
template <class D>
void to_host(void* dst, const void* src, std::size_t bytes) {
  if (bytes > 0) copy_to_host(D{}, dst, src, bytes);
}
template <class D>
inline constexpr HostCopy host_copy{&from_host<D>, &to_host<D>};

// Through double: ten readers and ten writers instead of a hundred conversions. Only int64 beyond 2^53 would be rounded, and
// int64 to int64 is copied as it is.
template <class T>
inline void read(const std::byte* from, double* to, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    T value;
    std::memcpy(&value, from + i * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    to[i] = static_cast<double>(static_cast<register_t<T>>(value));
  }
}
/// The real parts alone; what else of a complex number a real one has.
template <class T>
inline void read(const std::byte* from, double* to, std::int64_t n) requires(complex_number<T>) {
  for (std::int64_t i = 0; i < n; ++i) {
    real_t<T> value;
    std::memcpy(&value, from + i * static_cast<std::int64_t>(sizeof(T)), sizeof(value));
    to[i] = static_cast<double>(value);
  }
}
template <class T>
inline T narrowed(double value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value != 0;
  } else if constexpr (std::is_integral_v<T>) {
    constexpr double low = static_cast<double>(std::numeric_limits<T>::min()), high = static_cast<double>(std::numeric_limits<T>::max());
    if (!(value > low)) return std::numeric_limits<T>::min();
    if (!(value < high)) return std::numeric_limits<T>::max();
    return static_cast<T>(value);
  } else {
    return convert_number<T>(value);
  }
}
template <class T>
inline void write(const double* from, std::byte* to, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    const T value = narrowed<T>(from[i]);
    std::memcpy(to + i * static_cast<std::int64_t>(sizeof(T)), &value, sizeof(T));
  }
}

template <class F>
inline void with_dtype(Dtype d, F&& f) {
  switch (d) {
    case Dtype::boolean: return f(bool{});
    case Dtype::uint8: return f(std::uint8_t{});
    case Dtype::int8: return f(std::int8_t{});
    case Dtype::int16: return f(std::int16_t{});
    case Dtype::int32: return f(std::int32_t{});
    case Dtype::int64: return f(std::int64_t{});
    case Dtype::float16: return f(half{});
    case Dtype::bfloat16: return f(bfloat16{});
    case Dtype::float32: return f(float{});
    case Dtype::float64: return f(double{});
    case Dtype::complex64: return f(std::complex<float>{});
    case Dtype::complex128: return f(std::complex<double>{});
  }
}

/// n elements of one dtype as elements of another, both dense and on the host; out-of-range integers saturate.
inline void convert(Dtype from, const std::byte* src, Dtype to, std::byte* dst, std::int64_t n) {
  const auto from_size = static_cast<std::int64_t>(size_of(from)), to_size = static_cast<std::int64_t>(size_of(to));
  if (from == to) {
    if (n > 0) std::memcpy(dst, src, static_cast<std::size_t>(n * to_size));
    return;
  }
  if (is_complex(from) && is_complex(to)) {  // as twice as many real numbers
    const auto part = [](Dtype d) { return d == Dtype::complex64 ? Dtype::float32 : Dtype::float64; };
    return convert(part(from), src, part(to), dst, 2 * n);
  }
  constexpr std::int64_t block = 256;
  double values[block];
  for (std::int64_t i = 0; i < n; i += block) {
    const std::int64_t m = n - i < block ? n - i : block;
    with_dtype(from, [&](auto type) { read<decltype(type)>(src + i * from_size, values, m); });
    with_dtype(to, [&](auto type) { write<decltype(type)>(values, dst + i * to_size, m); });
  }
}

/// Spreads dense elements to where the strides say.
inline void scatter(const std::byte* src, std::byte* dst, const TensorImpl& shape) {
  std::int64_t index[max_rank] = {};
  const std::int64_t size = shape.type->element_size;
  std::int64_t offset = 0;
  for (std::int64_t i = 0; i < shape.numel; ++i) {
    std::memcpy(dst + offset * size, src + i * size, static_cast<std::size_t>(size));
    for (int d = shape.sizes.rank() - 1; d >= 0; --d) {
      offset += shape.strides[d];
      if (++index[d] < shape.sizes[d]) break;
      offset -= index[d] * shape.strides[d];
      index[d] = 0;
    }
  }
}
}  // namespace any_tensor

/// A handle to a tensor of any dtype and device. Copies share memory.
class AnyTensor {
 public:
  AnyTensor() = default;
  template <class T, class D>
  AnyTensor(const Tensor<T, D>& t) : impl_(t.ref()), host_(&any_tensor::host_copy<D>) {}

  /// A tensor whose type was forgotten. One that is not on the host can be got, not read.
  explicit AnyTensor(ImplRef impl) : impl_(std::move(impl)) {
    if (impl_ && on_host()) host_ = &any_tensor::host_copy<Cpu>;
  }

  bool defined() const { return static_cast<bool>(impl_); }
  Dtype dtype() const { return impl().type->dtype; }
  std::string_view device() const { return impl().type->device; }
  const Shape& sizes() const { return impl().sizes; }
  std::int64_t numel() const { return impl().numel; }
  std::size_t nbytes() const { return static_cast<std::size_t>(impl().numel) * static_cast<std::size_t>(impl().type->element_size); }
  bool requires_grad() const { return impl().requires_grad; }
  const ImplRef& ref() const { return impl_; }
  TensorImpl& impl() const {
    check<Error>(defined(), "tensor: this tensor is undefined; it was never given a value");
    return *impl_;
  }

  template <class T, class D = Cpu>
  bool is() const {
    return defined() && dtype() == dtype_v<T> && device() == D::name;
  }
  /// The tensor with its type; throws DtypeError or DeviceError if it has another one.
  template <class T, class D = Cpu>
  Tensor<T, D> get() const {
    check<DtypeError>(dtype() == dtype_v<T>, "get: the tensor of shape {} holds {}, not {}; convert it after getting it as what it is",
                      sizes().str(), to_string(dtype()), to_string(dtype_v<T>));
    check<DeviceError>(device() == D::name, "get: the tensor of shape {} is on {}, not on {}", sizes().str(), device(), D::name);
    return Tensor<T, D>(impl_);
  }

  /// Writes values of the same shape, from any dtype and device, into this tensor's memory; throws ShapeError naming both shapes.
  void copy_from(const AnyTensor& values) const {
    check<ShapeError>(values.sizes() == sizes(), "copy_from: values of shape {} do not fit a tensor of shape {}; the shapes must be equal",
                      values.sizes().str(), sizes().str());
    const ImplRef dense = values.impl().contiguous ? values.impl_ : values.impl().type->copy(values.impl_);
    const std::int64_t n = numel();
    TensorImpl& own = impl();
    if (on_host() && values.on_host() && own.contiguous) {
      if (dense->data() != own.data()) any_tensor::convert(values.dtype(), dense->data(), dtype(), own.data(), n);
    } else {
      check<DeviceError>(on_host() || own.contiguous, "copy_from: a tensor of shape {} on {} must be contiguous to be written",
                         sizes().str(), device());
      const Buffer source(values.nbytes()), target(nbytes());
      values.host_->to_host(source.data, dense->data(), values.nbytes());
      any_tensor::convert(values.dtype(), source.data, dtype(), target.data, n);
      if (own.contiguous) host_->from_host(own.data(), target.data, nbytes());
      else any_tensor::scatter(target.data, own.data(), own);
    }
    ++own.storage->version;
  }

  /// The elements, row-major, into host memory of nbytes() bytes.
  void copy_to_host(void* out) const {
    const ImplRef dense = impl().contiguous ? impl_ : impl().type->copy(impl_);
    host_->to_host(out, dense->data(), nbytes());
  }

 private:
  /// Host memory for a while.
  struct Buffer {
    explicit Buffer(std::size_t n) : bytes(n), data(static_cast<std::byte*>(backend::allocate(Cpu{}, n))) {}
    ~Buffer() { backend::deallocate(Cpu{}, data, bytes); }
    Buffer(const Buffer&) = delete;
    std::size_t bytes;
    std::byte* data;
  };
  bool on_host() const { return device() == Cpu::name; }

  ImplRef impl_;
  const HostCopy* host_ = nullptr;
};

}  // namespace torchlite::inline TORCHLITE_ABI
