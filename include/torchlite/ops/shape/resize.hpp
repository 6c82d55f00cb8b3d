// SPDX-License-Identifier: BSD-3-Clause
// Tensors that change their size in place.
#pragma once
#include <torchlite/autograd/restride.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace ops {
/// Room for more elements of T in the storage of x: its data moves, and every tensor over it sees the new place. The old memory
/// stays until the storage dies, since the storage's header may lie in it.
template <class T, class D>
TORCHLITE_COLD void grow_storage(const Tensor<T, D>& x, std::int64_t elements) {
  struct Before {
    Ref<Storage> grown;
    void* data;
    std::size_t bytes;
    void (*release)(Storage*);
    void* context;
  };
  Storage& storage = *x.impl().storage;
  const auto have = static_cast<std::int64_t>(storage.bytes / sizeof(T));
  const Tensor<T, D> memory = empty<T, D>({elements});
  if (have > 0) copy_elements(alias(memory, {have}, {1}, 0), alias(x, {have}, {1}, 0));
  const Ref<Storage>& grown = memory.impl().storage;
  storage.context = new Before{grown, storage.data, storage.bytes, storage.release, storage.context};
  storage.data = grown->data;
  storage.bytes = grown->bytes;
  storage.release = [](Storage* dead) {
    auto* before = static_cast<Before*>(dead->context);
    dead->data = before->data;
    dead->bytes = before->bytes;
    dead->context = before->context;
    void (*const release)(Storage*) = before->release;
    delete before;
    release(dead);
  };
}
}  // namespace ops

/// x with other sizes, row-major, in the same memory: elements keep their places in it, and those that come new are undefined.
/// Throws Error if x requires a gradient.
template <class T, class D>
const Tensor<T, D>& resize_(const Tensor<T, D>& x, const Shape& sizes) {
  check_sizes("resize_", sizes, sizeof(T));
  TensorImpl& impl = x.impl();
  check<Error>(!impl.requires_grad, "resize_: a tensor of shape {} that requires a gradient cannot be resized; detach it first",
               impl.sizes.str());
  const autograd::Geometry target{sizes, contiguous_strides(sizes), impl.offset};
  if (target.end() > static_cast<std::int64_t>(impl.storage->bytes / sizeof(T))) ops::grow_storage(x, target.end());
  impl.sizes = sizes;
  impl.strides = target.strides;
  impl.numel = sizes.numel();
  impl.contiguous = true;
  ++impl.storage->version;
  return x;
}
/// x resized to the sizes of another tensor.
template <class T, class D, tensor_like B>
const Tensor<T, D>& resize_as_(const Tensor<T, D>& x, const B& other) {
  return resize_(x, eval(other).sizes());
}

}  // namespace torchlite::inline TORCHLITE_ABI
