// SPDX-License-Identifier: BSD-3-Clause
// Memory with any sizes and strides.
#pragma once
#include <torchlite/autograd/restride.hpp>
#include <torchlite/ops/shape/record_view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
/// Throws unless the geometry stays inside the storage of t.
template <class T, class D>
void check_geometry(const char* op, const Tensor<T, D>& t, const Geometry& g) {
  check<ShapeError>(g.sizes.rank() == g.strides.rank(), "{}: {} sizes {} and {} strides {}; both must have the same length", op,
                    g.sizes.rank(), g.sizes.str(), g.strides.rank(), g.strides.str());
  check_sizes(op, g.sizes, sizeof(T));
  for (std::int64_t stride : g.strides) check<Error>(stride >= 0, "{}: stride {} in {} is negative", op, stride, g.strides.str());
  check<Error>(g.offset >= 0, "{}: storage offset {} is negative", op, g.offset);
  const auto have = static_cast<std::int64_t>(t.impl().storage->bytes / sizeof(T));
  check<Error>(g.end() <= have, "{}: sizes {}, strides {} and offset {} reach to element {}, but the storage has {}", op, g.sizes.str(),
               g.strides.str(), g.offset, g.end(), have);
}
}  // namespace autograd

/// The memory of x with any sizes and strides; elements may be seen several times, and get the sum of their gradients.
///   x [...], sizes, strides, storage_offset -> sizes; offset and strides count elements of the storage; shares memory
/// Throws Error where they leave the storage. Elements of the storage that x does not show get no gradient.
template <tensor_like X>
tensor_of<X> as_strided(const X& x_, const Shape& sizes, const Shape& strides, std::int64_t storage_offset, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const autograd::Geometry from = autograd::geometry_of(x), to{sizes, strides, storage_offset};
  autograd::check_geometry("as_strided", x, to);
  return autograd::record_view("as_strided", site, x, sizes, strides, storage_offset, [from, to](const autograd::Pass&, const auto& g) {
    return autograd::restride("as_strided_backward", g, to, from, from);
  });
}
/// The same from the first element of x on.
template <tensor_like X>
tensor_of<X> as_strided(const X& x_, const Shape& sizes, const Shape& strides, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return as_strided(x, sizes, strides, x.storage_offset(), site);
}

/// A copy of x in which the part that as_strided(x, sizes, strides, storage_offset) shows is src.
///   x [...], src sizes -> [...]
/// Throws ShapeError unless src has the given sizes. If the part shows an element several times, the last one counts.
template <tensor_like X, tensor_like S>
tensor_of<X> as_strided_scatter(const X& x_, const S& src_, const Shape& sizes, const Shape& strides, std::int64_t storage_offset,
                                Site site = Site::current()) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  const Tensor<T, D>& src = eval(src_, site);
  const autograd::Geometry whole = autograd::geometry_of(x), part{sizes, strides, storage_offset};
  check<ShapeError>(src.sizes() == sizes, "as_strided_scatter: a source of shape {} for a part of shape {}; they must be equal",
                    src.sizes().str(), sizes.str());
  autograd::check_geometry("as_strided_scatter", x, part);
  const autograd::Canvas<T, D> canvas({&whole, &part});
  copy_elements(canvas.at(whole), x);
  copy_elements(canvas.at(part), src);
  Tensor<T, D> out = empty<T, D>(x.sizes());
  copy_elements(out, canvas.at(whole));
  if constexpr (differentiable<T>)
    if (autograd::needed(x, src))
      return autograd::record("as_strided_scatter", site, std::move(out), autograd::inputs(x, src),
                              [whole, part](const autograd::Pass& pass, const Tensor<T, D>& g) {
                                Tensor<T, D> of_x, of_src;
                                if (pass.needs(0)) of_x = autograd::blank("as_strided_scatter_backward", g, whole, part);
                                if (pass.needs(1)) of_src = autograd::restride("as_strided_scatter_backward", g, whole, part, whole);
                                return std::tuple(of_x, of_src);
                              });
  return out;
}
template <tensor_like X, tensor_like S>
tensor_of<X> as_strided_scatter(const X& x_, const S& src, const Shape& sizes, const Shape& strides, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  return as_strided_scatter(x, src, sizes, strides, x.storage_offset(), site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
