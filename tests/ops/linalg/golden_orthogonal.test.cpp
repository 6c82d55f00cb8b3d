// SPDX-License-Identifier: BSD-3-Clause
// QR, reflections, eigenvalues and singular values against PyTorch's numbers.
#include "directions.hpp"
#include "matrices.hpp"

#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/householder.hpp>
#include <torchlite/ops/linalg/lowrank.hpp>
#include <torchlite/ops/linalg/svd.hpp>
#include <torchlite/ops/pointwise/abs.hpp>

using namespace samples;

TEST_CASE("QR is PyTorch's to the sign, with its gradients", "[ops][linalg]") {
  replay("linalg_qr", [](const Call& c) {
    const auto f = tl::linalg::qr(c.x(), c.text(0, "mode", "reduced"));
    return Values{f.Q, f.R};
  });
  replay("qr", [](const Call& c) {
    const auto f = tl::qr(c.x(), c.flag(0, "some", true));
    return Values{f.Q, f.R};
  });
  replay("geqrf", [](const Call& c) {
    const auto f = tl::geqrf(c.x());
    return Values{f.a, f.tau};
  });
}

TEST_CASE("products of reflections are PyTorch's, with their gradients", "[ops][linalg]") {
  replay("ormqr", [](const Call& c) { return tl::ormqr(c.x(), c.in(1), c.in(2), c.flag(2, "left", true), c.flag(3, "transpose")); });
  replay("linalg_householder_product", [](const Call& c) { return tl::linalg::householder_product(c.x(), c.in(1)); });
}

TEST_CASE("eigenvalues and vectors of symmetric matrices are PyTorch's, with their gradients", "[ops][linalg]") {
  // PyTorch's samples take the sizes of the vectors' elements, which do not depend on their signs.
  replay(
      "linalg_eigh",
      [](const Call& c) {
        const auto f = tl::linalg::eigh(c.x(), c.text(0, "UPLO", "L"));
        return Values{f.eigenvalues, tl::abs(f.eigenvectors)};
      },
      along_symmetric());
  replay(
      "linalg_eigvalsh", [](const Call& c) { return tl::linalg::eigvalsh(c.x(), c.text(0, "UPLO", "L")); }, along_symmetric());
}

namespace {
/// What PyTorch's samples of svd look at, one after the other: |U|, S, (S, |Vh|), (U Vh, S). None depends on signs.
Values gauge_free(const Call& c, const Real& u, const Real& s, const Real& vh) {
  const std::int64_t k = s.sizes().back();
  const Real left = tl::narrow(u, -1, 0, k), right = tl::narrow(vh, -2, 0, k);
  const auto rank = [&](std::size_t i) { return c.sample.out(i).shape.size(); };
  const std::size_t vectors = s.sizes().size();
  if (c.sample.num_outputs() == 1) return rank(0) > vectors ? Values{tl::abs(left)} : Values{s};
  if (rank(0) > vectors) return {tl::matmul(left, right), s};
  return {s, tl::abs(right)};
}
}  // namespace

TEST_CASE("singular values and vectors are PyTorch's, with their gradients", "[ops][linalg]") {
  replay("linalg_svd", [](const Call& c) {
    const auto f = tl::linalg::svd(c.x(), c.flag(0, "full_matrices", true));
    return gauge_free(c, f.U, f.S, f.Vh);
  });
  replay("svd", [](const Call& c) {
    const auto f = tl::svd(c.x(), c.flag(0, "some", true), c.flag(1, "compute_uv", true));
    return gauge_free(c, f.U, f.S, tl::transpose(f.V, -1, -2));
  });
  replay("linalg_svdvals", [](const Call& c) { return tl::linalg::svdvals(c.x()); });
}

TEST_CASE("randomised decompositions are PyTorch's, with their gradients", "[ops][linalg]") {
  // The samples multiply two factors of rank q and put the results together to the whole and the singular values. Without M, or
  // without centring, these do not depend on the random start. Otherwise the rank is higher, and the start is the one that
  // PyTorch drew for the samples: torch.manual_seed(42), torch.randn(n, 2), whose numbers do not depend on n.
  const std::vector<double> drawn{0.33669035438385886, 0.1288094051365897,   0.23446236336153173, 0.2303330279146119,
                                  -1.1228563767381703, -0.18632829929177447, 2.2082013355893912,  -0.6379970567672183};
  const auto start = [drawn](const Real& a) {
    const std::int64_t n = std::min(a.size(-1), a.size(-2));
    if (n > 4) throw std::runtime_error("the samples have become larger");
    return Real::from(std::vector<double>(drawn.begin(), drawn.begin() + static_cast<std::ptrdiff_t>(2 * n)), {n, 2});
  };
  const auto together = [](const auto& f) { return Values{tl::matmul(f.U, tl::transpose(f.V, -1, -2)), f.S}; };
  replay("svd_lowrank", [=](const Call& c) {
    const Real a = tl::matmul(c.x(), tl::transpose(c.in(1), -1, -2));
    if (!c.has(3, "M")) return together(tl::svd_lowrank(a, c.integer(1, "q", 6), c.integer(2, "niter", 2)));
    const Real rest = a - c.tensor(3, "M");
    return together(tl::ops::lowrank_from(rest, start(rest), 2, {}));
  });
  replay("pca_lowrank", [=](const Call& c) {
    const Real a = tl::matmul(c.x(), tl::transpose(c.in(1), -1, -2));
    if (!c.flag(2, "center", true)) return together(tl::pca_lowrank(a, c.integer(1, "q", 6), false, c.integer(3, "niter", 2)));
    const Real centred = a - tl::mean(a, -2, true);
    return together(tl::ops::lowrank_from(centred, start(centred), 2, {}));
  });
}
