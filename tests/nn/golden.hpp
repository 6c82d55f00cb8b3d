// SPDX-License-Identifier: BSD-3-Clause
// Replays PyTorch's modules: same state, same inputs; same outputs, gradients and buffers. On both devices, as ops/samples.hpp says.
#pragma once
#include <support/catch.hpp>
#include <support/device.hpp>
#include <support/golden.hpp>
#include <torchlite/nn/module.hpp>
#include <torchlite/ops/conv/pair.hpp>

namespace replay {

namespace tl = torchlite;
namespace nn = tl::nn;
using golden::Device;
using Json = golden::Json;
using Sample = golden::Sample;

template <class T>
using Tensor = tl::Tensor<T, Device>;

template <class T>
Tensor<T> tensor(const golden::Array& a) {
  if constexpr (std::is_same_v<T, double>) return Tensor<T>::from(a.values, tl::Shape(a.shape));
  else return Tensor<T>::from(std::vector<T>(a.integers.begin(), a.integers.end()), tl::Shape(a.shape));
}
inline bool matches(const Tensor<double>& got, const golden::Array& want, double tolerance = 1e-9) {
  return got.sizes() == tl::Shape(want.shape) && golden::difference(got.to_vector(), want.values) < tolerance;
}

/// The argument given at a position of the constructor or by name; `otherwise` if it was not.
inline double number(const Sample& s, std::size_t position, const char* name, double otherwise) {
  const Json* j = s.ctor_argument(position, name);
  return j == nullptr || j->is_null() ? otherwise : golden::number(*j);
}
inline bool flag(const Sample& s, std::size_t position, const char* name, bool otherwise) {
  const Json* j = s.ctor_argument(position, name);
  return j == nullptr || j->is_null() ? otherwise : j->get<bool>();
}
inline std::int64_t integer(const Sample& s, std::size_t position, const char* name, std::int64_t otherwise) {
  return static_cast<std::int64_t>(number(s, position, name, static_cast<double>(otherwise)));
}
inline tl::Pair pair(const Sample& s, std::size_t position, const char* name, tl::Pair otherwise) {
  const Json* j = s.ctor_argument(position, name);
  if (j == nullptr || j->is_null()) return otherwise;
  const auto list = golden::integers(*j);
  return list.size() == 1 ? tl::Pair(list[0]) : tl::Pair(list[0], list[1]);
}

template <class M>
void load_state(M& m, const Sample& s) {
  tl::StateDict dict;
  for (const auto& [name, array] : s.tensors) {
    if (name.rfind("state.", 0) != 0) continue;
    if (array.floating()) dict[name.substr(6)] = tensor<double>(array);
    else dict[name.substr(6)] = tensor<std::int64_t>(array);
  }
  m.load_state_dict(dict);
  m.train(s.info.value("training", true));
}

template <class M>
void compare(M& m, const Sample& s, const Tensor<double>& y, const std::vector<Tensor<double>>& inputs) {
  CHECK(matches(y, s.out(0)));
  if (const golden::Array* cotangent = s.cotangent(0)) {
    if (y.requires_grad()) y.backward(tensor<double>(*cotangent));
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (const golden::Array* g = s.grad_of_module_input(i)) {
        REQUIRE(inputs[i].grad().defined());
        CHECK(matches(inputs[i].grad(), *g));
      }
    for (const auto& [name, parameter] : m.named_parameters())
      if (const golden::Array* g = s.find("gparam." + name)) {
        CAPTURE(name);
        REQUIRE(parameter.grad().defined());
        if constexpr (std::is_same_v<typename std::remove_cvref_t<decltype(parameter)>::value_type, double>)
          CHECK(matches(parameter.grad(), *g));
      }
  }
  for (const auto& [name, buffer] : m.named_buffers())
    if (const golden::Array* after = s.find("after." + name)) {
      CAPTURE(name);
      if (after->floating()) CHECK(matches(buffer.template get<double, Device>(), *after));
      else CHECK(buffer.template get<std::int64_t, Device>().to_vector() == after->integers);
    }
}

/// All samples of a module of one input; make(sample) constructs it.
template <class Make>
void layer(const std::string& name, Make make) {
  int compared = 0;
  for (const Sample& s : golden::modules().samples(name)) {
    CAPTURE(name, s.info.dump());
    if (s.num_outputs() != 1) continue;
    auto m = make(s);
    load_state(m, s);
    if (s.in(0).floating()) {
      const auto x = tensor<double>(s.in(0)).requires_grad_();
      if constexpr (requires { Tensor<double>(m(x)); }) compare(m, s, m(x), {x});
    }
    ++compared;
  }
  CHECK(compared > 0);
}
/// Modules that take an input and a target of numbers, of classes, or of either; or of numbers that may be stored as integers.
enum class Target { numbers, classes, either, numbers_of_any_dtype };
template <Target target = Target::numbers, class Make>
void loss(const std::string& name, Make make) {
  int compared = 0;
  for (const Sample& s : golden::modules().samples(name)) {
    CAPTURE(name, s.info.dump());
    auto m = make(s);
    m.train(s.info.value("training", true));
    const auto x = tensor<double>(s.in(0)).requires_grad_();
    const bool classes = !s.in(1).floating() && target != Target::numbers_of_any_dtype;
    if constexpr (target == Target::classes || target == Target::either) {
      if (classes) compare(m, s, m(x, tensor<std::int64_t>(s.in(1))), {x});
    }
    if constexpr (target != Target::classes) {
      if (!classes) {
        const auto y = tensor<double>(s.in(1));
        if (s.grad_of_module_input(1) != nullptr) y.requires_grad_();
        compare(m, s, m(x, y), {x, y});
      }
    }
    ++compared;
  }
  CHECK(compared > 0);
}

}  // namespace replay
