// SPDX-License-Identifier: BSD-3-Clause
// Files as programs need them: mapped whole for reading, replaced whole in writing.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/core/ref.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace torchlite::inline TORCHLITE_ABI::io {

/// Throws IoError that names the operation, the path and what the system says.
template <class = void>
[[noreturn]] void fail_system(const char* op, const std::string& path, const char* what) {
  const int code = errno;
  fail<IoError>("{}: {}: {}: {}", op, path, what, std::strerror(code));
}

/// An open file, closed at the end of its life.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int get() const { return number_; }
  /// False if the system reports a late error.
  bool close() {
    const int number = std::exchange(number_, -1);
    return number < 0 || ::close(number) == 0;
  }

 private:
  int number_;
};

/// A file's bytes, mapped privately: writing to them changes the memory, never the file. The bytes are gone if another program
/// cuts the file short in place; programs that replace a file by renaming, as OutputFile does, leave a mapping as it is.
class MappedFile : public Counted {
 public:
  /// Throws IoError if the path cannot be opened or is no regular file.
  MappedFile(const char* op, const std::string& path) : path_(path) {
    // Without O_NONBLOCK, a named pipe would wait for its writer.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) fail_system(op, path, "cannot be opened");
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) fail_system(op, path, "cannot be examined");
    check<IoError>(S_ISREG(status.st_mode), "{}: {}: is not a regular file", op, path);
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ == 0) return;
    void* p = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE, file.get(), 0);
    if (p == MAP_FAILED) fail_system(op, path, "cannot be mapped");
    data_ = static_cast<std::byte*>(p);
  }
  ~MappedFile() {
    if (data_) ::munmap(data_, size_);
  }

  const std::string& path() const { return path_; }
  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::string path_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};
inline void destroy(MappedFile* file) { delete file; }
inline Ref<MappedFile> map_file(const char* op, const std::string& path) { return Ref<MappedFile>(new MappedFile(op, path)); }

/// Writes a file beside its final place and moves it there in commit(): a reader sees the old file or the new one, whole, and
/// a failure leaves nothing behind.
template <class = void>
class BasicOutputFile {
 public:
  BasicOutputFile(const char* op, const std::string& path) : op_(op), path_(path) {
    mode_t mode = 0;
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
      check<IoError>(S_ISREG(status.st_mode), "{}: {}: exists and is not a regular file", op, path);
      mode = status.st_mode & 07777;
      // A link stays a link: what it points to is replaced.
      if (char* real = ::realpath(path.c_str(), nullptr)) {
        path_ = real;
        std::free(real);
      }
    }
    static std::atomic<unsigned> serial{0};
    do {
      temporary_ = format_text("{}.{}-{}.tmp", path_, ::getpid(), serial.fetch_add(1));
      file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (file_ < 0 && errno == EEXIST);
    if (file_ < 0) fail_system(op_, path_, "cannot be written: no file can be made in its folder");
    if (mode != 0 && ::fchmod(file_, mode) != 0) mode = 0;  // a file system without permissions
  }
  BasicOutputFile(const BasicOutputFile&) = delete;
  BasicOutputFile& operator=(const BasicOutputFile&) = delete;
  ~BasicOutputFile() {
    if (file_ >= 0) ::close(file_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  void write(const void* data, std::size_t bytes) {
    const char* p = static_cast<const char*>(data);
    while (bytes > 0) {
      const ssize_t n = ::write(file_, p, bytes < max_write ? bytes : max_write);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail_system(op_, path_, "cannot be written");
      p += n;
      bytes -= static_cast<std::size_t>(n);
      written_ += static_cast<std::uint64_t>(n);
    }
  }
  void write(const std::string& text) { write(text.data(), text.size()); }
  std::uint64_t written() const { return written_; }

  /// Puts the file into its place once its bytes are on the disk.
  void commit() {
    if (::fsync(file_) != 0 && errno != EINVAL && errno != EROFS) fail_system(op_, path_, "cannot be written to the disk");
    if (::close(std::exchange(file_, -1)) != 0) fail_system(op_, path_, "cannot be closed");
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail_system(op_, path_, "cannot be renamed to its place");
    temporary_.clear();
    // The new name itself becomes durable with the folder; a file system that cannot do this loses nothing of the file.
    const std::size_t slash = path_.find_last_of('/');
    const std::string folder = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() >= 0 && ::fsync(directory.get()) != 0) errno = 0;
  }

 private:
  static constexpr std::size_t max_write = std::size_t{1} << 30;  // the system's own limit is a little below 2 GiB

  const char* op_;
  std::string path_, temporary_;
  int file_ = -1;
  std::uint64_t written_ = 0;
};
using OutputFile = BasicOutputFile<>;

}  // namespace torchlite::inline TORCHLITE_ABI::io
