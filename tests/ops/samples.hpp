// SPDX-License-Identifier: BSD-3-Clause
// Runs calls that PyTorch recorded: results, then the gradients of all inputs from the recorded cotangents.
#pragma once
#include <support/catch.hpp>
#include <support/golden.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/methods.hpp>

namespace samples {

namespace tl = torchlite;
using Real = tl::Tensor<double>;
using Index = tl::Tensor<std::int64_t>;
using Mask = tl::Tensor<bool>;

inline Real real(const golden::Array& a) { return Real::from(a.values, a.shape); }
inline Index index(const golden::Array& a) { return Index::from(a.integers, a.shape); }
inline Mask mask(const golden::Array& a) { return Mask::from(std::vector<bool>(a.integers.begin(), a.integers.end()), a.shape); }

/// The arguments of a call after its first, in C++ types.
struct Call {
  const golden::Sample& sample;
  std::vector<Real> inputs;  // where the recorded input is floating; undefined otherwise

  explicit Call(const golden::Sample& s) : sample(s) {
    for (std::size_t i = 0; i < s.num_inputs(); ++i) {
      inputs.push_back(s.in(i).floating() ? real(s.in(i)) : Real());
      if (s.grad(i) != nullptr) inputs.back().requires_grad_();
    }
  }
  const Real& x() const { return inputs.at(0); }
  bool has(std::size_t position, const char* name) const {
    const golden::Json* j = sample.argument(position, name);
    return j != nullptr && !j->is_null();
  }
  const golden::Json& argument(std::size_t position, const char* name) const {
    const golden::Json* j = sample.argument(position, name);
    if (j == nullptr) throw std::runtime_error(std::string("no argument ") + name);
    return *j;
  }
  std::int64_t integer(std::size_t position, const char* name) const {
    const golden::Json& j = argument(position, name);
    if (golden::is_tensor(j)) return sample.at(golden::tensor_name(j)).integers.at(0);
    return static_cast<std::int64_t>(golden::number(j));
  }
  std::int64_t integer(std::size_t position, const char* name, std::int64_t fallback) const {
    return has(position, name) ? integer(position, name) : fallback;
  }
  double number(std::size_t position, const char* name, double fallback) const {
    return has(position, name) ? golden::number(argument(position, name)) : fallback;
  }
  bool is_list(std::size_t position, const char* name) const { return argument(position, name).is_array(); }
  bool is_tensor(std::size_t position, const char* name) const { return golden::is_tensor(argument(position, name)); }
  std::vector<std::int64_t> list(std::size_t position, const char* name) const { return golden::integers(argument(position, name)); }
  tl::Shape shape(std::size_t position, const char* name) const { return list(position, name); }
  const golden::Array& array(std::size_t position, const char* name) const {
    return sample.at(golden::tensor_name(argument(position, name)));
  }
  /// A floating tensor argument, as it stands among the inputs.
  const Real& tensor(const golden::Json& j) const {
    return inputs.at(static_cast<std::size_t>(std::stoi(golden::tensor_name(j).substr(2))));
  }
  const Real& tensor(std::size_t position, const char* name) const { return tensor(argument(position, name)); }
};

/// run(call) -> the results, as a vector of Real; how many of the samples went through is returned.
template <class Run>
std::size_t check(const std::string& variant, Run run, double tolerance = 1e-12) {
  std::size_t done = 0;
  for (const golden::Sample& sample : golden::ops().samples(variant)) {
    const Call call(sample);
    INFO(variant << " sample " << done << ": " << sample.args.dump() << ' ' << sample.kwargs.dump());
    const std::vector<Real> outputs = run(call);
    REQUIRE(outputs.size() <= sample.num_outputs());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      CHECK(std::vector<std::int64_t>(outputs[i].sizes()) == sample.out(i).shape);
      CHECK(golden::difference(outputs[i].to_vector(), sample.out(i).values) < tolerance);
    }
    std::vector<tl::autograd::Engine::Root> roots;
    for (std::size_t i = 0; i < outputs.size(); ++i)
      if (outputs[i].requires_grad() && sample.cotangent(i) != nullptr)
        roots.push_back({outputs[i].ref(), real(*sample.cotangent(i)).ref()});
    if (!roots.empty()) {
      tl::autograd::Engine(false, false).accumulate(roots);
      for (std::size_t i = 0; i < sample.num_inputs(); ++i) {
        if (sample.grad(i) == nullptr) continue;
        INFO("gradient of input " << i);
        const Real g = call.inputs[i].grad();
        const bool none = !g.defined();  // no path: PyTorch recorded zeros
        CHECK((none || std::vector<std::int64_t>(g.sizes()) == sample.grad(i)->shape));
        CHECK(golden::difference(none ? std::vector<double>(sample.grad(i)->size()) : g.to_vector(), sample.grad(i)->values) < tolerance);
      }
    }
    ++done;
  }
  return done;
}

}  // namespace samples
