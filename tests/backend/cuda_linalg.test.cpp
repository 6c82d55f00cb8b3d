// SPDX-License-Identifier: BSD-3-Clause
// What the libraries leave to do around factorisations on Cuda, played on the host.
#include <support/catch.hpp>

#include <torchlite/backend/cpu/linalg/eig.hpp>
#include <torchlite/backend/cpu/linalg/lu.hpp>
#include <torchlite/backend/cpu/linalg/matrix_exp.hpp>
#include <torchlite/backend/cuda/eig_element.hpp>
#include <torchlite/backend/cuda/linalg_element.hpp>
#include <torchlite/backend/cuda/matrix_exp_element.hpp>

#include <cmath>

namespace {
using namespace torchlite;
using namespace torchlite::backend;
}  // namespace

TEST_CASE("rows are exchanged on Cuda as on the Cpu, and back", "[backend][cuda]") {
  const std::vector<std::int32_t> pivots{3, 2, 4, 2, 2, 3};  // of two matrices
  std::vector<double> x;
  for (int i = 0; i < 2 * 4 * 3; ++i) x.push_back(i);
  const std::vector<double> given = x;
  std::vector<double> expected = x;
  for (const bool back : {false, true}) {
    cuda::play_each(ExchangeRows<double>{3, pivots.data(), back, 4, 3, x.data()}, 2 * 3);
    exchange_all_rows(Cpu{}, 2, ExchangeRows<double>{3, pivots.data(), back, 4, 3, expected.data()});
    CHECK(x == expected);
    CHECK((x == given) == back);
  }
}

TEST_CASE("determinants follow from the diagonal of U and the exchanges", "[backend][cuda]") {
  // U's diagonals 2, -3, 0.5 with one exchange; 4, 0, 1 with none.
  const std::vector<double> lu{2, 7, 7, 0.1, -3, 7, 0.1, 0.1, 0.5, 4, 1, 1, 0, 0, 1, 0, 0, 1};
  const std::vector<std::int32_t> pivots{2, 2, 3, 1, 2, 3};
  std::vector<double> det(2), sign(2), log_size(2);
  cuda::play_each(LuDeterminant<double>{3, lu.data(), pivots.data(), det.data()}, 2);
  cuda::play_each(LuLogDeterminant<double>{3, lu.data(), pivots.data(), sign.data(), log_size.data()}, 2);
  CHECK(det == std::vector<double>{3, 0});
  CHECK(sign == std::vector<double>{1, 0});
  CHECK(std::abs(log_size[0] - std::log(3.0)) <= 1e-15);
  CHECK(log_size[1] == -INFINITY);
}

TEST_CASE("triangles, identities, pivots and addresses are written where they belong", "[backend][cuda]") {
  std::vector<float> a(18, 1.0f);
  cuda::play_each(cuda::ClearUpper<float>{3, a.data()}, 18);
  CHECK(a == std::vector<float>{1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1});
  std::vector<float> ones(12, 5.0f);
  cuda::play_each(cuda::WriteIdentities<float>{3, 2, ones.data()}, 12);
  CHECK(ones == std::vector<float>{1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0});
  std::vector<std::int32_t> narrow(4);
  cuda::play_each(cuda::NarrowPivots{nullptr, 2, narrow.data()}, 4);
  CHECK(narrow == std::vector<std::int32_t>{1, 2, 1, 2});
  std::vector<std::int64_t> wide(4);
  cuda::play_each(cuda::WidenPivots{narrow.data(), wide.data()}, 4);
  std::vector<std::int32_t> again(4);
  cuda::play_each(cuda::NarrowPivots{wide.data(), 2, again.data()}, 4);
  CHECK(again == narrow);
  std::vector<float*> addresses(3);
  cuda::play_each(cuda::WriteAddresses<float>{a.data(), 6, addresses.data()}, 3);
  CHECK(addresses == std::vector<float*>{a.data(), a.data() + 6, a.data() + 12});
}

