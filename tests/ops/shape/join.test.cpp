// SPDX-License-Identifier: BSD-3-Clause
// Tensors put together, taken apart and moved around: other dtypes, edges, errors.
#include <support/catch.hpp>

#include <torchlite/ops/index/combinations.hpp>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/index/repeat_interleave.hpp>
#include <torchlite/ops/index/unravel_index.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/shape/block_diag.hpp>
#include <torchlite/ops/shape/chunk_cat.hpp>
#include <torchlite/ops/shape/diag.hpp>
#include <torchlite/ops/shape/grid.hpp>
#include <torchlite/ops/shape/roll.hpp>
#include <torchlite/ops/shape/stack.hpp>
#include <torchlite/ops/shape/tensor_split.hpp>
#include <torchlite/ops/shape/triangle_indices.hpp>
#include <torchlite/ops/shape/tril.hpp>

namespace tl = torchlite;
using Real = tl::Tensor<double>;
using Index = tl::Tensor<std::int64_t>;
using Numbers = std::vector<double>;
using Integers = std::vector<std::int64_t>;

namespace {
Real counted(const tl::Shape& sizes) { return tl::view(tl::arange<double>(sizes.numel()), sizes); }
}  // namespace

TEST_CASE("diagonals of every dtype", "[ops][shape]") {
  const Index v({2}, {5, 6});
  CHECK(tl::diag(v).to_vector() == Integers{5, 0, 0, 6});
  CHECK(tl::diag(tl::diag(v, -1), -1).to_vector() == Integers{5, 6});
  CHECK(tl::trace(tl::diag(v)).item() == 11);
  CHECK(tl::diag_embed(tl::full<tl::half>({3, 0}, 1.0)).sizes() == tl::Shape{3, 0, 0});
  CHECK(tl::diagflat(tl::full<bool>({}, true), 1).to_vector() == std::vector<bool>{false, true, false, false});
  CHECK_THROWS_WITH(tl::trace(v), ContainsSubstring("no matrix"));
  CHECK_THROWS_AS(tl::diag(counted({1, 1, 1})), tl::ShapeError);
  CHECK_THROWS_AS(tl::diag_embed(v, 0, 1, -1), tl::ShapeError);
}

TEST_CASE("tensors are joined and split as NumPy does it", "[ops][shape]") {
  const Index a({2}, {1, 2}), b({2}, {3, 4});
  CHECK(tl::column_stack({a, b}).to_vector() == Integers{1, 3, 2, 4});
  CHECK(tl::row_stack({a, b}).sizes() == tl::Shape{2, 2});
  CHECK(tl::dstack({a, b}).sizes() == tl::Shape{1, 2, 2});
  CHECK(tl::concat({a, b}).to_vector() == tl::concatenate({a, b}, 0).to_vector());
  CHECK(tl::block_diag({a, Index({2, 1}, {7, 8})}).to_vector() == Integers{1, 2, 0, 0, 0, 7, 0, 0, 8});
  CHECK(tl::block_diag({tl::zeros<float>({0, 2}), tl::ones<float>({1, 1})}).sizes() == tl::Shape{1, 3});
  const auto parts = tl::tensor_split(counted({7}), 3);
  CHECK(parts[0].numel() == 3);
  CHECK(parts[2].to_vector() == Numbers{5, 6});
  CHECK(tl::tensor_split(counted({5}), {4, 2, -1})[1].numel() == 0);
  CHECK_THROWS_WITH(tl::hsplit(counted({2, 3}), 2), ContainsSubstring("not divided evenly"));
  CHECK_THROWS_AS(tl::vsplit(counted({4}), 2), tl::ShapeError);
  CHECK_THROWS_AS(tl::block_diag({counted({1, 1, 1})}), tl::ShapeError);
  CHECK(tl::_chunk_cat({Index({3}, {1, 2, 3}), Index({2}, {4, 5})}, 0, 2).to_vector() == Integers{1, 2, 4, 3, 0, 5});
}

