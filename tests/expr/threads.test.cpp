// SPDX-License-Identifier: BSD-3-Clause
#include <support/catch.hpp>
#include <torchlite/autograd/backward.hpp>
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/pointwise/symbolic.hpp>
#include <torchlite/ops/pointwise/tanh.hpp>
#include <torchlite/ops/reduce/sum.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

#include "reference.hpp"

namespace tl = torchlite;
using reference::numbers;
using Float = tl::Tensor<float>;

namespace {
struct Results {
  std::vector<float> value, da, drow, dcolumn, dscalar, total;
  bool operator==(const Results&) const = default;
};

Results compute(const tl::Shape& sizes, int threads) {
  const int before = tl::get_num_threads();
  tl::set_num_threads(threads);
  const Float a = numbers<float>(sizes, 1).requires_grad_(), row = numbers<float>({sizes[1]}, 2).requires_grad_(),
              column = numbers<float>({sizes[0], 1}, 3).requires_grad_(), scalar = numbers<float>({}, 4).requires_grad_();
  const Float y = tl::tanh(a * row + column) * scalar;
  const Float total = tl::sum(y);
  y.backward(numbers<float>(sizes, 5));
  tl::set_num_threads(before);
  return {y.to_vector(),    a.grad().to_vector(), row.grad().to_vector(), column.grad().to_vector(), scalar.grad().to_vector(),
          total.to_vector()};
}
}  // namespace

TEST_CASE("the number of threads changes no bit of values and gradients, broadcast leaves included", "[expr][threads]") {
  const tl::Shape sizes =
      GENERATE(tl::Shape{700, 300}, tl::Shape{3, 70001}, tl::Shape{70001, 3}, tl::Shape{1, 200000}, tl::Shape{200000, 1});
  const Results one = compute(sizes, 1);
  for (const int threads : {2, 3, 7}) {
    CAPTURE(sizes.str(), threads);
    CHECK((compute(sizes, threads) == one));
  }
}

TEST_CASE("gradients of broadcast leaves over many elements are accurate sums", "[expr][threads]") {
  const std::int64_t rows = 40000, columns = 5;
  const Float a = numbers<float>({rows, columns}, 1), row = numbers<float>({columns}, 2).requires_grad_();
  const Float y = a * row;
  y.backward(numbers<float>({rows, columns}, 3));
  const Float g = numbers<float>({rows, columns}, 3);
  for (std::int64_t j = 0; j < columns; ++j) {
    double want = 0, size = 0;
    for (std::int64_t i = 0; i < rows; ++i) {
      const double term = static_cast<double>(a.data()[i * columns + j]) * static_cast<double>(g.data()[i * columns + j]);
      want += term;
      size += term < 0 ? -term : term;
    }
    CHECK(std::abs(static_cast<double>(row.grad().data()[j]) - want) < 1e-6 * size);
  }
}
