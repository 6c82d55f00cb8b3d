// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/io/safetensors.hpp>

#include <io/temporary_folder.hpp>
#include <support/catch.hpp>

#include <cstdint>
#include <random>
#include <vector>

namespace tl = torchlite;

namespace {

std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}
std::string file_of(const std::string& header, const std::string& data) { return little_endian(header.size()) + header + data; }

std::string load_error(const std::string& path, const std::string& bytes) {
  write_bytes(path, bytes);
  return message_of<tl::IoError>([&] { tl::load_safetensors(path); });
}

template <class T>
std::string bytes_of(const tl::AnyTensor& t) {
  REQUIRE(t.is<T>());
  std::string bytes(t.nbytes(), '\0');
  t.copy_to_host(bytes.data());
  return bytes;
}

template <class T>
tl::Tensor<T> pattern(const tl::Shape& sizes, unsigned char step) {
  const tl::Tensor<T> t = tl::empty<T>(sizes);
  auto* p = reinterpret_cast<unsigned char*>(t.data());
  for (std::size_t i = 0; i < static_cast<std::size_t>(t.numel()) * sizeof(T); ++i)
    p[i] = static_cast<unsigned char>(std::is_same_v<T, bool> ? i % 2 : i * step);
  return t;
}

}  // namespace

TEST_CASE("a safetensors file written byte by byte is read", "[io][safetensors]") {
  const TemporaryFolder folder;
  // 1.0f, -2.0f | 1, 2, 3 as int16 | true
  const std::string data("\x00\x00\x80\x3f\x00\x00\x00\xc0\x01\x00\x02\x00\x03\x00\x01", 15);
  const std::string header =
      R"({"__metadata__":{"format":"pt"},"c":{"dtype":"BOOL","shape":[],"data_offsets":[14,15]},)"
      R"("a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}, "b" : {"shape":[3],"data_offsets":[8,14],"dtype":"I16"}}  )";
  write_bytes(folder / "a.safetensors", file_of(header, data));
  const tl::StateDict tensors = tl::load_safetensors(folder / "a.safetensors");
  REQUIRE(tensors.size() == 3);
  CHECK(tensors.at("a").sizes() == tl::Shape{2, 1});
  const auto a = tensors.at("a").get<float>();
  CHECK(a.data()[0] == 1.0f);
  CHECK(a.data()[1] == -2.0f);
  const auto b = tensors.at("b").get<std::int16_t>();
  CHECK(b.data()[2] == 3);
  CHECK(tensors.at("c").get<bool>().item());
  CHECK(tensors.begin()->first == "c");  // the header's order
  CHECK(tl::load_safetensors_metadata(folder / "a.safetensors") == tl::Metadata{{"format", "pt"}});
}

TEST_CASE("the bytes of a saved safetensors file are as the format says", "[io][safetensors]") {
  const TemporaryFolder folder;
  tl::save_safetensors(folder / "a", {{"x", tl::Tensor<std::uint8_t>::from({7})}, {"w.y", tl::Tensor<float>({1, 1}, {1.0f})}},
                       {{"k", "v"}});
  std::string header =
      R"({"__metadata__":{"k":"v"},"x":{"dtype":"U8","shape":[1],"data_offsets":[4,5]},"w.y":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}})";
  header.append(64 - (header.size() + 8) % 64, ' ');
  CHECK(read_bytes(folder / "a") == file_of(header, std::string("\x00\x00\x80\x3f\x07", 5)));
}

