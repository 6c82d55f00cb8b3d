// SPDX-License-Identifier: BSD-3-Clause
// Operations that make complex numbers, or take them, against PyTorch's numbers.
#include <ops/samples.hpp>

#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/pointwise/conj.hpp>
#include <torchlite/ops/shape/view_as_real.hpp>

using namespace samples;

TEST_CASE("complex numbers are made of real ones as PyTorch does it") {
  replay("complex", [](const Call& c) { return tl::complex(c.x(), c.in(1)); });
  replay("polar", [](const Call& c) { return tl::polar(c.x(), c.in(1)); });
  replay("cdouble", [](const Call& c) { return tl::cdouble(c.x()); });
  replay("cfloat", [](const Call& c) { return tl::cfloat(c.x()); });
  replay("view_as_complex", [](const Call& c) { return tl::view_as_complex(c.x()); });
}

TEST_CASE("functions of complex numbers take real ones, too") {
  replay("angle", [](const Call& c) { return tl::angle(c.x()); });
  replay("real", [](const Call& c) { return tl::real(c.x()); });
  replay("conj", [](const Call& c) { return tl::conj(c.x()); });
  replay("conj_physical", [](const Call& c) { return tl::conj_physical(c.x()); });
  replay("resolve_conj", [](const Call& c) { return tl::resolve_conj(c.x()); });
}
