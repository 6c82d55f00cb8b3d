// SPDX-License-Identifier: BSD-3-Clause
// What every entry of the list of pointwise operations is put through; pointwise_1 to _8 hand in the entries.
#include <support/catch.hpp>
#include <support/golden.hpp>
#include <torchlite/autograd/gradcheck.hpp>

#include <limits>
#include <string>

#include "pointwise_table.hpp"

namespace tl = torchlite;
using pointwise_table::Double, pointwise_table::Entry;

namespace {

struct Range {
  double low, high;
};

/// Where an operand of an operation lives, so that differences of 1e-6 make sense.
Range range_of(std::string_view name, int operand) {
  if (name == "acos" || name == "asin" || name == "atanh") return {-0.75, 0.75};
  if (name == "acosh") return {1.25, 3};
  if (name == "log" || name == "log2" || name == "log10" || name == "sqrt" || name == "rsqrt") return {0.25, 3};
  if (name == "log1p") return {-0.5, 2};
  if (name == "pow" && operand == 0) return {0.25, 2};
  if (name == "relu6") return {-2, 8};
  if (name == "hardsigmoid" || name == "hardswish") return {-5, 5};
  if (name == "clamp" && operand == 1) return {-1, -0.25};
  if (name == "clamp" && operand == 2) return {0.5, 1};
  return {-2, 2};
}

void numbers_of(std::string_view name, double* n) {
  n[0] = name == "leaky_relu" ? 0.1 : name == "elu" || name == "celu" ? 1.25 : name == "softplus" ? 2 : name == "threshold" ? 0.25 : 0.5;
  n[1] = name == "softplus" ? 1 : -1;
}

/// Numbers that keep away from multiples of 0.25 (where the kinks are), and from those of other operands.
std::vector<double> sample(std::string_view name, int operand, std::int64_t count) {
  const Range r = range_of(name, operand);
  std::vector<double> x;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t k = static_cast<std::uint64_t>(i);
    const double u = r.low + (r.high - r.low) * golden::uniform(static_cast<std::uint64_t>(operand) + 1, k);
    const double v = std::floor(u * 4) / 4 + 0.125 + 0.03 * operand + 0.02 * golden::uniform(9, k);
    x.push_back(name == "where" && operand == 0 ? (v > 0 ? 1 : 0) : v);
  }
  return x;
}

bool takes_gradient(const Entry& e, int operand) { return !(e.name == "where" && operand == 0); }

void check_gradients(const Entry& e, const std::vector<tl::Shape>& shapes) {
  double n[2];
  numbers_of(e.name, n);
  std::vector<Double> x;
  for (int k = 0; k < e.tensors; ++k) {
    const tl::Shape& s = shapes[static_cast<std::size_t>(k)];
    x.push_back(Double::from(sample(e.name, k, s.numel()), s));
    if (takes_gradient(e, k)) x.back().requires_grad_();
  }
  if (e.tensors == 1) {
    const auto f = [&](const Double& a) { return e.run(&a, n); };
    CHECK(tl::gradcheck(f, x[0]));
    CHECK(tl::gradgradcheck(f, x[0]));
  } else if (e.tensors == 2) {
    const auto f = [&](const Double& a, const Double& b) {
      const Double all[] = {a, b};
      return e.run(all, n);
    };
    CHECK(tl::gradcheck(f, x[0], x[1]));
    CHECK(tl::gradgradcheck(f, x[0], x[1]));
  } else {
    const auto f = [&](const Double& a, const Double& b, const Double& c) {
      const Double all[] = {a, b, c};
      return e.run(all, n);
    };
    CHECK(tl::gradcheck(f, x[0], x[1], x[2]));
    CHECK(tl::gradgradcheck(f, x[0], x[1], x[2]));
  }
}

void check_dtypes(const Entry& e) {
  const std::int64_t count = 300;
  double n[2];
  numbers_of(e.name, n);
  std::vector<Double> x, rounded;
  std::vector<tl::Tensor<float>> f, hf;
  std::vector<tl::Tensor<tl::half>> h;
  for (int k = 0; k < e.tensors; ++k) {
    x.push_back(Double::from(sample(e.name, k, count)));
    f.push_back(tl::empty<float>({count}));
    hf.push_back(tl::empty<float>({count}));
    h.push_back(tl::empty<tl::half>({count}));
    for (std::int64_t i = 0; i < count; ++i) {
      f.back().data()[i] = static_cast<float>(x.back().data()[i]);
      x.back().data()[i] = static_cast<double>(f.back().data()[i]);
      h.back().data()[i] = static_cast<tl::half>(f.back().data()[i]);
      hf.back().data()[i] = static_cast<float>(h.back().data()[i]);
    }
  }
  CHECK(golden::difference(e.run_float(f.data(), n), e.run(x.data(), n).to_vector()) < 4e-6);
  CHECK(golden::difference(e.run_half(h.data(), n), e.run_float(hf.data(), n)) < 1.0 / 2000);
}

/// Operands whose rows lie behind one another give what contiguous ones give.
void check_layouts(const Entry& e) {
  const std::int64_t rows = 3, columns = 7;
  double n[2];
  numbers_of(e.name, n);
  std::vector<Double> dense, strided;
  for (int k = 0; k < e.tensors; ++k) {
    dense.push_back(Double::from(sample(e.name, k, rows * columns), {rows, columns}));
    const Double memory = tl::empty<double>({rows * columns});
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) memory.data()[j * rows + i] = dense.back().data()[i * columns + j];
    strided.push_back(tl::alias(memory, {rows, columns}, {1, rows}, 0));
    if (e.differentiable && takes_gradient(e, k)) dense.back().requires_grad_(), strided.back().requires_grad_();
  }
  const Double a = e.run(dense.data(), n), b = e.run(strided.data(), n);
  CHECK(golden::difference(b.to_vector(), a.to_vector()) < 1e-14);
  if (!a.requires_grad()) return;
  const Double g = Double::from(sample("", 1, rows * columns), {rows, columns});
  a.backward(g);
  b.backward(g);
  for (int k = 0; k < e.tensors; ++k)
    if (takes_gradient(e, k))
      CHECK(golden::difference(strided[static_cast<std::size_t>(k)].grad().to_vector(),
                               dense[static_cast<std::size_t>(k)].grad().to_vector()) < 1e-14);
}

