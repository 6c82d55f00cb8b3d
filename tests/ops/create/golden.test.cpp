// SPDX-License-Identifier: BSD-3-Clause
// New tensors, fills and conversions between dtypes against PyTorch's.
#include <ops/samples.hpp>

#include <torchlite/ops/create/fill.hpp>
#include <torchlite/ops/pointwise/inplace.hpp>
#include <torchlite/ops/pointwise/to.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/resize.hpp>
#include <torchlite/tensor/create.hpp>

using namespace samples;

namespace {
/// The sizes that PyTorch's function got as its first argument, and a bound of linspace, a number or a tensor.
tl::Shape sizes_of(const Call& c) { return golden::integers(c.sample.input); }
Real bound(const Call& c, const golden::Json& j) {
  if (golden::is_tensor(j)) {
    const golden::Array& a = c.sample.at(golden::tensor_name(j));
    return Real::from(a.values, a.shape);
  }
  return tl::scalar_tensor<double, Device>(golden::number(j));
}
}  // namespace

TEST_CASE("zeros, ones, full and scalar_tensor agree with PyTorch", "[ops][create][golden]") {
  CHECK(replay("zeros", [](const Call& c) { return tl::zeros<double, Device>(sizes_of(c)); }) > 0);
  CHECK(replay("ones", [](const Call& c) { return tl::ones<double, Device>(sizes_of(c)); }) > 0);
  CHECK(replay("full", [](const Call& c) { return tl::full<double, Device>(sizes_of(c), c.number(0, "fill_value", 0)); }) > 0);
  CHECK(replay("scalar_tensor", [](const Call& c) { return tl::scalar_tensor<double, Device>(golden::number(c.sample.input)); }) > 0);
}

TEST_CASE("the _like and new_ forms agree with PyTorch", "[ops][create][golden]") {
  CHECK(replay("zeros_like", [](const Call& c) { return tl::zeros_like(c.x()); }) > 0);
  CHECK(replay("ones_like", [](const Call& c) { return tl::ones_like(c.x()); }) > 0);
  CHECK(replay("full_like", [](const Call& c) { return tl::full_like(c.x(), c.number(0, "fill_value", 0)); }) > 0);
  CHECK(replay("new_zeros", [](const Call& c) { return tl::new_zeros(c.x(), c.shape(0, "size")); }) > 0);
  CHECK(replay("new_ones", [](const Call& c) { return tl::new_ones(c.x(), c.shape(0, "size")); }) > 0);
  CHECK(replay("new_full", [](const Call& c) { return tl::new_full(c.x(), c.shape(0, "size"), c.number(1, "fill_value", 0)); }) > 0);
}

TEST_CASE("arange, linspace, logspace and eye agree with PyTorch", "[ops][create][golden]") {
  CHECK(replay("arange", [](const Call& c) {
          const double first = golden::number(c.sample.input);
          if (!c.has(0, "end")) return tl::arange<double, Device>(first);
          return tl::arange<double, Device>(first, c.number(0, "end", 0), c.number(1, "step", 1));
        }) > 0);
  CHECK(replay("linspace", [](const Call& c) {
          return tl::linspace<double, Device>(bound(c, c.sample.input), bound(c, c.argument(0, "end")), c.integer(1, "steps"));
        }) > 0);
  CHECK(replay("linspace_tensor_overload", [](const Call& c) {
          return tl::linspace<double, Device>(bound(c, c.sample.input), bound(c, c.argument(0, "end")), c.integer(1, "steps"));
        }) > 0);
  CHECK(replay("logspace", [](const Call& c) {
          return tl::logspace<double, Device>(bound(c, c.sample.input), bound(c, c.argument(0, "end")), c.integer(1, "steps"),
                                              c.number(2, "base", 10));
        }) > 0);
  CHECK(replay("logspace_tensor_overload", [](const Call& c) {
          return tl::logspace<double, Device>(bound(c, c.sample.input), bound(c, c.argument(0, "end")), c.integer(1, "steps"),
                                              c.number(2, "base", 10));
        }) > 0);
  CHECK(replay("eye", [](const Call& c) {
          const auto n = c.sample.input.get<std::int64_t>();
          return c.has(0, "m") ? tl::eye<double, Device>(n, c.integer(0, "m")) : tl::eye<double, Device>(n);
        }) > 0);
}

TEST_CASE("fill, zero_, resize_ and resize_as_ agree with PyTorch", "[ops][create][golden]") {
  CHECK(replay("fill", [](const Call& c) {
          if (c.is_tensor(0, "value")) return tl::fill(c.x(), c.tensor(0, "value"));
          return tl::fill(c.x(), c.number(0, "value", 0));
        }) > 0);
  CHECK(replay("zero_", [](const Call& c) {
          const Real x = tl::clone(c.x());
          x.zero_();
          return x;
        }) > 0);
  CHECK(replay("resize_", [](const Call& c) { return Real(tl::resize_(tl::clone(c.x()), c.shape(0, "size"))); }) > 0);
  CHECK(replay("resize_as_", [](const Call& c) { return Real(tl::resize_as_(tl::clone(c.x()), c.in(1))); }) > 0);
}

TEST_CASE("conversions between dtypes agree with PyTorch", "[ops][create][golden]") {
  CHECK(replay("bool", [](const Call& c) { return tl::to<bool>(c.x()); }) > 0);
  CHECK(replay("byte", [](const Call& c) { return tl::to<std::uint8_t>(c.x()); }) > 0);
  CHECK(replay("char", [](const Call& c) { return tl::to<std::int8_t>(c.x()); }) > 0);
  CHECK(replay("short", [](const Call& c) { return tl::to<std::int16_t>(c.x()); }) > 0);
  CHECK(replay("int", [](const Call& c) { return tl::to<std::int32_t>(c.x()); }) > 0);
  CHECK(replay("long", [](const Call& c) { return tl::to<std::int64_t>(c.x()); }) > 0);
  // The recorded cotangents are doubles here, so that the results go back to double.
  CHECK(replay("half", [](const Call& c) { return tl::to<double>(tl::to<tl::half>(c.x()).eval()); }) > 0);
  CHECK(replay("bfloat16", [](const Call& c) { return tl::to<double>(tl::to<tl::bfloat16>(c.x()).eval()); }) > 0);
  CHECK(replay("float", [](const Call& c) { return tl::to<double>(tl::to<float>(c.x()).eval()); }) > 0);
  CHECK(replay("double", [](const Call& c) { return tl::to<double>(c.x()); }) > 0);
  CHECK(replay("to", [](const Call& c) { return tl::to<double>(c.x()); }) > 0);
  CHECK(replay("item", [](const Call& c) { return tl::scalar_tensor<float, Device>(c.x().item()); }) > 0);
}
