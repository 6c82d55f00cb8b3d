// SPDX-License-Identifier: BSD-3-Clause
// Tensors shared with other libraries without a copy, by the C structures of DLPack 1.0 (https://dmlc.github.io/dlpack/latest/).
#pragma once
#include <torchlite/tensor/tensor.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI {

/// DLPack's structures. A program that includes <dlpack/dlpack.h> may use those instead: from_dlpack takes both, and
/// to_dlpack<DLManagedTensor>(x) makes its.
namespace dlpack {

enum DeviceType : std::int32_t { cpu = 1, cuda_device = 2, cuda_host = 3, cuda_managed = 13 };
enum TypeCode : std::uint8_t { signed_integer = 0, unsigned_integer = 1, real = 2, bfloat = 4, complex_number = 5, boolean = 6 };

struct Device {
  std::int32_t device_type;
  std::int32_t device_id;
};
struct DataType {
  std::uint8_t code;
  std::uint8_t bits;
  std::uint16_t lanes;
};
/// Memory that is not owned: DLTensor.
struct View {
  void* data;
  Device device;
  std::int32_t ndim;
  DataType dtype;
  std::int64_t* shape;
  std::int64_t* strides;  ///< in elements; null: row-major
  std::uint64_t byte_offset;
};
/// DLManagedTensor: memory with the function that ends its use.
struct Managed {
  View dl_tensor;
  void* manager_ctx;
  void (*deleter)(Managed*);
};
struct Version {
  std::uint32_t major;
  std::uint32_t minor;
};
/// DLManagedTensorVersioned, of DLPack 1.0 and later.
struct ManagedVersioned {
  static constexpr std::uint64_t read_only = 1;

  Version version;
  void* manager_ctx;
  void (*deleter)(ManagedVersioned*);
  std::uint64_t flags;
  View dl_tensor;
};

/// What both structures, and those of dlpack.h, have in common.
template <class M>
concept managed = requires(M* m) {
  m->dl_tensor.byte_offset;
  m->manager_ctx;
  m->deleter(m);
};
template <class M>
inline constexpr bool is_versioned = requires(M* m) {
  m->version.major;
};

/// The code and the bits of a dtype.
constexpr DataType data_type(Dtype t) {
  switch (t) {
    case Dtype::float16: return {real, 16, 1};
    case Dtype::bfloat16: return {bfloat, 16, 1};
    case Dtype::float32: return {real, 32, 1};
    case Dtype::float64: return {real, 64, 1};
    case Dtype::int8: return {signed_integer, 8, 1};
    case Dtype::int16: return {signed_integer, 16, 1};
    case Dtype::int32: return {signed_integer, 32, 1};
    case Dtype::int64: return {signed_integer, 64, 1};
    case Dtype::uint8: return {unsigned_integer, 8, 1};
    case Dtype::boolean: return {boolean, 8, 1};
    case Dtype::complex64: return {complex_number, 64, 1};
    case Dtype::complex128: return {complex_number, 128, 1};
  }
  return {};
}

/// Owns a managed tensor that nobody has taken yet; if nobody does, it calls the deleter.
template <managed M>
class Capsule {
 public:
  Capsule() = default;
  explicit Capsule(M* m) : m_(m) {}
  Capsule(Capsule&& other) noexcept : m_(std::exchange(other.m_, nullptr)) {}
  Capsule& operator=(Capsule other) noexcept {
    std::swap(m_, other.m_);
    return *this;
  }
  ~Capsule() {
    if (m_ && m_->deleter) m_->deleter(m_);
  }

  M* get() const { return m_; }
  M* operator->() const { return m_; }
  /// Hands the tensor over: who gets it calls its deleter, once.
  M* release() { return std::exchange(m_, nullptr); }

