// SPDX-License-Identifier: BSD-3-Clause
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI::io {

/// Reads JSON (RFC 8259) from memory as a program asks for it and builds no tree, so that hostile text costs no more memory than
/// what is asked for. `source` begins the message of the IoError that everything unexpected throws:
///   JsonReader r(text, "load: weights.json");
///   r.object([&](std::string key) { if (key == "width") width = r.integer(); else r.skip(); });
///   r.end();
template <class = void>
class BasicJsonReader {
 public:
  BasicJsonReader(std::string_view text, std::string source) : text_(text), source_(std::move(source)) {}

  /// Calls member(key), which must read the value, for each member in order; it sees a repeated key twice.
  template <class Member>
  void object(Member member) {
    open('{', "an object");
    if (!accept('}')) {
      do {
        std::string key = string();
        expect(':');
        member(std::move(key));
      } while (accept(','));
      expect('}');
    }
    --depth_;
  }

  /// Calls element(), which must read one value, for each element in order.
  template <class Element>
  void array(Element element) {
    open('[', "an array");
    if (!accept(']')) {
      do element();
      while (accept(','));
      expect(']');
    }
    --depth_;
  }

  /// An integer that fits 64 bits; a fraction or an exponent is an error.
  std::int64_t integer() {
    space();
    const std::size_t start = at_;
    const bool negative = at_ < text_.size() && text_[at_] == '-';
    if (negative) ++at_;
    if (!digit()) wrong("an integer");
    if (text_[at_] == '0' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) wrong("a number without leading zeros");
    std::int64_t value = 0;
    bool overflow = false;
    while (digit()) {
      const int d = text_[at_++] - '0';
      overflow |= __builtin_mul_overflow(value, std::int64_t{10}, &value);
      overflow |= negative ? __builtin_sub_overflow(value, d, &value) : __builtin_add_overflow(value, d, &value);
    }
    if (overflow) at_ = start, wrong("an integer of at most 64 bits");
    if (at_ < text_.size() && (text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E')) at_ = start, wrong("an integer");
    return value;
  }

  /// A string, its escapes resolved; it is valid UTF-8.
  std::string string() {
    space();
    if (at_ == text_.size() || text_[at_] != '"') wrong("a string");
    ++at_;
    std::string out;
    for (;;) {
      if (at_ == text_.size()) wrong("the end of a string");
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') return ++at_, out;
      if (c == '\\') escape(out);
      else if (c < 0x20) wrong("a string without bare control characters");
      else if (c < 0x80) out += text_[at_++];
      else multibyte(out);
    }
  }

  /// Passes over one value of any kind.
  void skip() {
    switch (peek()) {
      case '{': return object([this](const std::string&) { skip(); });
      case '[': return array([this] { skip(); });
      case '"': string(); return;
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }

  /// The first character of the next value, or 0 at the end.
  char peek() {
    space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  /// Throws unless only white space is left.
  void end() {
    space();
    if (at_ != text_.size()) wrong("the end");
  }

  /// Throws IoError: what was expected here.
  [[noreturn]] void wrong(const char* expected) const {
    fail<IoError>("{}: expected {} at byte {} of the JSON text", source_, expected, at_);
  }

 private:
  static constexpr int max_depth = 64;

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  bool digit() const { return at_ < text_.size() && is_digit(text_[at_]); }
  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) ++at_;
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    const char expected[] = {'\'', c, '\'', '\0'};
    if (!accept(c)) wrong(expected);
  }
  void open(char c, const char* what) {
    if (peek() != c) wrong(what);
    if (++depth_ > max_depth) wrong("no more than 64 levels");
    ++at_;
  }
  void word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) wrong("a value");
    at_ += expected.size();
  }
  void digits() {
    if (!digit()) wrong("a digit");
    while (digit()) ++at_;
  }
  void number() {
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    if (!digit()) wrong("a value");
    if (text_[at_] == '0') ++at_;
    else digits();
    if (at_ < text_.size() && text_[at_] == '.') ++at_, digits();
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      digits();
    }
  }

  std::uint32_t hex4() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      if (is_digit(c)) value = value * 16 + static_cast<std::uint32_t>(c - '0');
      else if (c >= 'a' && c <= 'f') value = value * 16 + static_cast<std::uint32_t>(c - 'a' + 10);
      else if (c >= 'A' && c <= 'F') value = value * 16 + static_cast<std::uint32_t>(c - 'A' + 10);
      else wrong("four hexadecimal digits");
    }
    return value;
  }

  void escape(std::string& out) {
    ++at_;
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (const std::size_t i = letters.find(c); i != letters.npos && c != '\0') {
      out += meanings[i];
      ++at_;
      return;
    }
    if (c != 'u') wrong("an escape sequence");
    ++at_;
    std::uint32_t code = hex4();
    if (code >= 0xdc00 && code < 0xe000) wrong("a high surrogate before a low one");
    if (code >= 0xd800 && code < 0xdc00) {
      if (text_.substr(at_, 2) != "\\u") wrong("a low surrogate after a high one");
      at_ += 2;
      const std::uint32_t low = hex4();
      if (low < 0xdc00 || low >= 0xe000) wrong("a low surrogate after a high one");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    append(out, code);
  }

  static void append(std::string& out, std::uint32_t code) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x80) out += static_cast<char>(code);
    else if (code < 0x800) out += static_cast<char>(0xc0 | code >> 6), tail(0);
    else if (code < 0x10000) out += static_cast<char>(0xe0 | code >> 12), tail(6), tail(0);
    else out += static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0);
  }

  // Copies one character of two to four bytes; refuses overlong forms, surrogates and what lies beyond U+10FFFF.
  void multibyte(std::string& out) {
    const auto byte = [&](std::size_t i) { return at_ + i < text_.size() ? static_cast<unsigned char>(text_[at_ + i]) : 0u; };
    const std::uint32_t first = byte(0);
    const std::size_t length = first >= 0xc2 && first <= 0xdf ? 2 : (first >> 4 == 0xe ? 3 : (first >= 0xf0 && first <= 0xf4 ? 4 : 0));
    std::uint32_t code = first & (0xffu >> (length + 1));
    bool valid = length != 0;
    for (std::size_t i = 1; i < length; ++i) {
      valid = valid && byte(i) >> 6 == 2;
      code = code << 6 | (byte(i) & 0x3f);
    }
    if (length == 3) valid = valid && code >= 0x800 && (code < 0xd800 || code > 0xdfff);
    if (length == 4) valid = valid && code >= 0x10000 && code <= 0x10ffff;
    if (!valid) wrong("valid UTF-8");
    out.append(text_.substr(at_, length));
    at_ += length;
  }

  std::string_view text_;
  std::string source_;
  std::size_t at_ = 0;
  int depth_ = 0;
};
using JsonReader = BasicJsonReader<>;

/// Appends text as a JSON string. Bytes that are not ASCII are written as they are.
template <class = void>
void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\', out += c;
    else if (static_cast<unsigned char>(c) < 0x20) out += format_text("\\u{:04x}", static_cast<unsigned>(c));
    else out += c;
  }
  out += '"';
}

}  // namespace torchlite::inline TORCHLITE_ABI::io
