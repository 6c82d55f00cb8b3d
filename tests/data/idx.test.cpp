// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/data/idx.hpp>
#include <torchlite/data/mnist.hpp>

#include <io/temporary_folder.hpp>
#include <support/catch.hpp>

#include <cstdint>
#include <random>
#include <vector>

namespace tl = torchlite;

namespace {

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}
std::string idx_file(int type, const std::vector<std::uint32_t>& sizes, const std::string& elements) {
  std::string bytes = std::string(2, '\0') + static_cast<char>(type) + static_cast<char>(sizes.size());
  for (const std::uint32_t size : sizes) bytes += big_endian(size);
  return bytes + elements;
}
// A .gz file with the given bytes, deflated.
std::string gzip_file(const std::string& bytes) {
  const std::vector<std::byte> packed = tl::io::deflated(bytes.data(), bytes.size());
  std::string file("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);
  file.append(reinterpret_cast<const char*>(packed.data()), packed.size());
  for (const std::uint32_t value : {tl::io::crc32_of(bytes.data(), bytes.size()), static_cast<std::uint32_t>(bytes.size())})
    for (int shift = 0; shift < 32; shift += 8) file += static_cast<char>(value >> shift);
  return file;
}

// Two images of 2 x 3 pixels, of classes 9 and 0.
void write_small_set(const TemporaryFolder& folder, const std::string& stem, const std::string& separator = "-") {
  write_bytes(folder / (stem + "-images" + separator + "idx3-ubyte"),
              idx_file(8, {2, 2, 3}, std::string("\x00\x33\x66\x99\xcc\xff\x01\x02\x03\x04\x05\x06", 12)));
  write_bytes(folder / (stem + "-labels" + separator + "idx1-ubyte"), idx_file(8, {2}, std::string("\x09\x00", 2)));
}

}  // namespace

TEST_CASE("an idx file is read in every type", "[data][idx]") {
  const TemporaryFolder folder;
  write_bytes(folder / "u8", idx_file(0x08, {2, 1}, "\x01\xff"));
  const auto u8 = tl::data::load_idx(folder / "u8");
  CHECK(u8.sizes() == tl::Shape{2, 1});
  CHECK(u8.data()[1] == 255);
  write_bytes(folder / "i16", idx_file(0x0b, {2}, std::string("\x01\x00\xff\xfe", 4)));
  CHECK(tl::data::load_idx<std::int16_t>(folder / "i16").data()[0] == 256);
  CHECK(tl::data::load_idx<std::int16_t>(folder / "i16").data()[1] == -2);
  write_bytes(folder / "i32", idx_file(0x0c, {1}, std::string("\x00\x00\x01\x00", 4)));
  CHECK(tl::data::load_idx<std::int32_t>(folder / "i32").item() == 256);
  write_bytes(folder / "f32", idx_file(0x0d, {1}, std::string("\x3f\xc0\x00\x00", 4)));
  CHECK(tl::data::load_idx<float>(folder / "f32").item() == 1.5f);
  write_bytes(folder / "f64", idx_file(0x0e, {1}, std::string("\xbf\xf0\x00\x00\x00\x00\x00\x00", 8)));
  CHECK(tl::data::load_idx<double>(folder / "f64").item() == -1.0);
  CHECK_THAT(message_of<tl::DtypeError>([&] { tl::data::load_idx<float>(folder / "f64"); }),
             ContainsSubstring("0x0e") && ContainsSubstring("float32"));
}

TEST_CASE("a gzipped idx file is read, in one member or several", "[data][idx]") {
  const TemporaryFolder folder;
  const std::string bytes = idx_file(0x08, {100, 30}, std::string(3000, '\x2a'));
  if (!tl::io::has_zlib) {
    write_bytes(folder / "a", "\x1f\x8b and so on");
    CHECK_THAT(message_of<tl::IoError>([&] { tl::data::load_idx(folder / "a"); }), ContainsSubstring("without zlib"));
    return;
  }
  write_bytes(folder / "a.gz", gzip_file(bytes));
  CHECK(tl::data::load_idx(folder / "a.gz").data()[2999] == 42);
  write_bytes(folder / "b.gz", gzip_file(bytes.substr(0, 7)) + gzip_file(bytes.substr(7)));
  CHECK(tl::data::load_idx(folder / "b.gz").data()[2999] == 42);
}

