// SPDX-License-Identifier: BSD-3-Clause
// Transpositions in registers, four columns at a time.
#pragma once
#include <torchlite/backend/cpu/gemm_kernel.hpp>

#include <cstdint>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

using FloatVector = vector_register<float>;
inline constexpr int float_lanes = vector_lanes<float>;

typedef float Quad __attribute__((vector_size(16)));
typedef float QuadMemory __attribute__((vector_size(16), aligned(2), may_alias));

TORCHLITE_INLINE void copy_quad(const float* from, float* to) {
  *reinterpret_cast<QuadMemory*>(to) = *reinterpret_cast<const QuadMemory*>(from);
}

/// to[p * to_step + i] = from[i * from_step + p] for i and p in [0, 4), each of 4 bytes; steps count what the pointers point to.
template <class From, class To>
TORCHLITE_INLINE void transpose_4x4(const From* from, std::int64_t from_step, To* to, std::int64_t to_step) {
  const auto load = [](const From* p) __attribute__((always_inline)) { return Quad(*reinterpret_cast<const QuadMemory*>(p)); };
  const auto store = [](To * p, Quad v) __attribute__((always_inline)) { *reinterpret_cast<QuadMemory*>(p) = v; };
  const Quad a = load(from), b = load(from + from_step), c = load(from + 2 * from_step), d = load(from + 3 * from_step);
  const Quad ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Quad cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  store(to, __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5));
  store(to + to_step, __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7));
  store(to + 2 * to_step, __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5));
  store(to + 3 * to_step, __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7));
}

/// The same for numbers of 8 bytes, two rows and two columns at a time.
TORCHLITE_INLINE void transpose_4x4(const double* from, std::int64_t from_step, double* to, std::int64_t to_step) {
  typedef double Pair __attribute__((vector_size(16)));
  typedef double PairMemory __attribute__((vector_size(16), aligned(8), may_alias));
  for (int i = 0; i < 4; i += 2) {
    for (int p = 0; p < 4; p += 2) {
      const double* source = from + i * from_step + p;
      double* target = to + p * to_step + i;
      const Pair a = *reinterpret_cast<const PairMemory*>(source), b = *reinterpret_cast<const PairMemory*>(source + from_step);
      *reinterpret_cast<PairMemory*>(target) = __builtin_shufflevector(a, b, 0, 2);
      *reinterpret_cast<PairMemory*>(target + to_step) = __builtin_shufflevector(a, b, 1, 3);
    }
  }
}

/// In every quarter the elements A, B, C and D of v's followed by w's.
template <int A, int B, int C, int D, class V>
TORCHLITE_INLINE V mix_quads(V v, V w) {
  constexpr int n = float_lanes - 4, a = A < 4 ? A : A + n, b = B < 4 ? B : B + n, c = C < 4 ? C : C + n, d = D < 4 ? D : D + n;
  if constexpr (sizeof(V) == 16) return __builtin_shufflevector(v, w, a, b, c, d);
  else if constexpr (sizeof(V) == 32) return __builtin_shufflevector(v, w, a, b, c, d, a + 4, b + 4, c + 4, d + 4);
  else
    return __builtin_shufflevector(v, w, a, b, c, d, a + 4, b + 4, c + 4, d + 4, a + 8, b + 8, c + 8, d + 8, a + 12, b + 12, c + 12,
                                   d + 12);
}
/// Transposes the 4x4 numbers in every quarter (or whatever four numbers are of a vector) of four vectors.
TORCHLITE_INLINE void transpose_quads(FloatVector (&v)[4]) {
  const FloatVector ab_low = mix_quads<0, 4, 1, 5>(v[0], v[1]), ab_high = mix_quads<2, 6, 3, 7>(v[0], v[1]);
  const FloatVector cd_low = mix_quads<0, 4, 1, 5>(v[2], v[3]), cd_high = mix_quads<2, 6, 3, 7>(v[2], v[3]);
  v[0] = mix_quads<0, 1, 4, 5>(ab_low, cd_low);
  v[1] = mix_quads<2, 3, 6, 7>(ab_low, cd_low);
  v[2] = mix_quads<0, 1, 4, 5>(ab_high, cd_high);
  v[3] = mix_quads<2, 3, 6, 7>(ab_high, cd_high);
}

/// N / 4 quarters, `step` elements apart in memory, as one vector.
template <int N, class From>
TORCHLITE_INLINE auto load_quads(const From* p, [[maybe_unused]] std::int64_t step) {
  if constexpr (N == 4) return Quad(*reinterpret_cast<const QuadMemory*>(p));
  else {
    const auto low = load_quads<N / 2>(p, step), high = load_quads<N / 2>(p + N / 8 * step, step);
    if constexpr (N == 8) return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
    else return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  }
}
template <int Q, class V>
TORCHLITE_INLINE Quad quarter(V v) {
  if constexpr (sizeof(V) == 16) return v;
  else return __builtin_shufflevector(v, v, 4 * Q, 4 * Q + 1, 4 * Q + 2, 4 * Q + 3);
}
/// The reverse of load_quads.
TORCHLITE_INLINE void store_quads(float* p, std::int64_t step, FloatVector v) {
  unrolled<float_lanes / 4>([&](auto i) __attribute__((always_inline)) {
    const Quad q = quarter<decltype(i)::value>(v);
    *reinterpret_cast<QuadMemory*>(p + decltype(i)::value * step) = q;
  });
}

/// Four columns of as many rows as a vector has lanes become four vectors; numbers of 4 bytes, steps count what the pointers point to.
template <class From, class To>
TORCHLITE_INLINE void gather_columns(const From* from, std::int64_t from_step, To* to, std::int64_t to_step) {
  FloatVector v[4];
  unrolled<4>([&](auto k) __attribute__((always_inline)) {
    v[decltype(k)::value] = load_quads<float_lanes>(from + decltype(k)::value * from_step, 4 * from_step);
  });
  transpose_quads(v);
  unrolled<4>([&](auto k) __attribute__((always_inline)) {
    store_vector(reinterpret_cast<float*>(to + decltype(k)::value * to_step), v[decltype(k)::value]);
  });
}
/// Four vectors become four columns of as many rows as they have lanes.
TORCHLITE_INLINE void scatter_columns(const float* from, std::int64_t from_step, float* to, std::int64_t to_step) {
  FloatVector v[4];
  unrolled<4>([&](auto k) __attribute__((always_inline)) { v[decltype(k)::value] = load_vector(from + decltype(k)::value * from_step); });
  transpose_quads(v);
  unrolled<4>([&](auto k)
                  __attribute__((always_inline)) { store_quads(to + decltype(k)::value * to_step, 4 * to_step, v[decltype(k)::value]); });
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
