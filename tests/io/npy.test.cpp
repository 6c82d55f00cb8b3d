// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/io/npy.hpp>

#include <io/temporary_folder.hpp>
#include <support/catch.hpp>

#include <cstdint>
#include <random>
#include <vector>

namespace tl = torchlite;

namespace {

// What np.save writes before the elements: the text is padded so that they begin at a multiple of 64.
std::string npy_file(std::string text, const std::string& elements, char major = 1) {
  const std::size_t prefix = major == 1 ? 10 : 12;
  text.append(63 - (prefix + text.size()) % 64, ' ');
  text += '\n';
  std::string file("\x93NUMPY", 6);
  file += major;
  file += '\0';
  file += static_cast<char>(text.size() & 0xff);
  file += static_cast<char>(text.size() >> 8);
  if (major > 1) file.append(2, '\0');
  return file + text + elements;
}
std::string dict(const std::string& descr, const std::string& order, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

template <class T>
std::vector<T> values(const tl::Tensor<T>& t) {
  return {t.data(), t.data() + t.numel()};
}

}  // namespace

TEST_CASE("the file that numpy.save(arange(6, dtype=int32).reshape(2, 3)) writes is read and written", "[io][npy]") {
  const TemporaryFolder folder;
  // As numpy 1.24 writes it: 118 ('v') bytes of header.
  const std::string header = std::string("\x93NUMPY\x01\x00v\x00", 10) + "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }" +
                             std::string(58, ' ') + "\n";
  std::string elements;
  for (int i = 0; i < 6; ++i) elements += std::string(1, static_cast<char>(i)) + std::string(3, '\0');
  REQUIRE(header.size() == 128);
  write_bytes(folder / "a.npy", header + elements);
  const auto t = tl::load_npy<std::int32_t>(folder / "a.npy");
  CHECK(t.sizes() == tl::Shape{2, 3});
  CHECK(values(t) == std::vector<std::int32_t>{0, 1, 2, 3, 4, 5});
  tl::save_npy(folder / "b.npy", t);
  CHECK(read_bytes(folder / "b.npy") == header + elements);
}

TEST_CASE("shapes are written as Python writes tuples", "[io][npy]") {
  const TemporaryFolder folder;
  const auto text = [&](const tl::Shape& sizes) {
    tl::save_npy(folder / "a", tl::empty<std::uint8_t>(sizes));
    return read_bytes(folder / "a").substr(10, 80);
  };
  CHECK_THAT(text({}), ContainsSubstring("{'descr': '|u1', 'fortran_order': False, 'shape': (), }"));
  CHECK_THAT(text({5}), ContainsSubstring("'shape': (5,), }"));
  CHECK_THAT(text({5, 0, 2}), ContainsSubstring("'shape': (5, 0, 2), }"));
}

TEST_CASE("all dtypes of NumPy survive a .npy file", "[io][npy]") {
  const TemporaryFolder folder;
  const auto round_trip = [&](auto type) {
    using T = decltype(type);
    const tl::Tensor<T> t = tl::empty<T>({3, 2});
    for (int i = 0; i < 6; ++i) t.data()[i] = static_cast<T>(i % 2);
    tl::save_npy(folder / "a", t);
    const tl::AnyTensor any = tl::load_npy(folder / "a");
    REQUIRE(any.is<T>());
    CHECK(any.sizes() == t.sizes());
    CHECK(std::memcmp(any.impl().data(), t.data(), any.nbytes()) == 0);
  };
  round_trip(bool{});
  round_trip(std::uint8_t{});
  round_trip(std::int8_t{});
  round_trip(std::int16_t{});
  round_trip(std::int32_t{});
  round_trip(std::int64_t{});
  round_trip(tl::half{});
  round_trip(float{});
  round_trip(double{});
  CHECK_THAT(message_of<tl::DtypeError>([&] { tl::save_npy(folder / "b", tl::empty<tl::bfloat16>({1})); }), ContainsSubstring("bfloat16"));
  CHECK_FALSE(std::filesystem::exists(folder / "b"));
}

TEST_CASE("Fortran order and big-endian elements are converted", "[io][npy]") {
  const TemporaryFolder folder;
  // [[1, 2, 3], [4, 5, 6]] column by column, high byte first.
  write_bytes(folder / "a", npy_file(dict(">i2", "True", "(2, 3)"), std::string("\0\1\0\4\0\2\0\5\0\3\0\6", 12)));
  CHECK(values(tl::load_npy<std::int16_t>(folder / "a")) == std::vector<std::int16_t>{1, 2, 3, 4, 5, 6});
  // Element (i, j, k) of a [2, 3, 2] array is 100 i + 10 j + k; the first index runs fastest.
  std::string elements;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) elements += static_cast<char>(100 * i + 10 * j + k);
  write_bytes(folder / "a", npy_file(dict("|u1", "True", "(2, 3, 2)"), elements));
  CHECK(values(tl::load_npy<std::uint8_t>(folder / "a")) == std::vector<std::uint8_t>{0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121});
  write_bytes(folder / "a", npy_file(dict(">f8", "False", "()"), std::string("\x3f\xf8\0\0\0\0\0\0", 8)));
  CHECK(tl::load_npy<double>(folder / "a").item() == 1.5);
}

