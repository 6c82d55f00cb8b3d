// SPDX-License-Identifier: BSD-3-Clause
// Values and gradients of one formula on operands of every shape and layout, against loops over elements.
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include "reference.hpp"

namespace tl = torchlite;
using reference::distance, reference::element, reference::Index, reference::laid_out, reference::Layout, reference::values;
using Double = tl::Tensor<double>;

namespace {

/// Full sizes where the mask has a bit, 1 elsewhere; leading ones dropped if asked for.
tl::Shape masked(const tl::Shape& full, unsigned mask, bool drop) {
  tl::Shape sizes;
  for (int d = 0; d < full.rank(); ++d) {
    const bool keep = (mask >> d & 1u) != 0;
    if (!keep && drop && sizes.rank() == 0) continue;
    sizes.push_back(keep ? full[d] : 1);
  }
  return sizes;
}

void check_formula(const tl::Shape& out, const Double& a, const Double& b, const Double& c, Layout gradient_layout) {
  for (const Double& t : {a, b, c}) t.requires_grad_();
  const Double y = a * b + c * c * a;
  CAPTURE(a.sizes().str(), a.strides().str(), b.sizes().str(), b.strides().str(), c.sizes().str(), c.strides().str());
  REQUIRE(y.sizes() == out);
  const Double g = laid_out<double>(out, gradient_layout, 77);
  std::vector<double> want;
  const auto zeros = [](const Double& t) {
    const Double z = tl::empty<double>(t.sizes());
    for (std::int64_t i = 0; i < z.numel(); ++i) z.data()[i] = 0;
    return z;
  };
  const Double da = zeros(a), db = zeros(b), dc = zeros(c);
  reference::each_index(out, [&](const Index& i) {
    const double va = *element(a, i), vb = *element(b, i), vc = *element(c, i), vg = *element(g, i);
    want.push_back(va * vb + vc * vc * va);
    *element(da, i) += vg * (vb + vc * vc);
    *element(db, i) += vg * va;
    *element(dc, i) += vg * 2 * vc * va;
  });
  y.backward(g);
  const bool right = distance(values(y), want) < 1e-13 && distance(values(a.grad()), values(da)) < 1e-12 &&
                     distance(values(b.grad()), values(db)) < 1e-12 && distance(values(c.grad()), values(dc)) < 1e-12;
  CHECK(right);
}

}  // namespace

TEST_CASE("operands broadcast in every combination of sizes and layouts, forward and backward", "[expr][broadcasting]") {
  const tl::Shape full = {3, 2, 5};
  std::uint64_t choice = 0;
  const auto layout = [&] { return static_cast<Layout>(static_cast<int>(reference::number(9, ++choice, 0, 3.999))); };
  for (unsigned ma = 0; ma < 8; ++ma)
    for (unsigned mb = 0; mb < 8; ++mb)
      for (unsigned mc = 0; mc < 8; ++mc) {
        tl::Shape out;
        for (int d = 0; d < 3; ++d) out.push_back(((ma | mb | mc) >> d & 1u) != 0 ? full[d] : 1);
        check_formula(out, laid_out<double>(masked(full, ma, false), layout(), 1), laid_out<double>(masked(full, mb, mc == 7), layout(), 2),
                      laid_out<double>(masked(full, mc, mb == 7 || ma == 7), layout(), 3), layout());
      }
}

TEST_CASE("rows and columns longer than a block broadcast", "[expr][broadcasting]") {
  const tl::Shape full =
      GENERATE(tl::Shape{3, 257}, tl::Shape{300, 4}, tl::Shape{2, 130, 5}, tl::Shape{1, 700}, tl::Shape{700, 1}, tl::Shape{20, 1, 40});
  for (int la = 0; la < 4; ++la)
    for (unsigned mb = 0; mb < 8; ++mb)
      check_formula(full, laid_out<double>(full, static_cast<Layout>(la), 1),
                    laid_out<double>(masked(full, mb, false), Layout::row_major, 2),
                    laid_out<double>(masked(full, ~mb, true), static_cast<Layout>(3 - la), 3), Layout::row_major);
}

TEST_CASE("an empty tensor and one without dimensions are operands like others", "[expr][broadcasting]") {
  const auto make = [](const tl::Shape& sizes, std::uint64_t seed) { return laid_out<double>(sizes, Layout::row_major, seed); };
  check_formula({}, make({}, 1), make({}, 2), make({}, 3), Layout::row_major);
  check_formula({4}, make({}, 1), make({4}, 2), make({1}, 3), Layout::row_major);
  check_formula({0}, make({0}, 1), make({1}, 2), make({}, 3), Layout::row_major);
  check_formula({2, 0, 3}, make({2, 1, 3}, 1), make({0, 3}, 2), make({2, 0, 1}, 3), Layout::row_major);
  check_formula({0, 5}, make({1, 5}, 1), make({0, 1}, 2), make({5}, 3), Layout::row_major);
}

TEST_CASE("a leaf that is used several times, broadcast, gets one sum", "[expr][broadcasting]") {
  const Double row = laid_out<double>({5}, Layout::row_major, 1).requires_grad_(),
               m = laid_out<double>({4, 5}, Layout::column_major, 2).requires_grad_();
  const Double y = row * row * m + row * m * m;
  y.backward(laid_out<double>({4, 5}, Layout::padded, 3));
  const Double g = laid_out<double>({4, 5}, Layout::padded, 3);
  std::vector<double> dr(5, 0.0), dm;
  reference::each_index({4, 5}, [&](const Index& i) {
    const double r = *element(row, i), x = *element(m, i), w = *element(g, i);
    dr[static_cast<std::size_t>(i[1])] += w * (2 * r * x + x * x);
    dm.push_back(w * (r * r + 2 * r * x));
  });
  CHECK(distance(values(row.grad()), dr) < 1e-13);
  CHECK(distance(values(m.grad()), dm) < 1e-13);
}

TEST_CASE("an expanded operand is read with stride zero and its gradient has the expanded sizes", "[expr][broadcasting]") {
  const Double memory = laid_out<double>({3}, Layout::row_major, 1);
  const Double rows = tl::alias(memory, {4, 3}, {0, 1}, 0).requires_grad_(),
               columns = tl::alias(memory, {3, 4}, {1, 0}, 0).requires_grad_();
  const Double y = rows * rows * 2.0, z = columns * 3.0;
  const Double g = laid_out<double>({4, 3}, Layout::row_major, 5), h = laid_out<double>({3, 4}, Layout::row_major, 6);
  y.backward(g);
  z.backward(h);
  reference::each_index({4, 3}, [&](const Index& i) {
    CHECK(*element(y, i) == Approx(2 * memory.data()[i[1]] * memory.data()[i[1]]));
    CHECK(*element(rows.grad(), i) == Approx(4 * memory.data()[i[1]] * *element(g, i)));
  });
  reference::each_index({3, 4}, [&](const Index& i) { CHECK(*element(columns.grad(), i) == Approx(3 * *element(h, i))); });
}
