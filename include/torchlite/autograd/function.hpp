// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/pointwise.hpp>

#include <map>
#include <string>

namespace torchlite::inline TORCHLITE_ABI::autograd {

/// What a Function's forward leaves for its backward.
class Context {
 public:
  /// Keeps tensors; they may not be modified in place before backward.
  template <tensor... X>
  void save_for_backward(const X&... tensors) {
    saved_.clear();
    (saved_.push_back({tensors.ref(), tensors.defined() ? tensors.version() : 0, nullptr}), ...);
  }
  /// Tensor number i of save_for_backward.
  template <class T, class D = Cpu>
  Tensor<T, D> saved(std::size_t i) const {
    check<IndexError>(i < saved_.size(), "context: saved tensor {} was asked for, {} were saved", i, saved_.size());
    Entry& e = saved_[i];
    if (e.packed) {
      e.tensor = e.packed->get();
      e.version = e.tensor->storage->version;
    }
    if (!e.tensor) return {};
    check<DtypeError>(e.tensor->type == &tensor_type<T, D>, "context: saved tensor {} has dtype {} on {}", i,
                      to_string(e.tensor->type->dtype), e.tensor->type->device);
    check<Error>(e.tensor->storage->version == e.version,
                 "function: saved tensor {} was modified in place (version {}, then {}); clone it first", i, e.tensor->storage->version,
                 e.version);
    return Tensor<T, D>(e.tensor);
  }
  /// Numbers that go along.
  std::map<std::string, double> saved_data;

  /// A saved result holds no graph, which would be a cycle.
  void detach_result(const ImplRef& result) {
    for (Entry& e : saved_)
      if (e.tensor == result) e.tensor = make_impl(result->type, result->storage, result->offset, result->sizes, result->strides);
  }
  /// Hands what was saved to the hooks that are in force.
  void pack() {
    if (SavedTensorHooks::current() == nullptr) return;
    for (Entry& e : saved_)
      if (e.tensor) e = {nullptr, 0, pack_tensor(e.tensor)};
  }

 private:
  struct Entry {
    ImplRef tensor;
    std::uint32_t version;
    Ref<PackedTensor> packed;
  };
  mutable std::vector<Entry> saved_;
};

/// A function with its own backward:
///   struct Square : autograd::Function<Square> {
///     template <class T, class D> static Tensor<T, D> forward(Context&, const Tensor<T, D>& x);
///     template <class T, class D> static Tensor<T, D> backward(Context&, const Tensor<T, D>& grad_output);
///   };
///   Square::apply(x);
/// backward returns the gradient of each tensor argument, as a tensor or a tuple. forward runs without recording.
template <class Self>
struct Function {
  template <class... A>
  static auto apply(const A&... arguments) {
    Context context;
    (static_cast<void>(evaluated(arguments)), ...);  // expressions run here, where they are still recorded
    auto out = [&] {
      const NoGradGuard no_grad;
      return call_forward(context, evaluated(arguments)...);
    }();
    using Out = decltype(out);
    std::vector<Edge> edges;
    bool recorded = is_grad_enabled();
    bool wanted = false;
    const auto collect = [&](const auto& x) {
      if constexpr (tensor<decltype(x)>) {
        edges.push_back(edge_to(x.ref()));
        wanted |= static_cast<bool>(edges.back());
        if (x.ref() == out.ref()) out = alias(out, out.sizes(), out.strides(), out.storage_offset());
      }
    };
    (collect(evaluated(arguments)), ...);
    if (recorded && wanted) {
      context.detach_result(out.ref());
      context.pack();
      out = record("function", Site{}, std::move(out), std::move(edges),
                   [context = std::move(context)](const Pass&, const Out& g) mutable { return Self::backward(context, g); });
    }
    return out;
  }

 private:
  template <class A>
  static decltype(auto) evaluated(const A& a) {
    if constexpr (tensor_like<A>) return eval(a);
    else return a;
  }
  template <class... A>
  static auto call_forward(Context& context, const A&... arguments) {
    auto out = Self::forward(context, arguments...);
    if constexpr (expression<decltype(out)>) return out.eval();
    else return out;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::autograd
