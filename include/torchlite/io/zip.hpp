// SPDX-License-Identifier: BSD-3-Clause
// Zip archives, as far as tensors are kept in them: stored and deflated entries, ZIP64, no encryption.
// Source: PKWARE, APPNOTE 6.3.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/io/file.hpp>
#include <torchlite/io/zlib.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI::io {

struct ZipEntry {
  std::string name;
  bool deflated = false;
  std::uint32_t crc = 0;
  std::uint64_t begin = 0;   ///< of its bytes, in the archive
  std::uint64_t stored = 0;  ///< bytes in the archive
  std::uint64_t size = 0;    ///< bytes of the file
};

/// The entries of an archive in memory, checked: each lies within the archive, none overlaps another, and no size is beyond
/// what compression can reach. Throws IoError that begins with `where`.
template <class = void>
class BasicZipReader {
 public:
  BasicZipReader(const std::byte* data, std::size_t size, std::string where) : data_(data), size_(size), where_(std::move(where)) {
    Directory directory = find_directory();
    std::uint64_t at = directory.begin;
    for (std::uint64_t i = 0; i < directory.count; ++i) entries_.push_back(read_entry(at, directory));
    check<IoError>(at == directory.end, "{}: the archive's directory has the wrong length", where_);
    std::vector<const ZipEntry*> order;
    for (const ZipEntry& entry : entries_) order.push_back(&entry);
    std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->begin < b->begin; });
    for (std::size_t i = 1; i < order.size(); ++i)
      check<IoError>(order[i - 1]->begin + order[i - 1]->stored <= order[i]->begin, "{}: entries '{}' and '{}' overlap", where_,
                     order[i - 1]->name, order[i]->name);
    std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->name < b->name; });
    for (std::size_t i = 1; i < order.size(); ++i)
      check<IoError>(order[i - 1]->name != order[i]->name, "{}: there are two entries '{}'", where_, order[i]->name);
  }

  const std::vector<ZipEntry>& entries() const { return entries_; }

  /// The bytes of an entry, checked against its checksum: within the archive if it is stored, else decompressed into `buffer`.
  const std::byte* read(const ZipEntry& entry, std::vector<std::byte>& buffer) const {
    const std::byte* bytes = data_ + entry.begin;
    if (entry.deflated) {
      Inflater in(bytes, entry.stored, Compression::deflate, where_ + ": " + entry.name);
      // The size is a promise: memory grows with what really comes.
      std::size_t n = 0;
      do {
        buffer.resize(std::min<std::size_t>(entry.size, std::max<std::size_t>(2 * n, std::size_t{1} << 20)));
        n += in.read(buffer.data() + n, buffer.size() - n);
      } while (n == buffer.size() && n < entry.size);
      check<IoError>(n == entry.size, "{}: entry '{}' holds {} bytes instead of {}", where_, entry.name, n, entry.size);
      in.end();
      bytes = buffer.data();
    }
    check<IoError>(crc32_of(bytes, entry.size) == entry.crc, "{}: entry '{}' does not match its checksum", where_, entry.name);
    return bytes;
  }

 private:
  struct Directory {
    std::uint64_t begin, end, count;
  };

  template <class T>
  T number(std::uint64_t at) const {
    T value;
    std::memcpy(&value, data_ + at, sizeof(T));
    return value;
  }
  void need(bool condition, const char* what) const { check<IoError>(condition, "{}: is no sound zip archive: {}", where_, what); }

  Directory find_directory() const {
    // The end record is 22 bytes and a comment of at most 65535.
    need(size_ >= 22, "it is too short");
    const std::uint64_t lowest = size_ - 22 > 65535 ? size_ - 22 - 65535 : 0;
    std::uint64_t at = size_ - 22;
    while (number<std::uint32_t>(at) != 0x06054b50 || at + 22 + number<std::uint16_t>(at + 20) != size_) {
      need(at > lowest, "its end record is missing; the file is cut short");
      --at;
    }
    Directory d{number<std::uint32_t>(at + 16), 0, number<std::uint16_t>(at + 10)};
    std::uint64_t length = number<std::uint32_t>(at + 12), limit = at;
    need(number<std::uint16_t>(at + 4) == 0 || number<std::uint16_t>(at + 4) == 0xffff, "it is one of several parts");
    if (at >= 20 && number<std::uint32_t>(at - 20) == 0x07064b50) {
      const std::uint64_t record = number<std::uint64_t>(at - 12);
      need(at - 20 >= 56 && record <= at - 20 - 56 && number<std::uint32_t>(record) == 0x06064b50, "its ZIP64 end record is missing");
      d.count = number<std::uint64_t>(record + 32);
      length = number<std::uint64_t>(record + 40);
      d.begin = number<std::uint64_t>(record + 48);
      limit = record;
    }
    need(d.begin <= limit && length <= limit - d.begin, "its directory lies outside of the file");
    need(d.count <= length / 46, "its directory is too short for its entries");
    d.end = d.begin + length;
    return d;
  }

  ZipEntry read_entry(std::uint64_t& at, const Directory& directory) const {
    need(directory.end - at >= 46 && number<std::uint32_t>(at) == 0x02014b50, "its directory is damaged");
    const std::uint64_t name = number<std::uint16_t>(at + 28), extra = number<std::uint16_t>(at + 30),
                        comment = number<std::uint16_t>(at + 32);
    need(directory.end - at - 46 >= name + extra + comment, "its directory is damaged");
    ZipEntry entry;
    entry.name.assign(reinterpret_cast<const char*>(data_ + at + 46), name);
    const auto flags = number<std::uint16_t>(at + 8), method = number<std::uint16_t>(at + 10);
    check<IoError>((flags & 1) == 0, "{}: entry '{}' is encrypted", where_, entry.name);
    check<IoError>(method == 0 || method == 8, "{}: entry '{}' is compressed by method {}; stored (0) and deflated (8) are known", where_,
                   entry.name, method);
    entry.deflated = method == 8;
    entry.crc = number<std::uint32_t>(at + 16);
    entry.stored = number<std::uint32_t>(at + 20);
    entry.size = number<std::uint32_t>(at + 24);
    std::uint64_t local = number<std::uint32_t>(at + 42);
    zip64(at + 46 + name, extra, entry, local);
    at += 46 + name + extra + comment;

    need(local <= directory.begin && directory.begin - local >= 30 && number<std::uint32_t>(local) == 0x04034b50,
         "an entry is not where its directory says");
    entry.begin = local + 30 + number<std::uint16_t>(local + 26) + number<std::uint16_t>(local + 28);
    check<IoError>(entry.begin <= directory.begin && entry.stored <= directory.begin - entry.begin,
                   "{}: entry '{}' is said to take {} bytes, which are not there", where_, entry.name, entry.stored);
    check<IoError>(entry.deflated ? entry.size / max_deflate_ratio <= entry.stored : entry.size == entry.stored,
                   "{}: entry '{}' of {} bytes is said to hold {}", where_, entry.name, entry.stored, entry.size);
    return entry;
  }

  // Numbers that do not fit 32 bits stand in an extra field, in this order, only those that do not fit.
  void zip64(std::uint64_t at, std::uint64_t length, ZipEntry& entry, std::uint64_t& local) const {
    while (length >= 4) {
      const std::uint64_t id = number<std::uint16_t>(at), n = number<std::uint16_t>(at + 2);
      need(n <= length - 4, "an extra field is too long");
      if (id == 1) {
        std::uint64_t from = at + 4;
        for (std::uint64_t* value : {&entry.size, &entry.stored, &local}) {
          if (*value != 0xffffffff) continue;
          need(at + 4 + n - from >= 8, "a ZIP64 field is too short");
          *value = number<std::uint64_t>(from);
          from += 8;
        }
        return;
      }
      at += 4 + n;
      length -= 4 + n;
    }
  }

  const std::byte* data_;
  std::size_t size_;
  std::string where_;
  std::vector<ZipEntry> entries_;
};
using ZipReader = BasicZipReader<>;

