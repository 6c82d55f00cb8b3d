// SPDX-License-Identifier: BSD-3-Clause
// Tensors in every layout, and what they hold, read by pointer arithmetic of its own.
#pragma once
#include <torchlite/tensor/tensor.hpp>

#include <vector>

namespace reference {

using torchlite::Shape;
using torchlite::Tensor;

/// A number in [low, high) from a counter.
inline double number(std::uint64_t seed, std::uint64_t i, double low = -2, double high = 2) {
  std::uint64_t z = (seed * 1000003 + i + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return low + (high - low) * static_cast<double>((z ^ (z >> 31)) >> 40) / 16777216.0;
}

using Index = std::vector<std::int64_t>;

/// f(index) for every multi-index of sizes, in row-major order.
template <class F>
void each_index(const Shape& sizes, F f) {
  Index index(static_cast<std::size_t>(sizes.rank()), 0);
  for (std::int64_t n = sizes.numel(); n > 0; --n) {
    f(index);
    for (int d = sizes.rank() - 1; d >= 0; --d) {
      if (++index[static_cast<std::size_t>(d)] < sizes[d]) break;
      index[static_cast<std::size_t>(d)] = 0;
    }
  }
}

/// The address of t's element that stands at index of a shape t broadcasts to.
template <class T>
T* element(const Tensor<T>& t, const Index& index) {
  const int lead = static_cast<int>(index.size()) - t.dim();
  std::int64_t at = 0;
  for (int d = 0; d < t.dim(); ++d)
    if (t.sizes()[d] != 1) at += index[static_cast<std::size_t>(d + lead)] * t.strides()[d];
  return t.data() + at;
}

template <class T>
std::vector<double> values(const Tensor<T>& t) {
  std::vector<double> out;
  each_index(t.sizes(), [&](const Index& i) { out.push_back(static_cast<double>(*element(t, i))); });
  return out;
}

enum class Layout { row_major, column_major, every_second, padded, count };

/// A leaf of the given sizes whose elements lie as layout says.
template <class T>
Tensor<T> laid_out(const Shape& sizes, Layout layout, std::uint64_t seed, double low = -2, double high = 2) {
  Shape strides = sizes;
  std::int64_t step = layout == Layout::every_second ? 2 : 1, offset = layout == Layout::row_major ? 0 : 1;
  for (int k = 0; k < sizes.rank(); ++k) {
    const int d = layout == Layout::column_major ? k : sizes.rank() - 1 - k;
    strides[d] = step;
    step *= sizes[d] + (layout == Layout::padded ? 2 : 0);
  }
  const Tensor<T> memory = torchlite::empty<T>({offset + step + 1});
  for (std::int64_t i = 0; i < memory.numel(); ++i) memory.data()[i] = static_cast<T>(99);
  const Tensor<T> t = torchlite::alias(memory, sizes, strides, offset);
  std::uint64_t i = 0;
  each_index(sizes, [&](const Index& index) { *element(t, index) = static_cast<T>(number(seed, i++, low, high)); });
  return t;
}

template <class T>
Tensor<T> numbers(const Shape& sizes, std::uint64_t seed, double low = -2, double high = 2) {
  return laid_out<T>(sizes, Layout::row_major, seed, low, high);
}

/// max |a - b| / (1 + |b|); infinite if they differ in number.
inline double distance(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return 1e300;
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = (a[i] > b[i] ? a[i] - b[i] : b[i] - a[i]) / (1 + (b[i] < 0 ? -b[i] : b[i]));
    if (!(d <= worst)) worst = d;
  }
  return worst;
}

}  // namespace reference
