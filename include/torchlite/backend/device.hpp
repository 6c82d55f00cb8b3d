// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <string_view>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The host: what backend/cpu computes on.
struct Cpu {
  static constexpr std::string_view name = "cpu";
};

/// An NVIDIA GPU. The type can be named everywhere; its primitives are in backend/cuda and need nvcc.
struct Cuda {
  static constexpr std::string_view name = "cuda";
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

/// A type that says where a tensor lives and computes.
template <class D>
concept device = backend::is_device<D>;

}  // namespace torchlite::inline TORCHLITE_ABI
