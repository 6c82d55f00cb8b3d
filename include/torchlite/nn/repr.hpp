// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/core/shape.hpp>
#include <torchlite/ops/conv/pair.hpp>
#include <torchlite/ops/conv/triple.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

// Values as Python writes them, for extra_repr().
inline const char* repr(bool b) { return b ? "True" : "False"; }
inline std::string repr(double x) {
  std::string text = format_text("{}", x);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}
inline std::string repr(const Shape& sizes) {
  std::string text = sizes.str();  // "[2, 3]"
  text.front() = '(';
  text.pop_back();
  return text += sizes.rank() == 1 ? ",)" : ")";
}
inline std::string repr(Pair p) { return format_text("({}, {})", p.h, p.w); }
inline std::string repr(Triple t) { return format_text("({}, {}, {})", t.d, t.h, t.w); }
/// One number where all agree, as pooling layers are written.
inline std::string short_repr(std::int64_t n) { return std::to_string(n); }
inline std::string short_repr(Pair p) { return p.h == p.w ? std::to_string(p.h) : repr(p); }
inline std::string short_repr(Triple t) { return t == Triple(t.d) ? std::to_string(t.d) : repr(t); }

/// "name=value, name=value".
inline std::string named_values(std::initializer_list<std::pair<const char*, std::string>> list) {
  std::string text;
  for (const auto& [name, value] : list) text += (text.empty() ? "" : ", ") + std::string(name) + "=" + value;
  return text;
}

/// Sizes of one, two or three dimensions as a list.
inline Shape extents(std::int64_t n) { return {n}; }
inline Shape extents(Pair p) { return {p.h, p.w}; }
inline Shape extents(Triple t) { return {t.d, t.h, t.w}; }

}  // namespace torchlite::inline TORCHLITE_ABI::nn
