// SPDX-License-Identifier: BSD-3-Clause
// What is kept for backward can be kept elsewhere: hooks take a tensor when it is saved and give it back when it is needed.
#pragma once
#include <torchlite/autograd/engine.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// A tensor that hooks have taken into their keeping.
class PackedTensor : public Counted {
 public:
  explicit PackedTensor(const ImplRef& t)
      : type_(t->type), sizes_(t->sizes), edge_(edge_to(t)), memory_(t->storage.get()), version_(t->storage->version) {}
  virtual ~PackedTensor() = default;

  /// The tensor again, at its place in the graph. Throws Error if the hook gives something else, or the same memory modified.
  TORCHLITE_COLD ImplRef get() {
    const ImplRef t = unpack();
    check<Error>(t && t->type == type_ && t->sizes == sizes_,
                 "saved_tensors_hooks: a tensor of shape {} was packed, {} came back; dtype, device and shape must be the same",
                 sizes_.str(), t ? t->sizes.str() : "nothing");
    check<Error>(t->storage.get() != memory_ || t->storage->version == version_,
                 "saved_tensors_hooks: a saved tensor of shape {} was modified in place (version {}, then {}); pack a copy of it",
                 sizes_.str(), t->storage->version, version_);
    if (!edge_ || t->requires_grad) return t;
    ImplRef linked = make_impl(t->type, t->storage, t->offset, t->sizes, t->strides);
    if (edge_.node) set_history(*linked, edge_.node, edge_.slot);
    else set_history(*linked, Ref<Node>(make_node<LeafNode>(edge_, type_).get()), 0);
    return linked;
  }

 protected:
  virtual ImplRef unpack() = 0;

 private:
  /// Stands between a tensor that was unpacked and the leaf that it was.
  class LeafNode final : public Node {
   public:
    LeafNode(Edge leaf, const TensorType* type) : Node("unpack", Site{}, sizeof(LeafNode)), leaf_(std::move(leaf)) {
      output_.type = type;
      edges_ = &leaf_;
      outputs_ = &output_;
      edge_count_ = output_count_ = 1;
    }
    void backward(bool) override { Engine::current()->send(leaf_, std::move(output_.gradient)); }
    void release() override {}

   private:
    Edge leaf_;
    Output output_;
  };

  const TensorType* type_;
  Shape sizes_;
  Edge edge_;
  const Storage* memory_;  // never followed: it may be gone
  std::uint32_t version_;
};
inline void destroy(PackedTensor* p) { delete p; }

/// The hooks that are in force; see SavedTensorsHooksGuard.
class SavedTensorHooks {
 public:
  virtual Ref<PackedTensor> pack(const ImplRef& tensor) = 0;
  /// Of this thread; null most of the time.
  static SavedTensorHooks*& current() {
    static thread_local SavedTensorHooks* hooks = nullptr;
    return hooks;
  }

 protected:
  ~SavedTensorHooks() = default;
};

/// Hands a tensor to the hooks, which must not modify it.
TORCHLITE_COLD inline Ref<PackedTensor> pack_tensor(const ImplRef& t) {
  SavedTensorHooks* const hooks = std::exchange(SavedTensorHooks::current(), nullptr);  // what the hook itself saves is not packed
  struct Restore {
    SavedTensorHooks* hooks;
    ~Restore() { SavedTensorHooks::current() = hooks; }
  } const restore{hooks};
  const NoGradGuard no_grad;
  const std::uint32_t version = t->storage->version;
  Ref<PackedTensor> packed = hooks->pack(t);
  check<Error>(t->storage->version == version, "saved_tensors_hooks: the pack hook modified a tensor of shape {} in place; it must not",
               t->sizes.str());
  return packed;
}

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
