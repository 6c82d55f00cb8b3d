// SPDX-License-Identifier: BSD-3-Clause
// What the operands of a product are packed as. float, double and integers stay what they are and half becomes float. bfloat16 becomes
// float too, unless the processor multiplies it (AVX512-BF16): then two steps of k share a lane.
// vdpbf16ps computes fma(a0, b0, fma(a1, b1, sum)), each rounded to nearest, ties to even, whatever the rounding mode; operands and
// results below 2^-126 count as zero. A product of two bfloat16 is exact in float, so a sum of k products is off by at most k 2^-24 of the
// sum of their absolute values (plus 2^-126 each), as one of widened operands is; only the order in a pair differs.
// There is no such form of half: AVX512-FP16 adds up in half, and giving up the sum in float is what it would cost.
#pragma once
#include <torchlite/backend/cpu/vector.hpp>
#include <torchlite/core/dtype.hpp>

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The type a product of T is accumulated in: float for half and bfloat16, unsigned for integers, whose overflow is defined.
template <class T, bool Integral = std::is_integral_v<T>>
struct GemmAccumulator {
  using type = register_t<T>;
};
template <class T>
struct GemmAccumulator<T, true> {
  using type = std::make_unsigned_t<T>;
};
template <class T>
using gemm_accumulator_t = typename GemmAccumulator<T>::type;

/// Elements p and p + 1 of a row of a or a column of b; p in the lower half.
enum class Bfloat16Pair : std::uint32_t {};

#if defined(__AVX512BF16__) && !TORCHLITE_DEVICE_PASS
inline constexpr bool multiplies_bfloat16 = true;
#else
inline constexpr bool multiplies_bfloat16 = false;
#endif

/// What an operand of type T is packed as.
template <class T>
using gemm_packed_t = std::conditional_t<multiplies_bfloat16 && std::is_same_v<T, bfloat16>, Bfloat16Pair, gemm_accumulator_t<T>>;

/// Of a packed element: the type of the elements in it, how many steps of k they are, and what their products are added up in.
template <class P>
struct PackedElement {
  using Source = P;
  using Accumulator = P;
  static constexpr int steps = 1;
};
template <>
struct PackedElement<Bfloat16Pair> {
  using Source = std::uint16_t;
  using Accumulator = float;
  static constexpr int steps = 2;
};
template <class P>
using packed_source_t = typename PackedElement<P>::Source;
template <class P>
using packed_accumulator_t = typename PackedElement<P>::Accumulator;

/// How many packed elements k steps take.
template <class P>
constexpr std::int64_t packed_count(std::int64_t k) {
  constexpr int steps = PackedElement<P>::steps;
  return (k + steps - 1) / steps;
}

/// An operand in memory: bits where pairs are made of them, elements otherwise.
template <class T>
using gemm_stored_t = std::conditional_t<std::is_same_v<gemm_packed_t<T>, Bfloat16Pair>, std::uint16_t, T>;
template <class T>
const gemm_stored_t<T>* gemm_stored(const T* p) {
  return reinterpret_cast<const gemm_stored_t<T>*>(p);
}

template <>
struct VectorOf<Bfloat16Pair> {
  typedef std::uint32_t Register __attribute__((vector_size(vector_bytes)));
  typedef std::uint32_t Memory __attribute__((vector_size(vector_bytes), aligned(2), may_alias));
};

TORCHLITE_INLINE constexpr Bfloat16Pair make_pair_of(std::uint16_t low, std::uint16_t high) {
  return static_cast<Bfloat16Pair>(low | static_cast<std::uint32_t>(high) << 16);
}

/// The packed element that begins at p.
template <class P>
TORCHLITE_INLINE P packed_at(const packed_source_t<P>* p) {
  if constexpr (std::is_same_v<P, packed_source_t<P>>) return *p;
  else {
    P value;
    std::memcpy(&value, p, sizeof(P));
    return value;
  }
}
/// The packed element of *p, or of *p and *next, where one holds two: zero, if next is null.
template <class P, class T>
TORCHLITE_INLINE P packed_element(const T* p, [[maybe_unused]] const T* next) {
  if constexpr (PackedElement<P>::steps == 1) return static_cast<P>(*p);
  else return make_pair_of(*p, next ? *next : std::uint16_t(0));
}
/// The same without its second step, whatever stands there.
TORCHLITE_INLINE Bfloat16Pair first_of_pair(Bfloat16Pair pair) {
  return static_cast<Bfloat16Pair>(static_cast<std::uint32_t>(pair) & 0xffffu);
}