Double tensor(const golden::Array& a) {
  tl::Shape sizes;
  for (const std::int64_t n : a.shape) sizes.push_back(n);
  return Double::from(a.values, sizes);
}

/// Every call that PyTorch recorded of the operation.
void check_golden(const Entry& e) {
  const std::string variant = e.name == "log_sigmoid" ? "logsigmoid" : e.name == "div" ? "div_no_rounding_mode" : std::string(e.name);
  if (!golden::ops().contains(variant)) return;
  int replayed = 0;
  for (const golden::Sample& s : golden::ops().samples(variant)) {
    if (e.name == "gelu" && (s.kwargs.value("approximate", "none") == "tanh") != e.tanh_approximation) continue;
    // The operands in the order of ours; where(x, condition, y) is PyTorch's method x.where(condition, y).
    std::vector<const golden::Json*> given{&s.input};
    for (const golden::Json& j : s.args) given.push_back(&j);
    if (e.name == "where") std::swap(given[0], given[1]);
    double n[2];
    numbers_of(e.name, n);
    static constexpr std::pair<const char*, const char*> defaults[] = {
        {"leaky_relu", "negative_slope"}, {"elu", "alpha"}, {"celu", "alpha"}, {"hardshrink", "lambd"}, {"softshrink", "lambd"}};
    for (const auto& [op, argument] : defaults)
      if (e.name == op) {
        n[0] = e.name == "leaky_relu" ? 0.01 : e.name == "elu" || e.name == "celu" ? 1 : 0.5;
        if (const golden::Json* j = s.argument(0, argument)) n[0] = golden::number(*j);
      }
    if (e.name == "softplus") {
      n[0] = s.argument(0, "beta") ? golden::number(*s.argument(0, "beta")) : 1;
      n[1] = s.argument(1, "threshold") ? golden::number(*s.argument(1, "threshold")) : 20;
    }
    if (e.name == "threshold") {
      n[0] = golden::number(*s.argument(0, "threshold"));
      n[1] = golden::number(*s.argument(1, "value"));
    }
    if (e.name == "clamp") {
      static const golden::Json low{{"f", "-inf"}}, high{{"f", "inf"}}, none;
      const golden::Json* min = s.argument(0, "min");
      const golden::Json* max = s.argument(1, "max");
      given = {&s.input, min && !min->is_null() ? min : &low, max && !max->is_null() ? max : &high};
    }
    if (e.name == "lerp") given = {&s.input, s.argument(0, "end"), s.argument(1, "weight")};
    std::vector<Double> leaves(static_cast<std::size_t>(e.tensors)), x;
    bool usable = static_cast<int>(given.size()) >= e.tensors && !s.kwargs.contains("rounding_mode") && !s.kwargs.contains("decimals");
    for (int k = 0; usable && k < e.tensors; ++k) {
      const golden::Json* j = given[static_cast<std::size_t>(k)];
      Double& t = leaves[static_cast<std::size_t>(k)];
      if (j != nullptr && golden::is_tensor(*j)) {
        t = tensor(s.at(golden::tensor_name(*j)));
        if (golden::requires_grad(*j)) t.requires_grad_();
      } else if (j != nullptr && golden::is_number(*j)) {
        t = Double({}, {golden::number(*j)});
      } else {
        usable = false;
      }
    }
    if (!usable) continue;
    x = leaves;
    if (s.kwargs.contains("alpha") && e.tensors == 2) x[1] = x[1] * golden::number(s.kwargs.at("alpha"));
    CAPTURE(variant, replayed);
    const Double y = e.run(x.data(), n);
    CHECK(golden::difference(y.to_vector(), s.out(0).values) < 1e-12);
    CHECK(y.sizes().str() == tensor(s.out(0)).sizes().str());
    ++replayed;
    if (!y.requires_grad() || s.cotangent(0) == nullptr) continue;
    y.backward(tensor(*s.cotangent(0)));
    for (int k = 0; k < e.tensors; ++k) {
      const golden::Json& j = *given[static_cast<std::size_t>(k)];
      if (!golden::requires_grad(j)) continue;
      const golden::Array* want = s.find("grad" + golden::tensor_name(j).substr(2));
      const Double got = leaves[static_cast<std::size_t>(k)].grad();
      if (want == nullptr) continue;
      CAPTURE(k);
      const double tolerance = e.name == "hardsigmoid" ? 1e-8 : 1e-11;  // PyTorch takes 1 / 6 in float there
      if (got.defined()) CHECK(golden::difference(got.to_vector(), want->values) < tolerance);
      else CHECK(golden::difference(std::vector<double>(want->values.size(), 0.0), want->values) == 0);
    }
  }
  CHECK(replayed > 0);
}

}  // namespace

void pointwise_table::check(const Entry& e) {
  CAPTURE(std::string(e.name), e.tanh_approximation);
  if (e.differentiable) {
    check_gradients(e, {{5, 4}, {5, 4}, {5, 4}});
    if (e.tensors > 1) {
      check_gradients(e, {{3, 4}, {4}, {3, 1}});
      check_gradients(e, {{}, {2, 3}, {3}});
    }
  }
  check_dtypes(e);
  check_layouts(e);
  check_golden(e);
}
