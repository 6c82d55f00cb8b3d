// SPDX-License-Identifier: BSD-3-Clause
// What all recorded formulas have in common, whatever their type: saved leaves, and the one pass backward over them.
#pragma once
#include <torchlite/autograd/saved_tensors.hpp>
#include <torchlite/backend/pointwise.hpp>
#include <torchlite/tensor/tensor.hpp>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// How a reduction that took its pointwise input along spreads its gradient over that input.
struct Spread {
  bool active = false;
  Shape sizes;    ///< of the pointwise input
  Shape strides;  ///< of the (contiguous) gradient of the result, read with these sizes: 0 where it was reduced
  double scale = 1;
};

/// A leaf of a recorded formula.
struct SavedLeaf {
  ImplRef value;  ///< null if backward does not read it
  std::uint32_t version = 0;
  Shape sizes;
  Ref<PackedTensor> packed;  ///< where hooks took the value; it is back while backward runs
};

inline ImplRef alias_of(const ImplRef& impl, const Shape& sizes, const Shape& strides) {
  return make_impl(impl->type, impl->storage, impl->offset, sizes, strides);
}

class FormulaNode : public Node {
 public:
  using Backward = void (*)(const backend::MapBackwardArguments&);

  FormulaNode(const char* op, Site where, std::size_t bytes, SavedLeaf* saved, Edge* edges, int count, const backend::Scalar* scalars,
              const TensorType* const* types, const TensorType* result, Backward function)
      : Node(op, where, bytes), saved_leaves_(saved), scalars_begin_(scalars), types_(types), run_(function) {
    output_.type = result;
    edges_ = edges;
    edge_count_ = static_cast<std::uint32_t>(count);
    outputs_ = &output_;
    output_count_ = 1;
  }

  TORCHLITE_NOINLINE void save_leaf(int i, const ImplRef& impl, bool value_needed) {
    SavedLeaf& leaf = saved_leaves_[i];
    leaf.sizes = impl->sizes;
    if (value_needed) keep(leaf, impl);
    edges_[i] = edge_to(impl);
  }
  /// The result as the last leaf: without its graph, which would be a cycle.
  TORCHLITE_NOINLINE void save_result(const ImplRef& out) {
    SavedLeaf& leaf = saved_leaves_[edge_count_ - 1];
    leaf.sizes = out->sizes;
    keep(leaf, alias_of(out, out->sizes, out->strides));
  }
  /// Copies what was saved of memory that is about to be overwritten. A copy keeps its place in the graph, for derivatives of
  /// second order.
  TORCHLITE_COLD void copy_saved(const Storage* memory) {
    for (std::uint32_t i = 0; i < edge_count_; ++i) {
      SavedLeaf& leaf = saved_leaves_[i];
      if (!leaf.value || leaf.value->storage.get() != memory) continue;
      leaf.value = types_[i]->copy(leaf.value);
      leaf.version = leaf.value->storage->version;
      if (edges_[i].node) set_history(*leaf.value, edges_[i].node, edges_[i].slot);
    }
  }

  void backward(bool create_graph) final {
    if (packed_) unpack();
    check_versions();
    ImplRef gradient = std::move(output_.gradient);
    if (create_graph) differentiate(std::move(gradient));
    else if (edge_count_ <= 4) run<4>(std::move(gradient));  // the usual number: less to clear
    else run<backend::max_leaves + 1>(std::move(gradient));
    if (packed_) drop_unpacked();
  }
  void release() final {
    for (std::uint32_t i = 0; i < edge_count_; ++i) saved_leaves_[i].value = nullptr;
    if (packed_)
      for (std::uint32_t i = 0; i < edge_count_; ++i) saved_leaves_[i].packed = nullptr;
  }
  /// The sizes of what input i was made of.
  const Shape* input_sizes(std::size_t i) const final { return &saved_leaves_[i].sizes; }

  Spread spread_;

 protected:
  /// The gradients as tensors with a graph.
  virtual void differentiate(ImplRef gradient) = 0;

 private:
  void keep(SavedLeaf& leaf, const ImplRef& value) {
    if (SavedTensorHooks::current() != nullptr) [[unlikely]] {
      leaf.packed = pack_tensor(value);
      packed_ = true;
    } else {
      leaf.value = value;
      leaf.version = value->storage->version;
    }
  }
  TORCHLITE_COLD void unpack() {
    for (std::uint32_t i = 0; i < edge_count_; ++i) {
      SavedLeaf& leaf = saved_leaves_[i];
      if (!leaf.packed) continue;
      leaf.value = leaf.packed->get();
      leaf.version = leaf.value->storage->version;
    }
  }
  TORCHLITE_COLD void drop_unpacked() {
    for (std::uint32_t i = 0; i < edge_count_; ++i)
      if (saved_leaves_[i].packed) saved_leaves_[i].value = nullptr;
  }