typedef std::uint16_t Shorts __attribute__((vector_size(vector_bytes / 2)));
typedef std::uint16_t ShortsMemory __attribute__((vector_size(vector_bytes / 2), aligned(2), may_alias));

/// A vector of pairs from two rows of elements, the second of which may be missing (null).
TORCHLITE_INLINE vector_register<Bfloat16Pair> load_pairs(const std::uint16_t* low, const std::uint16_t* high) {
  using Register = vector_register<Bfloat16Pair>;
  const auto widened = [](const std::uint16_t* p) __attribute__((always_inline)) {
    return __builtin_convertvector(Shorts(*reinterpret_cast<const ShortsMemory*>(p)), Register);
  };
  return high ? widened(low) | widened(high) << 16 : widened(low);
}

/// sum + x * y, for each step that a lane holds; the products of floats are contracted to fused multiply-adds by both compilers.
template <class P>
TORCHLITE_INLINE auto multiply_add(const vector_register<packed_accumulator_t<P>>& sum, const vector_register<P>& x,
                                   const vector_register<P>& y) {
  if constexpr (std::is_same_v<P, Bfloat16Pair>) {
    vector_register<float> result = sum;
#if defined(__AVX512BF16__) && !TORCHLITE_DEVICE_PASS
    asm("vdpbf16ps %2, %1, %0" : "+v"(result) : "v"(x), "v"(y));  // the intrinsic's header alone takes 0.2 s to compile
#else
    static_assert(sizeof(P) == 0, "bfloat16 is packed as float where the processor does not multiply it");
#endif
    return result;
  } else {
    return x * y + sum;
  }
}
/// The same with one element for all lanes.
template <class P>
TORCHLITE_INLINE auto multiply_add(const vector_register<packed_accumulator_t<P>>& sum, const vector_register<P>& x, P value) {
  if constexpr (std::is_same_v<P, Bfloat16Pair>) {
    return multiply_add<P>(sum, x, vector_register<P>{} + static_cast<std::uint32_t>(value));
  } else {
    return x * value + sum;
  }
}

#if defined(__F16C__) && (defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))) && !TORCHLITE_DEVICE_PASS
inline constexpr bool converts_half = true;
#else
inline constexpr bool converts_half = false;
#endif

/// A vector of packed elements from dense memory.
template <class P, class T>
TORCHLITE_INLINE vector_register<P> load_packed(const T* p) {
  if constexpr (sizeof(T) * PackedElement<P>::steps == sizeof(P)) {
    return load_vector(reinterpret_cast<const P*>(p));
  } else if constexpr (converts_half && std::is_same_v<T, half>) {
    vector_register<P> widened;
    asm("vcvtph2ps %1, %0" : "=v"(widened) : "v"(Shorts(*reinterpret_cast<const ShortsMemory*>(p))));
    return widened;
  } else {
    P widened[vector_lanes<P>];
    TORCHLITE_VECTORIZE
    for (int i = 0; i < vector_lanes<P>; ++i) widened[i] = static_cast<P>(p[i]);
    return load_vector(widened);
  }
}

/// Sums of products of P, rounded to nearest, ties to even; where pairs are multiplied, those below 2^-126 become zero.
template <class P, class C>
TORCHLITE_INLINE void store_rounded(C* to, const vector_register<packed_accumulator_t<P>>& sums) {
  using A = packed_accumulator_t<P>;
  if constexpr (multiplies_bfloat16 && std::is_same_v<C, bfloat16>) {
    Shorts rounded;
    asm("vcvtneps2bf16 %1, %0" : "=v"(rounded) : "v"(sums));
    *reinterpret_cast<ShortsMemory*>(to) = rounded;
  } else if constexpr (converts_half && std::is_same_v<C, half>) {
    Shorts rounded;
    asm("vcvtps2ph $0, %1, %0" : "=v"(rounded) : "v"(sums));
    *reinterpret_cast<ShortsMemory*>(to) = rounded;
  } else {
    A values[vector_lanes<A>];
    store_vector(values, sums);
    TORCHLITE_VECTORIZE
    for (int i = 0; i < vector_lanes<A>; ++i) to[i] = static_cast<C>(values[i]);
  }
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
