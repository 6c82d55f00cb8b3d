// SPDX-License-Identifier: BSD-3-Clause
// Systems, inverses, determinants and powers against PyTorch's numbers.
#include "directions.hpp"

#include <torchlite/ops/linalg/det.hpp>
#include <torchlite/ops/linalg/matrix_power.hpp>
#include <torchlite/ops/linalg/tensorsolve.hpp>
#include <torchlite/ops/linalg/vander.hpp>

using namespace samples;

TEST_CASE("solutions of systems are PyTorch's, with their gradients", "[ops][linalg]") {
  replay("linalg_solve", [](const Call& c) { return tl::linalg::solve(c.x(), c.in(1), c.flag(1, "left", true)); });
  replay("linalg_solve_ex", [](const Call& c) {
    const auto s = tl::linalg::solve_ex(c.x(), c.in(1), c.flag(1, "left", true));
    return Values{s.result, s.info};
  });
  replay("linalg_solve_triangular", [](const Call& c) {
    return tl::linalg::solve_triangular(c.x(), c.in(1), c.flag(1, "upper"), c.flag(2, "left", true), c.flag(3, "unitriangular"));
  });
  replay("triangular_solve", [](const Call& c) {
    const auto s = tl::triangular_solve(c.x(), c.in(1), c.flag(1, "upper", true), c.flag(2, "transpose"), c.flag(3, "unitriangular"));
    return Values{s.solution, s.cloned_coefficient};
  });
}

TEST_CASE("inverses are PyTorch's, with their gradients", "[ops][linalg]") {
  replay("linalg_inv", [](const Call& c) { return tl::linalg::inv(c.x()); });
  replay("linalg_inv_ex", [](const Call& c) {
    const auto s = tl::linalg::inv_ex(c.x());
    return Values{s.inverse, s.info};
  });
  replay("linalg_tensorinv", [](const Call& c) { return tl::linalg::tensorinv(c.x(), c.integer(0, "ind", 2)); });
  replay("linalg_tensorsolve",
         [](const Call& c) { return tl::linalg::tensorsolve(c.x(), c.in(1), c.has(1, "dims") ? c.shape(1, "dims") : tl::Shape{}); });
}

TEST_CASE("determinants are PyTorch's, with their gradients, of singular matrices too", "[ops][linalg]") {
  replay("linalg_det", [](const Call& c) { return tl::linalg::det(c.x()); });
  replay("linalg_det_singular", [](const Call& c) { return tl::linalg::det(c.x()); });
  replay("linalg_slogdet", [](const Call& c) {
    const auto s = tl::linalg::slogdet(c.x());
    return Values{s.sign, s.logabsdet};
  });
  replay("logdet", [](const Call& c) { return tl::logdet(c.x()); });
}

TEST_CASE("powers of matrices are PyTorch's, with their gradients", "[ops][linalg]") {
  replay("linalg_matrix_power", [](const Call& c) { return tl::linalg::matrix_power(c.x(), c.integer(0, "n")); });
  replay("linalg_vander",
         [](const Call& c) { return c.has(0, "N") ? tl::linalg::vander(c.x(), c.integer(0, "N")) : tl::linalg::vander(c.x()); });
}
