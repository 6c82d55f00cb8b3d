// SPDX-License-Identifier: BSD-3-Clause
// The three transforms that all functions of torchlite::fft are made of, and the arguments of those functions. Each transform is linear, so
// its gradient is the adjoint transform, to any order.
#pragma once
#include <torchlite/autograd/backward.hpp>
#include <torchlite/backend/cpu/fft.hpp>
#include <torchlite/ops/pointwise/complex.hpp>
#include <torchlite/ops/pointwise/mul.hpp>
#include <torchlite/ops/pointwise/operators.hpp>
#include <torchlite/ops/reduce/rows.hpp>
#include <torchlite/ops/shape/slice.hpp>
#include <torchlite/ops/shape/view_as_real.hpp>
#include <torchlite/tensor/create.hpp>

#include <cmath>
#include <optional>
#include <string_view>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

inline backend::FourierLines fourier_lines(const Shape& sizes, int axis) {
  const backend::RowLayout a = rows_around(sizes, axis);
  return {a.outer, a.inner};
}

/// Zeros behind x along a dimension until it has n elements, or the first n of them.
template <class T, class D>
Tensor<T, D> resized(const Tensor<T, D>& x, int axis, std::int64_t n) {
  const std::int64_t own = x.sizes()[axis];
  if (n == own) return x;
  if (n < own) return narrow(x, axis, 0, n);
  Shape sizes = x.sizes();
  sizes[axis] = n;
  return autograd::embed("pad", sizes, x, [axis, own](const auto& t) { return narrow(t, axis, 0, own); });
}

/// The transform of complex numbers along the given dimensions, times scale.
template <class C, class D>
Tensor<C, D> fourier_transform(const char* op, const Tensor<C, D>& x, const Shape& dims, bool forward, double scale, Site site) {
  using R = real_t<C>;
  check_devices(op, x);
  Tensor<C, D> out = empty<C, D>(x.sizes());
  if (dims.empty()) {
    out = Tensor<C, D>(mul(x.detach(), scale));
  } else {
    const Tensor<C, D> from = dense(x);
    const C* source = from.data();
    for (int i = 0; i < dims.rank() && out.numel() > 0; ++i) {
      const int axis = static_cast<int>(dims[i]);
      const R factor = static_cast<R>(i + 1 == dims.rank() ? scale : 1);
      fourier(D{}, fourier_lines(x.sizes(), axis), x.sizes()[axis], forward, factor, source, out.data());
      source = out.data();
    }
  }
  if (!autograd::needed(x)) return out;
  return autograd::record(op, site, std::move(out), autograd::inputs(x),
                          [op, dims, forward, scale, site](const autograd::Pass&, const Tensor<C, D>& g) {
                            return fourier_transform(op, g, dims, !forward, scale, site);
                          });
}

/// The transform of real numbers: half of the last of the given dimensions, which says all.
template <class R, class D>
Tensor<std::complex<R>, D> fourier_of_real(const char* op, const Tensor<R, D>& x, const Shape& dims, bool forward, double scale,
                                           Site site) {
  using C = std::complex<R>;
  const int last = static_cast<int>(dims.back());
  const std::int64_t n = x.sizes()[last];
  check_devices(op, x);
  Shape sizes = x.sizes(), others = dims;
  sizes[last] = n / 2 + 1;
  others.erase(others.rank() - 1);
  Tensor<C, D> out = empty<C, D>(sizes);
  if (out.numel() > 0) {
    const NoGradGuard guard;
    const Tensor<R, D> from = dense(x);
    fourier_real(D{}, fourier_lines(x.sizes(), last), n, forward, static_cast<R>(others.empty() ? scale : 1), from.data(), out.data());
    if (!others.empty()) out = fourier_transform(op, out, others, forward, scale, site);
  }
  if (!autograd::needed(x)) return out;
  return autograd::record(
      op, site, std::move(out), autograd::inputs(x),
      [op, dims, forward, scale, last, n, site](const autograd::Pass&, const Tensor<C, D>& g) {
        return Tensor<R, D>(make_expression<Cast<R>>(fourier_transform(op, resized(g, last, n), dims, !forward, scale, site)));
      });
}

