// SPDX-License-Identifier: BSD-3-Clause
// LU, Cholesky and what is solved with them, against PyTorch's numbers.
#include "directions.hpp"
#include "recorded.hpp"

#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/lu_solve.hpp>

using namespace samples;

TEST_CASE("LU factors are PyTorch's, with their gradients", "[ops][linalg]") {
  replay("linalg_lu_factor", [](const Call& c) {
    const auto f = tl::linalg::lu_factor(c.x(), c.flag(0, "pivot", true));
    return Values{f.LU, f.pivots};
  });
  replay("linalg_lu_factor_ex", [](const Call& c) {
    const auto f = tl::linalg::lu_factor_ex(c.x(), c.flag(0, "pivot", true));
    return Values{f.LU, f.pivots, f.info};
  });
  replay("lu", [](const Call& c) {
    const auto f = tl::lu(c.x(), c.flag(0, "pivot", true));
    if (c.flag(1, "get_infos")) return Values{f.LU, f.pivots, f.info};
    return Values{f.LU, f.pivots};
  });
  // The recorded results are L and U without P.
  replay("linalg_lu", [](const Call& c) {
    const auto f = tl::linalg::lu(c.x(), c.flag(0, "pivot", true));
    return Values{f.L, f.U};
  });
  replay("lu_unpack", [](const Call& c) {
    const auto f = tl::lu_unpack(c.x(), pivots(c.array(0, "LU_pivots")));
    return Values{f.L, f.U};
  });
}

TEST_CASE("systems are solved from LU factors as PyTorch does", "[ops][linalg]") {
  replay("linalg_lu_solve", [](const Call& c) {
    return tl::linalg::lu_solve(c.x(), pivots(c.array(0, "pivots")), c.in(2), c.flag(2, "left", true), c.flag(3, "adjoint"));
  });
  replay("lu_solve", [](const Call& c) { return tl::lu_solve(c.x(), c.in(1), pivots(c.array(1, "LU_pivots"))); });
}

TEST_CASE("Cholesky factors are PyTorch's, with their gradients", "[ops][linalg]") {
  replay(
      "cholesky", [](const Call& c) { return tl::cholesky(c.x(), c.flag(0, "upper")); }, along_symmetric());
  replay(
      "linalg_cholesky", [](const Call& c) { return tl::linalg::cholesky(c.x(), c.flag(0, "upper")); }, along_symmetric());
  replay(
      "linalg_cholesky_ex",
      [](const Call& c) {
        const auto f = tl::linalg::cholesky_ex(c.x(), c.flag(0, "upper"));
        return Values{f.L, f.info};
      },
      along_symmetric());
}

TEST_CASE("systems are solved from Cholesky factors as PyTorch does", "[ops][linalg]") {
  // The factors are triangular, and their gradients by PyTorch's formula are those of triangular changes only.
  ReplayOptions options;
  options.project = [](const Call& c, std::size_t i, std::vector<double>& v) {
    if (i + 1 == c.inputs.size()) make_triangular(c.in(i), v, c.flag(c.inputs.size() - 1, "upper"));
  };
  replay(
      "cholesky_solve", [](const Call& c) { return tl::cholesky_solve(c.x(), c.in(1), c.flag(1, "upper")); }, options);
  replay(
      "cholesky_inverse", [](const Call& c) { return tl::cholesky_inverse(c.x(), c.flag(0, "upper")); }, options);
}
