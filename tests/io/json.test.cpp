// SPDX-License-Identifier: BSD-3-Clause
#include <torchlite/io/json.hpp>

#include <io/temporary_folder.hpp>
#include <support/catch.hpp>

#include <cstdint>
#include <vector>

namespace tl = torchlite;
using tl::io::JsonReader;

namespace {
std::string string_of(const std::string& text) {
  JsonReader json(text, "test");
  std::string value = json.string();
  json.end();
  return value;
}
void skip_all(const std::string& text) {
  JsonReader json(text, "test");
  json.skip();
  json.end();
}
}  // namespace

TEST_CASE("a JSON object is read member by member", "[io][json]") {
  JsonReader json(R"( {"a" : [1, -2 ,9223372036854775807], "b":{}, "c": [] , "d":"x"} )", "test");
  std::vector<std::int64_t> numbers;
  std::string keys, d;
  json.object([&](const std::string& key) {
    keys += key;
    if (key == "a") json.array([&] { numbers.push_back(json.integer()); });
    else if (key == "d") d = json.string();
    else json.skip();
  });
  json.end();
  CHECK(numbers == std::vector<std::int64_t>{1, -2, INT64_MAX});
  CHECK(keys == "abcd");
  CHECK(d == "x");
}

TEST_CASE("JSON strings resolve escapes and keep UTF-8", "[io][json]") {
  CHECK(string_of(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(string_of(R"("\u0041\u00e9\u20AC\ud83d\ude00")") == "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(string_of("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"") == "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(string_of(R"("\u0000")") == std::string(1, '\0'));
  std::string text;
  tl::io::append_json_string(text, std::string("a\"\\\n\0\x7f\xc3\xa9", 8));
  CHECK(string_of(text) == std::string("a\"\\\n\0\x7f\xc3\xa9", 8));
}

TEST_CASE("damaged JSON strings are refused", "[io][json]") {
  for (const char* text : {"\"",
                           "\"a",
                           "\"\\",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\\ud800\"",
                           "\"\\ud800\\n\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\udc00\"",
                           "\"\n\"",
                           "\"\xff\"",
                           "\"\xc0\x80\"",
                           "\"\xc3\"",
                           "\"\xe0\x80\x80\"",
                           "\"\xed\xa0\x80\"",
                           "\"\xf0\x80\x80\x80\"",
                           "\"\xf4\x90\x80\x80\"",
                           "\"\xe2\x82\"",
                           "\"\xf5\x80\x80\x80\"",
                           "\"\x80\"",
                           "x",
                           ""}) {
    INFO(text);
    CHECK_THROWS_AS(string_of(text), tl::IoError);
  }
}

TEST_CASE("JSON integers are exact or refused", "[io][json]") {
  const auto integer = [](const char* text) {
    JsonReader json(text, "test");
    const std::int64_t value = json.integer();
    json.end();
    return value;
  };
  CHECK(integer("0") == 0);
  CHECK(integer("-9223372036854775808") == INT64_MIN);
  for (const char* text :
       {"9223372036854775808", "-9223372036854775809", "1e3", "1.0", "01", "-", "", "+1", "99999999999999999999999999999", "0x1", "1 2"}) {
    INFO(text);
    CHECK_THROWS_AS(integer(text), tl::IoError);
  }
}

TEST_CASE("any JSON value can be passed over, and nothing else", "[io][json]") {
  for (const char* text : {"null", "true", "false", "0", "-0.5e+3", "1E5", "\"a\"", "[[],{},[1,{\"a\":null}]]", "{\"a\":{\"a\":[]}}"}) {
    INFO(text);
    CHECK_NOTHROW(skip_all(text));
  }
  for (const char* text : {"nul", "tru", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "[1 2]", "1.", "1e", "-", ".5", "[", "{", "]", "",
                           "nullx", "{\"a\":1]", "01"}) {
    INFO(text);
    CHECK_THROWS_AS(skip_all(text), tl::IoError);
  }
}

TEST_CASE("deep JSON is refused and does not exhaust the stack", "[io][json]") {
  CHECK_NOTHROW(skip_all(std::string(64, '[') + std::string(64, ']')));
  CHECK_THROWS_AS(skip_all(std::string(65, '[') + std::string(65, ']')), tl::IoError);
  CHECK_THROWS_AS(skip_all(std::string(1'000'000, '[')), tl::IoError);
}

TEST_CASE("an error in JSON says where and what was expected", "[io][json]") {
  CHECK(message_of<tl::IoError>([] { skip_all("[1, x]"); }) == "test: expected a value at byte 4 of the JSON text");
}
