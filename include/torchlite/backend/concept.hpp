// SPDX-License-Identifier: BSD-3-Clause
// What a device supplies. Operations call these functions with the device tag first, unqualified, so that they are found in the
// tag's namespace; memory is raw, and nothing here knows tensors, graphs or the names of operations.
#pragma once
#include <torchlite/backend/device.hpp>
#include <torchlite/backend/gemm.hpp>
#include <torchlite/backend/pointwise.hpp>
#include <torchlite/backend/reduce.hpp>

#include <concepts>
#include <cstddef>

namespace torchlite::inline TORCHLITE_ABI::backend {

/// Memory: allocate(d, bytes) -> pointer aligned to 64 bytes, deallocate(d, pointer, bytes), and copies between d and the host.
template <class D>
concept memory_device = device<D> && requires(D d, void* p, const void* source, std::size_t bytes) {
  { allocate(d, bytes) } -> std::convertible_to<void*>;
  deallocate(d, p, bytes);
  copy_from_host(d, p, source, bytes);
  copy_to_host(d, p, source, bytes);
};

/// Pointwise formulas: map<F, Out>(d, arguments) computes F over any layout in one pass, map_backward<F, Out>(d, arguments) all
/// its gradients in another, sums over broadcast dimensions included.
template <class D>
concept mapping_device = memory_device<D> && requires(D d, const MapArguments& forward, const MapBackwardArguments& backward) {
  map<Leaf<0, float>, float>(d, forward);
  map_backward<Leaf<0, float>, float>(d, backward);
};

/// Reductions: reduce<Reducer, F, Out, Value>(d, arguments) folds the values of F, which are never stored, over any dimensions.
template <class D>
concept reducing_device = memory_device<D> && requires(D d, const ReduceArguments& arguments) {
  reduce<SumReducer<float>, Leaf<0, float>, float, float>(d, arguments);
};

/// Matrix products: gemm(d, arguments), any strides.
template <class D>
concept multiplying_device = memory_device<D> && requires(D d, const GemmArguments<float>& arguments) {
  gemm(d, arguments);
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend
