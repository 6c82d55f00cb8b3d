// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/io/file.hpp>

#include <io/temporary_folder.hpp>
#include <support/catch.hpp>

#include <sys/stat.h>

namespace tl = torchlite;
using tl::io::MappedFile;
using tl::io::OutputFile;

TEST_CASE("a mapped file is its bytes, and writing to them leaves the file alone", "[io][file]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  write_bytes(path, "hello");
  {
    const MappedFile file("test", path);
    REQUIRE(file.size() == 5);
    CHECK(std::string(reinterpret_cast<const char*>(file.data()), 5) == "hello");
    file.data()[0] = std::byte{'j'};
  }
  CHECK(read_bytes(path) == "hello");
  write_bytes(path, "");
  CHECK(MappedFile("test", path).size() == 0);
}

TEST_CASE("what cannot be mapped is named", "[io][file]") {
  const TemporaryFolder folder;
  CHECK_THAT(message_of<tl::IoError>([&] { MappedFile("read", folder / "none"); }),
             ContainsSubstring("read: " + (folder / "none")) && ContainsSubstring("No such file"));
  CHECK_THAT(message_of<tl::IoError>([&] { MappedFile("read", folder.path()); }), ContainsSubstring("not a regular file"));
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_THAT(message_of<tl::IoError>([&] { MappedFile("read", folder / "pipe"); }), ContainsSubstring("not a regular file"));
}

TEST_CASE("a file appears when it is committed, whole", "[io][file]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  write_bytes(path, "old");
  {
    OutputFile file("write", path);
    file.write("new", 3);
    CHECK(read_bytes(path) == "old");
    file.write(std::string(" text"));
    CHECK(file.written() == 8);
    file.commit();
  }
  CHECK(read_bytes(path) == "new text");
  CHECK(folder.count() == 1);
}

TEST_CASE("a file that is not committed leaves the old one and nothing else", "[io][file]") {
  const TemporaryFolder folder;
  write_bytes(folder / "a", "old");
  {
    OutputFile file("write", folder / "a");
    file.write("new", 3);
  }
  CHECK(read_bytes(folder / "a") == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("replacing a file keeps its permissions, and a link stays a link", "[io][file]") {
  const TemporaryFolder folder;
  write_bytes(folder / "a", "old");
  REQUIRE(::chmod((folder / "a").c_str(), 0640) == 0);
  std::filesystem::create_symlink("a", folder / "link");
  {
    OutputFile file("write", folder / "link");
    file.write("new", 3);
    file.commit();
  }
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(read_bytes(folder / "a") == "new");
  struct stat status {};
  REQUIRE(::stat((folder / "a").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("devices, folders and missing folders are not written to", "[io][file]") {
  const TemporaryFolder folder;
  CHECK_THAT(message_of<tl::IoError>([&] { OutputFile("write", "/dev/null"); }),
             ContainsSubstring("/dev/null") && ContainsSubstring("not a regular file"));
  CHECK_THAT(message_of<tl::IoError>([&] { OutputFile("write", folder.path()); }), ContainsSubstring("not a regular file"));
  CHECK_THAT(message_of<tl::IoError>([&] { OutputFile("write", folder / "none/a"); }),
             ContainsSubstring("none/a") && ContainsSubstring("No such file"));
  CHECK(folder.count() == 0);
}
