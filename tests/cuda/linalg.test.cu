// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/backend/cuda/axis_map.cuh>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/backend/cuda/linalg.cuh>
#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/det.hpp>
#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/lu_solve.hpp>
#include <torchlite/ops/linalg/qr.hpp>
#include <torchlite/ops/linalg/solve.hpp>
#include <torchlite/ops/linalg/svd.hpp>

namespace cuda_tests {
namespace {
/// Matrices far from singular.
Tensor<double, Cpu> regular(const Shape& sizes, std::uint32_t seed) {
  return numbers<double>(sizes, seed) + 3.0 * eye<double>(sizes.back());
}
// One large matrix, many small ones, and many that are too large for batched calls.
const Shape shapes[] = {{40, 40}, {5, 7, 7}, {2, 300, 300}};
}  // namespace

TEST_CASE("systems of equations, their gradients and inverses agree with the Cpu", "[cuda][linalg]") {
  for (const Shape& sizes : shapes) {
    Shape sides = sizes;
    sides[sides.rank() - 1] = 3;
    const auto a = regular(sizes, 1), b = numbers<double>(sides, 2);
    a.requires_grad_(), b.requires_grad_();
    const auto da = leaf_on_device(a), db = leaf_on_device(b);
    const Tensor<double, Cpu> x = linalg::solve(a, b);
    const Tensor<double, Cuda> dx = linalg::solve(da, db);
    CHECK(difference(dx, x) <= 1e-9);
    x.backward(ones<double>(sides));
    dx.backward(ones<double, Cuda>(sides));
    CHECK(difference(da.grad(), a.grad()) <= 1e-9);
    CHECK(difference(db.grad(), b.grad()) <= 1e-9);
    CHECK(difference(linalg::inv(da.detach()), linalg::inv(a.detach())) <= 1e-9);
  }
  const auto a = regular({6, 6}, 3), b = numbers<double>({4, 6, 2}, 4);  // one matrix for many sides
  CHECK(difference(linalg::solve(to_device<Cuda>(a), to_device<Cuda>(b)), linalg::solve(a, b)) <= 1e-10);
}

TEST_CASE("LU factors, what is solved with them and determinants agree with the Cpu", "[cuda][linalg]") {
  for (const Shape& sizes : {Shape{9, 5}, Shape{3, 5, 9}, Shape{4, 6, 6}}) {
    const auto a = numbers<double>(sizes, 1);
    for (const bool pivot : {true, false}) {
      const auto f = linalg::lu_factor_ex(a, pivot);
      const auto df = linalg::lu_factor_ex(to_device<Cuda>(a), pivot);
      CHECK(difference(df.LU, f.LU) <= 1e-8);
      CHECK(df.pivots.to_vector() == f.pivots.to_vector());
      CHECK(df.info.to_vector() == f.info.to_vector());
    }
  }
  const auto a = regular({3, 6, 6}, 2), b = numbers<double>({3, 6, 2}, 3);
  const auto da = to_device<Cuda>(a);
  const auto f = linalg::lu_factor(a);
  const auto df = linalg::lu_factor(da);
  for (const bool adjoint : {false, true})
    CHECK(difference(linalg::lu_solve(df.LU, df.pivots, to_device<Cuda>(b), true, adjoint),
                     linalg::lu_solve(f.LU, f.pivots, b, true, adjoint)) <= 1e-10);
  CHECK(difference(linalg::det(da), linalg::det(a)) <= 1e-10);
  CHECK(difference(linalg::slogdet(da).sign, linalg::slogdet(a).sign) == 0);
  CHECK(difference(linalg::slogdet(da).logabsdet, linalg::slogdet(a).logabsdet) <= 1e-10);
  CHECK_THROWS_WITH(linalg::solve(zeros<double, Cuda>({3, 3}), ones<double, Cuda>({3, 1})), ContainsSubstring("singular"));
}

TEST_CASE("Cholesky factors and triangular systems agree with the Cpu", "[cuda][linalg]") {
  for (const Shape& sizes : shapes) {
    const auto x = numbers<double>(sizes, 1);
    const Tensor<double, Cpu> a = matmul(x, transpose(x, -1, -2)) + 2.0 * eye<double>(sizes.back());
    for (const bool upper : {false, true})
      CHECK(difference(linalg::cholesky(to_device<Cuda>(a), upper), linalg::cholesky(a, upper)) <= 1e-10);
    const auto l = regular(sizes, 2), b = numbers<double>(sizes, 3);
    const Tensor<double, Cpu> small = l * 0.01 + eye<double>(sizes.back());
    for (const bool upper : {false, true})
      for (const bool left : {false, true})
        CHECK(difference(linalg::solve_triangular(to_device<Cuda>(small), to_device<Cuda>(b), upper, left, !upper),
                         linalg::solve_triangular(small, b, upper, left, !upper)) <= 1e-8);
  }
  const auto indefinite = Tensor<double, Cpu>({2, 2}, {1, 2, 2, 1});
  CHECK(linalg::cholesky_ex(to_device<Cuda>(indefinite)).info.to_vector() == linalg::cholesky_ex(indefinite).info.to_vector());
}

TEST_CASE("QR agrees with the Cpu, signs included", "[cuda][linalg]") {
  for (const Shape& sizes : {Shape{9, 5}, Shape{3, 5, 9}, Shape{2, 6, 6}})
    for (const char* mode : {"reduced", "complete"}) {
      const auto a = numbers<double>(sizes, 1);
      const auto f = linalg::qr(a, mode);
      const auto df = linalg::qr(to_device<Cuda>(a), mode);
      CHECK(difference(df.Q, f.Q) <= 1e-12);
      CHECK(difference(df.R, f.R) <= 1e-12);
    }
}

TEST_CASE("eigenvalues and singular values agree with the Cpu, and the factors make the matrix", "[cuda][linalg]") {
  const auto x = numbers<double>({3, 8, 8}, 1);
  const Tensor<double, Cpu> symmetric = x + transpose(x, -1, -2);
  for (const char* triangle : {"L", "U"}) {
    const auto e = linalg::eigh(to_device<Cuda>(symmetric), triangle);
    CHECK(difference(e.eigenvalues, linalg::eigh(symmetric).eigenvalues) <= 1e-12);
    const Tensor<double, Cuda> scaled = e.eigenvectors * unsqueeze(e.eigenvalues, -2);
    CHECK(difference(Tensor<double, Cuda>(matmul(scaled, transpose(e.eigenvectors, -1, -2))), symmetric) <= 1e-12);
  }
  for (const Shape& sizes : {Shape{9, 5}, Shape{3, 5, 9}, Shape{2, 6, 6}})
    for (const bool full : {false, true}) {
      const auto a = numbers<double>(sizes, 2);
      const auto d = linalg::svd(to_device<Cuda>(a), full);
      CHECK(difference(d.S, linalg::svd(a).S) <= 1e-12);
      const std::int64_t k = d.S.sizes().back();
      const Tensor<double, Cuda> scaled = narrow(d.U, -1, 0, k) * unsqueeze(d.S, -2);
      CHECK(difference(Tensor<double, Cuda>(matmul(scaled, narrow(d.Vh, -2, 0, k))), a) <= 1e-12);
      const Tensor<double, Cuda> unit = matmul(transpose(d.U, -1, -2), d.U);
      CHECK(difference(unit, Tensor<double, Cpu>(zeros<double>(unit.sizes()) + eye<double>(unit.sizes().back()))) <= 1e-12);
    }
  CHECK_THROWS_WITH(linalg::svd(full<double, Cuda>({3, 2}, INFINITY)), ContainsSubstring("infinities"));
}

}  // namespace cuda_tests