 private:
  M* m_ = nullptr;
};

/// What an exported tensor carries along until its deleter is called.
template <class M>
struct Exported {
  M managed{};
  ImplRef tensor;
  std::int64_t sizes[max_rank + 1] = {};
  std::int64_t strides[max_rank + 1] = {};
};

template <managed M>
Capsule<M> export_impl(const ImplRef& tensor, std::int32_t device_type) {
  auto* const e = new Exported<M>;
  e->tensor = tensor;
  const int rank = tensor->sizes.rank();
  for (int d = 0; d < rank; ++d) e->sizes[d] = tensor->sizes[d], e->strides[d] = tensor->strides[d];
  auto& view = e->managed.dl_tensor;
  view.data = tensor->data();
  view.device.device_type = static_cast<decltype(view.device.device_type)>(device_type);
  view.device.device_id = tensor->storage->device;
  view.ndim = rank;
  const DataType type = data_type(tensor->type->dtype);
  view.dtype.code = type.code, view.dtype.bits = type.bits, view.dtype.lanes = type.lanes;
  view.shape = e->sizes;
  view.strides = e->strides;
  view.byte_offset = 0;
  if constexpr (is_versioned<M>) e->managed.version.major = 1, e->managed.version.minor = 0;
  e->managed.manager_ctx = e;
  e->managed.deleter = [](M* m) { delete static_cast<Exported<M>*>(m->manager_ctx); };
  return Capsule<M>(&e->managed);
}

struct Imported {
  Shape sizes, strides;
  std::byte* data = nullptr;
  std::size_t bytes = 0;  ///< from the first element to the last
};

/// Believes nothing that a view says before it is checked.
template <class V>
Imported check_view(const V& v, Dtype dtype, std::size_t element_size) {
  check<ShapeError>(v.ndim >= 0 && v.ndim <= max_rank, "from_dlpack: {} dimensions; a tensor has at most {}", v.ndim, max_rank);
  check<Error>(v.ndim == 0 || v.shape != nullptr, "from_dlpack: {} dimensions without sizes", v.ndim);
  const DataType wanted = data_type(dtype);
  check<DtypeError>(static_cast<std::uint8_t>(v.dtype.code) == wanted.code && v.dtype.bits == wanted.bits && v.dtype.lanes == 1,
                    "from_dlpack: the elements have DLPack code {}, {} bits and {} lanes; a tensor of {} needs code {}, {} bits, 1 lane",
                    static_cast<int>(v.dtype.code), static_cast<int>(v.dtype.bits), static_cast<int>(v.dtype.lanes), to_string(dtype),
                    static_cast<int>(wanted.code), static_cast<int>(wanted.bits));
  Imported in;
  in.sizes = Shape::filled(v.ndim, 0);
  for (int d = 0; d < v.ndim; ++d) in.sizes[d] = v.shape[d];
  check_sizes("from_dlpack", in.sizes, element_size);
  in.strides = contiguous_strides(in.sizes);
  std::int64_t last = 0;
  bool overflow = false;
  for (int d = 0; d < v.ndim; ++d) {
    if (v.strides != nullptr) in.strides[d] = v.strides[d];
    check<ShapeError>(in.strides[d] >= 0 || in.sizes[d] <= 1, "from_dlpack: stride {} of dimension {} is negative; copy the tensor first",
                      in.strides[d], d);
    std::int64_t reach = 0;
    overflow |= __builtin_mul_overflow(in.sizes[d] - 1, in.strides[d], &reach) || __builtin_add_overflow(last, reach, &last);
  }
  std::int64_t bytes = 0;
  const bool empty = in.sizes.numel() == 0;
  overflow = !empty && (overflow || __builtin_add_overflow(last, 1, &last) ||
                        __builtin_mul_overflow(last, static_cast<std::int64_t>(element_size), &bytes));
  check<ShapeError>(!overflow, "from_dlpack: sizes {} with strides {} reach further than 63 bits count", in.sizes.str(), in.strides.str());
  check<Error>(empty || v.data != nullptr, "from_dlpack: data is null, shape is {}", in.sizes.str());
  in.bytes = empty ? 0 : static_cast<std::size_t>(bytes);
  in.data = v.data == nullptr ? nullptr : static_cast<std::byte*>(v.data) + v.byte_offset;
  const std::size_t alignment = element_size > 8 ? 8 : element_size;
  check<Error>(empty || reinterpret_cast<std::uintptr_t>(in.data) % alignment == 0,
               "from_dlpack: the first element is at an address that is no multiple of {}", alignment);
  return in;
}

}  // namespace dlpack

/// The tensor for another library: it shares the memory, which lives until the receiver calls the deleter or the capsule ends.
///   to_dlpack(x)                    a DLManagedTensorVersioned of DLPack 1.0
///   to_dlpack<dlpack::Managed>(x)   a DLManagedTensor of earlier versions
/// On Cuda the receiver has to wait for the current stream. Throws Error if x requires a gradient.
template <dlpack::managed M = dlpack::ManagedVersioned, class T, class D>
dlpack::Capsule<M> to_dlpack(const Tensor<T, D>& x) {
  check<Error>(!x.requires_grad(),
               "to_dlpack: this tensor of shape {} requires a gradient, which the receiver would not see; export x.detach()",
               x.sizes().str());
  return dlpack::export_impl<M>(x.ref(), std::is_same_v<D, Cpu> ? dlpack::cpu : dlpack::cuda_device);
}

/// A tensor over memory of another library; the deleter is called once, when the last tensor over it goes. If this throws, the
/// managed tensor still belongs to the caller. Throws DtypeError, DeviceError or ShapeError if it is no Tensor<T, D>.
template <dtype T, device D = Cpu, dlpack::managed M>
Tensor<T, D> from_dlpack(M* m) {
  check<Error>(m != nullptr, "from_dlpack: there is no tensor; it was taken already");
  if constexpr (dlpack::is_versioned<M>) {
    check<Error>(m->version.major == 1, "from_dlpack: version {}.{}; this library knows version 1", m->version.major, m->version.minor);
    check<Error>((m->flags & dlpack::ManagedVersioned::read_only) == 0, "from_dlpack: the memory is read-only; copy the tensor first");
  }
  const auto& view = m->dl_tensor;
  const int type = static_cast<int>(view.device.device_type);
  const bool fits = std::is_same_v<D, Cpu> ? type == dlpack::cpu || type == dlpack::cuda_host || type == dlpack::cuda_managed
                                           : type == dlpack::cuda_device || type == dlpack::cuda_managed;
  check<DeviceError>(fits, "from_dlpack: the memory is on DLPack's device type {}, which is not {}", type, D::name);
  const dlpack::Imported in = dlpack::check_view(view, dtype_v<T>, sizeof(T));
  Ref<Storage> storage = wrap_storage(in.data, in.bytes, [m](void*) {
    if (m->deleter) m->deleter(m);
  });
  if (type != dlpack::cpu) storage->device = view.device.device_id;
  return Tensor<T, D>(make_impl(&tensor_type<T, D>, std::move(storage), 0, in.sizes, in.strides));
}
/// The same from a capsule, which is empty afterwards, unless this throws.
template <dtype T, device D = Cpu, dlpack::managed M>
Tensor<T, D> from_dlpack(dlpack::Capsule<M>&& capsule) {
  Tensor<T, D> t = from_dlpack<T, D>(capsule.get());
  capsule.release();
  return t;
}

}  // namespace torchlite::inline TORCHLITE_ABI
