// SPDX-License-Identifier: BSD-3-Clause
#include "support/compare.cuh"

#include <torchlite/autograd/backward.hpp>
#include <torchlite/backend/cuda/gemm.cuh>
#include <torchlite/ops/linalg/linear_gelu.hpp>
#include <torchlite/ops/linalg/matmul.hpp>

namespace cuda_tests {
namespace {
template <class T>
void check_matmul(const Tensor<T, Cpu>& a, const Tensor<T, Cpu>& b, double bound) {
  a.requires_grad_();
  b.requires_grad_();
  const auto da = leaf_on_device(a), db = leaf_on_device(b);
  const Tensor<T, Cpu> y = matmul(a, b);
  const Tensor<T, Cuda> dy = matmul(da, db);
  CHECK(difference(dy, y) <= bound);
  const auto w = numbers<T>(y.sizes(), 9);
  y.backward(w);
  dy.backward(to_device<Cuda>(w));
  CHECK(difference(da.grad(), a.grad()) <= bound);
  CHECK(difference(db.grad(), b.grad()) <= bound);
}
}  // namespace

TEST_CASE("matrix products and their gradients agree with the Cpu", "[cuda][gemm]") {
  const auto check = []<class T>(T) {
    const double bound = 4 * tolerance<T>;
    check_matmul<T>(numbers<T>({64, 96}, 1), numbers<T>({96, 32}, 2), bound);
    check_matmul<T>(numbers<T>({33, 7}, 1), numbers<T>({7, 1}, 2), bound);
    check_matmul<T>(numbers<T>({5, 12, 9}, 1), numbers<T>({5, 9, 14}, 2), bound);
    check_matmul<T>(numbers<T>({5, 12, 9}, 1), numbers<T>({9, 14}, 2), bound);
    check_matmul<T>(numbers<T>({40}, 1), numbers<T>({40}, 2), bound);
  };
  check(float{});
  check(bfloat16{});
}

TEST_CASE("operands of a product may be transposed or strided", "[cuda][gemm]") {
  check_matmul<float>(numbers<float>({96, 64}, 1).t(), numbers<float>({32, 96}, 2).t(), 1e-5);
  check_matmul<float>(numbers<float>({20, 30, 2}, 1).select(2, 1), numbers<float>({30, 8}, 2), 1e-5);
}

TEST_CASE("every layout that a product can be asked for", "[cuda][gemm]") {
  // Row and column strides of a [6, 5], b [5, 4], c [6, 4] within larger blocks; alpha, beta, biases and relu.
  using backend::GemmArguments;
  const auto a = numbers<float>({400}, 1), b = numbers<float>({400}, 2), c = numbers<float>({400}, 3), bias = numbers<float>({16}, 4);
  const auto da = to_device<Cuda>(a), db = to_device<Cuda>(b), dbias = to_device<Cuda>(bias);
  struct Strides {
    std::int64_t row, col;
  };
  for (const Strides as : {Strides{5, 1}, {1, 6}, {11, 1}, {1, 9}, {12, 2}})
    for (const Strides bs : {Strides{4, 1}, {1, 5}, {13, 3}})
      for (const Strides cs : {Strides{4, 1}, {1, 6}, {9, 1}, {10, 2}})
        for (const bool relu : {false, true}) {
          GemmArguments<float> g;
          g.m = 6, g.n = 4, g.k = 5, g.batch = 2;
          g.a_row = as.row, g.a_col = as.col, g.a_batch = 100;
          g.b_row = bs.row, g.b_col = bs.col, g.b_batch = 0;
          g.c_row = cs.row, g.c_col = cs.col, g.c_batch = 100;
          g.alpha = 0.5f, g.beta = relu ? 0.0f : 2.0f;
          g.epilogue = relu ? backend::Epilogue::relu : backend::Epilogue::none;
          const Tensor<float, Cpu> y(c.clone());
          const auto dy = to_device<Cuda>(c);
          g.a = a.data(), g.b = b.data(), g.c = y.data(), g.column_bias = bias.data(), g.row_bias = relu ? bias.data() : nullptr;
          gemm(Cpu{}, g);
          g.a = da.data(), g.b = db.data(), g.c = dy.data(), g.column_bias = dbias.data(), g.row_bias = relu ? dbias.data() : nullptr;
          gemm(Cuda{}, g);
          INFO("a " << as.row << ", " << as.col << " b " << bs.row << ", " << bs.col << " c " << cs.row << ", " << cs.col);
          CHECK(difference(dy, y) <= 1e-5);
        }
}

TEST_CASE("a linear layer runs forward and backward on the device", "[cuda][gemm]") {
  auto x = numbers<float>({32, 20}, 1), w = numbers<float>({10, 20}, 2), b = numbers<float>({10}, 3);
  for (const auto& t : {x, w, b}) t.requires_grad_();
  const auto dx = leaf_on_device(x), dw = leaf_on_device(w), db = leaf_on_device(b);
  const Tensor<float, Cpu> y = linear(x, w, b);
  const Tensor<float, Cuda> dy = linear(dx, dw, db);
  CHECK(difference(dy, y) <= 1e-5);
  sum(square(y)).backward();
  sum(square(dy)).backward();
  CHECK(difference(dx.grad(), x.grad()) <= 1e-5);
  CHECK(difference(dw.grad(), w.grad()) <= 1e-5);
  CHECK(difference(db.grad(), b.grad()) <= 1e-5);
}

TEST_CASE("a linear layer and gelu are one product, with and without gradients", "[cuda][gemm]") {
  for (const std::int64_t out : {16, 10})  // whole packets of cuBLASLt, and not
    for (const bool with_bias : {true, false}) {
      auto x = numbers<float>({32, 20}, 1), w = numbers<float>({out, 20}, 2),
           b = with_bias ? numbers<float>({out}, 3) : Tensor<float, Cpu>();
      for (const auto& t : {x, w}) t.requires_grad_();
      const auto dx = leaf_on_device(x), dw = leaf_on_device(w), db = with_bias ? to_device<Cuda>(b) : Tensor<float, Cuda>();
      const Tensor<float, Cpu> y = gelu_tanh(linear(x, w, b));
      const Tensor<float, Cuda> dy = linear_gelu_tanh(dx, dw, db);
      CHECK(difference(dy, y) <= 1e-5);
      sum(square(y)).backward();
      sum(square(dy)).backward();
      CHECK(difference(dx.grad(), x.grad()) <= 1e-5);
      CHECK(difference(dw.grad(), w.grad()) <= 1e-5);
      const NoGradGuard no_grad;
      CHECK(difference(linear_gelu_tanh(dx, dw, db), y) <= 1e-5);
      const auto half_of = [](const auto& t) { return t.defined() ? Tensor<bfloat16, Cuda>(to<bfloat16>(t)) : Tensor<bfloat16, Cuda>(); };
      CHECK(difference(Tensor<float, Cuda>(to<float>(linear_gelu_tanh(half_of(dx), half_of(dw), half_of(db)))), y) <= 3e-2);
    }
}

}  // namespace cuda_tests
