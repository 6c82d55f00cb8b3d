// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/backend/cuda/axis_map.cuh>
#include <torchlite/backend/cuda/eig.cuh>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/backend/cuda/index.cuh>
#include <torchlite/backend/cuda/ldl.cuh>
#include <torchlite/backend/cuda/linalg.cuh>
#include <torchlite/backend/cuda/matrix_exp.cuh>
#include <torchlite/ops/linalg/cholesky.hpp>
#include <torchlite/ops/linalg/det.hpp>
#include <torchlite/ops/linalg/eig.hpp>
#include <torchlite/ops/linalg/eigh.hpp>
#include <torchlite/ops/linalg/ldl.hpp>
#include <torchlite/ops/linalg/lu_solve.hpp>
#include <torchlite/ops/linalg/matrix_exp.hpp>
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

TEST_CASE("LDL factors, pivots included, and what is solved with them agree with the Cpu", "[cuda][linalg]") {
  for (const Shape& sizes : {Shape{40, 40}, Shape{5, 7, 7}}) {
    const auto x = numbers<double>(sizes, 1);
    const Tensor<double, Cpu> a = x + transpose(x, -1, -2);  // indefinite
    const auto f = linalg::ldl_factor_ex(a);
    const auto df = linalg::ldl_factor_ex(to_device<Cuda>(a));
    CHECK(difference(df.LD, f.LD) <= 1e-9);
    CHECK(df.pivots.to_vector() == f.pivots.to_vector());
    CHECK(df.info.to_vector() == f.info.to_vector());
    Shape sides = sizes;
    sides[sides.rank() - 1] = 3;
    const auto b = numbers<double>(sides, 2);
    CHECK(difference(linalg::ldl_solve(df.LD, df.pivots, to_device<Cuda>(b)), linalg::ldl_solve(f.LD, f.pivots, b)) <= 1e-9);
  }
  const auto wrong = to_device<Cuda>(Tensor<std::int32_t, Cpu>({2}, {1, 3}));
  CHECK_THROWS_WITH(linalg::ldl_solve(eye<double, Cuda>(2), wrong, ones<double, Cuda>({2, 1})),
                    ContainsSubstring("pivot 3 is out of range"));
}

TEMPLATE_TEST_CASE("eigenvalues of general matrices, their vectors and gradients agree with the Cpu", "[cuda][linalg]", double,
                   std::complex<double>) {
  using T = TestType;
  using C = std::complex<double>;
  const Shape sizes{3, 8, 8};
  Tensor<T, Cpu> a;
  if constexpr (complex_number<T>) a = complex(numbers<double>(sizes, 1), numbers<double>(sizes, 2));
  else a = numbers<double>(sizes, 1);
  a.requires_grad_();
  const auto da = leaf_on_device(a);
  const auto e = linalg::eig(a);
  const auto de = linalg::eig(da);
  // The order is the library's own; what does not depend on it is compared.
  const Tensor<C, Cuda> v = de.eigenvectors.detach(), scaled = v * unsqueeze(de.eigenvalues.detach(), -2);
  const Tensor<C, Cuda> again = matmul(Tensor<C, Cuda>(make_expression<Cast<C>>(da.detach())), v);
  CHECK(difference(view_as_real(again), view_as_real(scaled.template to<Cpu>())) <= 1e-11);
  const Tensor<double, Cuda> lengths = sum(square(torchlite::abs(v)), Axes(-2));
  CHECK(difference(lengths, ones<double>({3, 8})) <= 1e-13);
  const auto loss = [](const auto& r) {
    return sum(square(torchlite::abs(r.eigenvalues)) + real(r.eigenvalues)) + sum(square(square(torchlite::abs(r.eigenvectors))));
  };
  const Tensor<double, Cpu> l = loss(e);
  const Tensor<double, Cuda> dl = loss(de);
  CHECK(difference(dl, l) <= 1e-10);
  l.backward();
  dl.backward();
  if constexpr (complex_number<T>) CHECK(difference(view_as_real(da.grad()), view_as_real(a.grad())) <= 1e-8);
  else CHECK(difference(da.grad(), a.grad()) <= 1e-8);
  CHECK_THROWS_WITH(linalg::eigvals(full<double, Cuda>({3, 3}, INFINITY)), ContainsSubstring("infinities"));
}

TEST_CASE("products of complex matrices agree with the Cpu", "[cuda][linalg]") {
  using C = std::complex<float>;
  const Tensor<C, Cpu> a = complex(numbers<float>({3, 5, 7}, 1), numbers<float>({3, 5, 7}, 2));
  const Tensor<C, Cpu> b = complex(numbers<float>({3, 4, 7}, 3), numbers<float>({3, 4, 7}, 4));
  a.requires_grad_();
  const auto da = leaf_on_device(a), db = to_device<Cuda>(b);
  const Tensor<C, Cpu> y = matmul(a, transpose(b, 1, 2));
  const Tensor<C, Cuda> dy = matmul(da, transpose(db, 1, 2));
  CHECK(difference(view_as_real(dy), view_as_real(y)) <= 1e-5);
  y.backward(y.detach());
  dy.backward(to_device<Cuda>(y.detach()));
  CHECK(difference(view_as_real(da.grad()), view_as_real(a.grad())) <= 1e-5);
}

TEST_CASE("exponentials of matrices and their gradients agree with the Cpu, however often they are squared", "[cuda][linalg]") {
  const Tensor<double, Cpu> x = numbers<double>({4, 6, 6}, 1) * Tensor<double, Cpu>({4, 1, 1}, {0.1, 0.5, 1, 3});
  x.requires_grad_();
  const auto dx = leaf_on_device(x);
  const Tensor<double, Cpu> y = matrix_exp(x);
  const Tensor<double, Cuda> dy = matrix_exp(dx);
  CHECK(difference(dy, y) <= 1e-12);
  y.backward(ones<double>(y.sizes()));
  dy.backward(ones<double, Cuda>(y.sizes()));
  CHECK(difference(dx.grad(), x.grad()) <= 1e-11);
  for (const double v : matrix_exp(full<double, Cuda>({2, 2}, INFINITY)).to_vector()) CHECK(std::isnan(v));
}

}  // namespace cuda_tests
