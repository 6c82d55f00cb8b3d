// SPDX-License-Identifier: BSD-3-Clause
// Tensors that have a name: the parameters and buffers of a model, the dictionary they are saved as, and what visits them.
#pragma once
#include <torchlite/autograd/any_tensor.hpp>
#include <torchlite/autograd/backward.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

/// Names and tensors in the order in which they were put in; what safetensors files hold.
class StateDict {
 public:
  using value_type = std::pair<std::string, AnyTensor>;

  StateDict() = default;
  StateDict(std::initializer_list<value_type> entries) {
    for (const auto& [name, tensor] : entries) (*this)[name] = tensor;
  }

  /// The entry of that name, made if there is none.
  AnyTensor& operator[](std::string_view name) {
    const auto at = find_place(name);
    if (at != order_.end() && entries_[*at].first == name) return entries_[*at].second;
    order_.insert(at, static_cast<std::uint32_t>(entries_.size()));
    entries_.emplace_back(std::string(name), AnyTensor());
    return entries_.back().second;
  }
  const AnyTensor& operator[](std::string_view name) const { return at(name); }
  /// Throws Error if there is no entry of that name.
  const AnyTensor& at(std::string_view name) const {
    const AnyTensor* entry = find(name);
    check<Error>(entry != nullptr, "state dict: there is no entry '{}' among the {}", name, size());
    return *entry;
  }
  /// Null if there is no entry of that name.
  const AnyTensor* find(std::string_view name) const {
    const auto at = find_place(name);
    return at != order_.end() && entries_[*at].first == name ? &entries_[*at].second : nullptr;
  }
  bool contains(std::string_view name) const { return find(name) != nullptr; }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<std::uint32_t>::const_iterator find_place(std::string_view name) const {
    return std::lower_bound(order_.begin(), order_.end(), name,
                            [this](std::uint32_t i, std::string_view wanted) { return entries_[i].first < wanted; });
  }

  std::vector<value_type> entries_;
  std::vector<std::uint32_t> order_;  // of the entries, sorted by name
};

namespace nn {

/// What a named tensor is for.
enum class Role {
  parameter,  ///< trained
  buffer      ///< state that is saved but not trained, such as running statistics
};

/// A tensor that a module trains: as a field of a module it is one of parameters().
template <class T = float, class D = Cpu>
struct Parameter : Tensor<T, D> {
  static constexpr Role role = Role::parameter;

  /// No parameter: a layer without bias.
  Parameter() = default;
  Parameter(const Tensor<T, D>& values, bool requires_grad = true) : Tensor<T, D>(values) {
    if (values.defined()) this->requires_grad_(requires_grad);
  }
};
template <class T, class D>
Parameter(const Tensor<T, D>&) -> Parameter<T, D>;

/// A tensor that belongs to a module's state without being trained: as a field it is in state_dict(), but no parameter.
template <class T = float, class D = Cpu>
struct Buffer : Tensor<T, D> {
  static constexpr Role role = Role::buffer;

  Buffer() = default;
  Buffer(const Tensor<T, D>& values) : Tensor<T, D>(values) {}
};
template <class T, class D>
Buffer(const Tensor<T, D>&) -> Buffer<T, D>;

/// What a visitor learns of a module whose type it does not see.
struct ModuleInfo {
  std::string_view type;                           ///< "Linear"
  const void* address;                             ///< of the module
  bool* training;                                  ///< its flag; null if it has none
  std::string (*extra_repr)(const void* address);  ///< what stands between the parentheses when it is printed; may be null
};

/// Walks over a module and everything in it. No template: one visitor class serves modules of all types.
class ModuleVisitor {
 public:
  virtual ~ModuleVisitor() = default;

  /// A parameter or buffer; path is "mlp.2.bias".
  virtual void tensor(const std::string& path, const AnyTensor& tensor, Role role) = 0;
  /// A module, before what is in it; path is empty for the outermost one.
  virtual void enter(const std::string& path, const ModuleInfo& module);
  virtual void leave(const std::string& path, const ModuleInfo& module);

  // What modules call.
  void visit_tensor(std::string_view name, const AnyTensor& t, Role role) {
    const std::size_t before = push(name);
    tensor(path_, t, role);
    path_.resize(before);
  }
  void visit_tensor(std::size_t index, const AnyTensor& t, Role role) { visit_tensor(fmt::format_int(index).c_str(), t, role); }
  /// Appends a component to the path and says how long the path was; an empty name appends nothing.
  std::size_t push(std::string_view name) {
    const std::size_t before = path_.size();
    if (!name.empty() && before > 0) path_ += '.';
    path_ += name;
    return before;
  }
  std::size_t push(std::size_t index) { return push(std::string_view(fmt::format_int(index).c_str())); }
  void pop(std::size_t before) { path_.resize(before); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};
inline void ModuleVisitor::enter(const std::string&, const ModuleInfo&) {}
inline void ModuleVisitor::leave(const std::string&, const ModuleInfo&) {}

}  // namespace nn
}  // namespace torchlite::inline TORCHLITE_ABI
