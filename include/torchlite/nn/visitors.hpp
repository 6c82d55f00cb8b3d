// SPDX-License-Identifier: BSD-3-Clause
// What is done to all modules alike, compiled once for all of them.
#pragma once
#include <torchlite/autograd/parameter.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// Lists named tensors.
class CollectTensors final : public ModuleVisitor {
 public:
  CollectTensors(bool parameters, bool buffers, bool unique) : parameters_(parameters), buffers_(buffers), unique_(unique) {}
  void tensor(const std::string& path, const AnyTensor& tensor, Role role) override {
    if (!(role == Role::parameter ? parameters_ : buffers_)) return;
    if (unique_)
      for (const auto& [name, seen] : found)
        if (seen.ref() == tensor.ref()) return;
    found.emplace_back(path, tensor);
  }
  std::vector<std::pair<std::string, AnyTensor>> found;

 private:
  bool parameters_, buffers_, unique_;
};

/// Sets or reads the training flags.
class TrainingFlags final : public ModuleVisitor {
 public:
  explicit TrainingFlags(bool on) : on_(on) {}
  TrainingFlags() : reading_(true) {}
  void tensor(const std::string&, const AnyTensor&, Role) override {}
  void enter(const std::string&, const ModuleInfo& module) override {
    if (module.training == nullptr) return;
    if (reading_) found.push_back(*module.training);
    else *module.training = on_;
  }
  std::vector<bool> found;

 private:
  bool on_ = true, reading_ = false;
};

class ForgetGradients final : public ModuleVisitor {
 public:
  void tensor(const std::string&, const AnyTensor& t, Role) override {
    if (t.impl().graph != nullptr) autograd::gradient_of(t.impl()).gradient = nullptr;
  }
};

class RequireGradients final : public ModuleVisitor {
 public:
  explicit RequireGradients(bool on) : on_(on) {}
  void tensor(const std::string&, const AnyTensor& t, Role role) override {
    if (role == Role::parameter) t.impl().requires_grad = on_;
  }

 private:
  bool on_;
};

/// Writes a module the way PyTorch does: one line for each submodule, indented by depth.
class Describe final : public ModuleVisitor {
 public:
  void tensor(const std::string&, const AnyTensor&, Role) override {}
  void enter(const std::string& path, const ModuleInfo& module) override {
    levels_.push_back(
        {path, std::string(module.type), module.extra_repr != nullptr ? module.extra_repr(module.address) : std::string(), {}});
  }
  void leave(const std::string& path, const ModuleInfo&) override {
    const Level done = std::move(levels_.back());
    levels_.pop_back();
    const std::string in = "\n" + indent(levels_.size() + 1);
    std::string line = done.type + "(";
    if (done.children.empty()) line += done.extra + ")";
    else line += (done.extra.empty() ? "" : in + done.extra) + done.children + "\n" + indent(levels_.size()) + ")";
    if (levels_.empty()) {
      text = std::move(line);
      return;
    }
    const Level& outer = levels_.back();
    const std::string name = path.substr(outer.path.empty() ? 0 : outer.path.size() + 1);
    levels_.back().children += "\n" + indent(levels_.size()) + "(" + name + "): " + line;
  }
  std::string text;

 private:
  struct Level {
    std::string path, type, extra, children;
  };
  static std::string indent(std::size_t depth) { return std::string(2 * depth, ' '); }

  std::vector<Level> levels_;
};

/// What load_state_dict did not find.
struct LoadResult {
  std::vector<std::string> missing_keys;     ///< of the module, not in the dictionary
  std::vector<std::string> unexpected_keys;  ///< of the dictionary, not in the module
};

/// Copies a dictionary into named tensors; nothing is copied unless everything fits.
inline LoadResult load_tensors(const std::vector<std::pair<std::string, AnyTensor>>& own, const StateDict& dict, bool strict) {
  LoadResult result;
  std::string problems;
  StateDict known;
  for (const auto& [name, tensor] : own) {
    known[name] = tensor;
    const AnyTensor* values = dict.find(name);
    if (values == nullptr) {
      result.missing_keys.push_back(name);
    } else if (!(values->sizes() == tensor.sizes())) {
      problems += format_text("\n  {}: the dictionary has shape {}, the module {}", name, values->sizes().str(), tensor.sizes().str());
    }
  }
  for (const auto& [name, tensor] : dict)
    if (!known.contains(name)) result.unexpected_keys.push_back(name);
  if (strict) {
    for (const auto& name : result.missing_keys) problems += format_text("\n  {}: missing in the dictionary", name);
    for (const auto& name : result.unexpected_keys) problems += format_text("\n  {}: unexpected, the module has no such entry", name);
  }
  check<Error>(problems.empty(), "load_state_dict: the dictionary does not fit the module, nothing was loaded:{}", problems);
  for (const auto& [name, tensor] : own)
    if (const AnyTensor* values = dict.find(name)) tensor.copy_from(*values);
  return result;
}

/// Is told what modules gave while it is the thread's observer; how summary() learns shapes.
class ForwardObserver {
 public:
  virtual ~ForwardObserver() = default;
  virtual void after(const void* module, std::string_view type, const Shape& output) = 0;
};
inline ForwardObserver*& forward_observer() {
  static thread_local ForwardObserver* observer = nullptr;
  return observer;
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn
