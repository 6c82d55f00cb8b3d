// SPDX-License-Identifier: BSD-3-Clause
// The primitives of Cuda for compilers that cannot compile them: tensors on Cuda can be named, held and passed on in any file;
// whatever would run on the GPU says which compiler it needs.
#pragma once
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/gemm.hpp>
#include <torchlite/backend/reduce.hpp>

#include <concepts>
#include <cstddef>

#if !TORCHLITE_CUDA
namespace torchlite::inline TORCHLITE_ABI::backend {

template <class D>
inline constexpr bool compiled_with_nvcc = !std::is_same_v<D, Cuda>;

template <std::same_as<Cuda> D>
void* allocate(D, std::size_t) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
  return nullptr;
}
template <std::same_as<Cuda> D>
void deallocate(D, void*, std::size_t) {}
template <std::same_as<Cuda> D>
void* allocate_pinned(D, std::size_t) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
  return nullptr;
}
template <std::same_as<Cuda> D>
void deallocate_pinned(D, void*) {}
template <std::same_as<Cuda> D>
bool is_pinned(D, const void*) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
  return false;
}
template <std::same_as<Cuda> D>
void empty_cache(D) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}
template <std::same_as<Cuda> D>
void copy_from_host(D, void*, const void*, std::size_t) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}
template <std::same_as<Cuda> D>
void copy_to_host(D, void*, const void*, std::size_t) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}
template <std::same_as<Cuda> D>
void copy_from_host_async(D, void*, const void*, std::size_t) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}
template <std::same_as<Cuda> D>
void copy_to_host_async(D, void*, const void*, std::size_t) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}
template <std::same_as<Cuda> D>
void copy_between(D, void*, Cuda, const void*, std::size_t) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}
template <class F, class Out, std::same_as<Cuda> D>
void map(D, const MapArguments&) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}
template <class F, class Out, std::same_as<Cuda> D>
void map_backward(D, const MapBackwardArguments&) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}
template <class R, class F, class Out, class Element, std::same_as<Cuda> D>
void reduce(D, const ReduceArguments&) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}
template <class T, std::same_as<Cuda> D>
void gemm(D, const GemmArguments<T>&) {
  static_assert(compiled_with_nvcc<D>, "compile this file with nvcc to run it on Cuda");
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend
#endif
