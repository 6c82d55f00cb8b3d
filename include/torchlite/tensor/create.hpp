// SPDX-License-Identifier: BSD-3-Clause
// New tensors with given content. Each is one pass over its memory.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/tensor/tensor.hpp>

#include <cmath>

namespace torchlite::inline TORCHLITE_ABI {

/// Every element = value; defined in autograd/accumulate.hpp.
template <class T, class D>
void fill_elements(const Tensor<T, D>& t, T value);

/// Every element is value.
///   -> sizes
template <dtype T, device D = Cpu, scalar S>
Tensor<T, D> full(const Shape& sizes, S value) {
  check_sizes("full", sizes, sizeof(T));
  Tensor<T, D> out = empty<T, D>(sizes);
  fill_elements(out, convert_number<T>(value));
  return out;
}

/// Every element is 0.
///   -> sizes
template <dtype T, device D = Cpu>
Tensor<T, D> zeros(const Shape& sizes) {
  return full<T, D>(sizes, 0);
}

/// Every element is 1.
///   -> sizes
template <dtype T, device D = Cpu>
Tensor<T, D> ones(const Shape& sizes) {
  return full<T, D>(sizes, 1);
}

/// Fresh memory of the sizes, dtype and device of x; content undefined.
template <tensor_like X>
tensor_of<X> empty_like(const X& x) {
  return empty<value_t<X>, device_t<X>>(eval(x).sizes());
}
template <tensor_like X>
tensor_of<X> zeros_like(const X& x) {
  return zeros<value_t<X>, device_t<X>>(eval(x).sizes());
}
template <tensor_like X>
tensor_of<X> ones_like(const X& x) {
  return ones<value_t<X>, device_t<X>>(eval(x).sizes());
}
template <tensor_like X, scalar S>
tensor_of<X> full_like(const X& x, S value) {
  return full<value_t<X>, device_t<X>>(eval(x).sizes(), value);
}

/// The same with another dtype: zeros_like<float>(x).
template <dtype T, tensor_like X>
Tensor<T, device_t<X>> empty_like(const X& x) {
  return empty<T, device_t<X>>(eval(x).sizes());
}
template <dtype T, tensor_like X>
Tensor<T, device_t<X>> zeros_like(const X& x) {
  return zeros<T, device_t<X>>(eval(x).sizes());
}
template <dtype T, tensor_like X>
Tensor<T, device_t<X>> ones_like(const X& x) {
  return ones<T, device_t<X>>(eval(x).sizes());
}
template <dtype T, tensor_like X, scalar S>
Tensor<T, device_t<X>> full_like(const X& x, S value) {
  return full<T, device_t<X>>(eval(x).sizes(), value);
}

/// Other sizes, the dtype and device of x; content undefined. With another dtype: new_empty<float>(x, sizes).
///   -> sizes
template <tensor_like X>
tensor_of<X> new_empty(const X&, const Shape& sizes) {
  return empty<value_t<X>, device_t<X>>(sizes);
}
template <dtype T, tensor_like X>
Tensor<T, device_t<X>> new_empty(const X&, const Shape& sizes) {
  return empty<T, device_t<X>>(sizes);
}
/// The same, filled with zeros.
template <tensor_like X>
tensor_of<X> new_zeros(const X&, const Shape& sizes) {
  return zeros<value_t<X>, device_t<X>>(sizes);
}
template <dtype T, tensor_like X>
Tensor<T, device_t<X>> new_zeros(const X&, const Shape& sizes) {
  return zeros<T, device_t<X>>(sizes);
}
/// The same, filled with ones.
template <tensor_like X>
tensor_of<X> new_ones(const X&, const Shape& sizes) {
  return ones<value_t<X>, device_t<X>>(sizes);
}
template <dtype T, tensor_like X>
Tensor<T, device_t<X>> new_ones(const X&, const Shape& sizes) {
  return ones<T, device_t<X>>(sizes);
}
/// The same, filled with a value.
template <tensor_like X, scalar S>
tensor_of<X> new_full(const X&, const Shape& sizes, S value) {
  return full<value_t<X>, device_t<X>>(sizes, value);
}
template <dtype T, tensor_like X, scalar S>
Tensor<T, device_t<X>> new_full(const X&, const Shape& sizes, S value) {
  return full<T, device_t<X>>(sizes, value);
}

/// A number as a tensor without dimensions.
///   -> []
template <dtype T, device D = Cpu, scalar S>
Tensor<T, D> scalar_tensor(S value) {
  return full<T, D>(Shape{}, value);
}

/// Fresh memory with given sizes and strides, content undefined.
///   -> sizes
/// Throws ShapeError unless there is one stride, not negative, for each size.
template <dtype T, device D = Cpu>
Tensor<T, D> empty_strided(const Shape& sizes, const Shape& strides) {
  check_sizes("empty_strided", sizes, sizeof(T));
  check<ShapeError>(sizes.rank() == strides.rank(), "empty_strided: {} sizes {} and {} strides {}; both must have the same length",
                    sizes.rank(), sizes.str(), strides.rank(), strides.str());
  std::int64_t extent = 1;
  bool overflow = false;
  for (int d = 0; d < sizes.rank(); ++d) {
    std::int64_t reach = 0;
    check<ShapeError>(strides[d] >= 0, "empty_strided: stride {} in {} is negative", strides[d], strides.str());
    overflow |= __builtin_mul_overflow(sizes[d] - 1, strides[d], &reach) || __builtin_add_overflow(extent, reach, &extent);
  }
  if (sizes.numel() == 0) extent = 0;
  check<ShapeError>(!overflow, "empty_strided: sizes {} with strides {} reach further than 63 bits count", sizes.str(), strides.str());
  return alias(empty<T, D>({extent}), sizes, strides, 0);
}
template <tensor_like X>
tensor_of<X> new_empty_strided(const X&, const Shape& sizes, const Shape& strides) {
  return empty_strided<value_t<X>, device_t<X>>(sizes, strides);
}

/// Fresh memory for sizes, content undefined, in which dimension physical_layout[0] has the largest stride, and so on: dense,
/// in the order of physical_layout.
///   -> sizes
/// Throws ShapeError unless physical_layout names every dimension once.
template <dtype T, device D = Cpu>
Tensor<T, D> empty_permuted(const Shape& sizes, const Shape& physical_layout) {
  check_sizes("empty_permuted", sizes, sizeof(T));
  check<ShapeError>(physical_layout.rank() == sizes.rank(), "empty_permuted: a layout {} for sizes {}; both must have the same length",
                    physical_layout.str(), sizes.str());
  Shape strides = Shape::filled(sizes.rank(), 0);
  std::int64_t step = 1;
  unsigned seen = 0;
  for (int i = sizes.rank() - 1; i >= 0; --i) {
    const std::int64_t d = physical_layout[i];
    check<ShapeError>(d >= 0 && d < sizes.rank() && ((seen >> d) & 1u) == 0, "empty_permuted: {} does not name every dimension of {} once",
                      physical_layout.str(), sizes.str());
    seen |= 1u << d;
    strides[d] = step;
    step *= sizes[d] > 0 ? sizes[d] : 1;
  }
  return empty_strided<T, D>(sizes, strides);
}

/// Element i is f(i), computed on the host and copied to other devices.
template <class T, class D, class F>
Tensor<T, D> generate(std::int64_t n, F f) {
  Tensor<T, D> out = empty<T, D>({n});
  if constexpr (std::is_same_v<D, Cpu>) {
    backend::count_kernel("fill");
    T* data = out.data();
    backend::parallel_for(n, 32768, [data, &f](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) data[i] = f(i);
    });
  } else {
    const Tensor<T, Cpu> host = generate<T, Cpu>(n, f);
    copy_from_host(D{}, out.data(), host.data(), static_cast<std::size_t>(n) * sizeof(T));
  }
  return out;
}

