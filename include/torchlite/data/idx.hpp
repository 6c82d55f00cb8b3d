// SPDX-License-Identifier: BSD-3-Clause
// The idx format of MNIST and its relatives, plain or gzipped: two zero bytes, a type, the number of dimensions, their sizes and
// the elements, all big-endian. Source: Y. LeCun, The MNIST database.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/io/file.hpp>
#include <torchlite/io/zlib.hpp>
#include <torchlite/tensor/tensor.hpp>

#include <algorithm>
#include <cstring>
#include <string>

namespace torchlite::inline TORCHLITE_ABI::data {

/// The type number of T in an idx file; 0 if it has none.
template <class T>
inline constexpr int idx_code = std::is_same_v<T, std::uint8_t>   ? 0x08
                                : std::is_same_v<T, std::int8_t>  ? 0x09
                                : std::is_same_v<T, std::int16_t> ? 0x0b
                                : std::is_same_v<T, std::int32_t> ? 0x0c
                                : std::is_same_v<T, float>        ? 0x0d
                                : std::is_same_v<T, double>       ? 0x0e
                                                                  : 0;

/// Hands out a file's bytes in order, decompressed if the file is gzipped.
template <class = void>
class BasicIdxBytes {
 public:
  explicit BasicIdxBytes(const std::string& path) : where_("load_idx: " + path), file_("load_idx", path) {
    if (compressed()) in_.reset(new io::Inflater(file_.data(), file_.size(), io::Compression::gzip, where_));
  }
  const std::string& where() const { return where_; }
  void read(void* out, std::size_t n) {
    std::size_t got = 0;
    if (in_) got = in_->read(out, n);
    else got = std::min(n, file_.size() - at_), std::copy_n(file_.data() + at_, got, static_cast<std::byte*>(out));
    at_ += got;
    check<IoError>(got == n, "{}: the file is cut short: it ends after {} bytes", where_, at_);
  }
  /// The most bytes that can still come.
  std::uint64_t bound() const { return in_ ? std::uint64_t{file_.size()} * io::max_deflate_ratio : file_.size() - at_; }
  void end() {
    if (in_) in_->end();
    else check<IoError>(at_ == file_.size(), "{}: {} bytes follow the elements", where_, file_.size() - at_);
  }

 private:
  bool compressed() const { return file_.size() >= 2 && file_.data()[0] == std::byte{0x1f} && file_.data()[1] == std::byte{0x8b}; }

  std::string where_;
  io::MappedFile file_;
  std::unique_ptr<io::Inflater> in_;
  std::size_t at_ = 0;
};
using IdxBytes = BasicIdxBytes<>;

/// The array of an idx or idx.gz file. Throws IoError that names the path and what is wrong, DtypeError if its elements are no T.
template <dtype T = std::uint8_t>
Tensor<T> load_idx(const std::string& path) {
  static_assert(idx_code<T> != 0, "an idx file holds uint8_t, int8_t, int16_t, int32_t, float or double");
  IdxBytes in(path);
  unsigned char magic[4];
  in.read(magic, 4);
  check<IoError>(magic[0] == 0 && magic[1] == 0 && magic[2] >= 0x08 && magic[2] <= 0x0e && magic[2] != 0x0a, "{}: is no idx file",
                 in.where());
  check<DtypeError>(magic[2] == idx_code<T>, "{}: holds elements of type 0x{:02x}, not {} (0x{:02x})", in.where(), magic[2],
                    to_string(dtype_v<T>), idx_code<T>);
  check<IoError>(magic[3] <= max_rank, "{}: has {} dimensions; a tensor has at most {}", in.where(), magic[3], max_rank);
  Shape sizes;
  auto bytes = static_cast<std::int64_t>(sizeof(T));
  bool overflow = false;
  for (int d = 0; d < magic[3]; ++d) {
    unsigned char b[4];
    in.read(b, 4);
    sizes.push_back(std::int64_t{b[0]} << 24 | b[1] << 16 | b[2] << 8 | b[3]);
    overflow |= __builtin_mul_overflow(bytes, sizes.back(), &bytes);
  }
  check<IoError>(!overflow && static_cast<std::uint64_t>(bytes) <= in.bound(),
                 "{}: the header promises the shape {}, more than the file can hold", in.where(), sizes.str());
  Tensor<T> out = empty<T>(sizes);
  in.read(out.data(), static_cast<std::size_t>(bytes));
  in.end();
  if constexpr (sizeof(T) > 1) {
    auto* p = reinterpret_cast<std::byte*>(out.data());
    for (std::int64_t i = 0; i < bytes; i += static_cast<std::int64_t>(sizeof(T))) std::reverse(p + i, p + i + sizeof(T));
  }
  return out;
}

}  // namespace torchlite::inline TORCHLITE_ABI::data
