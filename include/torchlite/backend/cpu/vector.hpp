// SPDX-License-Identifier: BSD-3-Clause
// Vector registers as GNU vectors of the widest size that the target has, and loops over them that are written out.
#pragma once
#include <torchlite/core/config.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

// nvcc's pass for the device reads host functions too, and crashes on some with 64-byte vectors; it generates none of them.
#if defined(__AVX512F__) && !TORCHLITE_DEVICE_PASS
inline constexpr int vector_bytes = 64;
#elif defined(__AVX2__) && defined(__FMA__)
inline constexpr int vector_bytes = 32;
#else
inline constexpr int vector_bytes = 16;
#endif

// The element a vector register holds, its register type, and the same with an element's alignment for loads and stores.
template <class T>
struct VectorOf;
template <>
struct VectorOf<float> {
  typedef float Register __attribute__((vector_size(vector_bytes)));
  typedef float Memory __attribute__((vector_size(vector_bytes), aligned(4), may_alias));
};
template <>
struct VectorOf<double> {
  typedef double Register __attribute__((vector_size(vector_bytes)));
  typedef double Memory __attribute__((vector_size(vector_bytes), aligned(8), may_alias));
};
template <>
struct VectorOf<std::uint8_t> {
  typedef std::uint8_t Register __attribute__((vector_size(vector_bytes)));
  typedef std::uint8_t Memory __attribute__((vector_size(vector_bytes), aligned(1), may_alias));
};
template <>
struct VectorOf<std::uint16_t> {
  typedef std::uint16_t Register __attribute__((vector_size(vector_bytes)));
  typedef std::uint16_t Memory __attribute__((vector_size(vector_bytes), aligned(2), may_alias));
};
template <>
struct VectorOf<std::uint32_t> {
  typedef std::uint32_t Register __attribute__((vector_size(vector_bytes)));
  typedef std::uint32_t Memory __attribute__((vector_size(vector_bytes), aligned(4), may_alias));
};
template <>
struct VectorOf<std::uint64_t> {
  typedef std::uint64_t Register __attribute__((vector_size(vector_bytes)));
  typedef std::uint64_t Memory __attribute__((vector_size(vector_bytes), aligned(8), may_alias));
};
template <class T>
using vector_register = typename VectorOf<T>::Register;
template <class T>
inline constexpr int vector_lanes = vector_bytes / static_cast<int>(sizeof(T));

template <class T>
TORCHLITE_INLINE vector_register<T> load_vector(const T* p) {
  return *reinterpret_cast<const typename VectorOf<T>::Memory*>(p);
}
template <class T>
TORCHLITE_INLINE void store_vector(T* p, vector_register<T> v) {
  *reinterpret_cast<typename VectorOf<T>::Memory*>(p) = v;
}

/// True where the first lanes of a vector can be read and written alone. Elsewhere callers see to it that vectors are whole.
template <class T>
inline constexpr bool masked_vectors = vector_bytes == 64 && std::is_floating_point_v<T>;

/// Which lanes of a vector take part, as one bit each.
template <class T>
using LaneMask = std::conditional_t<sizeof(T) == 4, std::uint16_t, std::uint8_t>;
template <class T>
TORCHLITE_INLINE LaneMask<T> first_lanes(int count) {
  return masked_vectors<T> ? static_cast<LaneMask<T>>((1u << count) - 1u) : LaneMask<T>{};
}

/// The lanes of `mask` of what stands at p, zeros in the others, whose memory is not touched.
template <class T>
TORCHLITE_INLINE vector_register<T> load_lanes(const T* p, [[maybe_unused]] LaneMask<T> mask) {
#if defined(__AVX512F__) && !TORCHLITE_DEVICE_PASS
  if constexpr (std::is_same_v<T, float>) return __builtin_ia32_loadups512_mask(p, vector_register<T>{}, mask);
  if constexpr (std::is_same_v<T, double>) return __builtin_ia32_loadupd512_mask(p, vector_register<T>{}, mask);
#endif
  return load_vector(p);
}
template <class T>
TORCHLITE_INLINE void store_lanes(T* p, vector_register<T> v, [[maybe_unused]] LaneMask<T> mask) {
#if defined(__AVX512F__) && !TORCHLITE_DEVICE_PASS
  if constexpr (std::is_same_v<T, float>) return __builtin_ia32_storeups512_mask(p, v, mask);
  if constexpr (std::is_same_v<T, double>) return __builtin_ia32_storeupd512_mask(p, v, mask);
#endif
  store_vector(p, v);
}

/// Whether one instruction looks every lane up in a table of 16 floats.
inline constexpr bool has_float_tables = TORCHLITE_AVX512 && !TORCHLITE_CUDA;
/// table[index % 16] for every lane; zeros where there is no such instruction.
TORCHLITE_INLINE vector_register<float> look_up([[maybe_unused]] vector_register<float> table,
                                                [[maybe_unused]] vector_register<std::uint32_t> index) {
#if !TORCHLITE_AVX512 || TORCHLITE_CUDA
  return vector_register<float>{};
#elif defined(__clang__)
  typedef int Signed __attribute__((vector_size(vector_bytes)));
  return __builtin_ia32_permvarsf512(table, (Signed)index);
#else
  return __builtin_shuffle(table, index);
#endif
}

template <int N>
struct Index {
  static constexpr int value = N;
};

template <class F, int... I>
TORCHLITE_INLINE void unrolled(F&& f, std::integer_sequence<int, I...>) {
  (f(Index<I>{}), ...);
}
/// f(Index<0>{}) ... f(Index<N - 1>{}), written out: an array indexed this way lives in registers at -O2.
template <int N, class F>
TORCHLITE_INLINE void unrolled(F&& f) {
  unrolled(f, std::make_integer_sequence<int, N>{});
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
