// SPDX-License-Identifier: BSD-3-Clause
// Complex memory looked at as pairs of real numbers and the other way round; nothing is copied.
#pragma once
#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/shape/contiguous.hpp>
#include <torchlite/ops/shape/record_view.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
/// Memory of t as elements of another dtype; sizes, strides and offset count those.
template <class To, class T, class D>
Tensor<To, D> reinterpret_view(const Tensor<T, D>& t, const Shape& sizes, const Shape& strides, std::int64_t offset) {
  Tensor<To, D> v(make_impl(&tensor_type<To, D>, t.impl().storage, offset, sizes, strides));
  v.impl().base = t.impl().base ? t.impl().base : t.ref();
  return v;
}
inline Shape doubled(Shape strides) {
  for (std::int64_t& s : strides) s *= 2;
  return strides;
}
}  // namespace autograd

template <tensor_like X>
auto view_as_complex(const X& x_, Site site = Site::current());

/// The real and imaginary parts side by side; shares memory.
///   x [...] complex -> [..., 2]
template <tensor_like X>
auto view_as_real(const X& x_, Site site = Site::current()) {
  using C = value_t<X>;
  using D = device_t<X>;
  static_assert(complex_number<C>, "view_as_real needs a complex dtype; of a real tensor use stack(x, zeros_like(x))");
  using R = real_t<C>;
  const auto& x = eval(x_, site);
  Shape sizes = x.sizes(), strides = autograd::doubled(x.strides());
  sizes.push_back(2);
  strides.push_back(1);
  Tensor<R, D> out = autograd::reinterpret_view<R>(x, sizes, strides, 2 * x.storage_offset());
  if (!autograd::needed(x)) return out;
  return autograd::mark_view(autograd::record("view_as_real", site, std::move(out), autograd::inputs(x),
                                              [](const autograd::Pass&, const Tensor<R, D>& g) { return view_as_complex(contiguous(g)); }));
}

/// Pairs of real numbers as complex ones; shares memory.
///   x [..., 2] float or double -> [...] complex
/// Throws ShapeError unless the last size is 2, Error unless pairs lie side by side and at even places.
template <tensor_like X>
auto view_as_complex(const X& x_, Site site) {
  using R = value_t<X>;
  using D = device_t<X>;
  static_assert(std::is_floating_point_v<R>, "view_as_complex needs float or double; cast first: x.to<float>()");
  using C = std::complex<R>;
  const auto& x = eval(x_, site);
  check<ShapeError>(x.dim() > 0 && x.sizes().back() == 2, "view_as_complex: a tensor of shape {} holds no pairs; its last size must be 2",
                    x.sizes().str());
  bool even = x.storage_offset() % 2 == 0 && x.strides().back() == 1;
  Shape sizes, strides;
  for (int d = 0; d + 1 < x.dim(); ++d) {
    even = even && (x.strides()[d] % 2 == 0 || x.sizes()[d] <= 1);
    sizes.push_back(x.sizes()[d]);
    strides.push_back(x.strides()[d] / 2);
  }
  check<Error>(
      even || x.numel() == 0,
      "view_as_complex: a tensor of shape {} with strides {} and offset {} has no pairs side by side at even places; use contiguous()",
      x.sizes().str(), x.strides().str(), x.storage_offset());
  Tensor<C, D> out = autograd::reinterpret_view<C>(x, sizes, strides, x.storage_offset() / 2);
  if (!autograd::needed(x)) return out;
  return autograd::mark_view(autograd::record("view_as_complex", site, std::move(out), autograd::inputs(x),
                                              [](const autograd::Pass&, const Tensor<C, D>& g) { return view_as_real(g); }));
}

/// The real parts; shares memory. A real tensor is returned as it is.
template <tensor_like X>
auto real(const X& x_, Site site = Site::current()) {
  using C = value_t<X>;
  using D = device_t<X>;
  const auto& x = eval(x_, site);
  if constexpr (complex_number<C>) {
    using R = real_t<C>;
    Tensor<R, D> out = autograd::reinterpret_view<R>(x, x.sizes(), autograd::doubled(x.strides()), 2 * x.storage_offset());
    if (!autograd::needed(x)) return out;
    return autograd::mark_view(
        autograd::record("real", site, std::move(out), autograd::inputs(x),
                         [](const autograd::Pass&, const Tensor<R, D>& g) { return Tensor<C, D>(make_expression<Cast<C>>(g)); }));
  } else {
    return Tensor<C, D>(x);
  }
}

/// The imaginary parts; shares memory.
template <tensor_like X>
auto imag(const X& x_, Site site = Site::current()) {
  using C = value_t<X>;
  using D = device_t<X>;
  static_assert(complex_number<C>, "imag needs a complex dtype; a real tensor has no imaginary part");
  using R = real_t<C>;
  const auto& x = eval(x_, site);
  Tensor<R, D> out = autograd::reinterpret_view<R>(x, x.sizes(), autograd::doubled(x.strides()), 2 * x.storage_offset() + 1);
  if (!autograd::needed(x)) return out;
  return autograd::mark_view(autograd::record("imag", site, std::move(out), autograd::inputs(x),
                                              [](const autograd::Pass&, const Tensor<R, D>& g) { return Tensor<C, D>(complex(0, g)); }));
}

}  // namespace torchlite::inline TORCHLITE_ABI