TEST_CASE("versions 2 and 3, other key orders and spacings of the header are read", "[io][npy]") {
  const TemporaryFolder folder;
  for (const char major : {1, 2, 3}) {
    write_bytes(folder / "a", npy_file("{\"shape\":(1L,),'fortran_order':False ,'descr':'<f4'}", std::string("\0\0\x80\x3f", 4), major));
    CHECK(tl::load_npy<float>(folder / "a").data()[0] == 1.0f);
  }
}

TEST_CASE("a loaded array trains", "[io][npy]") {
  const TemporaryFolder folder;
  tl::save_npy(folder / "a", tl::Tensor<double>::from({3.0}));
  const auto x = tl::load_npy<double>(folder / "a");
  x.requires_grad_();
  x.backward(tl::Tensor<double>::from({2.0}));
  CHECK(x.grad().data()[0] == 2.0);
}

TEST_CASE("asking for another dtype names both", "[io][npy]") {
  const TemporaryFolder folder;
  tl::save_npy(folder / "a", tl::Tensor<double>::from({3.0}));
  CHECK_THAT(message_of<tl::DtypeError>([&] { tl::load_npy<float>(folder / "a"); }),
             ContainsSubstring(folder / "a") && ContainsSubstring("float64") && ContainsSubstring("float32"));
}

TEST_CASE("lying .npy headers are refused by name", "[io][npy]") {
  const TemporaryFolder folder;
  const std::string path = folder / "hostile.npy";
  const auto error = [&](const std::string& bytes) {
    write_bytes(path, bytes);
    return message_of<tl::IoError>([&] { tl::load_npy(path); });
  };
  const auto lie = [&](const std::string& descr, const std::string& order, const std::string& shape) {
    return error(npy_file(dict(descr, order, shape), std::string(8, '\0')));
  };
  REQUIRE(lie("<f4", "False", "(2,)") == "nothing was thrown");
  CHECK_THAT(error(""), ContainsSubstring(path) && ContainsSubstring("no .npy file"));
  CHECK_THAT(error("\x93NUMPY and so on"), ContainsSubstring("version"));
  CHECK_THAT(error(std::string("\x93NUMPY\x01\x00\xff\xff{}", 12)), ContainsSubstring("65535"));
  CHECK_THAT(error(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff{}", 14)), ContainsSubstring("4294967295"));
  CHECK_THAT(lie("<f4", "False", "(3,)"), ContainsSubstring("takes 12 bytes"));
  CHECK_THAT(lie("<f4", "False", "(1,)"), ContainsSubstring("takes 4 bytes"));
  CHECK_THAT(lie("<f4", "False", "(4611686018427387904, 4)"), ContainsSubstring("too large"));
  CHECK_THAT(lie("<f4", "False", "(99999999999999999999,)"), ContainsSubstring("64 bits"));
  CHECK_THAT(lie("<f4", "False", "(-2,)"), ContainsSubstring("a size"));
  CHECK_THAT(lie("<f4", "False", "(1, 1, 1, 1, 1, 1, 1, 1, 2)"), ContainsSubstring("8 dimensions"));
  CHECK_THAT(lie("<f4", "False", "(1 2)"), ContainsSubstring("expected"));
  CHECK_THAT(lie("<f4", "Maybe", "(2,)"), ContainsSubstring("True or False"));
  CHECK_THAT(lie("<f16", "False", "(1,)"), ContainsSubstring("<f16"));
  CHECK_THAT(lie("<U2", "False", "(1,)"), ContainsSubstring("<U2"));
  CHECK_THAT(lie("|O", "False", "(1,)"), ContainsSubstring("|O"));
  CHECK_THAT(lie("", "False", "(1,)"), ContainsSubstring("dtype ''"));
  CHECK_THAT(error(npy_file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", "")), ContainsSubstring("records"));
  CHECK_THAT(error(npy_file("{'descr': '<f4', 'fortran_order': False, }", "")), ContainsSubstring("lacks"));
  CHECK_THAT(error(npy_file("{'shape': (), 'shape': (), }", "")), ContainsSubstring("twice"));
  CHECK_THAT(error(npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", std::string(8, '\0'))),
             ContainsSubstring("the end"));
  CHECK_THAT(error(npy_file(dict("|b1", "False", "(2,)"), "\1\2")), ContainsSubstring("bool"));
}

TEST_CASE("no prefix and no mutation of a .npy file does more than throw", "[io][npy]") {
  const TemporaryFolder folder;
  const std::string good = npy_file(dict("<i4", "True", "(2, 3)"), std::string(24, '\7'));
  const auto survives = [&](const std::string& bytes) {
    write_bytes(folder / "bad", bytes);
    try {
      tl::load_npy(folder / "bad");
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
      bytes[random() % bytes.size()] = random() % 2 ? static_cast<char>(random()) : "0123456789(),'{}<>|"[random() % 19];
    survives(bytes);
  }
}