TEST_CASE("all dtypes, shapes and names survive a safetensors file", "[io][safetensors]") {
  const TemporaryFolder folder;
  const tl::StateDict saved{{"bool", pattern<bool>({3, 5}, 1)},
                            {"u8", pattern<std::uint8_t>({7}, 3)},
                            {"i8", pattern<std::int8_t>({2, 2, 2}, 5)},
                            {"i16", pattern<std::int16_t>({3}, 7)},
                            {"i32", pattern<std::int32_t>({1, 1}, 11)},
                            {"i64", pattern<std::int64_t>({5}, 13)},
                            {"f16", pattern<tl::half>({9}, 17)},
                            {"bf16", pattern<tl::bfloat16>({2, 3}, 19)},
                            {"f32", pattern<float>({}, 23)},
                            {"f64", pattern<double>({4, 1, 2}, 29)},
                            {"empty", tl::empty<float>({0, 3})},
                            {"q\"\\\n\xc3\xa9", pattern<float>({2}, 31)},
                            {"deep", pattern<std::uint8_t>({1, 2, 1, 2, 1, 2, 1, 2}, 37)}};
  tl::save_safetensors(folder / "a", saved);
  const tl::StateDict loaded = tl::load_safetensors(folder / "a");
  REQUIRE(loaded.size() == saved.size());
  auto expected = saved.begin();
  for (const auto& [name, tensor] : loaded) {
    INFO(name);
    CHECK(name == expected->first);
    CHECK(tensor.dtype() == expected->second.dtype());
    CHECK(tensor.sizes() == expected->second.sizes());
    std::string before(tensor.nbytes(), '\0'), after(tensor.nbytes(), '\0');
    expected->second.copy_to_host(before.data());
    tensor.copy_to_host(after.data());
    CHECK(after == before);
    ++expected;
  }
  CHECK(tl::load_safetensors_metadata(folder / "a").empty());
}

TEST_CASE("a strided tensor is saved row by row", "[io][safetensors]") {
  const TemporaryFolder folder;
  const auto t = tl::Tensor<std::int32_t>({2, 3}, {1, 2, 3, 4, 5, 6});
  tl::save_safetensors(folder / "a", {{"t", tl::alias(t, {3, 2}, {1, 3}, 0)}});
  const auto loaded = tl::load_safetensors(folder / "a").at("t").get<std::int32_t>();
  CHECK(std::vector<std::int32_t>(loaded.data(), loaded.data() + 6) == std::vector<std::int32_t>{1, 4, 2, 5, 3, 6});
}

TEST_CASE("loaded tensors outlive the dictionary, may be written, and the file may be replaced meanwhile", "[io][safetensors]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  tl::save_safetensors(path, {{"x", tl::Tensor<float>::from({1, 2, 3})}});
  const std::string bytes = read_bytes(path);
  const tl::Tensor<float> x = tl::load_safetensors(path).at("x").get<float>();
  x.data()[1] = 20;
  CHECK(read_bytes(path) == bytes);
  tl::save_safetensors(path, {{"x", x}});
  const tl::Tensor<float> y = tl::load_safetensors(path).at("x").get<float>();
  std::filesystem::remove(path);
  CHECK(x.data()[0] == 1);
  CHECK(y.data()[1] == 20);
  CHECK(y.data()[2] == 3);
}

TEST_CASE("misaligned tensors are copied to where they are aligned", "[io][safetensors]") {
  const TemporaryFolder folder;
  // The header's length is odd, and a byte stands before the doubles.
  const std::string header =
      R"({"u":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"d":{"dtype":"F64","shape":[1],"data_offsets":[1,9]}})";
  for (int spaces = 0; spaces < 8; ++spaces) {
    write_bytes(folder / "a", file_of(header + std::string(static_cast<std::size_t>(spaces), ' '),
                                      std::string("\x05\x00\x00\x00\x00\x00\x00\xf0\x3f", 9)));
    const auto d = tl::load_safetensors(folder / "a").at("d").get<double>();
    CHECK(reinterpret_cast<std::uintptr_t>(d.data()) % alignof(double) == 0);
    CHECK(d.item() == 1.0);
  }
}