/// Writes an archive, entry by entry, into a file that takes its place in finish().
template <class = void>
class BasicZipWriter {
 public:
  /// With `large`, ZIP64 records are written even where they are not needed.
  BasicZipWriter(const char* op, const std::string& path, bool large = false) : file_(op, path), op_(op), large_(large) {}

  /// An entry made of two pieces.
  void add(const std::string& name, std::string_view head, const void* data, std::size_t size, bool deflate) {
    check<Error>(name.size() < 65536, "{}: a name of {} bytes is too long for a zip archive", op_, name.size());
    for (const Record& r : records_) check<Error>(r.name != name, "{}: there are two entries '{}'", op_, name);
    Record r{
        name, deflate, crc32_of(data, size, crc32_of(head.data(), head.size())), file_.written(), head.size() + size, head.size() + size};
    std::vector<std::byte> packed;
    if (deflate) {
      std::vector<std::byte> whole(r.size);
      std::memcpy(whole.data(), head.data(), head.size());
      if (size > 0) std::memcpy(whole.data() + head.size(), data, size);
      packed = deflated(whole.data(), whole.size());
      r.stored = packed.size();
    }
    file_.write(header(r, false));
    if (deflate) {
      file_.write(packed.data(), packed.size());
    } else {
      file_.write(head.data(), head.size());
      file_.write(data, size);
    }
    records_.push_back(std::move(r));
  }

