// SPDX-License-Identifier: BSD-3-Clause
// The list of all pointwise operations as a table of functions, in parts, so that no file compiles them all.
#pragma once
#include <support/device.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include <string_view>
#include <utility>
#include <vector>

namespace pointwise_table {

namespace tl = torchlite;
using golden::Device;
using Double = tl::Tensor<double, Device>;

/// One operation: operands that are tensors come first, those that are always numbers after them.
struct Entry {
  std::string_view name;
  int tensors = 0;
  int numbers = 0;
  bool differentiable = false;
  Double (*run)(const Double* x, const double* numbers) = nullptr;
  // Without a graph; on the Cpu only.
  std::vector<double> (*run_float)(const tl::Tensor<float>* x, const double* numbers) = nullptr;
  std::vector<double> (*run_half)(const tl::Tensor<tl::half>* x, const double* numbers) = nullptr;
};

/// Values, gradients of first and second order, dtypes, layouts, PyTorch's numbers. Defined in pointwise.test.cpp.
void check(const Entry& entry);

template <class Op>
constexpr int arity() {
  if constexpr (requires(double x) { Op::value(x); }) return 1;
  else if constexpr (requires(double x) { Op::value(x, x); }) return 2;
  else return 3;
}
template <class Op>
constexpr int number_count() {
  namespace p = tl::pointwise;
  if constexpr (std::is_same_v<Op, p::LeakyRelu> || std::is_same_v<Op, p::Elu> || std::is_same_v<Op, p::Celu> ||
                std::is_same_v<Op, p::Hardshrink> || std::is_same_v<Op, p::Softshrink> || std::is_same_v<Op, p::ClampedLogit> ||
                std::is_same_v<Op, p::ReplaceNan>)
    return 1;
  else if constexpr (std::is_same_v<Op, p::Softplus> || std::is_same_v<Op, p::Threshold> || std::is_same_v<Op, p::Hardtanh> ||
                     std::is_same_v<Op, p::RoundTo> || std::is_same_v<Op, p::ReplaceInfinite>)
    return 2;
  else return 0;
}

template <class Op, class T>
auto express(const tl::Tensor<T, Device>* x, const double* n) {
  constexpr int tensors = arity<Op>() - number_count<Op>();
  if constexpr (number_count<Op>() == 1) return tl::make_expression<Op>(x[0], n[0]);
  else if constexpr (number_count<Op>() == 2) return tl::make_expression<Op>(x[0], n[0], n[1]);
  else if constexpr (tensors == 1) return tl::make_expression<Op>(x[0]);
  else if constexpr (tensors == 2) return tl::make_expression<Op>(x[0], x[1]);
  else return tl::make_expression<Op>(x[0], x[1], x[2]);
}

template <class T>
std::vector<double> as_doubles(const tl::Tensor<T, Device>& t) {
  std::vector<double> out;
  for (const T x : t.to_vector()) out.push_back(static_cast<double>(x));
  return out;
}

template <class Op>
Double run_double(const Double* x, const double* n) {
  const auto e = express<Op>(x, n);
  const auto& y = e.eval();
  if constexpr (std::is_same_v<std::remove_cvref_t<decltype(y)>, Double>) return y;
  else return Double::from(as_doubles(y), y.sizes());
}

template <class Op, class T>
std::vector<double> run_plain(const tl::Tensor<T>* x, const double* n) {
  const auto e = express<Op>(x, n);
  using E = std::remove_const_t<decltype(e)>;
  const tl::autograd::LeafList<E> leaves(e, "test");
  const auto out = tl::empty<tl::value_t<E>>(leaves.sizes);
  tl::autograd::run_formula(e, leaves, out);
  return as_doubles(out);
}

template <class Op>
Entry entry() {
  constexpr int n = arity<Op>();
  Entry e;
  e.name = Op::name;
  e.numbers = number_count<Op>();
  e.tensors = n - e.numbers;
  e.differentiable =
      tl::backend::has_plain_derivative<Op, double, n> || tl::backend::has_result_derivative<Op, double, n> || requires(double y) {
    Op::derivative_from_result(y);
  };
  e.run = &run_double<Op>;
  if constexpr (std::is_same_v<Device, tl::Cpu>) {
    e.run_float = &run_plain<Op, float>;
    e.run_half = &run_plain<Op, tl::half>;
  }
  return e;
}

template <int Part, int Parts, class... Op>
std::vector<Entry> part_of(tl::OpList<Op...>) {
  std::vector<Entry> list;
  const auto add = [&]<class O>(O*) {
    constexpr int at = [] {
      int k = 0, found = -1;
      ((std::is_same_v<Op, O> ? found = k++ : k++), ...);
      return found;
    }();
    if constexpr (at % Parts == Part) list.push_back(entry<O>());
  };
  (add(static_cast<Op*>(nullptr)), ...);
  return list;
}

template <int Part, int Parts = 12>
void check_part(void (*check_entry)(const Entry&) = check) {
  for (const Entry& e : part_of<Part, Parts>(tl::all_pointwise{})) check_entry(e);
}

}  // namespace pointwise_table
