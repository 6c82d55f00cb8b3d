// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/io/npz.hpp>

#include <io/temporary_folder.hpp>
#include <support/catch.hpp>

#include <cstdint>
#include <random>
#include <vector>

namespace tl = torchlite;

namespace {

tl::StateDict example() {
  const tl::Tensor<float> many = tl::empty<float>({40, 50});
  for (int i = 0; i < 2000; ++i) many.data()[i] = static_cast<float>(i % 7);
  return {{"many", many},
          {"arr_0", tl::Tensor<std::int64_t>::from({1, -2, 3})},
          {"flag", tl::Tensor<bool>({}, {true})},
          {"none", tl::empty<double>({0, 2})}};
}
void check_equal(const tl::StateDict& a, const tl::StateDict& b) {
  REQUIRE(a.size() == b.size());
  for (const auto& [name, tensor] : a) {
    INFO(name);
    REQUIRE(b.contains(name));
    const tl::AnyTensor& other = b.at(name);
    CHECK(tensor.dtype() == other.dtype());
    CHECK(tensor.sizes() == other.sizes());
    if (tensor.nbytes() > 0) CHECK(std::memcmp(tensor.impl().data(), other.impl().data(), tensor.nbytes()) == 0);
  }
}
std::string patched(std::string bytes, std::size_t at, const std::string& with) { return bytes.replace(at, with.size(), with); }

}  // namespace

TEST_CASE("the checksum of '123456789' is the one of the standard", "[io][zlib]") {
  CHECK(tl::io::crc32_of("123456789", 9) == 0xcbf43926);
  CHECK(tl::io::crc32_of("56789", 5, tl::io::crc32_of("1234", 4)) == 0xcbf43926);
  CHECK(tl::io::crc32_of("", 0) == 0);
}

TEST_CASE("arrays survive an .npz file, stored and compressed", "[io][npz]") {
  const TemporaryFolder folder;
  const tl::StateDict saved = example();
  tl::save_npz(folder / "a.npz", saved);
  check_equal(saved, tl::load_npz(folder / "a.npz"));
  CHECK(folder.count() == 1);
  if (!tl::io::has_zlib) {
    WARN("compiled without zlib: compressed archives are not tested");
    CHECK_THAT(message_of<tl::Error>([&] { tl::save_npz(folder / "b.npz", saved, {.compressed = true}); }), ContainsSubstring("zlib"));
    return;
  }
  tl::save_npz(folder / "b.npz", saved, {.compressed = true});
  check_equal(saved, tl::load_npz(folder / "b.npz"));
  CHECK(std::filesystem::file_size(folder / "b.npz") < std::filesystem::file_size(folder / "a.npz") / 4);
}

TEST_CASE("an .npz file made by Python's zipfile is read", "[io][npz]") {
  const TemporaryFolder folder;
  // zipfile.ZipFile(f, "w").open("x.npy", "w", force_zip64=True), as numpy.savez does: ZIP64 sizes in the local header only.
  const std::string npy = std::string("\x93NUMPY\x01\x00v\x00", 10) + "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }" +
                          std::string(60, ' ') + "\n" + "\x05\x06\x07";
  const auto le = [](std::uint64_t v, int n) {
    std::string s;
    for (int i = 0; i < n; ++i) s += static_cast<char>(i < 8 ? v >> (8 * i) : 0);
    return s;
  };
  const std::string crc = le(tl::io::crc32_of(npy.data(), npy.size()), 4), size = le(npy.size(), 4);
  const std::string local = "PK\3\4" + le(45, 2) + le(0, 8) + crc + "\xff\xff\xff\xff\xff\xff\xff\xff" + le(5, 2) + le(20, 2) + "x.npy" +
                            le(1, 2) + le(16, 2) + le(npy.size(), 8) + le(npy.size(), 8) + npy;
  const std::string central = "PK\1\2" + le(45, 2) + le(45, 2) + le(0, 8) + crc + size + size + le(5, 2) + le(0, 16) + "x.npy";
  const std::string end = "PK\5\6" + le(0, 4) + le(1, 2) + le(1, 2) + le(central.size(), 4) + le(local.size(), 4) + le(7, 2) + "comment";
  write_bytes(folder / "a.npz", local + central + end);
  const auto x = tl::load_npz(folder / "a.npz").at("x").get<std::uint8_t>();
  CHECK(x.sizes() == tl::Shape{3});
  CHECK(x.data()[2] == 7);
}