/// Real numbers from half of their transform: the last of the given dimensions has n / 2 + 1 elements and gets n.
template <class C, class D>
Tensor<real_t<C>, D> fourier_into_real(const char* op, const Tensor<C, D>& x, const Shape& dims, std::int64_t n, bool forward, double scale,
                                       Site site) {
  using R = real_t<C>;
  const int last = static_cast<int>(dims.back());
  check_devices(op, x);
  Shape sizes = x.sizes(), others = dims;
  sizes[last] = n;
  others.erase(others.rank() - 1);
  Tensor<R, D> out = empty<R, D>(sizes);
  if (out.numel() > 0) {
    const NoGradGuard guard;
    const Tensor<C, D> from = others.empty() ? dense(x) : fourier_transform(op, x, others, forward, 1, site);
    fourier_to_real(D{}, fourier_lines(sizes, last), n, forward, static_cast<R>(scale), from.data(), out.data());
  }
  if (!autograd::needed(x)) return out;
  return autograd::record(op, site, std::move(out), autograd::inputs(x),
                          [op, dims, forward, scale, last, n, site](const autograd::Pass&, const Tensor<R, D>& g) {
                            const Tensor<C, D> half = fourier_of_real(op, g, dims, !forward, scale, site);
                            // All numbers but the first, and the middle one of an even n, stand for their conjugates, too.
                            Shape weight_sizes = Shape::filled(g.dim(), 1);
                            weight_sizes[last] = n / 2 + 1;
                            const Tensor<R, D> weights =
                                generate<R, D>(n / 2 + 1, [n](std::int64_t k) { return static_cast<R>(k == 0 || 2 * k == n ? 1 : 2); });
                            return Tensor<C, D>(half * alias(weights, weight_sizes, contiguous_strides(weight_sizes), 0));
                          });
}

/// The factor that PyTorch's norm stands for; numel: of the transformed signal.
inline double fourier_scale(const char* op, std::string_view norm, bool forward, double numel) {
  if (norm == "ortho") return 1 / std::sqrt(numel);
  check<Error>(norm == "backward" || norm == "forward", "{}: norm is '{}'; it must be backward, ortho or forward", op, norm);
  return (norm == "forward") == forward ? 1 / numel : 1;
}

/// x in the dtype that is transformed: float for integers, complex if asked for.
template <bool Complex, tensor_like X>
auto fourier_input(const X& x_, Site site) {
  using T = value_t<X>;
  static_assert(!std::is_same_v<T, half> && !std::is_same_v<T, bfloat16>, "fft needs float or double precision; cast first: x.to<float>()");
  const auto& x = eval(x_, site);
  using N = std::conditional_t<Complex, complex_t<T>, floating_t<T>>;
  if constexpr (std::is_same_v<N, T>) return x;
  else return Tensor<N, device_t<X>>(make_expression<Cast<N>>(x));
}

/// The dimensions of a transform and the sizes that the signal has along them.
struct FourierShape {
  Shape dims, sizes;

  double numel() const {
    double n = 1;
    for (const std::int64_t s : sizes) n *= static_cast<double>(s);
    return n;
  }
};

/// The arguments n and dim of one-dimensional transforms. half: x has the n / 2 + 1 numbers of half a transform.
inline FourierShape fourier_shape(const char* op, const Shape& x, std::optional<std::int64_t> n, std::int64_t dim, bool half = false) {
  check<IndexError>(x.rank() > 0, "{}: a tensor of shape [] has no dimensions to transform along", op);
  const int axis = normalize_axis(op, dim, x.rank());
  const std::int64_t size = n.value_or(half ? 2 * (x[axis] - 1) : x[axis]);
  check<ShapeError>(size >= 1, "{}: {} data points along dimension {} of a tensor of shape {}; there must be at least one", op, size, axis,
                    x.str());
  return {{axis}, {size}};
}