TEST_CASE("lying idx files are refused by name", "[data][idx]") {
  const TemporaryFolder folder;
  const std::string path = folder / "hostile";
  const auto error = [&](const std::string& bytes) {
    write_bytes(path, bytes);
    return message_of<tl::IoError>([&] { tl::data::load_idx(path); });
  };
  CHECK_THAT(message_of<tl::IoError>([&] { tl::data::load_idx(path); }), ContainsSubstring(path));
  CHECK_THAT(error(""), ContainsSubstring(path) && ContainsSubstring("cut short"));
  CHECK_THAT(error("PK\x03\x04"), ContainsSubstring("no idx file"));
  CHECK_THAT(error(idx_file(8, {4}, "abc")), ContainsSubstring("[4]") && ContainsSubstring("more than the file can hold"));
  CHECK_THAT(error(idx_file(8, {4}, "abcde")), ContainsSubstring("1 bytes follow"));
  CHECK_THAT(error(idx_file(8, {0xffffffff, 0xffffffff, 0xffffffff}, "abc")), ContainsSubstring("more than"));
  CHECK_THAT(error(idx_file(8, {1, 1, 1, 1, 1, 1, 1, 1, 1}, "a")), ContainsSubstring("9 dimensions"));
  CHECK_THAT(error(idx_file(8, {1, 1}, "a").substr(0, 7)), ContainsSubstring("cut short"));
  if (!tl::io::has_zlib) return;
  const std::string bytes = idx_file(0x08, {100}, std::string(100, '\x2a')), packed = gzip_file(bytes);
  REQUIRE(error(packed) == "nothing was thrown");
  CHECK_THAT(error(packed.substr(0, packed.size() / 2)), ContainsSubstring("cut short"));
  CHECK_THAT(error(packed.substr(0, packed.size() - 1)), ContainsSubstring("cut short"));
  CHECK_THAT(error(packed + "x"), ContainsSubstring(path));
  CHECK_THAT(error(gzip_file(bytes + "x")), ContainsSubstring("more compressed data"));
  CHECK_THAT(error(gzip_file(bytes.substr(0, 90))), ContainsSubstring("cut short"));
  CHECK_THAT(error(gzip_file(idx_file(8, {0xffffffff}, "a"))), ContainsSubstring("more than the file can hold"));
  std::string damaged = packed;
  damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 1);  // the checksum
  CHECK_THAT(error(damaged), ContainsSubstring("incorrect data check"));
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string mutated = i % 2 ? packed : bytes;
    for (unsigned k = 0; k <= random() % 3; ++k) mutated[random() % (random() % 2 ? 12 : mutated.size())] = static_cast<char>(random());
    write_bytes(path, mutated);
    try {
      tl::data::load_idx(path);
    } catch (const tl::Error&) {}
  }
}

TEST_CASE("a batch of a set in MNIST's format is float images of one channel and int64 labels", "[data][mnist]") {
  const TemporaryFolder folder;
  write_small_set(folder, "train");
  const tl::data::MNIST set({.root = folder.path()});
  CHECK(set.size() == 2);
  const std::vector<std::int64_t> indices{1, 0, 1};
  const auto [images, labels] = set.get_batch(indices);
  CHECK(images.sizes() == tl::Shape{3, 1, 2, 3});
  CHECK(labels.sizes() == tl::Shape{3});
  CHECK(labels.data()[0] == 0);
  CHECK(labels.data()[1] == 9);
  CHECK(images.data()[0] == 1.0f / 255.0f);
  CHECK(images.data()[6] == 0.0f);
  CHECK(images.data()[7] == 0.2f);
  CHECK(images.data()[11] == 1.0f);
  const auto [image, label] = set.get(0);
  CHECK(image.sizes() == tl::Shape{1, 2, 3});
  CHECK(image.data()[5] == 1.0f);
  CHECK(label == 9);
  CHECK_THROWS_AS(set.get(2), tl::IndexError);
  CHECK_THROWS_AS(set.get(-1), tl::IndexError);
}

TEST_CASE("MNIST's files are found under their several names", "[data][mnist]") {
  const TemporaryFolder folder;
  write_small_set(folder, "t10k", ".");
  CHECK(tl::data::FashionMNIST({.root = folder.path(), .train = false}).size() == 2);
  const TemporaryFolder torchvision;
  std::filesystem::create_directories(torchvision / "FashionMNIST/raw");
  for (const char* name : {"t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"})
    std::filesystem::copy_file(folder / name, torchvision / (std::string("FashionMNIST/raw/") + name));
  CHECK(tl::data::FashionMNIST({.root = torchvision.path(), .train = false}).size() == 2);
}

TEST_CASE("absent or mismatched MNIST files are named, and what to do", "[data][mnist]") {
  const TemporaryFolder folder;
  CHECK_THAT(message_of<tl::IoError>([&] { tl::data::FashionMNIST({.root = folder.path()}); }),
             ContainsSubstring(folder.path()) && ContainsSubstring("train-images-idx3-ubyte") &&
                 ContainsSubstring("dataset-fashion-mnist") && ContainsSubstring(".root"));
  write_small_set(folder, "train");
  write_bytes(folder / "train-labels-idx1-ubyte", idx_file(8, {3}, std::string("\x09\x00\x00", 3)));
  CHECK_THAT(message_of<tl::IoError>([&] { tl::data::MNIST({.root = folder.path()}); }),
             ContainsSubstring("[2, 2, 3]") && ContainsSubstring("[3]"));
  write_bytes(folder / "train-labels-idx1-ubyte", idx_file(8, {2}, std::string("\x09\x0a", 2)));
  CHECK_THAT(message_of<tl::IoError>([&] { tl::data::MNIST({.root = folder.path()}); }), ContainsSubstring("label 1 is 10"));
}

TEST_CASE("the real Fashion-MNIST has 60,000 and 10,000 images, equally many of each class", "[data][mnist]") {
  if (!tl::io::has_zlib) {
    WARN("skipped: compiled without zlib");
    return;
  }
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")) {
    WARN("skipped: the package dataset-fashion-mnist is not installed");
    return;
  }
  for (const bool train : {true, false}) {
    const tl::data::FashionMNIST set({.train = train});
    REQUIRE(set.size() == (train ? 60000 : 10000));
    CHECK(set.images().sizes() == tl::Shape{set.size(), 28, 28});
    std::vector<std::int64_t> counts(10, 0);
    for (std::int64_t i = 0; i < set.size(); ++i) ++counts[static_cast<std::size_t>(set.labels().data()[i])];
    CHECK(counts == std::vector<std::int64_t>(10, set.size() / 10));
    if (!train) continue;
    // The mean of all training pixels that everybody normalises by: 0.2860.
    double sum = 0;
    for (std::int64_t i = 0; i < set.images().numel(); ++i) sum += set.images().data()[i];
    CHECK(sum / 255 / static_cast<double>(set.images().numel()) == Approx(0.2860).margin(5e-5));
    CHECK(set.labels().data()[0] == 9);  // an ankle boot
  }
}
