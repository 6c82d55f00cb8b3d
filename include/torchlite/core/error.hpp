// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <fmt/core.h>
#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI {

/// What every wrong call throws: the message names the operation, both facts and the rule.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
class ShapeError : public Error {
 public:
  using Error::Error;
};
class IndexError : public Error {
 public:
  using Error::Error;
};
class DtypeError : public Error {
 public:
  using Error::Error;
};
class DeviceError : public Error {
 public:
  using Error::Error;
};
class IoError : public Error {
 public:
  using Error::Error;
};

/// Sizes for a message: where the numbers are, not their text, which is made only if there is an error.
struct SizesText {
  const std::int64_t* numbers = nullptr;
  int count = 0;
  const char* instead = nullptr;  ///< stands for the numbers, if there are none

  constexpr SizesText(const std::int64_t* first, int n) : numbers(first), count(n) {}
  constexpr SizesText(const char* text) : instead(text) {}
  operator std::string() const { return str(); }
  std::string str() const {
    if (instead != nullptr) return instead;
    std::string text = "[";
    for (int i = 0; i < count; ++i) text += (i ? ", " : "") + std::to_string(numbers[i]);
    return text + "]";
  }

  friend bool operator==(const SizesText& a, const SizesText& b) { return a.str() == b.str(); }
  template <std::same_as<std::string> S>
  friend bool operator==(const SizesText& a, const S& b) {
    return a.str() == b;
  }
  friend std::string operator+(const SizesText& a, const std::string& b) { return a.str() + b; }
  friend std::string operator+(const std::string& a, const SizesText& b) { return a + b.str(); }
  /// std::ostream and everything like it.
  template <class Stream>
    requires requires(Stream& s) { s.write("", 0); }
  friend Stream& operator<<(Stream& stream, const SizesText& sizes) {
    const std::string text = sizes.str();
    stream.write(text.data(), static_cast<std::ptrdiff_t>(text.size()));
    return stream;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI

template <>
struct fmt::formatter<torchlite::SizesText> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const torchlite::SizesText& sizes, Context& context) const {
    return fmt::formatter<fmt::string_view>::format(sizes.str(), context);
  }
};

namespace torchlite::inline TORCHLITE_ABI {

/// One fact in a message. A class instead of a parameter pack of any types: thousands of messages share one function.
class Fact {
 public:
  Fact(bool v) : kind_(Kind::boolean) { value_.i = v ? 1 : 0; }
  Fact(char v) : kind_(Kind::character) { value_.i = v; }
  template <std::integral I>
  Fact(I v) : kind_(std::is_signed_v<I> ? Kind::integer : Kind::natural) {
    value_.i = static_cast<std::int64_t>(v);
  }
  template <std::floating_point F>
  Fact(F v) : kind_(Kind::real) {
    value_.f = static_cast<double>(v);
  }
  Fact(std::string_view v) : kind_(Kind::text) { value_.text = {v.data(), v.size()}; }
  Fact(const std::string& v) : Fact(std::string_view(v)) {}
  Fact(const char* v) : Fact(std::string_view(v)) {}
  Fact(const SizesText& v) : kind_(Kind::sizes) { value_.sizes = &v; }

  TORCHLITE_COLD void write(std::string& out, std::string_view spec) const {
    const auto put = [&](const auto& v) { out += fmt::vformat(fmt::string_view(spec.data(), spec.size()), fmt::make_format_args(v)); };
    switch (kind_) {
      case Kind::boolean: return put(value_.i != 0);
      case Kind::character: return put(static_cast<char>(value_.i));
      case Kind::integer: return put(value_.i);
      case Kind::natural: return put(static_cast<std::uint64_t>(value_.i));
      case Kind::real: return put(value_.f);
      case Kind::text: return put(std::string_view(value_.text.data, value_.text.size));
      case Kind::sizes: return put(value_.sizes->str());
    }
  }

 private:
  enum class Kind : std::uint8_t { boolean, character, integer, natural, real, text, sizes };
  union {
    std::int64_t i;
    double f;
    struct {
      const char* data;
      std::size_t size;
    } text;
    const SizesText* sizes;
  } value_;
  Kind kind_;
};

/// The text with a fact in place of each {}, by the rules of fmt.
TORCHLITE_COLD inline std::string message_of(std::string_view text, std::initializer_list<Fact> facts) {
  std::string out;
  const Fact* fact = facts.begin();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c) {
      out += c;
      ++i;
    } else if (c == '{' && fact != facts.end()) {
      const std::size_t end = text.find('}', i);
      (fact++)->write(out, text.substr(i, end - i + 1));
      i = end;
    } else {
      out += c;
    }
  }
  return out;
}

/// Text in which the arguments, numbers and strings, stand in place of each {}: fmt::format with little to compile.
template <class... Args>
std::string format_text(std::string_view text, const Args&... args) {
  return message_of(text, {Fact(args)...});
}

// The project's own builds check at compile time that a message and its facts fit; in a program that includes the library this
// would cost a third of the compile time.
#if TORCHLITE_CHECK_MESSAGES
template <class... Args>
using Message = fmt::format_string<std::remove_cvref_t<Args>...>;
template <class... Args>
std::string_view text_of(const Message<Args...>& m) {
  const fmt::string_view text = m;
  return {text.data(), text.size()};
}
#else
template <class...>
using Message = std::string_view;
template <class...>
constexpr std::string_view text_of(std::string_view text) {
  return text;
}
#endif

template <class E>
[[noreturn]] TORCHLITE_COLD void throw_error(std::string_view text, std::initializer_list<Fact> facts) {
  throw E(message_of(text, facts));
}

/// Throws E with a formatted message.
template <class E, class... Args>
[[noreturn]] TORCHLITE_INLINE void fail(Message<Args...> text, const Args&... args) {
  throw_error<E>(text_of<Args...>(text), {Fact(args)...});
}

/// Throws E with a formatted message unless the condition holds; the message is made only then.
template <class E, class... Args>
TORCHLITE_INLINE void check(bool condition, Message<Args...> text, const Args&... args) {
  if (!condition) [[unlikely]]
    throw_error<E>(text_of<Args...>(text), {Fact(args)...});
}

/// A line of the user's program: where a graph node was made.
struct Site {
  const char* file = "";
  int line = 0;

  // No aggregate: the list {0} of a call must not become a place.
  constexpr Site() = default;
  static constexpr Site current(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    Site site;
    site.file = file;
    site.line = line;
    return site;
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI
