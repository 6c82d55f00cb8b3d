// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>

#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/inplace/addmm.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum.hpp>

namespace tl = torchlite;
using Double = tl::Tensor<double>;

TEST_CASE("products are added in place, with gradients to all operands", "[ops][inplace]") {
  const Double x = Double({2, 2}, {1, 2, 3, 4}).requires_grad_(), a = Double({2, 1}, {5, 6}).requires_grad_(),
               b = Double({1, 2}, {7, 8}).requires_grad_();
  const Double y = x * 1.0;
  const double* memory = y.data();
  tl::addmm_(y, a, b, 2, 0.5);
  CHECK(y.data() == memory);
  CHECK(y.to_vector() == std::vector<double>{2 + 17.5, 4 + 20, 6 + 21, 8 + 24});
  tl::sum(y).backward();
  CHECK(x.grad().to_vector() == std::vector<double>{2, 2, 2, 2});
  CHECK(a.grad().to_vector() == std::vector<double>{7.5, 7.5});
  CHECK(b.grad().to_vector() == std::vector<double>{5.5, 5.5});
}

TEST_CASE("the other products in place", "[ops][inplace]") {
  const Double m({2, 2}, {1, 2, 3, 4}), v({2}, {1, 1});
  CHECK(tl::addmv_(Double({2}, {10, 20}), m, v).to_vector() == std::vector<double>{13, 27});
  CHECK(tl::addr_(Double({2, 2}, {0, 0, 0, 1}), v, Double({2}, {3, 4})).to_vector() == std::vector<double>{3, 4, 3, 5});
  const Double batch({1, 2, 2}, {1, 2, 3, 4});
  CHECK(tl::baddbmm_(Double({1, 2, 2}, {1, 0, 0, 1}), batch, batch).to_vector() == std::vector<double>{8, 10, 15, 23});
  CHECK(tl::addbmm_(Double({2, 2}, {1, 0, 0, 1}), batch, batch).to_vector() == std::vector<double>{8, 10, 15, 23});
  const Double row({2}, {1, 2});
  CHECK_THROWS_AS(tl::addmm_(row, m, m), tl::ShapeError);  // would broadcast, but has no room
  CHECK(row.to_vector() == std::vector<double>{1, 2});
}
