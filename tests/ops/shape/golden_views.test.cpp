// SPDX-License-Identifier: BSD-3-Clause
// Views by strides, views as copies and copies with a part replaced, against PyTorch's.
#include <ops/samples.hpp>

#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/shape/as_strided.hpp>
#include <torchlite/ops/shape/diag.hpp>
#include <torchlite/ops/shape/matrix_transpose.hpp>
#include <torchlite/ops/shape/view_copy.hpp>
#include <torchlite/ops/shape/view_scatter.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;

TEST_CASE("transposes of matrices agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("mT", [](const Call& c) { return tl::mT(c.x()); }) > 0);
  CHECK(replay("mH", [](const Call& c) { return tl::mH(c.x()); }) > 0);
  CHECK(replay("T", [](const Call& c) { return tl::numpy_T(c.x()); }) > 0);
  CHECK(replay("H", [](const Call& c) { return tl::matrix_H(c.x()); }) > 0);
}

TEST_CASE("reshape_as, view_as and ravel agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("reshape_as", [](const Call& c) { return tl::reshape_as(c.x(), c.in(1)); }) > 0);
  CHECK(replay("view_as", [](const Call& c) { return tl::view_as(c.x(), c.in(1)); }) > 0);
  CHECK(replay("ravel", [](const Call& c) { return tl::ravel(c.x()); }) > 0);
  CHECK(replay("clone", [](const Call& c) { return tl::clone(c.x()); }) > 0);
  CHECK(replay("contiguous", [](const Call& c) { return tl::contiguous(c.x()); }) > 0);
}

TEST_CASE("as_strided agrees with PyTorch, also where elements are seen several times", "[ops][shape][golden]") {
  const auto strided = [](const Call& c) {
    return tl::as_strided(c.x(), c.shape(0, "size"), c.shape(1, "stride"), c.integer(2, "storage_offset", 0));
  };
  CHECK(replay("as_strided", strided) > 0);
  CHECK(replay("as_strided_copy", [](const Call& c) {
          return tl::as_strided_copy(c.x(), c.shape(0, "size"), c.shape(1, "stride"), c.integer(2, "storage_offset", 0));
        }) > 0);
  CHECK(replay("as_strided_scatter", [](const Call& c) {
          // PyTorch 2.6 gives x the gradient of the elements that were overwritten and none of the others, where it should be the
          // other way round (views.test.cpp checks that it is, here). Its mistake is added, so that the rest can be compared.
          const tl::Shape sizes = c.shape(1, "size"), strides = c.shape(2, "stride");
          const std::int64_t offset = c.integer(3, "storage_offset", 0);
          const Real y = tl::as_strided_scatter(c.x().detach(), c.in(1), sizes, strides, offset);
          const Real part = tl::as_strided(c.x(), sizes, strides, offset), nothing = part - part.detach();
          return Real(y + tl::as_strided_scatter(tl::zeros_like(c.x()), nothing, sizes, strides, offset));
        }) > 0);
}

TEST_CASE("as_strided of a view counts from the start of the storage, and what the view does not show gets no gradient",
          "[ops][shape][golden]") {
  CHECK(replay("as_strided_partial_views", [](const Call& c) {
          // PyTorch's input is elements 5 ... 14 of 20; of the others only those that the result shows were recorded.
          const tl::Shape sizes = c.shape(0, "size"), strides = c.shape(1, "stride");
          const Real memory = tl::full<double, Device>({20}, 0);
          if (c.has(2, "storage_offset"))
            tl::as_strided(memory, sizes, strides, c.integer(2, "storage_offset")).copy_(real(c.sample.out(0)));
          tl::slice(memory, 0, 5, 15).copy_(c.x());
          const Real part = tl::slice(memory, 0, 5, 15);
          if (!c.has(2, "storage_offset")) return tl::as_strided(part, sizes, strides);
          return tl::as_strided(part, sizes, strides, c.integer(2, "storage_offset"));
        }) > 0);
}