TEST_CASE("large archives get ZIP64 records, which are read", "[io][npz]") {
  const TemporaryFolder folder;
  tl::io::ZipWriter writer("test", folder / "a.zip", true);
  writer.add("one", "head", " and tail", 9, false);
  writer.add("two", "", "", 0, false);
  writer.finish();
  const std::string bytes = read_bytes(folder / "a.zip");
  const tl::io::ZipReader reader(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size(), "test");
  REQUIRE(reader.entries().size() == 2);
  std::vector<std::byte> buffer;
  CHECK(std::string(reinterpret_cast<const char*>(reader.read(reader.entries()[0], buffer)), 13) == "head and tail");
  CHECK(reader.entries()[1].size == 0);
}

TEST_CASE("lying archives are refused by name", "[io][npz]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.npz";
  tl::save_npz(path, {{"x", tl::Tensor<std::uint8_t>::from({1, 2, 3})}, {"y", tl::Tensor<std::uint8_t>::from({4})}});
  const std::string good = read_bytes(path);
  const std::size_t central = good.find("PK\1\2"), second = good.find("PK\1\2", central + 4), end = good.find("PK\5\6");
  REQUIRE(end != good.npos);
  const auto error = [&](const std::string& bytes) {
    write_bytes(path, bytes);
    return message_of<tl::IoError>([&] { tl::load_npz(path); });
  };
  REQUIRE(error(good) == "nothing was thrown");
  CHECK_THAT(error(""), ContainsSubstring(path) && ContainsSubstring("too short"));
  CHECK_THAT(error(good.substr(0, good.size() - 1)), ContainsSubstring("cut short"));
  CHECK_THAT(error(good + "x"), ContainsSubstring("cut short"));
  CHECK_THAT(error(patched(good, 35 + 128 + 1, "\x09")), ContainsSubstring("'x.npy'") && ContainsSubstring("checksum"));
  CHECK_THAT(error(patched(good, central + 10, std::string("\x0c\0", 2))), ContainsSubstring("method 12"));
  CHECK_THAT(error(patched(good, central + 8, std::string("\1\0", 2))), ContainsSubstring("encrypted"));
  CHECK_THAT(error(patched(good, central + 24, "\xff\xff\xff\x7f")), ContainsSubstring("is said to hold 2147483647"));
  CHECK_THAT(error(patched(good, central + 20, "\xff\xff\xff\x7f")), ContainsSubstring("not there"));
  CHECK_THAT(error(patched(good, central + 42, "\xff\xff\xff\x7f")), ContainsSubstring("not where"));
  CHECK_THAT(error(patched(good, second + 42, std::string(4, '\0'))), ContainsSubstring("overlap"));
  CHECK_THAT(error(patched(good, second + 46, "x")), ContainsSubstring("two entries 'x.npy'"));
  CHECK_THAT(error(patched(good, end + 16, "\xff\xff\xff\x7f")), ContainsSubstring("outside"));
  CHECK_THAT(error(patched(good, end + 10, "\xff\xff")), ContainsSubstring("too short for its entries"));
  CHECK_THAT(error(patched(good, end + 10, std::string("\1\0", 2))), ContainsSubstring("wrong length"));
}

TEST_CASE("no prefix and no mutation of an .npz file does more than throw", "[io][npz]") {
  const TemporaryFolder folder;
  const tl::StateDict few{{"x", tl::Tensor<std::int16_t>::from({1, 2, 3})}, {"y", tl::Tensor<std::uint8_t>::from({4})}};
  for (const bool compressed : {false, true}) {
    if (compressed && !tl::io::has_zlib) continue;
    tl::save_npz(folder / "good", few, {.compressed = compressed});
    const std::string good = read_bytes(folder / "good");
    const auto survives = [&](const std::string& bytes) {
      write_bytes(folder / "bad", bytes);
      try {
        tl::load_npz(folder / "bad");
        return true;
      } catch (const tl::IoError&) {
        return false;
      }
    };
    REQUIRE(survives(good));
    for (std::size_t n = 0; n < good.size(); ++n) CHECK_FALSE(survives(good.substr(0, n)));
    std::mt19937 random(1);
    for (int i = 0; i < 3000; ++i) {
      std::string bytes = good;
      for (unsigned k = 0; k <= random() % 4; ++k)
        bytes[random() % bytes.size()] = random() % 3 ? static_cast<char>(random()) : static_cast<char>(random() % 2 ? 0 : 255);
      survives(bytes);
    }
  }
}
