// SPDX-License-Identifier: BSD-3-Clause
// Tensors whose dtype a file decides. Reading a file must not compile every kernel for all dtypes, so what stands here
// works on bytes; operations see such a tensor with the type under which the program gets it out of its dictionary.
#pragma once
#include <torchlite/autograd/any_tensor.hpp>

#include <cstring>

namespace torchlite::inline TORCHLITE_ABI::io {

/// Fresh row-major memory on D for elements that only the header of a file has described.
template <class D>
ImplRef make_loaded(Dtype dtype, const Shape& sizes, Ref<Storage> storage);
template <class D>
ImplRef make_loaded(Dtype dtype, const Shape& sizes) {
  check_sizes("load", sizes, size_of(dtype));
  return make_loaded<D>(dtype, sizes, make_storage(D{}, static_cast<std::size_t>(sizes.numel()) * size_of(dtype)));
}

// A gradient was made by an operation, so that its type knows how to add; only the sum of two tensors that both come from files
// is left to do here.
template <class D>
void accumulate_loaded(ImplRef& into, const ImplRef& gradient, bool create_graph) {
  if (!into) {
    into = gradient;
  } else if (gradient->type->accumulate != &accumulate_loaded<D>) {
    gradient->type->accumulate(into, gradient, create_graph);
  } else if (into->type->accumulate != &accumulate_loaded<D>) {
    into->type->accumulate(into, gradient, create_graph);
  } else {
    check<ShapeError>(into->sizes == gradient->sizes, "backward: gradients of shapes {} and {} for the same tensor", into->sizes.str(),
                      gradient->sizes.str());
    const ImplRef sum = make_loaded<D>(into->type->dtype, into->sizes);
    const auto size = static_cast<std::size_t>(sum->type->element_size);
    for (std::int64_t i = 0; i < sum->numel; ++i) {
      std::byte element[2][16];
      std::complex<double> values[2];
      const ImplRef* terms[] = {&into, &gradient};
      for (int k = 0; k < 2; ++k) {
        copy_to_host(D{}, element[k], (*terms[k])->data() + static_cast<std::size_t>(i) * size, size);
        any_tensor::convert((*terms[k])->type->dtype, element[k], Dtype::complex128, reinterpret_cast<std::byte*>(&values[k]), 1);
      }
      values[0] += values[1];
      any_tensor::convert(Dtype::complex128, reinterpret_cast<const std::byte*>(&values[0]), sum->type->dtype, element[0], 1);
      copy_from_host(D{}, sum->data() + static_cast<std::size_t>(i) * size, element[0], size);
    }
    into = sum;
  }
}

template <class D>
ImplRef copy_loaded(const ImplRef& tensor) {
  const ImplRef to = make_loaded<D>(tensor->type->dtype, tensor->sizes);
  const std::size_t bytes = static_cast<std::size_t>(to->numel) * size_of(to->type->dtype);
  if (bytes == 0) return to;
  if constexpr (std::is_same_v<D, Cpu>) {
    std::memcpy(to->data(), tensor->data(), bytes);
  } else {
    const ImplRef host = make_loaded<Cpu>(tensor->type->dtype, tensor->sizes);
    copy_to_host(D{}, host->data(), tensor->data(), bytes);
    copy_from_host(D{}, to->data(), host->data(), bytes);
  }
  return to;
}

template <class D>
ImplRef ones_like_loaded(const ImplRef& tensor) {
  const ImplRef to = make_loaded<D>(tensor->type->dtype, tensor->sizes);
  const ImplRef host = make_loaded<Cpu>(tensor->type->dtype, tensor->sizes);
  const double one = 1;
  const std::size_t size = size_of(to->type->dtype);
  for (std::int64_t i = 0; i < to->numel; ++i)
    any_tensor::convert(Dtype::float64, reinterpret_cast<const std::byte*>(&one), to->type->dtype,
                        host->data() + static_cast<std::size_t>(i) * size, 1);
  if (to->numel > 0) copy_from_host(D{}, to->data(), host->data(), static_cast<std::size_t>(to->numel) * size);
  return to;
}

template <class D, Dtype dtype>
inline constexpr TensorType loaded_type{
    dtype, static_cast<int>(size_of(dtype)), D::name, &accumulate_loaded<D>, &copy_loaded<D>, &ones_like_loaded<D>};

template <class D>
ImplRef make_loaded(Dtype dtype, const Shape& sizes, Ref<Storage> storage) {
  static constexpr const TensorType* types[] = {
      &loaded_type<D, Dtype::boolean>, &loaded_type<D, Dtype::uint8>,     &loaded_type<D, Dtype::int8>,
      &loaded_type<D, Dtype::int16>,   &loaded_type<D, Dtype::int32>,     &loaded_type<D, Dtype::int64>,
      &loaded_type<D, Dtype::float16>, &loaded_type<D, Dtype::bfloat16>,  &loaded_type<D, Dtype::float32>,
      &loaded_type<D, Dtype::float64>, &loaded_type<D, Dtype::complex64>, &loaded_type<D, Dtype::complex128>};
  return make_impl(types[static_cast<int>(dtype)], std::move(storage), 0, sizes, contiguous_strides(sizes));
}

/// The same as a handle that says its dtype.
template <class D>
AnyTensor any_loaded(const ImplRef& impl) {
  AnyTensor out;
  any_tensor::with_dtype(impl->type->dtype, [&](auto type) { out = Tensor<decltype(type), D>(impl); });
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI::io
