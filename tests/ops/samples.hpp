// SPDX-License-Identifier: BSD-3-Clause
// Calls that PyTorch recorded, made again with this library: results, then the gradients of all inputs from the recorded
// cotangents, then the gradients of those gradients against differences. A test says how a variant is called:
//
//   replay("cumsum", [](const Call& c) { return Values{tl::cumsum(c.x(), c.integer(0, "dim"))}; });
//
// A replay runs on both devices: golden*.test.cpp hold nothing else, and tests/cuda/golden/*.test.cu include them. There Device is
// Cuda, and gradients of gradients are left to the Cpu.
//
// With TORCHLITE_OPERATOR_TABLE=FILE in the environment each replay adds its line to the table of operators.
#pragma once
#include <support/catch.hpp>
#include <support/device.hpp>
#include <support/golden.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/axes.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <functional>

namespace samples {

namespace tl = torchlite;
using golden::Device;
template <class T>
using Tensor = tl::Tensor<T, Device>;
using Real = Tensor<double>;
using Complex = Tensor<std::complex<double>>;
using Index = Tensor<std::int64_t>;
using Mask = Tensor<bool>;

inline Real real(const golden::Array& a) { return Real::from(a.values, a.shape); }
inline Complex complex(const golden::Array& a) {
  std::vector<std::complex<double>> v(a.values.size() / 2);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = {a.values[2 * i], a.values[2 * i + 1]};
  return Complex::from(v, a.shape);
}
inline Index index(const golden::Array& a) { return Index::from(a.integers, a.shape); }
inline Mask mask(const golden::Array& a) { return Mask::from(std::vector<bool>(a.integers.begin(), a.integers.end()), a.shape); }

/// The elements; of a complex number the real part, then the imaginary part.
template <class T>
std::vector<double> elements(const Tensor<T>& t) {
  std::vector<double> out;
  for (const T x : t.to_vector()) {
    if constexpr (tl::complex_number<T>) {
      out.push_back(x.real());
      out.push_back(x.imag());
    } else {
      out.push_back(static_cast<double>(x));
    }
  }
  return out;
}

/// A result without its type.
struct Value {
  tl::ImplRef ref;
  std::vector<double> values;

  template <tl::tensor_like X>
  Value(const X& x) {  // NOLINT(google-explicit-constructor): a list of results is written as it is
    const auto& t = tl::eval(x);
    ref = t.ref();
    values = elements(t);
  }
};
using Values = std::vector<Value>;

/// A recorded call that this library does not offer, or offers at compile time only; the table counts it.
struct NotOffered {
  std::string reason;
};

/// The arguments of one recorded call, in C++ types.
struct Call {
  const golden::Sample& sample;
  std::vector<Real> inputs;  // where the recorded input is floating; undefined otherwise

  explicit Call(const golden::Sample& s) : sample(s) {
    for (std::size_t i = 0; i < s.num_inputs(); ++i) {
      inputs.push_back(s.in(i).floating() ? real(s.in(i)) : Real());
      if (s.grad(i) != nullptr && s.in(i).floating()) inputs.back().requires_grad_();
    }
  }
  const Real& x() const { return inputs.at(0); }
  const Real& in(std::size_t i) const { return inputs.at(i); }
  Index indices(std::size_t i) const { return index(sample.in(i)); }

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
  bool flag(std::size_t position, const char* name, bool fallback = false) const { return number(position, name, fallback ? 1 : 0) != 0; }
  std::string text(std::size_t position, const char* name, const std::string& fallback) const {
    return has(position, name) ? argument(position, name).get<std::string>() : fallback;
  }
  bool is_list(std::size_t position, const char* name) const { return has(position, name) && argument(position, name).is_array(); }
  bool is_tensor(std::size_t position, const char* name) const {
    return has(position, name) && golden::is_tensor(argument(position, name));
  }
  std::vector<std::int64_t> list(std::size_t position, const char* name) const { return golden::integers(argument(position, name)); }
  tl::Shape shape(std::size_t position, const char* name) const { return list(position, name); }
  /// The dimensions to go over; all if none is given.
  tl::Axes axes(std::size_t position, const char* name) const { return has(position, name) ? tl::Axes(shape(position, name)) : tl::Axes(); }
  const golden::Array& array(std::size_t position, const char* name) const {
    return sample.at(golden::tensor_name(argument(position, name)));
  }
  /// A floating tensor argument, as it stands among the inputs; undefined if none is given.
  const Real& tensor(const golden::Json& j) const {
    return inputs.at(static_cast<std::size_t>(std::stoi(golden::tensor_name(j).substr(2))));
  }
  Real tensor(std::size_t position, const char* name) const { return has(position, name) ? tensor(argument(position, name)) : Real(); }
  /// A list of floating tensors, as cat takes it.
  std::vector<Real> tensors(const golden::Json& list) const {
    std::vector<Real> out;
    for (const golden::Json& j : list) out.push_back(tensor(j));
    return out;
  }
};

struct ReplayOptions {
  double tolerance = 1e-10;        ///< of results and gradients, absolute and relative
  int order = 2;                   ///< 2: gradients of gradients are compared with differences; 1: PyTorch has none either
  double second_tolerance = 1e-4;  ///< of those
  bool compare_values = true;      ///< false: results are random, and only their shapes, dtypes and gradients are compared
  /// Makes a direction one that an input can be moved in, where PyTorch's gradient is that of some inputs only: symmetric or
  /// triangular matrices. Called with the call, the number of the input and the direction.
  std::function<void(const Call&, std::size_t, std::vector<double>&)> project{};
};

using Run = std::function<Values(const Call&)>;
std::size_t replay_calls(const std::string& variant, const Run& run, const ReplayOptions& options);

/// Makes every recorded call of a variant again. run(call) gives the results in PyTorch's order: one tensor, a list of them, or
/// Values{...} where dtypes differ; results may be left out at the end. Throws NotOffered for a call that cannot be made. Returns
/// how many calls were made.
template <class F>
std::size_t replay(const std::string& variant, F run, const ReplayOptions& options = {}) {
  return replay_calls(
      variant,
      [run](const Call& c) -> Values {
        auto result = run(c);
        if constexpr (tl::tensor_like<decltype(result)>) {
          return {Value(result)};
        } else if constexpr (std::is_same_v<decltype(result), Values>) {
          return result;
        } else {
          Values list;
          for (const auto& t : result) list.emplace_back(t);
          return list;
        }
      },
      options);
}

}  // namespace samples