TEST_CASE("matrices that are not finite are marked as failed, and so is what did not converge", "[backend][cuda]") {
  std::vector<double> a(4 * 50, 1.0);
  a[60] = INFINITY, a[61] = std::nan(""), a[199] = -INFINITY;
  std::vector<std::int32_t> counts(4), info{0, 0, 7, 0};
  cuda::play_rows<32, 1>(cuda::CountNotFinite<double>{50, a.data(), counts.data()}, 4);
  CHECK(counts == std::vector<std::int32_t>{0, 2, 0, 1});
  cuda::play_each(cuda::MarkFailed{counts.data(), info.data()}, 4);
  CHECK(info == std::vector<std::int32_t>{0, 1, 1, 1});
}

TEST_CASE("eigenvectors from a library's columns have the Cpu's length and direction", "[backend][cuda]") {
  using Z = math::DeviceComplex<double>;
  using C = std::complex<double>;
  // Two real matrices and what a library would give: the Cpu's vectors, stretched, pairs as their parts.
  const std::int64_t n = 4;
  std::vector<double> a;
  for (int i = 0; i < 32; ++i) a.push_back(std::sin(1.0 + 2.5 * i));
  std::vector<C> values(8), vectors(32);
  REQUIRE(eig(Cpu{}, 2, n, a.data(), values.data(), vectors.data()) == -1);
  bool pairs = false, single = false;
  std::vector<double> columns(32);
  for (std::size_t i = 0; i < 8; ++i) {
    const bool second = values[i].imag() < 0;
    pairs = pairs || second, single = single || values[i].imag() == 0;
    const C turn = values[i].imag() == 0 ? C(-1.7) : std::polar(1.7, second ? -0.4 : 0.4);
    for (std::size_t j = 0; j < 4; ++j) {
      const C v = vectors[i / 4 * 16 + j * 4 + i % 4] * turn;
      columns[i * 4 + j] = second ? -v.imag() : v.real();
    }
  }
  REQUIRE(pairs);
  REQUIRE(single);
  std::vector<C> finished(32);
  std::vector<std::complex<float>> narrow(32);
  cuda::play_each(cuda::FinishEigenvector<double, double>{n, reinterpret_cast<const Z*>(values.data()), columns.data(),
                                                          reinterpret_cast<Z*>(finished.data())},
                  8);
  for (std::size_t i = 0; i < 32; ++i) CHECK(std::abs(finished[i] - vectors[i]) <= 1e-14);

  // Complex ones come as they are.
  std::vector<C> from, complex_vectors(32), stretched(32);
  for (int i = 0; i < 32; ++i) from.emplace_back(std::sin(1.0 + 2.5 * i), std::cos(3.0 * i));
  REQUIRE(eig(Cpu{}, 2, n, from.data(), values.data(), complex_vectors.data()) == -1);
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < 4; ++j)
      stretched[i * 4 + j] = complex_vectors[i / 4 * 16 + j * 4 + i % 4] * std::polar(0.3, 0.1 * static_cast<double>(i));
  cuda::play_each(
      cuda::FinishEigenvector<Z, float>{n, reinterpret_cast<const Z*>(values.data()), reinterpret_cast<const Z*>(stretched.data()),
                                        reinterpret_cast<math::DeviceComplex<float>*>(narrow.data())},
      8);
  for (std::size_t i = 0; i < 32; ++i) CHECK(std::abs(C(narrow[i]) - complex_vectors[i]) <= 1e-6);

  std::vector<double> turned(18);
  std::vector<float> plain(18);
  for (int i = 0; i < 18; ++i) plain[static_cast<std::size_t>(i)] = static_cast<float>(i);
  cuda::play_each(cuda::WidenTurned<double, float>{3, plain.data(), turned.data()}, 18);
  CHECK(turned == std::vector<double>{0, 3, 6, 1, 4, 7, 2, 5, 8, 9, 12, 15, 10, 13, 16, 11, 14, 17});
}

