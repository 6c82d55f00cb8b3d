// SPDX-License-Identifier: BSD-3-Clause
// New tensors with given content. Each is one pass over its memory.
#pragma once
#include <torchlite/backend/cpu/parallel.hpp>
#include <torchlite/backend/kernel_count.hpp>
#include <torchlite/tensor/tensor.hpp>

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

/// Element i is f(i), computed on the host and copied to other devices.
template <class T, class D, class F>
Tensor<T, D> generate(std::int64_t n, F f) {
  Tensor<T, D> out = empty<T, D>({n});
  if constexpr (std::is_same_v<D, Cpu>) {
    backend::count_kernel();
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

/// Ones on the diagonal, zeros elsewhere.
///   -> [n, m]
template <dtype T, device D = Cpu>
Tensor<T, D> eye(std::int64_t n, std::int64_t m) {
  Tensor<T, D> out = zeros<T, D>({n, m});
  fill_elements(alias(out, {n < m ? n : m}, {m + 1}, 0), static_cast<T>(1));
  return out;
}
template <dtype T, device D = Cpu>
Tensor<T, D> eye(std::int64_t n) {
  return eye<T, D>(n, n);
}

}  // namespace torchlite::inline TORCHLITE_ABI