  void finish() {
    const std::uint64_t begin = file_.written();
    for (const Record& r : records_) file_.write(header(r, true));
    const std::uint64_t length = file_.written() - begin, count = records_.size();
    const bool large = large_ || begin + length >= 0xffffffff || count >= 0xffff;
    std::string end;
    if (large) {
      const std::uint64_t record = file_.written();
      put<std::uint32_t>(end, 0x06064b50), put<std::uint64_t>(end, 44), put<std::uint16_t>(end, 45), put<std::uint16_t>(end, 45);
      put<std::uint32_t>(end, 0), put<std::uint32_t>(end, 0), put<std::uint64_t>(end, count), put<std::uint64_t>(end, count);
      put<std::uint64_t>(end, length), put<std::uint64_t>(end, begin);
      put<std::uint32_t>(end, 0x07064b50), put<std::uint32_t>(end, 0), put<std::uint64_t>(end, record), put<std::uint32_t>(end, 1);
    }
    put<std::uint32_t>(end, 0x06054b50), put<std::uint32_t>(end, 0);
    for (int i = 0; i < 2; ++i) put<std::uint16_t>(end, large ? 0xffff : count);
    put<std::uint32_t>(end, large ? 0xffffffff : length), put<std::uint32_t>(end, large ? 0xffffffff : begin), put<std::uint16_t>(end, 0);
    file_.write(end);
    file_.commit();
  }

 private:
  struct Record {
    std::string name;
    bool deflated;
    std::uint32_t crc;
    std::uint64_t begin, stored, size;
  };

  template <class T>
  static void put(std::string& out, std::uint64_t value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(value >> (8 * i));
  }

  // What stands before an entry's bytes, and once more, with its place, in the directory.
  std::string header(const Record& r, bool central) const {
    const bool wide = large_ || std::max({r.stored, r.size, r.begin}) >= 0xffffffff;
    std::string out;
    put<std::uint32_t>(out, central ? 0x02014b50 : 0x04034b50);
    if (central) put<std::uint16_t>(out, 45);
    put<std::uint16_t>(out, wide ? 45 : 20);
    put<std::uint16_t>(out, 0x0800);  // names are UTF-8
    put<std::uint16_t>(out, r.deflated ? 8 : 0);
    put<std::uint16_t>(out, 0), put<std::uint16_t>(out, 0x21);  // 1980-01-01: equal tensors make equal files
    put<std::uint32_t>(out, r.crc);
    put<std::uint32_t>(out, wide ? 0xffffffff : r.stored), put<std::uint32_t>(out, wide ? 0xffffffff : r.size);
    put<std::uint16_t>(out, r.name.size());
    put<std::uint16_t>(out, wide ? (central ? 28 : 20) : 0);
    if (central) {
      put<std::uint16_t>(out, 0), put<std::uint16_t>(out, 0), put<std::uint16_t>(out, 0), put<std::uint32_t>(out, 0);
      put<std::uint32_t>(out, wide ? 0xffffffff : r.begin);
    }
    out += r.name;
    if (wide) {
      put<std::uint16_t>(out, 1), put<std::uint16_t>(out, central ? 24 : 16), put<std::uint64_t>(out, r.size),
          put<std::uint64_t>(out, r.stored);
      if (central) put<std::uint64_t>(out, r.begin);
    }
    return out;
  }

  OutputFile file_;
  const char* op_;
  bool large_;
  std::vector<Record> records_;
};
using ZipWriter = BasicZipWriter<>;

}  // namespace torchlite::inline TORCHLITE_ABI::io