/// start, start + step, ... up to before end.
///   -> [ceil((end - start) / step)]
/// Throws Error if step is 0 or leads away from end.
template <dtype T, device D = Cpu, scalar S, scalar E, scalar P = int>
Tensor<T, D> arange(S start, E end, P step = 1) {
  if constexpr (std::is_integral_v<S> && std::is_integral_v<E> && std::is_integral_v<P>) {
    const std::int64_t a = static_cast<std::int64_t>(start), b = static_cast<std::int64_t>(end), s = static_cast<std::int64_t>(step);
    check<Error>(s != 0 && (s > 0 ? a <= b : a >= b), "arange: steps of {} do not lead from {} to {}", s, a, b);
    const std::int64_t n = s > 0 ? (b - a + s - 1) / s : (a - b - s - 1) / -s;
    return generate<T, D>(n, [a, s](std::int64_t i) { return static_cast<T>(a + i * s); });
  } else {
    const double a = static_cast<double>(start), b = static_cast<double>(end), s = static_cast<double>(step);
    check<Error>(s > 0 ? a <= b : (s < 0 && a >= b), "arange: steps of {} do not lead from {} to {}", s, a, b);
    const double count = (b - a) / s;
    check<Error>(count < 0x1p62, "arange: {} to {} in steps of {} is too many elements", a, b, s);
    const std::int64_t whole = static_cast<std::int64_t>(count);
    return generate<T, D>(whole + (static_cast<double>(whole) < count ? 1 : 0),
                          [a, s](std::int64_t i) { return static_cast<T>(a + static_cast<double>(i) * s); });
  }
}

