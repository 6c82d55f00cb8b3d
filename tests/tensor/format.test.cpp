// SPDX-License-Identifier: BSD-3-Clause
// Expected texts are what PyTorch prints, without "torch." before dtypes.
#include <support/catch.hpp>

#include <cmath>
#include <sstream>

#include <fmt/ranges.h>
#include <torchlite/ops/index/index.hpp>
#include <torchlite/ops/methods.hpp>
#include <torchlite/tensor/create.hpp>
#include <torchlite/tensor/format.hpp>

namespace tl = torchlite;
using Floats = tl::Tensor<float>;

TEST_CASE("whole numbers print with a point, others with four decimals", "[tensor][format]") {
  CHECK(tl::to_string(Floats({3}, {1, 2, 3})) == "tensor([1., 2., 3.])");
  CHECK(tl::to_string(Floats({1, 2}, {0.5f, -1.2f})) == "tensor([[ 0.5000, -1.2000]])");
  CHECK(tl::to_string(Floats({2}, {0, 100})) == "tensor([  0., 100.])");
  CHECK(tl::to_string(tl::full<float>({}, 2.5)) == "tensor(2.5000)");
  CHECK(tl::to_string(tl::zeros<float>({2})) == "tensor([0., 0.])");
}

TEST_CASE("numbers far apart, very large or very small print in powers of ten", "[tensor][format]") {
  CHECK(tl::to_string(Floats({2}, {1, 1.0e5f})) == "tensor([1.0000e+00, 1.0000e+05])");
  CHECK(tl::to_string(Floats({2}, {0.00002f, 0})) == "tensor([2.0000e-05, 0.0000e+00])");
  CHECK(tl::to_string(Floats({2}, {1.5f, 2000})) == "tensor([1.5000e+00, 2.0000e+03])");
}

TEST_CASE("infinities and NaN print by name", "[tensor][format]") {
  CHECK(tl::to_string(Floats({3}, {NAN, 1, -INFINITY})) == "tensor([nan, 1., -inf])");
  CHECK(tl::to_string(Floats({2}, {INFINITY, 1.5f})) == "tensor([   inf, 1.5000])");
}

TEST_CASE("rows stand below each other, matrices apart", "[tensor][format]") {
  CHECK(tl::to_string(tl::view(tl::arange<std::int64_t>(4), {2, 2})) == "tensor([[0, 1],\n        [2, 3]])");
  CHECK(tl::to_string(tl::view(tl::arange<std::int64_t>(4), {2, 1, 2})) == "tensor([[[0, 1]],\n\n        [[2, 3]]])");
}

TEST_CASE("lines break at 80 columns", "[tensor][format]") {
  CHECK(tl::to_string(tl::arange<std::int64_t>(30)) ==
        "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, "
        "28, 29])");
}

TEST_CASE("more than 1000 elements are summarised", "[tensor][format]") {
  CHECK(tl::to_string(tl::arange<std::int64_t>(1001)) == "tensor([   0,    1,    2,  ...,  998,  999, 1000])");
  CHECK(tl::to_string(tl::zeros<float>({500, 3})) ==
        "tensor([[0., 0., 0.],\n        [0., 0., 0.],\n        [0., 0., 0.],\n        ...,\n        [0., 0., 0.],\n        [0., 0., 0.],\n "
        "       [0., 0., 0.]])");
}

TEST_CASE("dtypes other than the usual ones, gradients and sizes of empty tensors are told", "[tensor][format]") {
  CHECK(tl::to_string(tl::Tensor<double>({1}, {0.25})) == "tensor([0.2500], dtype=float64)");
  CHECK(tl::to_string(tl::Tensor<bool>({2}, {true, false})) == "tensor([ True, False])");
  CHECK(tl::to_string(tl::full<tl::bfloat16>({1}, 1.5)) == "tensor([1.5000], dtype=bfloat16)");
  CHECK(tl::to_string(tl::zeros<float>({2, 0})) == "tensor([], size=(2, 0))");
  CHECK(tl::to_string(tl::zeros<float>({0})) == "tensor([])");
  CHECK(tl::to_string(tl::zeros<std::int64_t>({0})) == "tensor([], dtype=int64)");
  const auto w = tl::ones<float>({1}).requires_grad_();
  CHECK(tl::to_string(w) == "tensor([1.], requires_grad=True)");
  CHECK(tl::to_string(w * 2.0f) == "tensor([2.], grad_fn=<mul>)");
  CHECK(tl::to_string(Floats()) == "tensor(undefined)");
}

TEST_CASE("fmt and streams print tensors, views and expressions", "[tensor][format]") {
  const Floats a({2, 2}, {1, 2, 3, 4});
  CHECK(fmt::format("{}", a.t()) == "tensor([[1., 3.],\n        [2., 4.]])");
  CHECK(fmt::format("{}", a[0] + 1.0f) == "tensor([2., 3.])");
  std::ostringstream out;
  out << a[1] << ' ' << a[0] * 2.0f;
  CHECK(out.str() == "tensor([3., 4.]) tensor([2., 4.])");
}
