// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/core/error.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>

namespace torchlite::inline TORCHLITE_ABI {

/// The padding of a convolution: sizes, "valid" (none), or "same": as much as keeps the input's size.
template <class Size>
struct ConvPadding {
  Size size = 0;
  bool same = false;

  constexpr ConvPadding() = default;
  constexpr ConvPadding(const Size& sizes) : size(sizes) {}
  constexpr ConvPadding(std::integral auto... sizes) requires(sizeof...(sizes) > 0) : size(sizes...) {}
  ConvPadding(const char* text) : same(std::string_view(text) == "same") {
    check<Error>(same || std::string_view(text) == "valid", "conv: padding is \"{}\"; it must be \"same\", \"valid\" or numbers", text);
  }
};

}  // namespace torchlite::inline TORCHLITE_ABI