TEST_CASE("a tensor from a file takes part in a graph", "[io][safetensors]") {
  const TemporaryFolder folder;
  tl::save_safetensors(folder / "a", {{"x", tl::Tensor<float>::from({1, 2})}});
  const tl::StateDict tensors = tl::load_safetensors(folder / "a");
  const tl::Tensor<float> x = tensors.at("x").get<float>(), y = tl::load_safetensors(folder / "a").at("x").get<float>();
  x.requires_grad_();
  x.backward(y);  // both come from files: what accumulates has to work on bytes
  x.backward(y);
  REQUIRE(x.grad().defined());
  CHECK(x.grad().data()[0] == 2);
  CHECK(x.grad().data()[1] == 4);
}

TEST_CASE("an error in saving names what is wrong and writes nothing", "[io][safetensors]") {
  const TemporaryFolder folder;
  const tl::Tensor<float> x = tl::Tensor<float>::from({1});
  CHECK_THAT(message_of<tl::Error>([&] { tl::save_safetensors(folder / "a", {{"__metadata__", x}}); }), ContainsSubstring("__metadata__"));
  CHECK_THAT(message_of<tl::Error>([&] {
               tl::save_safetensors(folder / "a", {{"w", tl::Tensor<float>()}});
             }),
             ContainsSubstring("'w' is undefined"));
  CHECK_THAT(message_of<tl::IoError>([&] { tl::save_safetensors(folder / "a", {{"\xff", x}}); }), ContainsSubstring("UTF-8"));
  CHECK_THAT(message_of<tl::IoError>([&] { tl::save_safetensors(folder / "none/a", {{"x", x}}); }), ContainsSubstring("none/a"));
  CHECK(folder.count() == 0);
}

