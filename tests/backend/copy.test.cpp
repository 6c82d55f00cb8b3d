// SPDX-License-Identifier: BSD-3-Clause
// Copies between layouts, of elements of every size.
#include <support/catch.hpp>

#include <torchlite/backend/cpu/map.hpp>

#include <cstring>
#include <vector>

namespace tl = torchlite;
namespace be = torchlite::backend;

namespace {

/// Copies a tensor of these sizes and strides into dense memory and compares it, element by element.
void check_copy(const tl::Shape& sizes, const tl::Shape& strides, int element_size) {
  std::int64_t extent = 1;
  for (int d = 0; d < sizes.rank(); ++d) extent += (sizes[d] - 1) * strides[d];
  const auto size = static_cast<std::size_t>(element_size), count = static_cast<std::size_t>(sizes.numel());
  std::vector<unsigned char> from(static_cast<std::size_t>(extent) * size), to(count * size, 0xee);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<unsigned char>(i * 131 % 251);
  const tl::Shape dense = tl::contiguous_strides(sizes);
  const be::StridedMemory leaf{from.data(), &sizes, &strides, element_size};
  be::run_copy({{to.data(), &sizes, &dense, element_size}, &leaf, 1, nullptr, false});
  for (std::int64_t i = 0; i < sizes.numel(); ++i) {
    std::int64_t rest = i, offset = 0;
    for (int d = sizes.rank() - 1; d >= 0; --d) offset += rest % sizes[d] * strides[d], rest /= sizes[d];
    REQUIRE(std::memcmp(to.data() + static_cast<std::size_t>(i) * size, from.data() + static_cast<std::size_t>(offset) * size, size) == 0);
  }
}

}  // namespace

TEST_CASE("a copy reads every layout", "[backend][copy]") {
  for (const int size : {1, 2, 4, 8, 16})
    for (const std::int64_t m : {1, 2, 15, 16, 17, 64, 65, 130})
      for (const std::int64_t n : {1, 3, 16, 33, 100}) {
        check_copy({m, n}, {1, m}, size);            // transposed
        check_copy({m, n}, {1, m + 5}, size);        // a part of a transposed matrix
        check_copy({3, m, n}, {m * n, 1, m}, size);  // a batch of them
        check_copy({2, m, 2, n}, {2 * m * n, 2, 1, 2 * m}, size);
        check_copy({m, 2, n}, {1, m * n, m}, size);  // side by side, but not neighbours
        check_copy({m, n}, {1, 0}, size);            // rows of equal elements
        check_copy({m, n}, {0, 1}, size);            // equal rows
        check_copy({m, n, 2}, {3, 0, 0}, size);
        check_copy({m, n}, {2 * n, 2}, size);  // every second element
      }
}
