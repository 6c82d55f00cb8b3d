// SPDX-License-Identifier: BSD-3-Clause
// Calls recorded by PyTorch, made again with this library: same result, same gradients.
#pragma once
#include <support/catch.hpp>
#include <support/golden.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/reduce/axes.hpp>

#include <string>
#include <vector>

namespace golden {

namespace tl = torchlite;
using Doubles = tl::Tensor<double>;

/// The arguments of one recorded call as tensors of the library.
class Call {
 public:
  explicit Call(const Sample& sample) : sample_(sample) {
    for (std::size_t i = 0; i < sample.num_inputs(); ++i) {
      const Array& a = sample.in(i);
      Doubles t = Doubles::from(a.values, tl::Shape(a.shape));
      if (a.floating() && sample.grad(i) != nullptr) t.requires_grad_();
      inputs_.push_back(t);
    }
  }
  const Sample& sample() const { return sample_; }
  const Doubles& in(std::size_t i) const { return inputs_.at(i); }
  /// Input number i as indices; empty if it is floating.
  tl::Tensor<std::int64_t> indices(std::size_t i) const {
    return tl::Tensor<std::int64_t>::from(sample_.in(i).integers, tl::Shape(sample_.in(i).shape));
  }
  /// The tensor given at a position or by name; undefined if there is none.
  Doubles tensor(std::size_t position, const std::string& name) const {
    const Json* j = sample_.argument(position, name);
    return j == nullptr || j->is_null() ? Doubles() : in(std::stoul(tensor_name(*j).substr(2)));
  }
  tl::Axes axes(std::size_t position, const std::string& name) const {
    const Json* j = sample_.argument(position, name);
    return j == nullptr || j->is_null() ? tl::Axes() : tl::Axes(tl::Shape(integers(*j)));
  }
  double number(std::size_t position, const std::string& name, double otherwise) const {
    const Json* j = sample_.argument(position, name);
    return j == nullptr || j->is_null() ? otherwise : golden::number(*j);
  }
  bool flag(std::size_t position, const std::string& name) const { return number(position, name, 0) != 0; }
  std::string text(std::size_t position, const std::string& name, const std::string& otherwise) const {
    const Json* j = sample_.argument(position, name);
    return j == nullptr ? otherwise : j->get<std::string>();
  }
  bool has(std::size_t position, const std::string& name) const { return sample_.argument(position, name) != nullptr; }

  /// Compares a result, and every gradient that PyTorch recorded for it.
  void check(const Doubles& y, double tolerance = 1e-10) const {
    const Array& want = sample_.out(0);
    REQUIRE(std::vector<std::int64_t>(y.sizes()) == want.shape);
    CHECK(difference(values(y), want.values) < tolerance);
    if (!y.requires_grad() || sample_.cotangent(0) == nullptr) return;
    y.backward(Doubles::from(sample_.cotangent(0)->values, y.sizes()));
    for (std::size_t i = 0; i < sample_.num_inputs(); ++i) {
      if (sample_.grad(i) == nullptr || !in(i).grad().defined()) continue;
      INFO("gradient of input " << i);
      CHECK(difference(values(in(i).grad()), sample_.grad(i)->values) < tolerance);
    }
  }
  static std::vector<double> values(const Doubles& t) {
    const Doubles dense(tl::copy_gradient<double, tl::Cpu>(t.ref()));
    return {dense.data(), dense.data() + dense.numel()};
  }

 private:
  const Sample& sample_;
  std::vector<Doubles> inputs_;
};

/// f(call) for every recorded call of a variant.
template <class F>
void replay(const std::string& variant, F f) {
  const std::vector<Sample> samples = ops().samples(variant);
  REQUIRE(!samples.empty());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    INFO(variant << " " << i << ": " << samples[i].info.dump());
    f(Call(samples[i]));
  }
}

}  // namespace golden
