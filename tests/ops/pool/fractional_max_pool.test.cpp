// SPDX-License-Identifier: BSD-3-Clause
#include <ops/sizes.hpp>

#include <torchlite/ops/pool/fractional_max_pool.hpp>
#include <torchlite/tensor/create.hpp>

#include <map>

using namespace samples;

TEST_CASE("fractional_max_pool2d and 3d with given random numbers are PyTorch's", "[ops][pool]") {
  // torch.nn.functional.fractional_max_pool2d(x, (2, 3), output_size=(4, 3), _random_samples=u, return_indices=True), and in 3d
  // kernel 2, output_size (2, 3, 4); x[i] = 37 i mod the number of elements.
  const auto ramp = [](const tl::Shape& shape) {
    const Real x = tl::empty<double>(shape);
    for (std::int64_t i = 0; i < x.numel(); ++i) x.data()[i] = static_cast<double>(37 * i % x.numel());
    return x;
  };
  const auto flat =
      tl::fractional_max_pool2d_with_indices(ramp({1, 2, 9, 10}), {2, 3}, {.output_size = {4, 3}}, Real({1, 2, 2}, {0.1, 0.8, 0.45, 0.3}));
  CHECK(flat.indices.to_vector() ==
        std::vector<std::int64_t>{12, 14, 19, 42, 34, 48, 62, 63, 68, 82, 85, 87, 12, 16, 17, 41, 46, 49, 51, 65, 69, 80, 85, 89});
  const auto deep =
      tl::fractional_max_pool3d_with_indices(ramp({1, 1, 5, 7, 9}), 2, {.output_size = {2, 3, 4}}, Real({1, 1, 3}, {0.9, 0.2, 0.65}));
  CHECK(deep.indices.to_vector() == std::vector<std::int64_t>{73,  75,  68,  17,  100, 102, 42,  34,  118, 119, 51,  125,
                                                              262, 255, 204, 269, 289, 228, 221, 296, 306, 246, 312, 314});
}

TEST_CASE("fractional pooling draws its windows from the generator, inside the input", "[ops][pool]") {
  tl::manual_seed(3);
  const Real x = numbers({2, 50, 9, 11}, 1);
  const auto first = tl::fractional_max_pool2d_with_indices(x, 3, {.output_ratio = {0.5, 0.4}});
  CHECK(first.values.sizes() == tl::Shape{2, 50, 4, 4});
  const auto second = tl::fractional_max_pool2d_with_indices(x, 3, {.output_ratio = {0.5, 0.4}});
  CHECK(first.indices.to_vector() != second.indices.to_vector());
  for (std::int64_t i = 0; i < first.values.numel(); ++i) CHECK(first.values.data()[i] == x.data()[i / 16 * 99 + first.indices.data()[i]]);
  tl::manual_seed(3);
  CHECK(tl::fractional_max_pool2d(x, 3, {.output_ratio = {0.5, 0.4}}).to_vector() == first.values.to_vector());
}

TEST_CASE("fractional poolings that do not fit are refused with all facts and the rule", "[ops][pool]") {
  const Real x = numbers({1, 2, 5, 5}, 1);
  CHECK_THROWS_WITH(tl::fractional_max_pool2d(x, 3, {}), ContainsSubstring("exactly one"));
  CHECK_THROWS_WITH(tl::fractional_max_pool2d(x, 3, {.output_size = 4}), ContainsSubstring("do not fit"));
  CHECK_THROWS_AS(tl::fractional_max_pool2d(x, 3, {.output_ratio = {1.5, 0.5}}), tl::Error);
  CHECK_THROWS_WITH(tl::fractional_max_pool2d(x, 3, {.output_size = 2}, numbers({1, 2, 3}, 1)), ContainsSubstring("[1, 2, 2]"));
}