TEST_CASE("lying safetensors headers are refused by name", "[io][safetensors]") {
  const TemporaryFolder folder;
  const std::string path = folder / "hostile.safetensors";
  const auto error = [&](const std::string& bytes) { return load_error(path, bytes); };
  const auto one = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"x":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  const std::string data(8, '\0');
  REQUIRE(error(file_of(one("\"F32\"", "[2]", "[0,8]"), data)) == "nothing was thrown");

  CHECK_THAT(error(""), ContainsSubstring(path) && ContainsSubstring("too few"));
  CHECK_THAT(error("1234567"), ContainsSubstring("too few"));
  CHECK_THAT(error(little_endian(5) + "{}"), ContainsSubstring(path) && ContainsSubstring("5 bytes long"));
  CHECK_THAT(error(little_endian(100'000'001) + "{}"), ContainsSubstring("100000000 are allowed"));
  CHECK_THAT(error(little_endian(UINT64_MAX) + "{}"), ContainsSubstring("allowed"));
  CHECK_THAT(error(little_endian(0)), ContainsSubstring("expected an object"));
  CHECK_THAT(error(file_of("[]", "")), ContainsSubstring("expected an object"));
  CHECK_THAT(error(file_of("{} x", "")), ContainsSubstring("expected the end"));
  CHECK_THAT(error(file_of(one("\"F31\"", "[2]", "[0,8]"), data)), ContainsSubstring("'x'") && ContainsSubstring("F31"));
  CHECK_THAT(error(file_of(one("7", "[2]", "[0,8]"), data)), ContainsSubstring("a string"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[-2]", "[0,8]"), data)), ContainsSubstring("negative size -2"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[3]", "[0,8]"), data)), ContainsSubstring("takes 12 bytes") && ContainsSubstring("[0, 8]"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[2]", "[8,0]"), data)), ContainsSubstring("[8, 0]"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[2]", "[-8,0]"), data)), ContainsSubstring("data_offsets"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[2]", "[0]"), data)), ContainsSubstring("two data_offsets"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[2]", "[0,8,8]"), data)), ContainsSubstring("two data_offsets"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[2]", "[0,8.0]"), data)), ContainsSubstring("an integer"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[2]", "[8,16]"), data)), ContainsSubstring("begins at byte 8"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[4]", "[0,16]"), data)), ContainsSubstring("cut short"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[2]", "[0,8]"), data + "tail")), ContainsSubstring("tail"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[4611686018427387904,2]", "[0,8]"), data)), ContainsSubstring("too large"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[4294967296,4294967296,0]", "[0,0]"), "")), ContainsSubstring("too large"));
  CHECK_THAT(error(file_of(one("\"F32\"", "[9223372036854775808]", "[0,8]"), data)), ContainsSubstring("64 bits"));
  CHECK_THAT(error(file_of(one("\"U8\"", "[1,1,1,1,1,1,1,1,8]", "[0,8]"), data)), ContainsSubstring("8 dimensions"));
  CHECK_THAT(error(file_of(one("\"BOOL\"", "[8]", "[0,8]"), std::string(7, '\1') + "\2")),
             ContainsSubstring("bool") && ContainsSubstring("byte 7 is 2"));
  CHECK_THAT(error(file_of(R"({"x":{"dtype":"F32","shape":[2]}})", data)), ContainsSubstring("lacks"));
  CHECK_THAT(error(file_of(R"({"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}})", data)), ContainsSubstring("twice"));
  CHECK_THAT(error(file_of(R"({"__metadata__":{},"__metadata__":{}})", "")), ContainsSubstring("two entries"));
  CHECK_THAT(error(file_of(R"({"__metadata__":{"a":"","a":""}})", "")), ContainsSubstring("two metadata entries 'a'"));
  CHECK_THAT(error(file_of(R"({"__metadata__":{"a":1}})", "")), ContainsSubstring("a string"));
  const std::string entry = R"("x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})",
                    second = R"("x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]})";
  CHECK_THAT(error(file_of("{" + entry + "," + second + "}", data)), ContainsSubstring("two tensors 'x'"));
  const std::string overlap = R"("y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]})",
                    same = R"("y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})",
                    hole = R"("y":{"dtype":"U8","shape":[3],"data_offsets":[5,8]})";
  CHECK_THAT(error(file_of("{" + entry + "," + overlap + "}", data)), ContainsSubstring("overlap"));
  CHECK_THAT(error(file_of("{" + entry + "," + same + "}", data)), ContainsSubstring("overlap"));
  CHECK_THAT(error(file_of("{" + entry + "," + hole + "}", data)), ContainsSubstring("holes"));
  CHECK_THAT(error(file_of("{\"\xff\":{}}", "")), ContainsSubstring("UTF-8"));
  CHECK_THAT(error(file_of("{\"x\":" + std::string(1'000'000, '{'), "")), ContainsSubstring("JSON"));
  CHECK_THAT(error(file_of("{\"x\":{\"other\":" + std::string(1'000'000, '[') + "}}", "")), ContainsSubstring("64 levels"));
}

TEST_CASE("no prefix and no mutation of a safetensors file does more than throw", "[io][safetensors]") {
  const TemporaryFolder folder;
  tl::save_safetensors(folder / "good",
                       {{"a", pattern<float>({2, 3}, 3)}, {"b", pattern<bool>({5}, 1)}, {"c", pattern<std::int64_t>({2}, 5)}},
                       {{"k", "v"}});
  const std::string good = read_bytes(folder / "good");
  const auto survives = [&](const std::string& bytes) {
    write_bytes(folder / "bad", bytes);
    try {
      const tl::StateDict tensors = tl::load_safetensors(folder / "bad");
      for (const auto& entry : tensors) {
        std::vector<char> copy(entry.second.nbytes());
        entry.second.copy_to_host(copy.data());
      }
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
    for (unsigned k = 0; k <= random() % 4; ++k) {
      const std::size_t at = random() % (random() % 2 ? 24 : bytes.size());
      switch (random() % 4) {
        case 0: bytes[at] = static_cast<char>(random()); break;
        case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8)); break;
        case 2: bytes.erase(at, 1 + random() % 3); break;
        default: bytes.insert(at, 1, "0123456789[]{},:\"\\"[random() % 18]); break;
      }
    }
    survives(bytes);
  }
}
