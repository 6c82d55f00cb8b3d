// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/nn/module.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// Modules of one type, as many as the program decides; their names are "0", "1", ...
///   nn::ModuleList<Block> blocks{layers, [](std::int64_t i) { return Block{.width = 64}; }};
template <class M>
struct ModuleList : Module<ModuleList<M>> {
  static_assert(module<M>, "ModuleList takes a module: a class that derives from nn::Module");

  ModuleList() = default;
  ModuleList(std::vector<M> list) : modules(std::move(list)) {}
  /// make(0) to make(n - 1).
  template <class F>
    requires std::is_invocable_r_v<M, F&, std::int64_t> ModuleList(std::int64_t n, F&& make) {
      modules.reserve(static_cast<std::size_t>(n));
      for (std::int64_t i = 0; i < n; ++i) modules.push_back(make(i));
    }

  void push_back(M m) { modules.push_back(std::move(m)); }
  std::size_t size() const { return modules.size(); }
  bool empty() const { return modules.empty(); }
  M& operator[](std::size_t i) { return modules.at(i); }
  const M& operator[](std::size_t i) const { return modules.at(i); }
  auto begin() { return modules.begin(); }
  auto end() { return modules.end(); }
  auto begin() const { return modules.begin(); }
  auto end() const { return modules.end(); }
  auto fields() { return nn::fields("", modules); }

  std::vector<M> modules;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
