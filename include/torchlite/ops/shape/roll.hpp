// SPDX-License-Identifier: BSD-3-Clause
// Elements moved around within their tensor.
#pragma once
#include <torchlite/ops/shape/flip.hpp>
#include <torchlite/ops/shape/permute.hpp>

namespace torchlite::inline TORCHLITE_ABI {

/// x shifted by shifts[i] places along dimension dims[i]; what leaves at one end comes in at the other. Without dims there is
/// one shift, along all elements in row-major order.
///   x [a, b], {i, j}, {0, 1} -> [a, b]
/// Throws ShapeError unless there are as many shifts as dims.
template <tensor_like X>
tensor_of<X> roll(const X& x_, const Shape& shifts, const Shape& dims = {}, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(!shifts.empty(), "roll: there are no shifts; at least one is needed");
  if (dims.empty() && shifts.rank() == 1) return reshape(roll(reshape(x, {x.numel()}, site), shifts[0], 0, site), x.sizes(), site);
  check<ShapeError>(shifts.rank() == dims.rank(), "roll: there are {} shifts {} for {} dimensions {}; their numbers must be equal",
                    shifts.rank(), shifts.str(), dims.rank(), dims.str());
  check<IndexError>(x.dim() > 0, "roll: dimensions {} are named, but the tensor has none", dims.str());
  tensor_of<X> out = x;
  for (int i = 0; i < shifts.rank(); ++i) out = roll(out, shifts[i], dims[i], site);
  return out;
}
/// x shifted by `shift` places along all elements in row-major order.
template <tensor_like X>
tensor_of<X> roll(const X& x, std::int64_t shift, Site site = Site::current()) {
  return roll(x, Shape{shift}, Shape{}, site);
}

/// The order of the columns reversed.
///   x [a, b, ...] -> [a, b, ...], copied
template <tensor_like X>
tensor_of<X> fliplr(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 2, "fliplr: a tensor of shape {} has no columns; it needs at least 2 dimensions", x.sizes().str());
  return flip(x, 1, site);
}
/// The order of the rows reversed.
///   x [a, ...] -> [a, ...], copied
template <tensor_like X>
tensor_of<X> flipud(const X& x_, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() >= 1, "flipud: a tensor without dimensions has no rows");
  return flip(x, 0, site);
}

/// x turned by 90 degrees k times in the plane of two dimensions, from the first towards the second.
///   x [a, b], 1 -> [b, a], copied
/// Throws ShapeError unless dims are two different ones.
template <tensor_like X>
tensor_of<X> rot90(const X& x_, std::int64_t k = 1, const Shape& dims = {0, 1}, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  check<ShapeError>(dims.rank() == 2 && x.dim() >= 2,
                    "rot90: dimensions {} of a tensor of shape {} span no plane; it takes two of at least two", dims.str(),
                    x.sizes().str());
  const int a = normalize_axis("rot90", dims[0], x.dim()), b = normalize_axis("rot90", dims[1], x.dim());
  check<ShapeError>(a != b, "rot90: dimensions {} and {} are the same; a plane needs two", dims[0], dims[1]);
  switch (((k % 4) + 4) % 4) {
    case 1: return transpose(flip(x, b, site), a, b, site);
    case 2: return flip(x, Shape{a, b}, site);
    case 3: return transpose(flip(x, a, site), a, b, site);
    default: return clone(x, site);
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI
