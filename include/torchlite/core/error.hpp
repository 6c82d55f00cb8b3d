// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/config.hpp>

#include <fmt/core.h>
#include <fmt/format.h>

#include <stdexcept>
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

/// Throws E with a formatted message.
template <class E, class... Args>
[[noreturn]] TORCHLITE_COLD void fail(fmt::format_string<Args...> text, Args&&... args) {
  throw E(fmt::format(text, std::forward<Args>(args)...));
}

/// Throws E with a formatted message unless the condition holds; the arguments are formatted only then.
template <class E, class... Args>
inline void check(bool condition, fmt::format_string<Args...> text, Args&&... args) {
  if (!condition) [[unlikely]]
    fail<E>(text, std::forward<Args>(args)...);
}

/// A line of the user's program: where a graph node was made.
struct Site {
  const char* file = "";
  int line = 0;

  static constexpr Site current(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { return {file, line}; }
};

}  // namespace torchlite::inline TORCHLITE_ABI
