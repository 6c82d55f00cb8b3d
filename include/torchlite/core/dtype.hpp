// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/device_complex.hpp>
#include <torchlite/core/half.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {

/// The dtypes as values, for files and messages; in programs a dtype is a type.
enum class Dtype : std::uint8_t { boolean, uint8, int8, int16, int32, int64, float16, bfloat16, float32, float64, complex64, complex128 };

inline constexpr std::string_view dtype_names[] = {"bool",    "uint8",    "int8",    "int16",   "int32",     "int64",
                                                   "float16", "bfloat16", "float32", "float64", "complex64", "complex128"};
inline constexpr std::size_t dtype_sizes[] = {1, 1, 1, 2, 4, 8, 2, 2, 4, 8, 8, 16};

constexpr std::string_view to_string(Dtype d) { return dtype_names[static_cast<int>(d)]; }
constexpr std::size_t size_of(Dtype d) { return dtype_sizes[static_cast<int>(d)]; }
constexpr bool is_complex(Dtype d) { return d >= Dtype::complex64; }

/// The types that an element of a tensor can have.
template <class T>
concept floating = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, half> || std::same_as<T, bfloat16>;
template <class T>
concept integral = std::same_as<T, std::int8_t> || std::same_as<T, std::int16_t> || std::same_as<T, std::int32_t> ||
    std::same_as<T, std::int64_t> || std::same_as<T, std::uint8_t>;
template <class T>
concept boolean = std::same_as<T, bool>;
/// complex64 and complex128: pairs of float or double.
template <class T>
concept complex_dtype = std::same_as<T, std::complex<float>> || std::same_as<T, std::complex<double>>;
/// Those, and what kernels on devices compute with in place of them.
template <class T>
concept complex_number = complex_dtype<T> || std::same_as<T, math::DeviceComplex<float>> || std::same_as<T, math::DeviceComplex<double>>;
template <class T>
concept dtype = floating<T> || integral<T> || boolean<T> || complex_dtype<T>;

/// The dtypes that a gradient can have. That of a complex number z is the derivative with respect to its real part plus i times that with
/// respect to its imaginary part, as in PyTorch.
template <class T>
concept differentiable = floating<T> || complex_number<T>;

/// A number that a tensor can be combined with: 2, 0.5, true, std::complex<double>(0, 1).
template <class S>
concept scalar = std::is_arithmetic_v<S> || floating<S> || complex_number<S>;