TEST_CASE("grids, products and combinations of integers", "[ops][shape]") {
  const Index a({2}, {1, 2}), b({3}, {3, 4, 5});
  CHECK(tl::cartesian_prod({a, b}).to_vector() == Integers{1, 3, 1, 4, 1, 5, 2, 3, 2, 4, 2, 5});
  CHECK(tl::meshgrid({a, b}, "xy")[0].sizes() == tl::Shape{3, 2});
  CHECK(tl::combinations(b).to_vector() == Integers{3, 4, 3, 5, 4, 5});
  CHECK(tl::combinations(a, 3, true).to_vector() == Integers{1, 1, 1, 1, 1, 2, 1, 2, 2, 2, 2, 2});
  CHECK(tl::combinations(a, 3).sizes() == tl::Shape{0, 3});
  CHECK(tl::combinations(a, 0).sizes() == tl::Shape{0});
  CHECK(tl::combinations(tl::zeros<float>({0}), 2, true).sizes() == tl::Shape{0, 2});
  CHECK_THROWS_WITH(tl::meshgrid({a, b}, "ji"), ContainsSubstring("ji"));
  CHECK_THROWS_AS(tl::combinations(counted({2, 2})), tl::ShapeError);
}

TEST_CASE("shapes and tensors are broadcast together", "[ops][shape]") {
  CHECK(tl::broadcast_shapes({{3, 1}, {4}, {}}) == tl::Shape{3, 4});
  const auto both = tl::broadcast_tensors({Index({2, 1}, {1, 2}), Index({2}, {3, 4})});
  CHECK(both[0].to_vector() == Integers{1, 1, 2, 2});
  CHECK(both[1].to_vector() == Integers{3, 4, 3, 4});
  CHECK_THROWS_AS(tl::broadcast_tensors({Index({2}, {1, 2}), Index({3}, {3, 4, 5})}), tl::ShapeError);
}

TEST_CASE("positions of triangles", "[ops][shape]") {
  CHECK(tl::tril_indices(2, 3).to_vector() == Integers{0, 1, 1, 0, 0, 1});
  CHECK(tl::triu_indices(2, 3, 1).to_vector() == Integers{0, 0, 1, 1, 2, 2});
  CHECK(tl::tril_indices<std::int32_t>(3, 3, -2).to_vector() == std::vector<std::int32_t>{2, 0});
  CHECK(tl::triu_indices(3, 2, -9).sizes() == tl::Shape{2, 6});
  CHECK(tl::tril_indices(3, 2, -9).sizes() == tl::Shape{2, 0});
  CHECK_THROWS_AS(tl::tril_indices(-1, 2), tl::ShapeError);
  const Real m = counted({4, 5});
  const Index at = tl::triu_indices(4, 5, -1);
  CHECK(tl::sum(m(at[0], at[1])).item() == tl::sum(tl::triu(m, -1)).item());
}

TEST_CASE("elements are repeated, rolled and turned", "[ops][shape]") {
  const Index a({3}, {1, 2, 3});
  CHECK(tl::repeat_interleave(a, Index({3}, {2, 0, 1})).to_vector() == Integers{1, 1, 3});
  CHECK(tl::repeat_interleave(Index({3}, {2, 0, 1})).to_vector() == Integers{0, 0, 2});
  CHECK(tl::repeat_interleave(a, 0).numel() == 0);
  CHECK(tl::roll(a, 1).to_vector() == Integers{3, 1, 2});
  CHECK(tl::roll(counted({2, 2}), {1, 1}, {0, 1}).to_vector() == Numbers{3, 2, 1, 0});
  CHECK(tl::rot90(counted({2, 3})).to_vector() == Numbers{2, 5, 1, 4, 0, 3});
  CHECK(tl::rot90(counted({2, 3}), -1).to_vector() == Numbers{3, 0, 4, 1, 5, 2});
  CHECK_THROWS_WITH(tl::repeat_interleave(a, -1), ContainsSubstring("negative"));
  CHECK_THROWS_AS(tl::repeat_interleave(a, Index({2}, {1, 1})), tl::ShapeError);
  CHECK_THROWS_AS(tl::roll(counted({2, 2}), {1, 1}, {0}), tl::ShapeError);
}

TEST_CASE("positions become coordinates", "[ops][shape]") {
  const auto at = tl::unravel_index(Index({1, 2}, {5, -2}), {2, 3});
  CHECK(at[0].to_vector() == Integers{1, 1});
  CHECK(at[1].to_vector() == Integers{2, 1});
  CHECK(at[0].sizes() == tl::Shape{1, 2});
  CHECK_THROWS_AS(tl::unravel_index(Index({1}, {6}), {2, 3}), tl::IndexError);
}
