// SPDX-License-Identifier: BSD-3-Clause
// Who does what in attention's kernels: tiles, heads in memory, and which unit makes the products.
#pragma once
#include <torchlite/backend/attention.hpp>
#include <torchlite/backend/cuda/attention_tile.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// Heads that are wider have no kernel. Narrower ones are filled up with zeros to 32, 64 or 128 columns.
inline constexpr std::int64_t widest_head = 128;

/// How a block shares out a tile: its warps have 8 squares_down rows each; forward goes over `columns` keys at a time, backward over
/// `backward_columns` keys or queries. Chosen so that a block needs less than 99 KB of shared memory and a thread less than 255 registers.
template <class Unit, int Width>
struct AttentionTile {
  using E = typename Unit::Element;
  static constexpr bool two_bytes = sizeof(E) == 2, wide = Width > 64, twice = sizeof(E) == 8;
  static constexpr int squares_down = Unit::squares_down, rows = twice ? 32 : 64;
  static constexpr int warps = rows / (8 * squares_down), threads = warps * warp_threads;
  static constexpr int columns = two_bytes ? 64 : (twice ? 16 : 32);
  static constexpr int backward_columns =
      two_bytes ? (wide ? 32 : 64) : (twice ? (wide ? 8 : 16) : (Unit::matrix && Width == 64 ? 32 : 16));
  static constexpr int row = padded_row<E, Width>;

  /// Elements that a unit without matrices needs to pass tiles of Columns columns on.
  template <int Columns>
  static constexpr int scratch = Unit::matrix ? 0 : rows* padded_row<E, Columns>;
};

/// Which keys a query sees.
struct AttentionView {
  std::int64_t queries, keys;
  bool causal;

  TORCHLITE_HOST_DEVICE bool sees(std::int64_t query, std::int64_t key) const { return key < keys && (!causal || key <= query); }
  /// Where the keys end that some of `rows` queries from `first` on see.
  TORCHLITE_HOST_DEVICE std::int64_t end_of_keys(std::int64_t first, int rows) const {
    const std::int64_t last = first + rows < queries ? first + rows : queries;
    return causal && last < keys ? last : keys;
  }
  /// Where the first tile of queries begins of which one sees key `first`; tiles begin at multiples of `columns`.
  TORCHLITE_HOST_DEVICE std::int64_t first_query(std::int64_t first, int columns) const { return causal ? first / columns * columns : 0; }
  /// Whether `query` and all later ones see all of these keys.
  TORCHLITE_HOST_DEVICE bool whole(std::int64_t query, std::int64_t key, int keys_of_tile) const {
    return key + keys_of_tile <= keys && (!causal || key + keys_of_tile - 1 <= query);
  }
};

/// Head and first row of a block's tile. What takes longest comes first: the last queries, the first keys.
struct AttentionPlace {
  std::int64_t head, first;

  TORCHLITE_HOST_DEVICE AttentionPlace(std::int64_t block, std::int64_t rows, int rows_of_tile, bool last_first) {
    const std::int64_t tiles = (rows + rows_of_tile - 1) / rows_of_tile, tile = block % tiles;
    head = block / tiles;
    first = (last_first ? tiles - 1 - tile : tile) * rows_of_tile;
  }
};

/// Rows of a head, dense, as a block reads and writes them.
template <class T>
struct HeadTile {
  T* data;
  std::int64_t row, rows;  ///< from one row to the next; how many there are from here on, which may be more than the tile has
  int width;
  bool packets;  ///< rows are made of whole packets of 16 bytes
};

/// Rows of a tensor [heads, rows, width]; packets as in HeadTile.
template <class T>
struct HeadMatrix {
  HeadStrides<T> heads;
  int width;
  bool packets;

  TORCHLITE_HOST_DEVICE HeadTile<T> tile(std::int64_t head, std::int64_t first, std::int64_t rows) const {
    return {heads.at(head, first), heads.row, rows - first, width, packets};
  }
};

/// What all three kernels are told. scale: of the products, times log2(e).
template <class T>
struct AttentionTask {
  using R = register_t<T>;

  AttentionView view;
  std::int64_t heads, group;  ///< of keys; of queries for each of them
  R scale;
  HeadMatrix<const T> q, k, v;
};

inline constexpr double log2_of_e = 1.4426950408889634;

/// run(unit, width as a type) for heads of a width, `matrix` if tensor cores may make the products.
template <class T, class Run>
void with_attention_unit(std::int64_t width, bool matrix, Run run) {
  const auto by_width = [&](auto narrow_unit, auto wide_unit) {
    if (width <= 32) run(narrow_unit, std::integral_constant<int, 32>{});
    else if (width <= 64) run(narrow_unit, std::integral_constant<int, 64>{});
    else run(wide_unit, std::integral_constant<int, 128>{});
  };
  if constexpr (sizeof(T) == 2) {
    by_width(MatrixUnit<T>{}, MatrixUnit<T>{});
  } else if constexpr (std::is_same_v<T, float>) {
    if (matrix) by_width(Tf32Unit{}, Tf32Unit{});
    else by_width(PlainUnit<float, 4>{}, PlainUnit<float, 2>{});
  } else {
    by_width(PlainUnit<T, 1>{}, PlainUnit<T, 1>{});
  }
}

/// Heads [rows, width] as the kernels take them.
template <class T>
HeadMatrix<T> head_matrix(const HeadStrides<T>& h, std::int64_t width) {
  constexpr std::int64_t packet = row_width<std::remove_const_t<T>>;
  const bool packets = width % packet == 0 && h.row % packet == 0 && h.outer_step % packet == 0 && h.inner_step % packet == 0 &&
                       is_packet_aligned(h.data, 16);
  return {h, static_cast<int>(width), packets};
}

template <class T>
AttentionTask<T> attention_task(const AttentionArguments<T, HeadStrides>& a) {
  return {{a.queries, a.keys, a.causal},
          a.heads,
          a.group,
          static_cast<register_t<T>>(a.scale * log2_of_e),
          head_matrix(a.q, a.width),
          head_matrix(a.k, a.width),
          head_matrix(a.v, a.value_width)};
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
