// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/autograd/parameter.hpp>

#include <string>
#include <utility>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// Parameters under names that are known at run time only, in the order in which they were put in.
template <class T = float, class D = Cpu>
class ParameterDict {
 public:
  using mapped_type = Parameter<T, D>;
  using value_type = std::pair<std::string, Parameter<T, D>>;

  void emplace(std::string name, Parameter<T, D> parameter) { list_.emplace_back(std::move(name), std::move(parameter)); }
  /// Throws Error if there is none of that name.
  const Parameter<T, D>& operator[](std::string_view name) const {
    for (const auto& [key, value] : list_)
      if (key == name) return value;
    fail<Error>("ParameterDict: no parameter is called '{}'", name);
  }
  bool contains(std::string_view name) const {
    for (const auto& [key, value] : list_)
      if (key == name) return true;
    return false;
  }
  std::size_t size() const { return list_.size(); }
  auto begin() { return list_.begin(); }
  auto end() { return list_.end(); }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

 private:
  std::vector<value_type> list_;
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
