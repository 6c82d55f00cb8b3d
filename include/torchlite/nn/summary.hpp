// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// Collects the rows of the table, then the shapes that modules give.
class SummaryRows final : public ModuleVisitor, public ForwardObserver {
 public:
  void tensor(const std::string&, const AnyTensor& tensor, Role role) override {
    if (role == Role::buffer) return;
    for (Row* row : open_) row->total += tensor.numel();
    for (const auto& seen : counted_)
      if (seen == tensor.ref()) return;
    counted_.push_back(tensor.ref());
    parameters_ += tensor.numel();
    bytes_ += tensor.nbytes();
    if (tensor.requires_grad()) trainable_ += tensor.numel();
  }
  void enter(const std::string& path, const ModuleInfo& module) override {
    rows_.push_back(std::make_unique<Row>(Row{path, std::string(module.type), "", module.address, open_.size(), 0}));
    open_.push_back(rows_.back().get());
  }
  void leave(const std::string&, const ModuleInfo&) override { open_.pop_back(); }
  void after(const void* module, std::string_view type, const Shape& output) override {
    for (auto& row : rows_)
      if (row->address == module && row->type == type) row->output = output.str();
  }

  std::string table() const {
    std::size_t name_width = 6, shape_width = 12;
    for (const auto& row : rows_) {
      name_width = std::max(name_width, label(*row).size());
      shape_width = std::max(shape_width, row->output.size());
    }
    std::string text = fmt::format("{:<{}}  {:<{}}  {:>12}\n", "module", name_width, "output shape", shape_width, "parameters");
    const std::string line(name_width + shape_width + 16, '-');
    text += line + "\n";
    for (const auto& row : rows_)
      text += fmt::format("{:<{}}  {:<{}}  {:>12}\n", label(*row), name_width, row->output.empty() ? "-" : row->output, shape_width,
                          row->total == 0 ? "-" : grouped(row->total));
    text += line + "\n";
    text += format_text("parameters: {}, trainable: {}, {:.2f} MB\n", grouped(parameters_), grouped(trainable_),
                        static_cast<double>(bytes_) / 1e6);
    return text;
  }

 private:
  struct Row {
    std::string path, type, output;
    const void* address;
    std::size_t depth;
    std::int64_t total;
  };
  static std::string label(const Row& row) {
    return std::string(2 * row.depth, ' ') + (row.path.empty() ? row.type : row.type + " (" + row.path + ")");
  }
  static std::string grouped(std::int64_t n) {
    std::string text = std::to_string(n);
    for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
    return text;
  }

  std::vector<std::unique_ptr<Row>> rows_;
  std::vector<Row*> open_;
  std::vector<ImplRef> counted_;
  std::int64_t parameters_ = 0, trainable_ = 0;
  std::size_t bytes_ = 0;
};

/// A table of a network's modules: what each gives for these inputs, and how many parameters are in it. The network runs once,
/// in evaluation and without gradients.
template <module M, tensor_like... X>
  requires(sizeof...(X) > 0)
std::string summary(M& net, const X&... inputs) {
  /// Puts everything back, also when forward throws.
  struct Restore : ModuleVisitor {
    explicit Restore(M& m) : net(m), before(forward_observer()) { net.visit(flags); }
    ~Restore() override {
      forward_observer() = before;
      net.visit(*this);
    }
    void tensor(const std::string&, const AnyTensor&, Role) override {}
    void enter(const std::string&, const ModuleInfo& m) override {
      if (m.training != nullptr && at < flags.found.size()) *m.training = flags.found[at++];
    }
    M& net;
    ForwardObserver* before;
    TrainingFlags flags;
    std::size_t at = 0;
  };
  SummaryRows rows;
  net.visit(rows);
  const Restore restore(net);
  const NoGradGuard no_grad;
  net.eval();
  forward_observer() = &rows;
  static_cast<void>(net(inputs...));
  return rows.table();
}
/// The same for one input of zeros, of the network's dtype and device.
template <module M>
std::string summary(M& net, const Shape& input_sizes) {
  using P = parameter_tensor<M>;
  const P input = empty<typename P::value_type, typename P::device_type>(input_sizes);
  fill_elements(input, typename P::value_type{});
  return summary(net, input);
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn
