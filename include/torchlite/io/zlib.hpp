// SPDX-License-Identifier: BSD-3-Clause
// Compressed bytes. Without zlib (CMake: TORCHLITE_USE_ZLIB) the same functions throw and say so.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/core/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>
#if defined(TORCHLITE_WITH_ZLIB) && TORCHLITE_WITH_ZLIB
#include <zlib.h>
#endif

namespace torchlite::inline TORCHLITE_ABI::io {

/// How compressed bytes are wrapped.
enum class Compression {
  gzip,    ///< with the header and checksum of a .gz file
  deflate  ///< bare, as in a zip archive
};

/// No deflated stream holds more than this times its own size, so a header that claims more lies.
inline constexpr std::uint64_t max_deflate_ratio = 1032;

/// CRC-32 as gzip and zip use it; crc is that of the bytes before.
template <class = void>
std::uint32_t crc32_of(const void* data, std::size_t n, std::uint32_t crc = 0) {
  // Eight tables: eight bytes at a time.
  static constexpr auto tables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> t{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = (c >> 1) ^ (0xedb88320u & (0u - (c & 1u)));
      t[0][i] = c;
    }
    for (std::size_t k = 1; k < 8; ++k)
      for (std::size_t i = 0; i < 256; ++i) t[k][i] = (t[k - 1][i] >> 8) ^ t[0][t[k - 1][i] & 0xff];
    return t;
  }();
  const auto* p = static_cast<const unsigned char*>(data);
  crc = ~crc;
  for (; n >= 8; n -= 8, p += 8) {
    const std::uint32_t a = crc ^ (std::uint32_t{p[0]} | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24);
    crc = tables[7][a & 0xff] ^ tables[6][a >> 8 & 0xff] ^ tables[5][a >> 16 & 0xff] ^ tables[4][a >> 24] ^ tables[3][p[4]] ^
          tables[2][p[5]] ^ tables[1][p[6]] ^ tables[0][p[7]];
  }
  for (; n > 0; --n, ++p) crc = (crc >> 8) ^ tables[0][(crc ^ *p) & 0xff];
  return ~crc;
}

#if defined(TORCHLITE_WITH_ZLIB) && TORCHLITE_WITH_ZLIB

inline constexpr bool has_zlib = true;

/// Decompresses bytes in memory piece by piece.
template <class = void>
class BasicInflater {
 public:
  /// `source` begins the message of the IoError that damaged data throws.
  BasicInflater(const void* data, std::size_t size, Compression wrap, std::string source)
      : source_(std::move(source)), left_(size), gzip_(wrap == Compression::gzip) {
    stream_.next_in = const_cast<Bytef*>(static_cast<const Bytef*>(data));
    check<Error>(inflateInit2(&stream_, gzip_ ? 16 + MAX_WBITS : -MAX_WBITS) == Z_OK, "{}: zlib cannot be set up", source_);
  }
  BasicInflater(const BasicInflater&) = delete;
  BasicInflater& operator=(const BasicInflater&) = delete;
  ~BasicInflater() { inflateEnd(&stream_); }

  /// Writes the next n bytes to out; returns fewer only at the stream's end.
  std::size_t read(void* out, std::size_t n) {
    std::size_t done = 0;
    while (done < n && !finished_) {
      const uInt input = part(left_), room = part(n - done);
      stream_.avail_in = input;
      stream_.next_out = static_cast<Bytef*>(out) + done;
      stream_.avail_out = room;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t consumed = input - stream_.avail_in, produced = room - stream_.avail_out;
      left_ -= consumed;
      done += produced;
      check<IoError>(status == Z_OK || status == Z_STREAM_END, "{}: the compressed data is {}", source_,
                     status == Z_BUF_ERROR ? "cut short" : (stream_.msg != nullptr ? stream_.msg : "damaged"));
      check<IoError>(status == Z_STREAM_END || consumed + produced > 0, "{}: the compressed data is cut short", source_);
      if (status == Z_STREAM_END) {
        // A .gz file may hold several members, one after the other.
        finished_ = !(gzip_ && left_ > 0);
        if (!finished_) check<IoError>(inflateReset(&stream_) == Z_OK, "{}: zlib cannot go on", source_);
      }
    }
    return done;
  }

  /// Throws IoError unless everything has been read, in and out.
  void end() {
    char extra;
    check<IoError>(read(&extra, 1) == 0, "{}: there is more compressed data than the header promises", source_);
    check<IoError>(left_ == 0, "{}: {} bytes follow the compressed data", source_, left_);
  }

 private:
  static uInt part(std::size_t n) { return static_cast<uInt>(n < (1u << 30) ? n : (1u << 30)); }

  z_stream stream_{};
  std::string source_;
  std::size_t left_;
  bool gzip_, finished_ = false;
};
using Inflater = BasicInflater<>;

/// The bytes as a bare deflate stream.
template <class = void>
std::vector<std::byte> deflated(const void* data, std::size_t size) {
  z_stream stream{};
  check<Error>(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK,
               "deflate: zlib cannot be set up");
  struct End {
    z_stream* s;
    ~End() { deflateEnd(s); }
  } const end{&stream};
  std::vector<std::byte> out;
  std::array<std::byte, 65536> block;
  stream.next_in = const_cast<Bytef*>(static_cast<const Bytef*>(data));
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      stream.avail_in = static_cast<uInt>(size < (1u << 30) ? size : (1u << 30));
      size -= stream.avail_in;
    }
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    status = deflate(&stream, size == 0 ? Z_FINISH : Z_NO_FLUSH);
    check<Error>(status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR, "deflate: zlib gave status {}", status);
    out.insert(out.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(block.size() - stream.avail_out));
  }
  return out;
}

#else

inline constexpr bool has_zlib = false;

class Inflater {
 public:
  Inflater(const void*, std::size_t, Compression, const std::string& source) {
    fail<IoError>(
        "{}: is compressed, and this program was compiled without zlib; decompress it first, or compile with TORCHLITE_WITH_ZLIB=1 and -lz",
        source);
  }
  std::size_t read(void*, std::size_t) { return 0; }
  void end() {}
};

inline std::vector<std::byte> deflated(const void*, std::size_t) {
  fail<IoError>("deflate: this program was compiled without zlib; compile with TORCHLITE_WITH_ZLIB=1 and -lz");
}

#endif

}  // namespace torchlite::inline TORCHLITE_ABI::io