TEST_CASE("copies with a part replaced agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("select_scatter",
               [](const Call& c) { return tl::select_scatter(c.x(), c.in(1), c.integer(1, "dim"), c.integer(2, "index")); }) > 0);
  CHECK(replay("slice_scatter", [](const Call& c) {
          return tl::slice_scatter(c.x(), c.in(1), c.integer(1, "dim"), c.integer(2, "start"), c.integer(3, "end"), c.integer(4, "step"));
        }) > 0);
  CHECK(replay("diagonal_scatter", [](const Call& c) {
          return tl::diagonal_scatter(c.x(), c.in(1), c.integer(1, "offset", 0), c.integer(2, "dim1", 0), c.integer(3, "dim2", 1));
        }) > 0);
}

TEST_CASE("diagonals agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("diag", [](const Call& c) { return tl::diag(c.x(), c.integer(0, "diagonal", 0)); }) > 0);
  CHECK(replay("diagflat", [](const Call& c) { return tl::diagflat(c.x(), c.integer(0, "offset", 0)); }) > 0);
  CHECK(replay("diag_embed", [](const Call& c) {
          return tl::diag_embed(c.x(), c.integer(0, "offset", 0), c.integer(1, "dim1", -2), c.integer(2, "dim2", -1));
        }) > 0);
  CHECK(replay("linalg_diagonal", [](const Call& c) {
          return tl::linalg::diagonal(c.x(), c.integer(0, "offset", 0), c.integer(1, "dim1", -2), c.integer(2, "dim2", -1));
        }) > 0);
  CHECK(replay("trace", [](const Call& c) { return tl::trace(c.x()); }) > 0);
}

TEST_CASE("views as copies agree with PyTorch", "[ops][shape][golden]") {
  CHECK(replay("alias_copy", [](const Call& c) { return tl::alias_copy(c.x()); }) > 0);
  CHECK(replay("t_copy", [](const Call& c) { return tl::t_copy(c.x()); }) > 0);
  CHECK(replay("transpose_copy", [](const Call& c) { return tl::transpose_copy(c.x(), c.integer(0, "dim0"), c.integer(1, "dim1")); }) > 0);
  CHECK(replay("permute_copy", [](const Call& c) { return tl::permute_copy(c.x(), c.shape(0, "dims")); }) > 0);
  CHECK(replay("view_copy", [](const Call& c) { return tl::view_copy(c.x(), c.shape(0, "size")); }) > 0);
  CHECK(replay("expand_copy", [](const Call& c) { return tl::expand_copy(c.x(), c.shape(0, "size")); }) > 0);
  CHECK(replay("squeeze_copy",
               [](const Call& c) { return c.has(0, "dim") ? tl::squeeze_copy(c.x(), c.integer(0, "dim")) : tl::squeeze_copy(c.x()); }) > 0);
  CHECK(replay("unsqueeze_copy", [](const Call& c) { return tl::unsqueeze_copy(c.x(), c.integer(0, "dim")); }) > 0);
  CHECK(replay("narrow_copy", [](const Call& c) {
          return tl::narrow_copy(c.x(), c.integer(0, "dim"), c.integer(1, "start"), c.integer(2, "length"));
        }) > 0);
  CHECK(replay("diagonal_copy", [](const Call& c) {
          return tl::diagonal_copy(c.x(), c.integer(0, "offset", 0), c.integer(1, "dim1", 0), c.integer(2, "dim2", 1));
        }) > 0);
  CHECK(replay("unfold_copy", [](const Call& c) {
          return tl::unfold_copy(c.x(), c.integer(0, "dimension"), c.integer(1, "size"), c.integer(2, "step"));
        }) > 0);
  CHECK(replay("split_with_sizes_copy",
               [](const Call& c) { return tl::split_with_sizes_copy(c.x(), c.list(0, "split_sizes"), c.integer(1, "dim", 0)); }) > 0);
}