/// The arguments s and dim of transforms along several dimensions: all by default, or as many as s has, counted from the end.
inline FourierShape fourier_shape(const char* op, const Shape& x, const std::optional<Shape>& s, const std::optional<Shape>& dim,
                                  bool half = false) {
  FourierShape f;
  if (dim) {
    check<IndexError>(x.rank() > 0 || dim->empty(), "{}: a tensor of shape [] has no dimensions to transform along", op);
    unsigned seen = 0;
    for (const std::int64_t d : *dim) {
      const int axis = normalize_axis(op, d, x.rank());
      check<ShapeError>(((seen >> axis) & 1u) == 0, "{}: {} names dimension {} twice", op, dim->str(), axis);
      seen |= 1u << axis;
      f.dims.push_back(axis);
    }
    check<ShapeError>(!s || s->rank() == dim->rank(), "{}: s {} and dim {} differ in length; each dimension has one size", op,
                      s ? s->str() : "", dim->str());
  } else {
    check<ShapeError>(!s || s->rank() <= x.rank(), "{}: s {} has more entries than a tensor of shape {} has dimensions", op,
                      s ? s->str() : "", x.str());
    const int count = s ? s->rank() : x.rank();
    for (int i = 0; i < count; ++i) f.dims.push_back(x.rank() - count + i);
  }
  for (int i = 0; i < f.dims.rank(); ++i) {
    const std::int64_t own = x[static_cast<int>(f.dims[i])], given = s ? (*s)[i] : -1;
    const std::int64_t size = given != -1 ? given : half && i + 1 == f.dims.rank() ? 2 * (own - 1) : own;
    check<ShapeError>(size >= 1, "{}: {} data points along dimension {} of a tensor of shape {}; there must be at least one", op, size,
                      f.dims[i], x.str());
    f.sizes.push_back(size);
  }
  return f;
}

/// x cut or filled up with zeros to the sizes of a transform; the last size of half a transform is n / 2 + 1.
template <class T, class D>
Tensor<T, D> fourier_resized(Tensor<T, D> x, const FourierShape& f, bool half = false) {
  for (int i = 0; i < f.dims.rank(); ++i)
    x = resized(x, static_cast<int>(f.dims[i]), half && i + 1 == f.dims.rank() ? f.sizes[i] / 2 + 1 : f.sizes[i]);
  return x;
}

// What each function of torchlite::fft does with its arguments.
template <tensor_like X>
auto fourier_full(const char* op, const X& x_, const FourierShape& f, bool forward, std::string_view norm, Site site) {
  const double scale = fourier_scale(op, norm, forward, f.numel());
  return fourier_transform(op, fourier_resized(fourier_input<true>(x_, site), f), f.dims, forward, scale, site);
}
template <tensor_like X>
auto fourier_real_in(const char* op, const X& x_, const FourierShape& f, bool forward, std::string_view norm, Site site) {
  static_assert(!complex_number<value_t<X>>, "this transform takes real numbers; use fft::fft, or real(x) first");
  check<ShapeError>(f.dims.rank() > 0, "{}: no dimension is named; at least one must be transformed", op);
  const double scale = fourier_scale(op, norm, forward, f.numel());
  return fourier_of_real(op, fourier_resized(fourier_input<false>(x_, site), f), f.dims, forward, scale, site);
}
template <tensor_like X>
auto fourier_real_out(const char* op, const X& x_, const FourierShape& f, bool forward, std::string_view norm, Site site) {
  check<ShapeError>(f.dims.rank() > 0, "{}: no dimension is named; at least one must be transformed", op);
  const double scale = fourier_scale(op, norm, forward, f.numel());
  return fourier_into_real(op, fourier_resized(fourier_input<true>(x_, site), f, true), f.dims, f.sizes.back(), forward, scale, site);
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
