// SPDX-License-Identifier: BSD-3-Clause
// A band of an image, copied so that a convolution reads nothing but dense runs: padding is written out, and columns that are
// stride_w apart lie next to each other. The copy costs one pass over an image that is then read once per tap and output channel. Patches
// are packed from it, and weights in their order.
#pragma once
#include <torchlite/backend/conv.hpp>
#include <torchlite/backend/cpu/gemm_pack.hpp>

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {
namespace backend {

/// The layout [channel][row][phase][column] of a band of output rows: the input element under tap (kh, kw) of output pixel
/// (oh, ow) is at offset(channel, kh, kw) + pixel(oh - first row, ow).
struct ConvBand {
  std::int64_t rows_out;                        // output rows of a full band
  std::int64_t bands;                           // how many cover the image
  std::int64_t rows, columns, row_step, plane;  // of the copy
  const Conv2dShape& s;

  ConvBand(const Conv2dShape& shape, std::int64_t pixels) : s(shape) {
    rows_out = std::clamp<std::int64_t>((pixels + s.out_w - 1) / s.out_w, 1, s.out_h);
    bands = (s.out_h + rows_out - 1) / rows_out;
    rows_out = (s.out_h + bands - 1) / bands;  // equal bands
    bands = (s.out_h + rows_out - 1) / rows_out;
    rows = (rows_out - 1) * s.stride_h + (s.kernel_h - 1) * s.dilation_h + 1;
    columns = s.out_w + (s.kernel_w - 1) * s.dilation_w / s.stride_w;
    row_step = columns * s.stride_w;
    plane = rows * row_step;
  }

  std::int64_t offset(std::int64_t channel, std::int64_t kh, std::int64_t kw) const {
    const std::int64_t column = kw * s.dilation_w;
    return channel * plane + kh * s.dilation_h * row_step + column % s.stride_w * columns + column / s.stride_w;
  }
  std::int64_t pixel(std::int64_t row, std::int64_t ow) const { return row * s.stride_h * row_step + ow; }
  std::int64_t first_row(std::int64_t band) const { return band * rows_out; }
  std::int64_t row_count(std::int64_t band) const { return std::min(rows_out, s.out_h - first_row(band)); }

  /// Elements to allocate for a copy: whole vectors may be read from any of its elements.
  template <class A>
  std::int64_t size(std::int64_t channels) const {
    return packed_count<A>(channels) * plane + 5 * vector_lanes<A>;
  }

  /// Offsets of all taps of `channels` channels, in the order of w's elements.
  void write_offsets(std::int64_t channels, std::int64_t* to) const {
    for (std::int64_t c = 0; c < channels; ++c)
      for (std::int64_t kh = 0; kh < s.kernel_h; ++kh)
        for (std::int64_t kw = 0; kw < s.kernel_w; ++kw) *to++ = offset(c, kh, kw);
  }

  /// Copies the rows that a band needs of `channels` planes of in_h x in_w; the padding becomes `fill`. Where elements of A are pairs, two
  /// channels become one, and what the last one lacks becomes zero.
  template <class T, class A>
  void copy(const T* x, std::int64_t channels, std::int64_t band, A* to, A fill = A(0)) const {
    const std::int64_t first = first_row(band) * s.stride_h - s.pad_h;
    const std::int64_t count = (row_count(band) - 1) * s.stride_h + (s.kernel_h - 1) * s.dilation_h + 1;
    constexpr std::int64_t steps = PackedElement<A>::steps;
    const std::int64_t copies = packed_count<A>(channels), partner = s.in_h * s.in_w;
    const auto paired = [&](std::int64_t c) { return steps == 2 && c * steps + 1 < channels; };
    if (row_step == s.in_w && s.stride_w == 1 && s.pad_w == 0 && first >= 0 && first + count <= s.in_h) {
      for (std::int64_t c = 0; c < copies; ++c) {
        const T* source = x + (c * steps * s.in_h + first) * s.in_w;
        copy_run(source, count * row_step, to + c * plane, paired(c) ? source + partner : nullptr);
      }
      fill_run(to + copies * plane, 4 * vector_lanes<A>, fill);
      return;
    }
    fill_run(to, copies * plane + 4 * vector_lanes<A>, fill);
    const std::int64_t top = std::max<std::int64_t>(0, -first), bottom = std::min(count, s.in_h - first);
    for (std::int64_t phase = 0; phase < s.stride_w; ++phase) {
      // Column q of a phase holds the input's column q * stride_w + shift.
      const std::int64_t shift = phase - s.pad_w, stride = s.stride_w;
      const std::int64_t begin = std::clamp<std::int64_t>(shift >= 0 ? 0 : (-shift + stride - 1) / stride, 0, columns);
      const std::int64_t end = std::clamp<std::int64_t>(s.in_w <= shift ? 0 : (s.in_w - shift + stride - 1) / stride, begin, columns);
      for (std::int64_t c = 0; c < copies; ++c) {
        for (std::int64_t r = top; r < bottom; ++r) {
          A* row = to + c * plane + r * row_step + phase * columns;
          const T* source = x + (c * steps * s.in_h + first + r) * s.in_w + shift;
          const T* other = paired(c) ? source + partner : nullptr;
          if (stride == 1) {
            copy_run(source + begin, end - begin, row + begin, other ? other + begin : nullptr);
          } else {
            for (std::int64_t q = begin; q < end; ++q)
              row[q] = packed_element<A>(source + q * stride, other ? other + q * stride : nullptr);
          }
        }
      }
    }
  }

  /// `count` times the same; writes whole vectors, so up to one beyond the end.
  template <class A>
  static void fill_run(A* to, std::int64_t count, A value) {
    vector_register<A> v{};
    if constexpr (PackedElement<A>::steps == 1) v += value;
    else v += static_cast<std::uint32_t>(value);
    for (std::int64_t i = 0; i < count; i += vector_lanes<A>) store_vector(to + i, v);
  }
  /// `count` adjacent elements, converted, or joined with those of another plane (null: with zeros).
  template <class T, class A>
  static TORCHLITE_INLINE void copy_run(const T* from, std::int64_t count, A* to, [[maybe_unused]] const T* partner = nullptr) {
    if constexpr (PackedElement<A>::steps == 2) {
      // The next two planes of this row are asked for: the processor does not foresee them.
      join_rows(from, partner, count, to, partner ? 2 * (partner - from) : 0);
    } else if constexpr (std::is_same_v<T, A>) {
      copy_same<vector_bytes>(from, count, to);
    } else {
      std::int64_t i = 0;
      if constexpr (sizeof(T) < sizeof(A)) {
        for (; i + vector_lanes<A> <= count; i += vector_lanes<A>) store_vector(to + i, load_packed<A>(from + i));
      }
      for (; i < count; ++i) to[i] = static_cast<A>(from[i]);
    }
  }

 private:
  // By pieces of Bytes, or smaller ones if there are too few elements; the last piece ends with the run.
  template <int Bytes, class A>
  static TORCHLITE_INLINE void copy_same(const A* from, std::int64_t count, A* to) {
    constexpr std::int64_t piece = Bytes / sizeof(A);
    if constexpr (Bytes > 8 && piece > 1) {
      if (count < piece) return copy_same<Bytes / 2>(from, count, to);
    }
    typedef std::uint8_t Piece __attribute__((vector_size(Bytes), aligned(1), may_alias));
    const auto copy_piece = [&](std::int64_t i) __attribute__((always_inline)) {
      *reinterpret_cast<Piece*>(to + i) = *reinterpret_cast<const Piece*>(from + i);
    };
    std::int64_t i = 0;
    for (; i + piece <= count; i += piece) copy_piece(i);
    if (i < count && count >= piece) return copy_piece(count - piece);
    for (; i < count; ++i) to[i] = from[i];
  }
};

/// Packs panels of the patch matrix: column j is an output pixel, row p the input under tap p, or that of two channels under it.
template <class P>
class PatchPacker {
 public:
  /// The panel of `count` pixels from pixel `first` of the band on.
  PatchPacker(const ConvBand& band, std::int64_t first, std::int64_t count) {
    constexpr std::int64_t lanes = vector_lanes<P>;
    const std::int64_t width = band.s.out_w;
    for (std::int64_t done = 0; done < count;) {
      const std::int64_t row = (first + done) / width, ow = (first + done) % width, run = std::min(width - ow, count - done);
      for (std::int64_t q = 0; q < run; q += lanes) {
        from_[pieces_] = band.pixel(row, ow + q);
        to_[pieces_++] = done + q;
      }
      done += run;
    }
  }

  /// to[p * width + j] for k taps; offsets are those of the taps. Writes a vector beyond the end.
  void pack(const P* image, const std::int64_t* offsets, std::int64_t k, std::int64_t width, P* to) const {
    switch (pieces_) {
      case 1: return pack_pieces<1>(image, offsets, k, width, to);
      case 2: return pack_pieces<2>(image, offsets, k, width, to);
      case 3: return pack_pieces<3>(image, offsets, k, width, to);
      case 4: return pack_pieces<4>(image, offsets, k, width, to);
    }
    for (std::int64_t p = 0; p < k; ++p, to += width)
      for (int i = 0; i < pieces_; ++i) store_vector(to + to_[i], load_vector(image + offsets[p] + from_[i]));
  }

 private:
  // Every piece is a whole vector: what it writes too much is overwritten by the piece, or the row, that follows.
  template <int N>
  void pack_pieces(const P* image, const std::int64_t* offsets, std::int64_t k, std::int64_t width, P* to) const {
    std::int64_t source[N], target[N];
    for (int i = 0; i < N; ++i) source[i] = from_[i], target[i] = to_[i];
    for (std::int64_t p = 0; p < k; ++p, to += width) {
      const P* at = image + offsets[p];
      unrolled<N>([&](auto i) __attribute__((always_inline)) {
        store_vector(to + target[decltype(i)::value], load_vector(at + source[decltype(i)::value]));
      });
    }
  }

  std::int64_t from_[TileSizes<P>::columns], to_[TileSizes<P>::columns];
  int pieces_ = 0;
};

/// w [out, in, taps] of each group as rows of packed elements: of an output channel [in, taps]; or, turned by 180 degrees, of an input
/// channel [out, taps], taps in reverse order. Where elements are pairs, they hold two channels' weights for a tap.
template <class P, class T>
void pack_weights(const Conv2dShape& s, const T* w, bool turned, P* to) {
  constexpr std::int64_t steps = PackedElement<P>::steps;
  const std::int64_t in = s.group_in(), out = s.group_out(), taps = s.taps();
  const std::int64_t rows = turned ? in : out, row_step = turned ? taps : in * taps;
  const std::int64_t channels = turned ? out : in, channel_step = turned ? in * taps : taps;
  for (std::int64_t g = 0; g < s.groups; ++g)
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t c = 0; c < channels; c += steps) {
        const T* from = w + g * in * out * taps + r * row_step + c * channel_step;
        const std::int64_t partner = c + steps > channels ? -1 : channel_step;
        for (std::int64_t p = 0; p < taps; ++p, ++to) {
          const T* at = from + (turned ? taps - 1 - p : p);
          *to = packed_element<P>(at, partner < 0 ? nullptr : at + partner);
        }
      }
}

}  // namespace backend
}  // namespace torchlite::inline TORCHLITE_ABI