namespace dtypes {
template <class T>
constexpr Dtype value_of() {
  if constexpr (std::is_same_v<T, bool>) return Dtype::boolean;
  else if constexpr (std::is_same_v<T, std::uint8_t>) return Dtype::uint8;
  else if constexpr (std::is_same_v<T, std::int8_t>) return Dtype::int8;
  else if constexpr (std::is_same_v<T, std::int16_t>) return Dtype::int16;
  else if constexpr (std::is_same_v<T, std::int32_t>) return Dtype::int32;
  else if constexpr (std::is_same_v<T, std::int64_t>) return Dtype::int64;
  else if constexpr (std::is_same_v<T, half>) return Dtype::float16;
  else if constexpr (std::is_same_v<T, bfloat16>) return Dtype::bfloat16;
  else if constexpr (std::is_same_v<T, float>) return Dtype::float32;
  else if constexpr (std::is_same_v<T, double>) return Dtype::float64;
  else if constexpr (std::is_same_v<T, std::complex<float>>) return Dtype::complex64;
  else return Dtype::complex128;
}

/// bool < integers < floating < complex: a scalar operand raises the dtype only from one kind to the next.
template <class T>
inline constexpr int kind = complex_number<T>         ? 3
                            : std::is_same_v<T, bool> ? 0
                                                      : (std::is_integral_v<T> ? 1 : 2);

// PyTorch's table: the kinds first, then the width; uint8 with a signed integer is the next signed integer that holds
// both, half with bfloat16 is float; a complex dtype is double's where either is that wide.
template <class A, class B>
constexpr auto promote() {
  if constexpr (std::is_same_v<A, B>) return A{};
  else if constexpr (kind<A> == 3 || kind<B> == 3) {
    constexpr bool wide = std::is_same_v<A, double> || std::is_same_v<B, double> || std::is_same_v<A, std::complex<double>> ||
                          std::is_same_v<B, std::complex<double>>;
    return std::complex<std::conditional_t<wide, double, float>>{};
  } else if constexpr (kind<A> < kind<B>) return B{};
  else if constexpr (kind<A> > kind<B>) return A{};
  else if constexpr (kind<A> == 2) {
    if constexpr (sizeof(A) == sizeof(B)) return float{};  // half and bfloat16
    else if constexpr (sizeof(A) > sizeof(B)) return A{};
    else return B{};
  } else if constexpr (std::is_same_v<A, std::uint8_t>) {
    if constexpr (sizeof(B) == 1) return std::int16_t{};
    else return B{};
  } else if constexpr (std::is_same_v<B, std::uint8_t>) {
    if constexpr (sizeof(A) == 1) return std::int16_t{};
    else return A{};
  } else if constexpr (sizeof(A) > sizeof(B)) return A{};
  else return B{};
}

/// The dtype that stands for a C++ number: int64_t for any other integer type of its size, and so on.
template <class S>
constexpr auto canonical() {
  if constexpr (dtype<S>) return S{};
  else if constexpr (std::is_floating_point_v<S>) return double{};
  else if constexpr (sizeof(S) == 1) return std::int8_t{};
  else if constexpr (sizeof(S) == 2) return std::conditional_t<std::is_signed_v<S>, std::int16_t, std::int32_t>{};
  else if constexpr (sizeof(S) == 4) return std::conditional_t<std::is_signed_v<S>, std::int32_t, std::int64_t>{};
  else return std::int64_t{};
}

/// Of tensor-of-T with the number S: T, unless S is of a higher kind; a complex number leaves the width to a floating T.
template <class T, class S>
constexpr auto promote_number() {
  if constexpr (kind<S> <= kind<T>) return T{};
  else if constexpr (kind<S> == 3 && kind<T> == 2) return std::complex<std::conditional_t<sizeof(T) == 8, double, float>>{};
  else return canonical<S>();
}

template <class T>
struct Parts {
  using type = T;
};
template <class T>
struct Parts<std::complex<T>> {
  using type = T;
};
template <class T>
struct Parts<math::DeviceComplex<T>> {
  using type = T;
};
}  // namespace dtypes

/// What the real and the imaginary part of a T are; T itself if it is real.
template <class T>
using real_t = typename dtypes::Parts<T>::type;
/// The complex dtype whose parts hold T: complex128 for double, complex64 for the shorter ones.
template <class T>
using complex_t = std::conditional_t<complex_number<T>, T, std::complex<std::conditional_t<std::is_same_v<T, double>, double, float>>>;
/// True of what a gradient is computed with: float, double and their complex numbers.
template <class T>
inline constexpr bool is_inexact = std::is_floating_point_v<T> || complex_number<T>;

/// x as a To: the real part where a complex number becomes a real one.
template <class To, class From>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr To convert_number(From x) {
  if constexpr (complex_number<From> && std::is_same_v<To, bool>) return x != From{};
  else if constexpr (complex_number<From> && !complex_number<To>) return static_cast<To>(x.real());
  else if constexpr (complex_number<To> && !complex_number<From>) return To(static_cast<real_t<To>>(x));
  else return static_cast<To>(x);
}

template <dtype T>
inline constexpr Dtype dtype_v = dtypes::value_of<T>();

/// The dtype of a result of operands of dtype A and B, by PyTorch's table.
template <dtype A, dtype B>
using promote_t = decltype(dtypes::promote<A, B>());

/// The dtype of tensor-of-T combined with the number S: T, unless S is of a higher kind.
template <dtype T, scalar S>
using promote_scalar_t = decltype(dtypes::promote_number<T, S>());

/// True if every T can become a To without leaving To's kind: what a conversion does without being asked.
template <dtype From, dtype To>
inline constexpr bool converts_implicitly = std::is_same_v<promote_t<From, To>, To>;

/// The type in which an element is computed with: half and bfloat16 are only stored.
template <class T>
using register_t = std::conditional_t<std::is_same_v<T, half> || std::is_same_v<T, bfloat16>, float, T>;

/// The dtype of functions that have no integer values: float for integers, T otherwise.
template <dtype T>
using floating_t = std::conditional_t<differentiable<T>, T, float>;

/// The dtype in which PyTorch sums T: int64 for integers and bool.
template <dtype T>
using sum_t = std::conditional_t<differentiable<T>, T, std::int64_t>;

}  // namespace torchlite::inline TORCHLITE_ABI
