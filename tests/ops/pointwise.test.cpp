// SPDX-License-Identifier: BSD-3-Clause
// What every entry of the list of pointwise operations is put through; pointwise_1 to _12 hand in the entries.
#include <torchlite/autograd/gradcheck.hpp>

#include <limits>
#include <string>

#include "golden_pointwise.hpp"

namespace tl = torchlite;
using pointwise_table::Double, pointwise_table::Entry;

namespace {

struct Range {
  double low, high;
};

/// Where an operand of an operation lives, so that differences of 1e-6 make sense.
Range range_of(std::string_view name, int operand) {
  const auto is = [name](auto... names) { return ((name == names) || ...); };
  if (is("acos", "asin", "atanh", "erfinv")) return {-0.75, 0.75};
  if (is("acosh")) return {1.25, 3};
  if (is("log", "log2", "log10", "sqrt", "rsqrt", "entr")) return {0.25, 3};
  if (is("log1p")) return {-0.5, 2};
  if (is("ndtri", "logit")) return {0, 1};
  if (is("lgamma", "digamma", "igamma", "igammac")) return {0.5, 3};
  if (is("bessel_y0", "bessel_y1", "modified_bessel_k0", "modified_bessel_k1", "scaled_modified_bessel_k0", "scaled_modified_bessel_k1"))
    return {0.5, 4};
  if (is("polygamma")) return operand == 0 ? Range{1, 3} : Range{0.5, 3};
  if (is("mvlgamma")) return operand == 0 ? Range{2, 4} : operand == 1 ? Range{1, 3} : Range{0, 2};
  if (is("zeta")) return operand == 0 ? Range{1.25, 4} : Range{0.25, 3};
  if (is("pow") && operand == 0) return {0.25, 2};
  if (is("xlogy") && operand == 1) return {0.25, 3};
  if (is("xlog1py") && operand == 1) return {-0.5, 3};
  if (is("relu6")) return {-2, 8};
  if (is("hardsigmoid", "hardswish")) return {-5, 5};
  if (is("clamp") && operand == 1) return {-1, -0.25};
  if (is("clamp") && operand == 2) return {0.5, 1};
  return {-2, 2};
}

void numbers_of(std::string_view name, double* n) {
  n[0] = name == "leaky_relu"              ? 0.1
         : name == "logit"                 ? 0.3
         : name == "elu" || name == "celu" ? 1.25
         : name == "softplus"              ? 2
         : name == "threshold"             ? 0.25
         : name == "hardtanh"              ? -0.75
                                           : 0.5;
  n[1] = name == "softplus" ? 1 : name == "hardtanh" ? 0.5 : -1;
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

bool takes_gradient(const Entry& e, int operand) {
  if (e.name == "where" || e.name == "polygamma" || e.name == "igamma" || e.name == "igammac" || e.name == "zeta") return operand != 0;
  return e.name != "mvlgamma" || operand == 0;
}

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

}  // namespace

void pointwise_table::check(const Entry& e) {
  CAPTURE(std::string(e.name));
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
