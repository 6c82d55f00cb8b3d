// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>
#include <string_view>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The host: what backend/cpu computes on.
struct Cpu {
  static constexpr std::string_view name = "cpu";
};

/// An NVIDIA GPU: the calling thread's current one, or number `index`. The type can be named everywhere; its primitives are in
/// backend/cuda and need nvcc.
struct Cuda {
  static constexpr std::string_view name = "cuda";
  int index = -1;
};

/// What on_device gives where a kind of device has only one.
struct OnlyDevice {};
/// While the result lives, the device that the tag names is the calling thread's current one of its kind.
template <class D>
constexpr OnlyDevice on_device(D) {
  return {};
}

/// Where memory was taken from: the number of the device, and the queue of its work after which the memory may be given back.
struct Place {
  std::int32_t device = 0;
  void* queue = nullptr;
};

template <class D>
inline constexpr bool is_device = false;
template <>
inline constexpr bool is_device<Cpu> = true;
template <>
inline constexpr bool is_device<Cuda> = true;

}  // namespace backend
using backend::Cpu;
using backend::Cuda;
using backend::on_device;

namespace backend::cuda {}
/// Streams, memory statistics, graphs: what PyTorch calls torch.cuda.
namespace cuda = backend::cuda;

/// A type that says where a tensor lives and computes.
template <class D>
concept device = backend::is_device<D>;

}  // namespace torchlite::inline TORCHLITE_ABI
