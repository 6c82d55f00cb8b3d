// SPDX-License-Identifier: BSD-3-Clause
// Norms, ranks, pseudo-inverses, least squares and distances against PyTorch's numbers.
#include "directions.hpp"
#include "matrices.hpp"

#include <torchlite/ops/linalg/cdist.hpp>
#include <torchlite/ops/linalg/cond.hpp>
#include <torchlite/ops/linalg/lstsq.hpp>
#include <torchlite/ops/linalg/matrix_norm.hpp>
#include <torchlite/ops/linalg/pinv.hpp>

using namespace samples;

namespace {
tl::linalg::Order order(const Call& c, const char* name, const tl::linalg::Order& fallback = {}) {
  if (!c.has(0, name)) return fallback;
  const golden::Json& j = c.argument(0, name);
  return j.is_string() ? tl::linalg::Order(j.get<std::string>()) : tl::linalg::Order(golden::number(j));
}
/// A tolerance that PyTorch takes as a number or as a tensor without dimensions.
std::optional<double> tolerance(const Call& c, std::size_t position, const char* name) {
  if (!c.has(position, name)) return {};
  if (!c.is_tensor(position, name)) return c.number(position, name, 0);
  const golden::Array& a = c.array(position, name);
  if (a.values.size() != 1) throw NotOffered{"tolerances are numbers"};
  return a.values[0];
}
tl::linalg::Tolerance tolerances(const Call& c) {
  return {.atol = tolerance(c, 9, "atol"), .rtol = tolerance(c, 9, "rtol"), .hermitian = c.flag(9, "hermitian")};
}
}  // namespace

TEST_CASE("norms of vectors and matrices are PyTorch's, with their gradients", "[ops][linalg]") {
  const auto norm = [](const Call& c) { return tl::linalg::norm(c.x(), order(c, "ord"), c.axes(1, "dim"), c.flag(2, "keepdim")); };
  replay("linalg_norm", norm);
  // All elements are 0, where a norm has a kink and no second derivative; PyTorch's own check of it is an expected failure.
  replay("linalg_norm_subgradients_at_zero", norm, {.order = 1});
  replay("linalg_vector_norm",
         [](const Call& c) { return tl::linalg::vector_norm(c.x(), c.number(0, "ord", 2), c.axes(1, "dim"), c.flag(2, "keepdim")); });
  replay("linalg_matrix_norm", [](const Call& c) {
    return tl::linalg::matrix_norm(c.x(), order(c, "ord", "fro"), c.has(1, "dim") ? c.shape(1, "dim") : tl::Shape{-2, -1},
                                   c.flag(2, "keepdim"));
  });
  replay("norm_nuc", [](const Call& c) { return tl::norm(c.x(), "nuc", c.axes(1, "dim"), c.flag(2, "keepdim")); });
  replay("linalg_cond", [](const Call& c) { return tl::linalg::cond(c.x(), order(c, "p")); });
}

TEST_CASE("ranks and pseudo-inverses are PyTorch's, with their gradients", "[ops][linalg]") {
  for (const char* variant : {"linalg_matrix_rank", "linalg_matrix_rank_hermitian"})
    replay(variant, [](const Call& c) { return Values{tl::linalg::matrix_rank(c.x(), tolerances(c))}; });
  replay("linalg_pinv", [](const Call& c) { return tl::linalg::pinv(c.x(), tolerances(c)); });
  replay("linalg_pinv_hermitian", [](const Call& c) { return tl::linalg::pinv(c.x(), tolerances(c)); });
  replay("linalg_pinv_singular", [](const Call& c) { return tl::linalg::pinv(Real(tl::matmul(c.x(), tl::transpose(c.in(1), -1, -2)))); });
  replay("pinverse", [](const Call& c) { return tl::pinverse(c.x(), c.number(0, "rcond", 1e-15)); });
}

TEST_CASE("least squares are PyTorch's, with their gradients", "[ops][linalg]") {
  replay("linalg_lstsq", [](const Call& c) {
    const auto s = tl::linalg::lstsq(c.x(), c.in(1), tolerance(c, 1, "rcond"), c.text(2, "driver", "gelsy"));
    return Values{s.solution, s.residuals, s.rank, s.singular_values};
  });
  replay("linalg_lstsq_grad_oriented",
         [](const Call& c) { return tl::linalg::lstsq(c.x(), c.in(1), tolerance(c, 1, "rcond"), c.text(2, "driver", "gelsy")).solution; });
}

TEST_CASE("distances are PyTorch's, with their gradients", "[ops][linalg]") {
  replay("cdist", [](const Call& c) { return tl::cdist(c.x(), c.in(1), c.number(1, "p", 2)); });
  replay("pdist", [](const Call& c) { return tl::pdist(c.x(), c.number(0, "p", 2)); });
}
