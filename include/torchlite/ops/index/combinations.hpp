// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/index_select.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace indexing {
/// The positions 0 ... n - 1 in all combinations of r, one after the other, in lexicographic order.
inline std::vector<std::int64_t> combination_positions(std::int64_t n, std::int64_t r, bool with_replacement) {
  std::vector<std::int64_t> all;
  if (r > n && !with_replacement) return all;
  if (n == 0) return all;
  const auto length = static_cast<std::size_t>(r);
  std::vector<std::int64_t> now(length, 0);
  for (std::size_t i = 0; !with_replacement && i < length; ++i) now[i] = static_cast<std::int64_t>(i);
  while (true) {
    all.insert(all.end(), now.begin(), now.end());
    // The last position that can still grow, and those behind it as small as they may be.
    std::size_t i = length;
    while (i > 0 && now[i - 1] == (with_replacement ? n - 1 : n - static_cast<std::int64_t>(length - i + 1))) --i;
    if (i == 0) return all;
    std::int64_t next = ++now[i - 1];
    for (; i < length; ++i) now[i] = with_replacement ? next : ++next;
  }
}
}  // namespace indexing

/// All combinations of r elements of a vector, as rows, in the order of the elements; with_replacement: an element may stand
/// several times.
///   x [n], 2 -> [n * (n - 1) / 2, 2]
/// Throws ShapeError unless x is a vector, Error if r is negative.
template <tensor_like X>
tensor_of<X> combinations(const X& x_, std::int64_t r = 2, bool with_replacement = false, Site site = Site::current()) {
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() == 1, "combinations: a tensor of shape {} is no vector", x.sizes().str());
  check<Error>(r >= 0, "combinations: {} elements were asked for; their number cannot be negative", r);
  if (r == 0) return empty<value_t<X>, D>({0});
  const auto positions = Tensor<std::int64_t, D>::from(indexing::combination_positions(x.numel(), r, with_replacement));
  return reshape(index_select(x, 0, positions, site), {positions.numel() / r, r}, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
