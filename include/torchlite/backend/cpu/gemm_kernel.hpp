// SPDX-License-Identifier: BSD-3-Clause
// The register tile: RowAccess x (Vectors * lanes) elements of a product, accumulated in registers over all of k.
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

/// One register tile: out = relu?(init + row_add + a b), for as many rows and columns as the kernel has.
/// b has a row of Vectors full vectors per step of k, and so have init and out per row.
template <class T>
struct Tile {
  std::int64_t k;
  const T* a;
  std::int64_t a_row, a_col;
  const T* b;
  std::int64_t b_row;
  const T* init;
  std::int64_t init_row;
  const T* row_add;
  std::int64_t row_add_step;
  T* out;
  std::int64_t out_row;
  bool relu;
  // Only for gathered tiles: k is then walked as `lines` times k steps, a line of a being a_line elements apart (and b
  // going on), and row r of a starts at a + offsets[r].
  const std::int64_t* offsets = nullptr;
  std::int64_t lines = 1, a_line = 0;
};

/// How a tile finds its rows of a: one stride apart, or each at its own offset.
enum class RowAccess { strided, gathered };

// The products are contracted to fused multiply-adds by both compilers. Four rows share a pointer, since an address can hold
// one, two or (with a register of its own) three strides: three pointers and two strides are all that twelve rows need.
template <class T, int M, int V, RowAccess R = RowAccess::strided>
TORCHLITE_NOINLINE void gemm_tile(const Tile<T>& t) {
  using Register = vector_register<T>;
  constexpr int lanes = vector_lanes<T>;
  Register acc[M][V];
  unrolled<M>([&](auto i) __attribute__((always_inline)) {
    constexpr int r = decltype(i)::value;
    const T* init = t.init + r * t.init_row;
    const T add = t.row_add[r * t.row_add_step];
    unrolled<V>([&](auto j) __attribute__((always_inline)) {
      constexpr int v = decltype(j)::value;
      acc[r][v] = load_vector(init + v * lanes) + add;
    });
  });

  // The tile is written long after this, and its lines were last touched long before.
  unrolled<M>([&](auto i) __attribute__((always_inline)) {
    const T* out = t.out + decltype(i)::value * t.out_row;
    unrolled<V>([&](auto j) __attribute__((always_inline)) { __builtin_prefetch(out + decltype(j)::value * lanes, 1); });
  });
  const T* b = t.b;
  const std::int64_t b_row = t.b_row;
  if constexpr (R == RowAccess::strided) {
    constexpr int pointers = (M + 3) / 4;
    const std::int64_t a_row = t.a_row, a_col = t.a_col, a_row3 = 3 * t.a_row;
    const T* a[pointers];
    unrolled<pointers>([&](auto i) __attribute__((always_inline)) { a[decltype(i)::value] = t.a + 4 * decltype(i)::value * a_row; });
    for (std::int64_t p = t.k; p > 0; --p) {
      Register row[V];
      unrolled<V>([&](auto j) __attribute__((always_inline)) { row[decltype(j)::value] = load_vector(b + decltype(j)::value * lanes); });
      unrolled<M>([&](auto i) __attribute__((always_inline)) {
        constexpr int r = decltype(i)::value;
        constexpr int q = r % 4;
        const T value = a[r / 4][q == 3 ? a_row3 : q * a_row];
        unrolled<V>([&](auto j) __attribute__((always_inline)) {
          constexpr int v = decltype(j)::value;
          acc[r][v] = row[v] * value + acc[r][v];
        });
      });
      b += b_row;
      unrolled<pointers>([&](auto i) __attribute__((always_inline)) { a[decltype(i)::value] += a_col; });
    }
  } else {
    const T* a[M];
    unrolled<M>([&](auto i) __attribute__((always_inline)) { a[decltype(i)::value] = t.a + t.offsets[decltype(i)::value]; });
    for (std::int64_t line = 0; line < t.lines; ++line) {
      const std::int64_t begin = line * t.a_line, end = begin + t.k;
      for (std::int64_t p = begin; p < end; ++p) {
        Register row[V];
        unrolled<V>([&](auto j) __attribute__((always_inline)) { row[decltype(j)::value] = load_vector(b + decltype(j)::value * lanes); });
        unrolled<M>([&](auto i) __attribute__((always_inline)) {
          constexpr int r = decltype(i)::value;
          const T value = a[r][p];
          unrolled<V>([&](auto j) __attribute__((always_inline)) {
            constexpr int v = decltype(j)::value;
            acc[r][v] = row[v] * value + acc[r][v];
          });
        });
        b += b_row;
      }
    }
  }

  if constexpr (std::is_floating_point_v<T>) {
    if (t.relu) {
      // A NaN is not below zero and stays, as in PyTorch.
      unrolled<M>([&](auto i) __attribute__((always_inline)) {
        unrolled<V>([&](auto j) __attribute__((always_inline)) {
          Register& x = acc[decltype(i)::value][decltype(j)::value];
          x = x < Register{} ? Register{} : x;
        });
      });
    }
  }
  unrolled<M>([&](auto i) __attribute__((always_inline)) {
    constexpr int r = decltype(i)::value;
    T* out = t.out + r * t.out_row;
    unrolled<V>([&](auto j) __attribute__((always_inline)) { store_vector(out + decltype(j)::value * lanes, acc[r][decltype(j)::value]); });
  });
}

/// The tile sizes of this instruction set: as many accumulators as leave registers for a row of b and an element of a.
template <class T>
struct TileSizes {
  static constexpr int vectors = 2;
  static constexpr int columns = vectors * vector_lanes<T>;
  static constexpr int rows = !std::is_floating_point_v<T> ? 4 : vector_bytes == 64 ? 12 : vector_bytes == 32 ? 6 : 4;

  /// The rows of the next tile where `left` remain.
  static int next_rows(std::int64_t left) {
    if constexpr (rows == 12) {
      if (left == 16) return 8;
      if (left >= 12) return 12;
      if (left >= 8) return 8;
    }
    if constexpr (rows == 6) {
      if (left == 8) return 4;
      if (left >= 6) return 6;
    }
    return left >= 4 ? 4 : left >= 2 ? 2 : 1;
  }
};

template <class T, RowAccess R, int V>
void run_tile_rows(int rows, const Tile<T>& t) {
  constexpr int most = TileSizes<T>::rows;
  if constexpr (most == 12) {
    if (rows == 12) return gemm_tile<T, 12, V, R>(t);
    if (rows == 8) return gemm_tile<T, 8, V, R>(t);
  }
  if constexpr (most == 6) {
    if (rows == 6) return gemm_tile<T, 6, V, R>(t);
  }
  if (rows == 4) return gemm_tile<T, 4, V, R>(t);
  if (rows == 2) return gemm_tile<T, 2, V, R>(t);
  gemm_tile<T, 1, V, R>(t);
}

/// Runs the kernel of `rows` (a value of next_rows) by one or two vectors.
template <class T, RowAccess R = RowAccess::strided>
void run_tile(int rows, int vectors, const Tile<T>& t) {
  if (vectors == 2) run_tile_rows<T, R, 2>(rows, t);
  else run_tile_rows<T, R, 1>(rows, t);
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
