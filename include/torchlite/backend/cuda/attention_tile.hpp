// SPDX-License-Identifier: BSD-3-Clause
// Products of small matrices by the warps of a block, as attention needs them: from shared memory into registers. A block is a template
// argument: DeviceBlock on the device, and in the tests one that plays all its threads, with the instructions that join lanes as their
// manual describes them.
#pragma once
#include <torchlite/backend/cuda/team.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// f(0) ... f(N - 1), on the device one after the other without a loop: what it indexes stays in registers.
template <int N, class F>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void repeat(F f) {
#if TORCHLITE_DEVICE_PASS
#pragma unroll
#endif
  for (int k = 0; k < N; ++k) f(k);
}

/// What a thread holds of a tile of 8 M rows and 8 N columns that a warp has in registers. Of each square of 8 x 8 the thread with number
/// `lane` in its warp has two neighbours in a row, as the result of mma.sync lies:
///   v[n][i][e] is at row 8 i + lane / 4, column 8 n + lane % 4 * 2 + e
template <class R, int M, int N>
struct TilePart {
  static constexpr int squares_down = M, squares_across = N;

  R v[N][M][2];

  /// f(n, i, e) for each element.
  template <class F>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static void each(F f) {
    repeat<N>([&](int n) { repeat<M>([&](int i) { repeat<2>([&](int e) { f(n, i, e); }); }); });
  }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void clear() {
    each([&](int n, int i, int e) { v[n][i][e] = R(0); });
  }
};
/// Where element (0, 0, 0) of a thread's part is.
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr int row_of_lane(int lane) { return lane / 4; }
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr int column_of_lane(int lane) { return lane % 4 * 2; }
/// Of a tile that the warps of a block share, SquaresDown squares of 8 rows each: the first row that a thread has; the next are 8 further.
template <int SquaresDown>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE constexpr int row_of_thread(int t) {
  return t / warp_threads * 8 * SquaresDown + row_of_lane(t % warp_threads);
}

/// Elements from one row of a matrix in shared memory to the next: with 16 bytes more than its width, eight rows lie in different banks.
template <class T, int Width>
inline constexpr int padded_row = Width + 16 / static_cast<int>(sizeof(T));

/// Four bytes of shared memory.
template <class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE std::uint32_t word_at(const T* p) {
  std::uint32_t w;
  __builtin_memcpy(&w, __builtin_assume_aligned(p, 4), 4);
  return w;
}

/// mma.sync.m16n8k16 of half or bfloat16 with float sums. In the words of the two factors, two elements each, the one of the lower k in
/// the lower half, g = lane / 4 and c = lane % 4 * 2:
///   a, 16 rows of k:    0: row g, k c    1: row g + 8, k c    2: row g, k c + 8    3: row g + 8, k c + 8
///   b, k by 8 columns:  0: k c, column g    1: k c + 8, column g
/// Source: PTX ISA, Matrix Fragments for mma.m16n8k16 with floating point type.
template <class T>
struct MatrixUnit {
  using Element = T;
  using R = float;
  static constexpr bool matrix = true;
  static constexpr int depth = 16, squares_down = 2;
  struct A {
    std::uint32_t word[4];
  };
  struct B {
    std::uint32_t word[2];
  };

  /// Numbers lie in shared memory as they are.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static T prepared(T x) { return x; }

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static std::uint32_t pair(float low, float high) {
#if TORCHLITE_DEVICE_PASS
    std::uint32_t w;
    if constexpr (std::is_same_v<T, half>) {
      const __half2 both = __floats2half2_rn(low, high);
      memcpy(&w, &both, 4);
    } else {
      const __nv_bfloat162 both = __floats2bfloat162_rn(low, high);
      memcpy(&w, &both, 4);
    }
    return w;
#else
    return static_cast<std::uint32_t>(T(low).bits) | static_cast<std::uint32_t>(T(high).bits) << 16;
#endif
  }
  /// a, from 16 rows of a matrix.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static A rows(const T* m, int row, int lane) {
    const T* const p = m + row_of_lane(lane) * row + column_of_lane(lane);
    return {{word_at(p), word_at(p + 8 * row), word_at(p + 8), word_at(p + 8 * row + 8)}};
  }
  /// b, from 8 rows of a matrix whose transpose it is.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static B turned(const T* m, int row, int lane) {
    const T* const p = m + row_of_lane(lane) * row + column_of_lane(lane);
    return {{word_at(p), word_at(p + 8)}};
  }
  /// b, from 16 rows of a matrix. ldmatrix turns two squares of 8 x 8: lane 8 s + r says where row r of square s begins, and word s of a
  /// lane is elements c and c + 1 of column g of square s.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static B straight(const T* m, int row, int lane) {
    const auto beginning = [&](int l) { return m + l % 16 * row; };  // of lanes 16 to 31 nobody asks, but it has to be valid
#if TORCHLITE_DEVICE_PASS
    B b;
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
                 : "=r"(b.word[0]), "=r"(b.word[1])
                 : "r"(static_cast<std::uint32_t>(__cvta_generic_to_shared(beginning(lane))))
                 : "memory");
    return b;
#else
    const int g = lane / 4, c = lane % 4 * 2;
    const auto word = [&](int s) {
      return static_cast<std::uint32_t>(beginning(8 * s + c)[g].bits) | static_cast<std::uint32_t>(beginning(8 * s + c + 1)[g].bits) << 16;
    };
    return {{word(0), word(1)}};
#endif
  }
  /// a, from columns [16 s, 16 s + 16) of a tile in registers: each word is where the tile has it.
  template <int N>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static A of_tile(const TilePart<float, 2, N>& t, int step) {
    const int n = 2 * step;
    return {{pair(t.v[n][0][0], t.v[n][0][1]), pair(t.v[n][1][0], t.v[n][1][1]), pair(t.v[n + 1][0][0], t.v[n + 1][0][1]),
             pair(t.v[n + 1][1][0], t.v[n + 1][1][1])}};
  }
};

/// mma.sync.m16n8k8 of floats that keep 10 bits after the leading one (TF32). With g = lane / 4 and c = lane % 4:
///   a, 16 rows of k:    0: row g, k c    1: row g + 8, k c    2: row g, k c + 4    3: row g + 8, k c + 4
///   b, k by 8 columns:  0: k c, column g    1: k c + 4, column g
/// Source: PTX ISA, Matrix Fragments for mma.m16n8k8.
struct Tf32Unit {
  using Element = float;
  using R = float;
  static constexpr bool matrix = true;
  static constexpr int depth = 8, squares_down = 2;
  struct A {
    std::uint32_t word[4];
  };
  struct B {
    std::uint32_t word[2];
  };

  /// x to the nearest number that has 13 bits less, ties away from 0: what cvt.rna.tf32.f32 does.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static std::uint32_t rounded(float x) {
    const std::uint32_t u = __builtin_bit_cast(std::uint32_t, x);
    return (u & 0x7f800000u) == 0x7f800000u ? u : (u + 0x1000u) & 0xffffe000u;
  }
  /// Numbers lie in shared memory rounded.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static float prepared(float x) { return __builtin_bit_cast(float, rounded(x)); }

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static A rows(const float* m, int row, int lane) {
    const float* const p = m + lane / 4 * row + lane % 4;
    return {{word_at(p), word_at(p + 8 * row), word_at(p + 4), word_at(p + 8 * row + 4)}};
  }
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static B turned(const float* m, int row, int lane) {
    const float* const p = m + lane / 4 * row + lane % 4;
    return {{word_at(p), word_at(p + 4)}};
  }
  // A tile's thread has columns 2 c and 2 c + 1 where a wants k = c and c + 4. A sum may be taken in any order of k: here c stands for
  // 2 c and c + 4 for 2 c + 1, in both factors.
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static B straight(const float* m, int row, int lane) {
    const float* const p = m + column_of_lane(lane) * row + lane / 4;
    return {{word_at(p), word_at(p + row)}};
  }
  template <int N>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static A of_tile(const TilePart<float, 2, N>& t, int step) {
    return {{rounded(t.v[step][0][0]), rounded(t.v[step][1][0]), rounded(t.v[step][0][1]), rounded(t.v[step][1][1])}};
  }
};

/// Products by the ordinary units, for float and double: each thread reads what its part of the result needs.
template <class T, int M>
struct PlainUnit {
  using Element = T;
  using R = T;
  static constexpr bool matrix = false;
  static constexpr int squares_down = M;

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static T prepared(T x) { return x; }

  /// c += a b^T, both with `depth` columns and `row` from row to row.
  template <int N>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static void add_turned(TilePart<T, M, N>& c, const T* a, const T* b, int row, int depth,
                                                                int lane) {
    constexpr int width = row_width<T>;
    using P = Packet<T, width>;
    a += row_of_lane(lane) * row, b += column_of_lane(lane) * row;
    for (int k = 0; k < depth; k += width) {
      P left[M];
      repeat<M>([&](int i) { left[i] = packet_at<T, width>(static_cast<const void*>(a), 8 * i * row + k); });
      repeat<N>([&](int n) {
        repeat<2>([&](int e) {
          const P right = packet_at<T, width>(static_cast<const void*>(b), (8 * n + e) * row + k);
          repeat<M>([&](int i) { repeat<width>([&](int x) { c.v[n][i][e] += left[i].v[x] * right.v[x]; }); });
        });
      });
    }
  }
  /// c += a b, a with `depth` columns.
  template <int N>
  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE static void add_straight(TilePart<T, M, N>& c, const T* a, int a_row, const T* b, int b_row,
                                                                  int depth, int lane) {
    constexpr int width = row_width<T>;
    a += row_of_lane(lane) * a_row, b += column_of_lane(lane);
    for (int k = 0; k < depth; k += width) {
      Packet<T, width> left[M];
      repeat<M>([&](int i) { left[i] = packet_at<T, width>(static_cast<const void*>(a), 8 * i * a_row + k); });
      repeat<width>([&](int x) {
        repeat<N>([&](int n) {
          const Packet<T, 2> right = packet_at<T, 2>(static_cast<const void*>(b), (k + x) * b_row + 8 * n);
          repeat<M>([&](int i) { repeat<2>([&](int e) { c.v[n][i][e] += left[i].v[x] * right.v[e]; }); });
        });
      });
    }
  }
};

/// c += a b^T for the rows of the block, of which each warp has 8 squares_down; a [rows, Depth] and b [8 N, Depth] in shared memory.
template <class U, int Depth, class Block, class Parts>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void add_turned_product(const Block& block, Parts& c, const typename U::Element* a,
                                                               const typename U::Element* b) {
  using Part = typename Parts::value_type;
  constexpr int row = padded_row<typename U::Element, Depth>, warp_rows = 8 * U::squares_down;
  if constexpr (U::matrix) {
    typename Block::template Each<typename U::A> left;
    typename Block::template Each<typename U::B> right;
    for (int k = 0; k < Depth; k += U::depth) {
      block.each([&](int t) { left[t] = U::rows(a + t / warp_threads * warp_rows * row + k, row, t % warp_threads); });
      repeat<Part::squares_across>([&](int n) {
        block.each([&](int t) { right[t] = U::turned(b + 8 * n * row + k, row, t % warp_threads); });
        block.template multiply<U>(c, n, left, right);
      });
    }
  } else {
    block.each([&](int t) { U::add_turned(c[t], a + t / warp_threads * warp_rows * row, b, row, Depth, t % warp_threads); });
  }
}

/// c += w b for tiles w [rows, 8 K] in registers and b [8 K, Width] in shared memory. scratch: for the units that take w from memory,
/// rows of padded_row<Element, 8 K>.
template <class U, int Width, class Block, class Weights, class Parts>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void add_product(const Block& block, Parts& c, Weights& w, const typename U::Element* b,
                                                        [[maybe_unused]] typename U::Element* scratch) {
  using Part = typename Parts::value_type;
  using Weight = typename Weights::value_type;
  using E = typename U::Element;
  constexpr int row = padded_row<E, Width>, depth = 8 * Weight::squares_across, warp_rows = 8 * U::squares_down;
  if constexpr (U::matrix) {
    typename Block::template Each<typename U::A> left;
    typename Block::template Each<typename U::B> right;
    repeat<depth / U::depth>([&](int s) {
      block.each([&](int t) { left[t] = U::of_tile(w[t], s); });
      repeat<Part::squares_across>([&](int n) {
        block.each([&](int t) { right[t] = U::straight(b + s * U::depth * row + 8 * n, row, t % warp_threads); });
        block.template multiply<U>(c, n, left, right);
      });
    });
  } else {
    constexpr int scratch_row = padded_row<E, depth>;
    block.each([&](int t) {
      E* const to =
          scratch + (t / warp_threads * warp_rows + row_of_lane(t % warp_threads)) * scratch_row + column_of_lane(t % warp_threads);
      Weight::each([&](int n, int i, int e) { to[8 * i * scratch_row + 8 * n + e] = w[t].v[n][i][e]; });
    });
    block.warp_barrier();  // a warp reads only what it has written
    block.each([&](int t) {
      U::add_straight(c[t], scratch + t / warp_threads * warp_rows * scratch_row, scratch_row, b, row, depth, t % warp_threads);
    });
    block.warp_barrier();
  }
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
