// SPDX-License-Identifier: BSD-3-Clause
// Many parameters in one launch: a table of tensors goes along with the kernel, and each block takes a chunk of one of them.
#pragma once
#include <torchlite/backend/cuda/team.hpp>
#include <torchlite/backend/optimizer.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Elements that a block takes.
inline constexpr std::int64_t update_chunk = 8192;
/// Tensors of one launch: what fits the 4 KB that every device takes as arguments.
inline constexpr int table_size = 56;

/// A parameter, its gradient and its state.
template <class T>
struct UpdateTensor {
  T* p;
  const T* g;
  T* states[3];
  std::int64_t n;
};

template <class T>
struct UpdateTable {
  int count = 0;
  int first_block[table_size + 1] = {};  ///< of each tensor; then the number of blocks
  UpdateTensor<T> tensors[table_size];

  bool full() const { return count == table_size; }
  void add(const UpdateTensor<T>& t) {
    first_block[count + 1] = first_block[count] + static_cast<int>((t.n + update_chunk - 1) / update_chunk);
    tensors[count++] = t;
  }
  int blocks() const { return first_block[count]; }
  /// The tensor that a block works on.
  TORCHLITE_HOST_DEVICE int tensor_of(int block) const {
    int low = 0, high = count - 1;
    while (low < high) {
      const int middle = (low + high + 1) / 2;
      if (first_block[middle] <= block) low = middle;
      else high = middle - 1;
    }
    return low;
  }
};

/// V elements from element i on.
template <int V, class F, class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void update_packet(const F& formula, const UpdateTensor<T>& t, std::int64_t i) {
  using R = register_t<T>;
  R p[V], g[V], s[3][V] = {};
  Row<const T>{t.p + i, 1}.template read<V>(0, p);
  Row<const T>{t.g + i, 1}.template read<V>(0, g);
  unrolled<3>([&](auto k) {
    if constexpr ((F::states >> decltype(k)::value & 1u) != 0)
      Row<const T>{t.states[decltype(k)::value] + i, 1}.template read<V>(0, s[decltype(k)::value]);
  });
  unrolled<V>([&](auto k) {
    constexpr int e = decltype(k)::value;
    formula(p[e], g[e], s[0][e], s[1][e], s[2][e]);
  });
  Row<T>{t.p + i, 1}.template write<V>(0, p);
  unrolled<3>([&](auto k) {
    if constexpr ((F::states >> decltype(k)::value & 1u) != 0)
      Row<T>{t.states[decltype(k)::value] + i, 1}.template write<V>(0, s[decltype(k)::value]);
  });
}

/// True if packets of V elements of all that a tensor has can be read and written whole.
template <int V, class T>
TORCHLITE_HOST_DEVICE bool is_aligned(const UpdateTensor<T>& t) {
  const auto fits = [](const void* p) { return reinterpret_cast<std::uintptr_t>(p) % (V * sizeof(T)) == 0; };
  return fits(t.p) && fits(t.g) && fits(t.states[0]) && fits(t.states[1]) && fits(t.states[2]);
}

/// What a thread of a block does.
template <class F, class T>
TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void update_chunk_of(const UpdateTable<T>& table, const F& formula, int block, int thread) {
  constexpr int width = row_width<T>;
  const int k = table.tensor_of(block);
  const UpdateTensor<T>& t = table.tensors[k];
  const std::int64_t begin = (block - table.first_block[k]) * update_chunk, end = begin + update_chunk < t.n ? begin + update_chunk : t.n;
  if (is_aligned<width>(t)) {
    std::int64_t i = begin + std::int64_t{thread} * width;
    for (; i + width <= end; i += block_threads * width) update_packet<width>(formula, t, i);
    for (; i < end; ++i) update_packet<1>(formula, t, i);
  } else {
    for (std::int64_t i = begin + thread; i < end; i += block_threads) update_packet<1>(formula, t, i);
  }
}

// --- norms -------------------------------------------------------------------------------------------------------------
/// A sum, or for infinite powers the largest, which is NaN if any is.
template <bool Largest>
struct NormState {
  double value;
  TORCHLITE_HOST_DEVICE static NormState identity() { return {0}; }
  TORCHLITE_HOST_DEVICE static NormState combine(const NormState& a, const NormState& b) {
    if constexpr (Largest) return a.value != a.value || a.value > b.value ? a : b;
    else return {a.value + b.value};
  }
};

/// partial[block] = the sum of |x|^power over the chunk of a block (Largest: the largest |x|).
template <bool Largest, class T>
struct ChunkNorms {
  UpdateTable<T> table;
  double power;
  double* partial;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t block) const {
    const int k = table.tensor_of(static_cast<int>(block));
    const UpdateTensor<T>& t = table.tensors[k];
    const std::int64_t begin = (block - table.first_block[k]) * update_chunk, left = t.n - begin;
    const auto total = team.template fold<NormState<Largest>>(left < update_chunk ? left : update_chunk, [&](std::int64_t i) {
      const double v = static_cast<double>(static_cast<register_t<T>>(t.g[begin + i])), size = v < 0 ? -v : v;
      return NormState<Largest>{Largest ? size : (power == 2 ? v * v : math::pow(size, power))};
    });
    team.once([&] { partial[block] = total.value; });
  }
};

/// result[0] = the norm, result[1] = what gradients are multiplied by so that it is at most max_norm. One row.
template <bool Largest>
struct FinishNorm {
  std::int64_t blocks;
  double power, max_norm;
  const double* partial;
  double* result;

  template <int V, class Team>
  TORCHLITE_HOST_DEVICE void row(const Team& team, std::int64_t) const {
    const double total =
        team.template fold<NormState<Largest>>(blocks, [&](std::int64_t i) { return NormState<Largest>{partial[i]}; }).value;
    team.once([&] {
      const double norm = Largest ? total : (power == 2 ? math::sqrt(total) : math::pow(total, 1 / power));
      const double factor = max_norm / (norm + 1e-6);
      result[0] = norm;
      result[1] = factor >= 1 ? 1 : factor;
    });
  }
};

/// p *= a number that is on the device.
template <class R>
struct ScaleByResult {
  static constexpr unsigned states = 0;
  const double* factor;

  TORCHLITE_HOST_DEVICE TORCHLITE_INLINE void operator()(R& p, R, R&, R&, R&) const {
    const double f = *factor;
    if (f != 1) p *= static_cast<R>(f);  // a factor of 1 leaves even infinities as they are
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
