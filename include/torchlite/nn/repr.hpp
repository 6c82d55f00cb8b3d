// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/ops/conv/pair.hpp>

namespace torchlite::inline TORCHLITE_ABI::nn {

// Values as Python writes them, for extra_repr().
inline const char* repr(bool b) { return b ? "True" : "False"; }
inline std::string repr(double x) {
  std::string text = fmt::format("{}", x);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}
inline std::string repr(Pair p) { return fmt::format("({}, {})", p.h, p.w); }
/// One number where height and width agree, as pooling layers are written.
inline std::string short_repr(Pair p) { return p.h == p.w ? std::to_string(p.h) : repr(p); }

}  // namespace torchlite::inline TORCHLITE_ABI::nn
