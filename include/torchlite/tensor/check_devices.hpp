// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/tensor/tensor.hpp>

#include <initializer_list>

namespace torchlite::inline TORCHLITE_ABI {

[[noreturn]] TORCHLITE_COLD inline void fail_devices(const char* op, std::string_view kind, int first, int found, int current) {
  if (first != found)
    fail<DeviceError>(
        "{}: expected all tensors to be on the same device, but found {}:{} and {}:{}; move one first, for example with x.to()", op, kind,
        first, kind, found);
  fail<DeviceError>(
      "{}: the tensors are on {}:{}, but this thread works on {}:{}; put a DeviceGuard around work on another device, or move them with "
      "x.to()",
      op, kind, found, kind, current);
}

/// Throws DeviceError in the name of an operation unless its operands (null or undefined ones do not count) are on the device of D that the
/// calling thread works on: kernels run there. Nothing is asked where there is only one.
template <class D>
void check_devices(const char* op, const TensorImpl* const* operands, int count) {
  if constexpr (has_places<D>) {
    const int current = current_place(D{}).device;
    int first = -1;
    for (int i = 0; i < count; ++i) {
      if (operands[i] == nullptr) continue;
      const int device = operands[i]->storage->device;
      if (first < 0) first = device;
      if (device != first) fail_devices(op, D::name, first, device, current);
    }
    if (first >= 0 && first != current) fail_devices(op, D::name, first, first, current);
  }
}
template <class D, class... T>
void check_devices(const char* op, const Tensor<T, D>&... operands) {
  if constexpr (has_places<D>) {
    const TensorImpl* const list[] = {(operands.defined() ? &operands.impl() : nullptr)...};
    check_devices<D>(op, list, static_cast<int>(sizeof...(T)));
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI
