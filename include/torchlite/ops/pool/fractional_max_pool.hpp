// SPDX-License-Identifier: BSD-3-Clause
// Max pooling by a ratio that need not be whole: window i starts at floor((i + u) a) - floor(u a), a = (in - kernel) / (out - 1),
// with one random u in [0, 1) per plane and axis (B. Graham, Fractional Max-Pooling, 2014, pseudo-random sequences).
#pragma once
#include <torchlite/ops/conv/pair.hpp>
#include <torchlite/ops/pool/max_windows.hpp>
#include <torchlite/ops/random/rand.hpp>

namespace torchlite::inline TORCHLITE_ABI {

struct FractionalMaxPool2dOptions {
  Pair output_size = 0;             ///< one of these two is given
  double output_ratio[2] = {0, 0};  ///< of the input's height and width
};
struct FractionalMaxPool3dOptions {
  Triple output_size = 0;
  double output_ratio[3] = {0, 0, 0};  ///< of the input's depth, height and width
};

/// The starts of the windows of one axis of one plane.
template <class A>
void append_fractional_windows(backend::PoolAxis& axis, A sample, std::int64_t kernel) {
  const A alpha = axis.out > 1 ? static_cast<A>(axis.in - kernel) / static_cast<A>(axis.out - 1) : A(0);
  for (std::int64_t i = 0; i < axis.out; ++i) {
    const std::int64_t at =
        i == axis.out - 1 ? axis.in - kernel
                          : static_cast<std::int64_t>((static_cast<A>(i) + sample) * alpha) - static_cast<std::int64_t>(sample * alpha);
    axis.window(at, at + kernel, kernel);
  }
}

template <class T, class D>
PoolResult<T, D> fractional_max_pool(const char* op, Site site, const Tensor<T, D>& x, int dims, const Shape& kernel, const Shape& asked,
                                     const double* ratio, const Tensor<T, D>& samples_) {
  using A = register_t<T>;
  check_pool_input(op, x.sizes(), dims);
  const Shape& in = x.sizes();
  const int first = in.rank() - dims;
  Shape out = asked;
  check<Error>((asked[0] != 0) != (ratio[0] != 0), "{}: output_size is {} and output_ratio {}; exactly one of them is needed", op,
               asked.str(), ratio[0]);
  const Shape expected{in.rank() == dims + 2 ? in[0] : 1, in[first - 1], dims};
  backend::PoolWindows w;
  w.planes = pool_planes(in, dims);
  for (int d = 0; d < dims; ++d) {
    if (asked[0] == 0) {
      check<Error>(ratio[d] > 0 && ratio[d] < 1, "{}: output_ratio {} must be between 0 and 1", op, ratio[d]);
      out[d] = static_cast<std::int64_t>(static_cast<double>(in[first + d]) * ratio[d]);
    }
    check<ShapeError>(kernel[d] > 0 && out[d] > 0 && out[d] + kernel[d] - 1 <= in[first + d],
                      "{}: {} windows of {} elements do not fit dimension {} of an input of shape {}; out + kernel - 1 must be at most its "
                      "size",
                      op, out[d], kernel[d], first + d, in.str());
  }
  check<ShapeError>(!samples_.defined() || (samples_.dim() == 3 && samples_.sizes()[0] >= expected[0] &&
                                            samples_.sizes()[1] == expected[1] && samples_.sizes()[2] == expected[2]),
                    "{}: _random_samples have shape {}; {} is needed", op, samples_.defined() ? samples_.sizes().str() : "",
                    expected.str());
  const std::vector<T> samples = (samples_.defined() ? samples_ : rand<T, D>(expected)).to_vector();
  for (int d = 0; d < dims; ++d) {
    backend::PoolAxis& axis = w.axes[3 - dims + d];
    axis.clear(in[first + d], out[d]);
    axis.per_plane = true;
    // In two dimensions the first sample belongs to the width, in three to the depth.
    const int column = dims == 2 ? 1 - d : d;
    for (std::int64_t p = 0; p < w.planes; ++p)
      append_fractional_windows(axis, static_cast<A>(samples[static_cast<std::size_t>(p * dims + column)]), kernel[d]);
  }
  return max_windows_recorded(op, site, x, dims, w);
}

/// The largest element of each window, at random places, and where it stands in its plane.
///   x [N, C, H, W] or [C, H, W] -> [..., output_size.h, output_size.w]; _random_samples [N, C, 2], drawn if undefined
/// Throws ShapeError if the windows do not fit, Error unless exactly one of output_size and output_ratio is given.
template <tensor_like X>
PoolResult<value_t<X>, device_t<X>> fractional_max_pool2d_with_indices(const X& x_, Pair kernel, const FractionalMaxPool2dOptions& o,
                                                                       const tensor_of<X>& _random_samples = {},
                                                                       Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "fractional_max_pool2d needs a floating dtype; cast first: x.to<float>()");
  return fractional_max_pool("fractional_max_pool2d", site, eval(x_, site), 2, {kernel.h, kernel.w}, {o.output_size.h, o.output_size.w},
                             o.output_ratio, _random_samples);
}
template <tensor_like X>
tensor_of<X> fractional_max_pool2d(const X& x, Pair kernel, const FractionalMaxPool2dOptions& o, const tensor_of<X>& _random_samples = {},
                                   Site site = Site::current()) {
  return fractional_max_pool2d_with_indices(x, kernel, o, _random_samples, site).values;
}

/// The largest element of each window, at random places, and where it stands in its volume.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., output_size.d, .h, .w]; _random_samples [N, C, 3], drawn if undefined
/// Throws ShapeError if the windows do not fit, Error unless exactly one of output_size and output_ratio is given.
template <tensor_like X>
PoolResult<value_t<X>, device_t<X>> fractional_max_pool3d_with_indices(const X& x_, Triple kernel, const FractionalMaxPool3dOptions& o,
                                                                       const tensor_of<X>& _random_samples = {},
                                                                       Site site = Site::current()) {
  static_assert(floating<value_t<X>>, "fractional_max_pool3d needs a floating dtype; cast first: x.to<float>()");
  return fractional_max_pool("fractional_max_pool3d", site, eval(x_, site), 3, {kernel.d, kernel.h, kernel.w},
                             {o.output_size.d, o.output_size.h, o.output_size.w}, o.output_ratio, _random_samples);
}
template <tensor_like X>
tensor_of<X> fractional_max_pool3d(const X& x, Triple kernel, const FractionalMaxPool3dOptions& o, const tensor_of<X>& _random_samples = {},
                                   Site site = Site::current()) {
  return fractional_max_pool3d_with_indices(x, kernel, o, _random_samples, site).values;
}

}  // namespace torchlite::inline TORCHLITE_ABI