/// 0, 1, ... up to before end.
///   -> [ceil(end)]
template <dtype T, device D = Cpu, scalar E>
Tensor<T, D> arange(E end) {
  return arange<T, D>(0, end);
}

/// `steps` numbers at equal distances from start to end, both included.
///   -> [steps]
/// Throws Error if steps is negative. Counted from the nearer end, so that both ends are exact.
template <dtype T, device D = Cpu>
Tensor<T, D> linspace(double start, double end, std::int64_t steps) {
  check<Error>(steps >= 0, "linspace: {} steps were asked for; their number cannot be negative", steps);
  const double step = steps > 1 ? (end - start) / static_cast<double>(steps - 1) : 0;
  return generate<T, D>(steps, [=](std::int64_t i) {
    return static_cast<T>(i < (steps + 1) / 2 ? start + step * static_cast<double>(i) : end - step * static_cast<double>(steps - 1 - i));
  });
}

namespace creation {
/// A bound, a number or a tensor without dimensions, as a number.
template <operand S>
double bound(const char* op, const S& x) {
  if constexpr (tensor_like<S>) {
    const auto& t = eval(x);
    check<ShapeError>(t.dim() == 0, "{}: a bound of shape {}; it must be a number or a tensor without dimensions", op, t.sizes().str());
    return static_cast<double>(t.item());
  } else {
    return static_cast<double>(x);
  }
}
}  // namespace creation

/// linspace with bounds that are tensors without dimensions, or one of them.
template <dtype T, device D = Cpu, operand S, operand E>
  requires(tensor_like<S> || tensor_like<E>)
Tensor<T, D> linspace(const S& start, const E& end, std::int64_t steps) {
  return linspace<T, D>(creation::bound("linspace", start), creation::bound("linspace", end), steps);
}

/// base to the power of `steps` numbers at equal distances from start to end, both included.
///   -> [steps]
/// Throws Error if steps is negative. Bounds may be tensors without dimensions.
template <dtype T, device D = Cpu, operand S, operand E>
Tensor<T, D> logspace(const S& start, const E& end, std::int64_t steps, double base = 10) {
  check<Error>(steps >= 0, "logspace: {} steps were asked for; their number cannot be negative", steps);
  const double a = creation::bound("logspace", start), b = creation::bound("logspace", end);
  const double step = steps > 1 ? (b - a) / static_cast<double>(steps - 1) : 0;
  return generate<T, D>(steps, [=](std::int64_t i) {
    const double power = i < (steps + 1) / 2 ? a + step * static_cast<double>(i) : b - step * static_cast<double>(steps - 1 - i);
    return static_cast<T>(std::pow(base, power));
  });
}

/// Ones on the diagonal, zeros elsewhere.
///   -> [n, m]
template <dtype T, device D = Cpu>
Tensor<T, D> eye(std::int64_t n, std::int64_t m) {
  check<ShapeError>(n >= 0 && m >= 0, "eye: a matrix of {} rows and {} columns; neither can be negative", n, m);
  Tensor<T, D> out = zeros<T, D>({n, m});
  fill_elements(alias(out, {n < m ? n : m}, {m + 1}, 0), static_cast<T>(1));
  return out;
}
template <dtype T, device D = Cpu>
Tensor<T, D> eye(std::int64_t n) {
  return eye<T, D>(n, n);
}

}  // namespace torchlite::inline TORCHLITE_ABI
