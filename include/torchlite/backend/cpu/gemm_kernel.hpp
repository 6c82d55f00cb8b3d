// SPDX-License-Identifier: BSD-3-Clause
// The register tile: Rows x (Vectors * lanes) elements of a product, accumulated in registers over all of k.
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

/// One register tile: out = relu?(a b + init + row_add), for as many rows and columns as the kernel has.
/// b has a row of Vectors vectors per step of k, and so have init and out per row. Of the last vector of each, b_last lanes of b
/// and `last` of init and out exist. (Masked loads are slow when they miss the L1 cache, so whole vectors are loaded as such.)
template <class T>
struct Tile {
  std::int64_t k;
  const T* a;
  std::int64_t a_row, a_col;
  const T* b;
  std::int64_t b_row;
  const T* init;  // may be null, and so may row_add
  std::int64_t init_row;
  const T* row_add;
  std::int64_t row_add_step;
  T* out;
  std::int64_t out_row;
  int b_last = vector_lanes<T>, last = vector_lanes<T>;
  bool relu;
  T* b_copy = nullptr;  // only for copying tiles: where the rows of b go as whole vectors, one after the other
  // Only for gathered tiles: k is then walked as `lines` times k steps, a line of a being a_line elements apart (and b
  // going on), and row r of a starts at a + offsets[r].
  const std::int64_t* offsets = nullptr;
  std::int64_t lines = 1, a_line = 0;
};

/// How a tile finds its rows of a: one stride apart, the same while b is packed for the tiles after it, or each at its own offset.
enum class RowAccess { strided, copying, gathered };

// The products are contracted to fused multiply-adds by both compilers. Four rows share a pointer, since an address can hold
// one, two or (with a register of its own) three strides: three pointers and two strides are all that twelve rows need.
// What the tile is added to is read last, when it has come from memory, and not first, when everything would wait for it.
template <class T, int M, int V, RowAccess R = RowAccess::strided>
TORCHLITE_NOINLINE void gemm_tile(const Tile<T>& t) {
  static_assert(V == 1 || V == 2);
  using Register = vector_register<T>;
  constexpr int lanes = vector_lanes<T>, tail = (V - 1) * lanes;
  Register acc[M] = {}, acc2[M] = {};  // the first and, if V is 2, the second vector of each row
  if (t.k > 16) {
    // The tile is written long after this, and its lines were last touched long before.
    unrolled<M>([&](auto i) __attribute__((always_inline)) {
      const T* out = t.out + decltype(i)::value * t.out_row;
      __builtin_prefetch(out, 1);
      if constexpr (V == 2) __builtin_prefetch(out + tail, 1);
    });
  }
  const T* b = t.b;
  const std::int64_t b_row = t.b_row;
  const auto add_row = [&](int r, T value, const Register& x, const Register& x2) __attribute__((always_inline)) {
    acc[r] = x * value + acc[r];
    if constexpr (V == 2) acc2[r] = x2 * value + acc2[r];
  };
  if constexpr (R == RowAccess::gathered) {
    const T* a[M];
    unrolled<M>([&](auto i) __attribute__((always_inline)) { a[decltype(i)::value] = t.a + t.offsets[decltype(i)::value]; });
    for (std::int64_t line = 0; line < t.lines; ++line) {
      const std::int64_t begin = line * t.a_line, end = begin + t.k;
      for (std::int64_t p = begin; p < end; ++p) {
        const Register x = load_vector(b), x2 = load_vector(b + tail);
        unrolled<M>([&](auto i) __attribute__((always_inline)) { add_row(decltype(i)::value, a[decltype(i)::value][p], x, x2); });
        b += b_row;
      }
    }
  } else {
    constexpr int pointers = (M + 3) / 4;
    const std::int64_t a_row = t.a_row, a_col = t.a_col, a_row3 = 3 * t.a_row;
    const T* a[pointers];
    unrolled<pointers>([&](auto i) __attribute__((always_inline)) { a[decltype(i)::value] = t.a + 4 * decltype(i)::value * a_row; });
    const auto step = [&](const Register& x, const Register& x2) __attribute__((always_inline)) {
      unrolled<M>([&](auto i) __attribute__((always_inline)) {
        constexpr int r = decltype(i)::value, q = r % 4;
        add_row(r, a[r / 4][q == 3 ? a_row3 : q * a_row], x, x2);
      });
      b += b_row;
      unrolled<pointers>([&](auto i) __attribute__((always_inline)) { a[decltype(i)::value] += a_col; });
    };
    if constexpr (R == RowAccess::copying) {
      T* copy = t.b_copy;
      const LaneMask<T> mask = first_lanes<T>(t.b_last);
      for (std::int64_t p = t.k; p > 0; --p, copy += V * lanes) {
        const Register x = load_vector(b), x2 = load_lanes(b + tail, mask);
        store_vector(copy, x);
        store_vector(copy + tail, x2);
        __builtin_prefetch(b + 24 * b_row);
        __builtin_prefetch(b + 24 * b_row + tail);
        step(x, x2);
      }
    } else if (!masked_vectors<T> || t.b_last == lanes) {
      for (std::int64_t p = t.k; p > 0; --p) step(load_vector(b), load_vector(b + tail));
    } else {
      const LaneMask<T> mask = first_lanes<T>(t.b_last);
      for (std::int64_t p = t.k; p > 0; --p) {
        const Register x2 = load_lanes(b + tail, mask);
        step(V == 2 ? load_vector(b) : x2, x2);
      }
    }
  }

  const LaneMask<T> mask = first_lanes<T>(t.last);
  const auto last = [&](int r) __attribute__((always_inline))->Register& { return V == 2 ? acc2[r] : acc[r]; };
  if (t.init) {
    unrolled<M>([&](auto i) __attribute__((always_inline)) {
      constexpr int r = decltype(i)::value;
      const T* init = t.init + r * t.init_row;
      if constexpr (V == 2) acc[r] += load_vector(init);
      last(r) += load_lanes(init + tail, mask);
    });
  }
  if (t.row_add) {
    unrolled<M>([&](auto i) __attribute__((always_inline)) {
      constexpr int r = decltype(i)::value;
      acc[r] += t.row_add[r * t.row_add_step];
      acc2[r] += t.row_add[r * t.row_add_step];
    });
  }
  if constexpr (std::is_floating_point_v<T>) {
    if (t.relu) {
      // A NaN is not below zero and stays, as in PyTorch.
      unrolled<M>([&](auto i) __attribute__((always_inline)) {
        constexpr int r = decltype(i)::value;
        acc[r] = acc[r] < Register{} ? Register{} : acc[r];
        acc2[r] = acc2[r] < Register{} ? Register{} : acc2[r];
      });
    }
  }
  unrolled<M>([&](auto i) __attribute__((always_inline)) {
    constexpr int r = decltype(i)::value;
    T* out = t.out + r * t.out_row;
    if constexpr (V == 2) store_vector(out, acc[r]);
    store_lanes(out + tail, last(r), mask);
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
