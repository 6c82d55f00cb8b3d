// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/index/index_select.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// i repeated repeats[i] times, for all i in order.
///   repeats [n] integers -> [sum of repeats] int64
/// Throws Error if a number is negative.
template <tensor_like I>
Tensor<std::int64_t, device_t<I>> repeat_interleave(const I& repeats_) {
  using D = device_t<I>;
  const auto repeats = indexing::numbers("repeat_interleave", repeats_);
  check<ShapeError>(repeats.dim() == 1, "repeat_interleave: repeats of shape {}; they must be a vector", repeats.sizes().str());
  std::vector<std::int64_t> positions;
  const std::vector<std::int64_t> times = repeats.to_vector();
  for (std::size_t i = 0; i < times.size(); ++i) {
    check<Error>(times[i] >= 0, "repeat_interleave: repeats cannot be negative, but one is {}", times[i]);
    positions.insert(positions.end(), static_cast<std::size_t>(times[i]), static_cast<std::int64_t>(i));
  }
  return Tensor<std::int64_t, D>::from(positions);
}

/// Each slice of x along dim `repeats` times, one after the other.
///   x [a, b], 2, 1 -> [a, 2 * b]
template <tensor_like X>
tensor_of<X> repeat_interleave(const X& x_, std::int64_t repeats, std::int64_t dim, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<Error>(repeats >= 0, "repeat_interleave: repeats cannot be negative, but it is {}", repeats);
  if (x.dim() == 0) return repeat_interleave(reshape(x, {1}, site), repeats, dim, site);
  const int axis = normalize_axis("repeat_interleave", dim, x.dim());
  Shape repeated = x.sizes(), sizes = x.sizes();
  repeated.insert(axis + 1, repeats);
  sizes[axis] *= repeats;
  return reshape(clone(expand(unsqueeze(x, axis + 1, site), repeated, site), site), sizes, site);
}
/// Each element of x `repeats` times, one after the other, in row-major order.
///   x [a, b], 2 -> [2 * a * b]
template <tensor_like X>
tensor_of<X> repeat_interleave(const X& x, std::int64_t repeats, Site site = Site::current()) {
  return repeat_interleave(ravel(x, site), repeats, 0, site);
}

/// Slice i of x along dim repeats[i] times; a vector of one number counts for all.
///   x [a, b], repeats [b], 1 -> [a, sum of repeats]
/// Throws ShapeError unless there is one number for each slice.
template <tensor_like X, tensor_like I>
tensor_of<X> repeat_interleave(const X& x_, const I& repeats_, std::int64_t dim, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  if (x.dim() == 0) return repeat_interleave(reshape(x, {1}, site), repeats_, dim, site);
  auto repeats = indexing::numbers("repeat_interleave", repeats_);
  const int axis = normalize_axis("repeat_interleave", dim, x.dim());
  const std::int64_t n = x.sizes()[axis];
  check<ShapeError>(
      repeats.dim() <= 1 && (repeats.numel() == 1 || repeats.numel() == n),
      "repeat_interleave: repeats of shape {} for dimension {} of a tensor of shape {}; they must be a number or one for each slice",
      repeats.sizes().str(), axis, x.sizes().str());
  if (repeats.numel() == 1 && n != 1) repeats = expand(reshape(repeats, {1}), {n});
  return index_select(x, axis, repeat_interleave(reshape(repeats, {n})), site);
}
/// Element i of x, in row-major order, repeats[i] times.
template <tensor_like X, tensor_like I>
tensor_of<X> repeat_interleave(const X& x, const I& repeats, Site site = Site::current()) {
  return repeat_interleave(ravel(x, site), repeats, 0, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
