// SPDX-License-Identifier: BSD-3-Clause
#include "matrices.hpp"

#include <torchlite/ops/linalg/einsum.hpp>
#include <torchlite/ops/linalg/tensordot.hpp>

using namespace samples;

TEST_CASE("einsum says what it means with its letters", "[ops][linalg]") {
  const Real a = numbers({2, 3, 4}, 1), b = numbers({4, 3, 5}, 2), c = numbers({5, 2}, 3), s = numbers({3, 3}, 4);
  // Three operands, by brute force: 'i' is summed over, 'z' is kept, 'k' and 'j' end at different operands.
  const Real out = tl::einsum("zjk, kji, iz -> z", a, b, c);
  for (std::int64_t z = 0; z < 2; ++z) {
    double want = 0;
    for (std::int64_t j = 0; j < 3; ++j)
      for (std::int64_t k = 0; k < 4; ++k)
        for (std::int64_t i = 0; i < 5; ++i) want += a.data()[(z * 3 + j) * 4 + k] * b.data()[(k * 3 + j) * 5 + i] * c.data()[i * 2 + z];
    CHECK(std::abs(out.data()[z] - want) < 1e-12);
  }
  // Without an arrow the letters that stand once are left, in alphabetical order.
  CHECK(golden::difference(tl::einsum("ba", s).to_vector(), Real(tl::transpose(s, 0, 1)).to_vector()) == 0);
  const double trace = s.data()[0] + s.data()[4] + s.data()[8];
  CHECK(std::abs(tl::einsum("ii", s).item() - trace) < 1e-15);
  CHECK(tl::einsum("ii->i", s).to_vector() == std::vector<double>{s.data()[0], s.data()[4], s.data()[8]});
  // A size of 1 is broadcast, and so is what "..." stands for.
  CHECK(tl::einsum("...j,...j->...", numbers({5, 1, 3}, 5), numbers({4, 3}, 6)).sizes() == tl::Shape{5, 4});
  CHECK(tl::einsum("ij,ij->ij", numbers({1, 3}, 5), numbers({4, 3}, 6)).sizes() == tl::Shape{4, 3});
  const auto i = tl::Tensor<std::int64_t>::from({1, 2, 3, 4}, {2, 2});
  CHECK(tl::einsum("ij,jk->ik", i, i).to_vector() == std::vector<std::int64_t>{7, 10, 15, 22});

  CHECK_THROWS_WITH(tl::einsum("ij,jk->il", s, s), ContainsSubstring("einsum: 'l'") && ContainsSubstring("no operand"));
  CHECK_THROWS_WITH(tl::einsum("ij->ii", s), ContainsSubstring("twice"));
  CHECK_THROWS_WITH(tl::einsum("ij,jk", s), ContainsSubstring("2 terms for 1 operands"));
  CHECK_THROWS_WITH(tl::einsum("ijk->i", s), ContainsSubstring("names 3 dimensions") && ContainsSubstring("[3, 3]"));
  CHECK_THROWS_WITH(tl::einsum("ij,jk->ik", s, c), ContainsSubstring("sizes 3 and 5"));
  CHECK_THROWS_WITH(tl::einsum("i1->i", s), ContainsSubstring("character '1'"));
}

TEST_CASE("tensordot sums what belongs to a size of 1", "[ops][linalg]") {
  const Real a = numbers({2, 3}, 1), b = numbers({1, 4}, 2);
  CHECK(apart(tl::tensordot(a, b, 1), Real(tl::matmul(Real(tl::sum(a, 1, true)), b))) < 1e-15);
  CHECK(apart(tl::tensordot(tl::transpose(b, 0, 1), a, {1}, {0}), Real(tl::matmul(tl::transpose(b, 0, 1), Real(tl::sum(a, 0, true))))) <
        1e-15);
  // Lists name dimensions, they do not count them.
  const Real square = numbers({3, 3}, 3);
  CHECK(apart(tl::tensordot(square, square, {1}, {1}), Real(tl::matmul(square, tl::transpose(square, 0, 1)))) < 1e-15);
  CHECK(apart(tl::tensordot(square, square, {0}, {0}), Real(tl::matmul(tl::transpose(square, 0, 1), square))) < 1e-15);
  CHECK(tl::tensordot(a, b, 0).sizes() == tl::Shape{2, 3, 1, 4});
  CHECK_THROWS_WITH(tl::tensordot(a, a, 1), ContainsSubstring("tensordot") && ContainsSubstring("[2, 3]"));
}
