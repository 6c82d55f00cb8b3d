// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/any_tensor.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// While it lives, tensors that operations of this thread save for backward go through pack, and what pack returns is kept
/// instead; unpack gives the tensor back each time a backward pass needs it. (PyTorch's saved_tensors_hooks.)
///   SavedTensorsHooksGuard guard([](const AnyTensor& t) { return write_to_file(t); }, [](const std::string& f) { return read(f); });
/// pack takes an AnyTensor and must not modify it; unpack takes what pack returned and gives an AnyTensor (or Tensor) of the same
/// dtype, device and shape. Guards stack; the innermost one counts.
template <class Pack, class Unpack>
class SavedTensorsHooksGuard final : SavedTensorHooks {
 public:
  SavedTensorsHooksGuard(Pack pack, Unpack unpack)
      : pack_(std::move(pack)), unpack_(std::move(unpack)), before_(std::exchange(current(), static_cast<SavedTensorHooks*>(this))) {}
  ~SavedTensorsHooksGuard() { current() = before_; }
  SavedTensorsHooksGuard(const SavedTensorsHooksGuard&) = delete;
  SavedTensorsHooksGuard& operator=(const SavedTensorsHooksGuard&) = delete;

 private:
  using Kept = std::remove_cvref_t<std::invoke_result_t<Pack&, const AnyTensor&>>;
  class Packed final : public PackedTensor {
   public:
    Packed(const ImplRef& tensor, Kept kept, Unpack unpack) : PackedTensor(tensor), kept_(std::move(kept)), unpack_(std::move(unpack)) {}

   private:
    ImplRef unpack() override { return AnyTensor(unpack_(static_cast<const Kept&>(kept_))).ref(); }

    Kept kept_;
    Unpack unpack_;  // graphs outlive the guard
  };

  Ref<PackedTensor> pack(const ImplRef& tensor) override {
    return Ref<PackedTensor>(new Packed(tensor, pack_(AnyTensor(tensor)), unpack_));
  }

  Pack pack_;
  Unpack unpack_;
  SavedTensorHooks* before_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