  void check_versions() const {
    for (std::uint32_t i = 0; i < edge_count_; ++i) {
      const SavedLeaf& leaf = saved_leaves_[i];
      if (leaf.value && leaf.value->storage->version != leaf.version)
        fail<Error>(
            "{}: a tensor of shape {} that its gradient needs was modified in place after it was used (version {}, then {}); clone it "
            "first",
            name, leaf.sizes.str(), leaf.value->storage->version, leaf.version);
    }
  }

  template <int Most>
  void run(ImplRef gradient) {
    if (spread_.active) {
      if (!gradient->contiguous) gradient = output_.type->copy(gradient);
      if (spread_.scale != 1) gradient = output_.type->scaled(gradient, spread_.scale);
      gradient = alias_of(gradient, spread_.sizes, spread_.strides);
    }
    const int count = static_cast<int>(edge_count_);
    backend::StridedMemory reads[Most];
    backend::GradientTarget targets[Most];
    ImplRef gradients[Most];
    bool flat = gradient->contiguous;
    int taker = -1;
    for (int i = 0; i < count; ++i) prepare(i, gradient, reads, targets, gradients, flat, taker);
    const backend::StridedMemory from{gradient->data(), &gradient->sizes, &gradient->strides, output_.type->element_size};
    run_(backend::MapBackwardArguments{from, reads, targets, count, scalars_begin_, flat});
    for (int i = 0; i < count; ++i)
      if (targets[i].mode == backend::GradientMode::write)
        Engine::current()->send(edges_[i], std::move(i == taker ? gradient : gradients[i]));
  }

  // Equal tensors (x * x) share one gradient: the first leaf writes it, the others add.
  void prepare(int i, const ImplRef& gradient, backend::StridedMemory* reads, backend::GradientTarget* targets, ImplRef* gradients,
               bool& flat, int& taker) {
    SavedLeaf& leaf = saved_leaves_[i];
    const TensorType* type = types_[i];
    reads[i].sizes = &leaf.sizes;
    reads[i].element_size = type->element_size;
    const bool same_sizes = leaf.sizes == gradient->sizes;
    if (leaf.value) {
      reads[i].data = leaf.value->data();
      reads[i].strides = &leaf.value->strides;
      flat = flat && leaf.value->contiguous && same_sizes;
    } else {
      reads[i].strides = &leaf.sizes;  // any strides: nothing is read
    }
    if (type->dtype < Dtype::float16 || !edges_[i]) return;
    for (int j = 0; j < i; ++j) {
      if (targets[j].mode == backend::GradientMode::write && edges_[j] == edges_[i] && saved_leaves_[j].sizes == leaf.sizes) {
        targets[i] = targets[j];
        targets[i].mode = backend::GradientMode::add;
        return;
      }
    }
    // The gradient that came in is overwritten if nobody else holds it: element i is read before it is written.
    const bool reuse = taker < 0 && same_sizes && type == output_.type && gradient->contiguous && gradient->graph == nullptr &&
                       gradient->use_count() == 1 && gradient->storage->use_count() == 1 && gradient->offset == 0;
    if (reuse) taker = i;
    else gradients[i] = type->empty(leaf.sizes);
    TensorImpl& g = reuse ? *gradient : *gradients[i];
    targets[i] = {{g.data(), &g.sizes, &g.strides, type->element_size}, type->dtype, backend::GradientMode::write};
    flat = flat && same_sizes;
  }

  SavedLeaf* saved_leaves_;
  const backend::Scalar* scalars_begin_;
  const TensorType* const* types_;
  Backward run_;
  bool packed_ = false;  // some leaf is
  Output output_;
};

/// The leaves of an expression, checked one by one: nothing was modified since the expression was written.
struct LeafSummary {
  bool requires_grad = false;
  bool flat = true;  ///< contiguous and of equal sizes
  Shape sizes;       ///< broadcast
  int count = 0;

  TORCHLITE_NOINLINE void add(const char* name, const TensorImpl& impl, std::uint32_t version) {
    if (impl.storage->version != version)
      fail<Error>(
          "{}: an operand of shape {} was modified in place after the expression was written (version {}, then {}); evaluate the "
          "expression before",
          name, impl.sizes.str(), impl.storage->version, version);
    if (count++ == 0) {
      sizes = impl.sizes;
    } else if (!(impl.sizes == sizes)) {
      flat = false;
      sizes = broadcast_shapes(name, sizes, impl.sizes);
    }
    flat = flat && impl.contiguous;
    requires_grad |= impl.requires_grad;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