TEMPLATE_TEST_CASE("the steps of the matrix exponential on Cuda give the Cpu's", "[backend][cuda]", float, double) {
  using T = TestType;
  // Squared not at all, a few times and often; and one without a result.
  const std::int64_t n = 3, size = n * n, count = 4, all = count * size;
  std::vector<T> a;
  const double sizes[] = {1, 7, 0.5, 1};
  for (std::int64_t i = 0; i < all; ++i) a.push_back(static_cast<T>(std::sin(static_cast<double>(i + 1)) * sizes[i / size]));
  a[static_cast<std::size_t>(2 * size + 1)] = T(40);
  a[static_cast<std::size_t>(3 * size + 4)] = static_cast<T>(INFINITY);
  const auto vector = [&] { return std::vector<T>(static_cast<std::size_t>(all)); };
  auto expected = vector(), x = vector(), x2 = vector(), x4 = vector(), x6 = vector(), u = vector(), v = vector(), w = vector(),
       out = vector();
  matrix_exp(Cpu{}, count, n, a.data(), expected.data());
  const auto multiply = [&](const std::vector<T>& l, const std::vector<T>& r, std::vector<T>& to) {
    for (std::int64_t m = 0; m < count; ++m) square_product(n, l.data() + m * size, r.data() + m * size, to.data() + m * size);
  };
  std::vector<std::int32_t> squarings(4);
  const cuda::CountSquarings<T> counting{n, a.data(), squarings.data()};
  cuda::play_rows<32, 1>(counting, count);
  CHECK(squarings[0] == 0);
  CHECK(squarings[1] > 0);
  CHECK(squarings[2] > squarings[1]);
  CHECK(squarings[3] == -1);
  cuda::play_each(cuda::ShrinkMatrices<T>{size, squarings.data(), a.data(), x.data()}, all);
  multiply(x, x, x2), multiply(x2, x2, x4), multiply(x2, x4, x6);
  const ExponentialPade<T> pade;
  const T(&b)[14] = pade.b;
  const auto polynomial = [&](int odd) {
    cuda::play_each(
        cuda::CombinePowers<T>{n, {b[12 + odd], b[10 + odd], b[8 + odd], T(0)}, x6.data(), x4.data(), x2.data(), w.data(), false}, all);
    multiply(x6, w, v);
    cuda::play_each(
        cuda::CombinePowers<T>{n, {b[6 + odd], b[4 + odd], b[2 + odd], b[odd]}, x6.data(), x4.data(), x2.data(), v.data(), true}, all);
  };
  polynomial(1);
  multiply(x, v, u);
  polynomial(0);
  cuda::play_each(cuda::SplitParity<T>{u.data(), v.data(), out.data(), w.data()}, all);
  for (std::int64_t m = 0; m < count; ++m) {
    std::vector<std::int32_t> pivots(3);
    T *const lu = w.data() + m * size, *const y = out.data() + m * size;
    lu_factor_one(n, n, lu, pivots.data());
    exchange_rows(n, pivots.data(), false, n, y);
    solve_triangle(Triangle<T>{n, lu, n, 1, false, true}, n, y, n, std::int64_t{1});
    solve_triangle(Triangle<T>{n, lu, n, 1, true, false}, n, y, n, std::int64_t{1});
  }
  for (std::int32_t done = 0; done < squarings[2]; ++done) {
    multiply(out, out, w);
    cuda::play_each(cuda::TakeSquares<T>{size, squarings.data(), done, w.data(), out.data()}, all);
  }
  cuda::play_each(cuda::MarkUndefined<T>{size, squarings.data(), out.data()}, all);
  for (std::size_t i = 0; i < out.size(); ++i) {
    INFO(i);
    if (i < static_cast<std::size_t>(3 * size)) CHECK(out[i] == expected[i]);
    else CHECK((std::isnan(out[i]) && std::isnan(expected[i])));
  }
}
