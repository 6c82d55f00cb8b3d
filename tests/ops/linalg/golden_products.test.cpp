// SPDX-License-Identifier: BSD-3-Clause
// Products against PyTorch's numbers.
#include <ops/samples.hpp>

#include <torchlite/ops/linalg/addmm.hpp>
#include <torchlite/ops/linalg/bilinear.hpp>
#include <torchlite/ops/linalg/cross.hpp>
#include <torchlite/ops/linalg/inner.hpp>
#include <torchlite/ops/linalg/linear.hpp>
#include <torchlite/ops/linalg/matmul.hpp>
#include <torchlite/ops/linalg/multi_dot.hpp>
#include <torchlite/ops/linalg/outer.hpp>

using namespace samples;

TEST_CASE("products of matrices and vectors agree with PyTorch to the second order", "[ops][linalg]") {
  replay("matmul", [](const Call& c) { return tl::matmul(c.x(), c.in(1)); });
  replay("__rmatmul__", [](const Call& c) { return tl::matmul(c.in(1), c.x()); });
  replay("mm", [](const Call& c) { return tl::mm(c.x(), c.in(1)); });
  replay("bmm", [](const Call& c) { return tl::bmm(c.x(), c.in(1)); });
  replay("mv", [](const Call& c) { return tl::mv(c.x(), c.in(1)); });
  replay("dot", [](const Call& c) { return tl::dot(c.x(), c.in(1)); });
  replay("vdot", [](const Call& c) { return tl::vdot(c.x(), c.in(1)); });
  replay("inner", [](const Call& c) { return tl::inner(c.x(), c.in(1)); });
  replay("outer", [](const Call& c) { return tl::outer(c.x(), c.in(1)); });
  replay("kron", [](const Call& c) { return tl::kron(c.x(), c.in(1)); });
  replay("linalg_vecdot", [](const Call& c) { return tl::linalg::vecdot(c.x(), c.in(1), c.integer(1, "dim", -1)); });
}

TEST_CASE("products that are added to something agree with PyTorch", "[ops][linalg]") {
  const auto all = [](auto f) {
    return [f](const Call& c) { return f(c.x(), c.in(1), c.in(2), c.number(2, "beta", 1), c.number(3, "alpha", 1)); };
  };
  for (const char* variant : {"addmm", "addmm_decomposed"})
    replay(variant,
           all([](const Real& x, const Real& a, const Real& b, double beta, double alpha) { return tl::addmm(x, a, b, beta, alpha); }));
  replay("addmv",
         all([](const Real& x, const Real& a, const Real& b, double beta, double alpha) { return tl::addmv(x, a, b, beta, alpha); }));
  replay("addr",
         all([](const Real& x, const Real& a, const Real& b, double beta, double alpha) { return tl::addr(x, a, b, beta, alpha); }));
  replay("addbmm",
         all([](const Real& x, const Real& a, const Real& b, double beta, double alpha) { return tl::addbmm(x, a, b, beta, alpha); }));
  replay("baddbmm",
         all([](const Real& x, const Real& a, const Real& b, double beta, double alpha) { return tl::baddbmm(x, a, b, beta, alpha); }));
}

TEST_CASE("linear and bilinear maps agree with PyTorch", "[ops][linalg]") {
  replay("linear", [](const Call& c) { return tl::linear(c.x(), c.in(1), c.tensor(1, "bias")); });
  replay("bilinear", [](const Call& c) { return tl::bilinear(c.x(), c.in(1), c.in(2), c.tensor(2, "bias")); });
}

TEST_CASE("vector products and products of many matrices agree with PyTorch", "[ops][linalg]") {
  replay("cross",
         [](const Call& c) { return c.has(1, "dim") ? tl::cross(c.x(), c.in(1), c.integer(1, "dim")) : tl::cross(c.x(), c.in(1)); });
  replay("linalg_cross", [](const Call& c) { return tl::linalg::cross(c.x(), c.in(1), c.integer(1, "dim", -1)); });
  replay("linalg_multi_dot", [](const Call& c) { return tl::linalg::multi_dot(c.tensors(c.sample.input)); });
}
