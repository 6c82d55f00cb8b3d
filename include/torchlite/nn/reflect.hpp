// SPDX-License-Identifier: BSD-3-Clause
// How many fields an aggregate has, what they are and what they are called. Works on g++ 12, clang 14 and nvcc 13.
#pragma once
#include <torchlite/core/config.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI::nn::reflect {

inline constexpr std::size_t max_fields = 64;

/// Converts to anything; never evaluated. Not constexpr: g++ would warn that it is used and never defined.
struct Anything {
  template <class U>
  operator U() const noexcept;
};
template <std::size_t>
using anything_at = Anything;

/// True if T can be made of as many values in braces.
template <class T, class Indices>
inline constexpr bool takes = false;
template <class T, std::size_t... I>
inline constexpr bool takes<T, std::index_sequence<I...>> = requires {
  T{anything_at<I>{}...};
};

/// The largest number of values that T takes, from N down: with members that have no default constructor fewer can be too few.
template <class T, std::size_t N>
constexpr std::size_t count_values() {
  if constexpr (takes<T, std::make_index_sequence<N>>) return N;
  else if constexpr (N == 0) return 0;
  else return count_values<T, N - 1>();
}

/// A class that derives from an empty base says so by this type; the base takes the first value.
template <class T>
inline constexpr std::size_t base_count = requires {
  typename T::module_type;
}
? 1 : 0;

template <class T>
constexpr std::size_t count_fields() {
  constexpr std::size_t bytes = sizeof(T) + base_count<T>, most = max_fields + 1 + base_count<T>;
  return count_values < T, bytes < most ? bytes : most > () - base_count<T>;
}
template <class T>
inline constexpr std::size_t field_count = count_fields<T>();

/// f(&field0, &field1, ...)
template <class T, class F>
constexpr decltype(auto) with_fields(T& t, F&& f) {
  constexpr std::size_t n = field_count<std::remove_cv_t<T>>;
  static_assert(n <= max_fields,
                "a module of more than 64 fields; put some of them into a struct of their own that derives from nn::Module");
  // clang-format off
  if constexpr (n == 0) { return f(); }
  else if constexpr (n == 1) { auto& [f0] = t; return f(&f0); }
  else if constexpr (n == 2) { auto& [f0,f1] = t; return f(&f0,&f1); }
  else if constexpr (n == 3) { auto& [f0,f1,f2] = t; return f(&f0,&f1,&f2); }
  else if constexpr (n == 4) { auto& [f0,f1,f2,f3] = t; return f(&f0,&f1,&f2,&f3); }
  else if constexpr (n == 5) { auto& [f0,f1,f2,f3,f4] = t; return f(&f0,&f1,&f2,&f3,&f4); }
  else if constexpr (n == 6) { auto& [f0,f1,f2,f3,f4,f5] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5); }
  else if constexpr (n == 7) { auto& [f0,f1,f2,f3,f4,f5,f6] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6); }
  else if constexpr (n == 8) { auto& [f0,f1,f2,f3,f4,f5,f6,f7] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7); }
  else if constexpr (n == 9) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8); }
  else if constexpr (n == 10) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9); }
  else if constexpr (n == 11) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10); }
  else if constexpr (n == 12) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11); }
  else if constexpr (n == 13) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12); }
  else if constexpr (n == 14) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13); }
  else if constexpr (n == 15) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14); }
  else if constexpr (n == 16) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15); }
  else if constexpr (n == 17) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16); }
  else if constexpr (n == 18) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17); }
  else if constexpr (n == 19) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18); }
  else if constexpr (n == 20) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19); }
  else if constexpr (n == 21) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20); }
  else if constexpr (n == 22) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21); }
  else if constexpr (n == 23) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22); }
  else if constexpr (n == 24) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23); }
  else if constexpr (n == 25) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24); }
  else if constexpr (n == 26) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25); }
  else if constexpr (n == 27) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26); }
  else if constexpr (n == 28) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27); }
  else if constexpr (n == 29) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28); }
  else if constexpr (n == 30) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29); }
  else if constexpr (n == 31) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30); }
  else if constexpr (n == 32) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31); }
  else if constexpr (n == 33) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32); }
  else if constexpr (n == 34) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33); }
  else if constexpr (n == 35) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34); }
  else if constexpr (n == 36) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35); }
  else if constexpr (n == 37) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36); }
  else if constexpr (n == 38) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37); }
  else if constexpr (n == 39) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38); }
  else if constexpr (n == 40) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39); }
  else if constexpr (n == 41) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40); }
  else if constexpr (n == 42) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41); }
  else if constexpr (n == 43) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42); }
  else if constexpr (n == 44) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43); }
  else if constexpr (n == 45) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44); }
  else if constexpr (n == 46) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45); }
  else if constexpr (n == 47) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46); }
  else if constexpr (n == 48) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47); }
  else if constexpr (n == 49) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48); }
  else if constexpr (n == 50) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49); }
  else if constexpr (n == 51) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50); }
  else if constexpr (n == 52) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51); }
  else if constexpr (n == 53) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52); }
  else if constexpr (n == 54) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53); }
  else if constexpr (n == 55) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54); }
  else if constexpr (n == 56) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54,f55] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54,&f55); }
  else if constexpr (n == 57) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54,f55,f56] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54,&f55,&f56); }
  else if constexpr (n == 58) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54,f55,f56,f57] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54,&f55,&f56,&f57); }
  else if constexpr (n == 59) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54,f55,f56,f57,f58] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54,&f55,&f56,&f57,&f58); }
  else if constexpr (n == 60) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54,f55,f56,f57,f58,f59] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54,&f55,&f56,&f57,&f58,&f59); }
  else if constexpr (n == 61) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54,f55,f56,f57,f58,f59,f60] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54,&f55,&f56,&f57,&f58,&f59,&f60); }
  else if constexpr (n == 62) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54,f55,f56,f57,f58,f59,f60,f61] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54,&f55,&f56,&f57,&f58,&f59,&f60,&f61); }
  else if constexpr (n == 63) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54,f55,f56,f57,f58,f59,f60,f61,f62] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54,&f55,&f56,&f57,&f58,&f59,&f60,&f61,&f62); }
  else if constexpr (n == 64) { auto& [f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,f10,f11,f12,f13,f14,f15,f16,f17,f18,f19,f20,f21,f22,f23,f24,f25,f26,f27,f28,f29,f30,f31,f32,f33,f34,f35,f36,f37,f38,f39,f40,f41,f42,f43,f44,f45,f46,f47,f48,f49,f50,f51,f52,f53,f54,f55,f56,f57,f58,f59,f60,f61,f62,f63] = t; return f(&f0,&f1,&f2,&f3,&f4,&f5,&f6,&f7,&f8,&f9,&f10,&f11,&f12,&f13,&f14,&f15,&f16,&f17,&f18,&f19,&f20,&f21,&f22,&f23,&f24,&f25,&f26,&f27,&f28,&f29,&f30,&f31,&f32,&f33,&f34,&f35,&f36,&f37,&f38,&f39,&f40,&f41,&f42,&f43,&f44,&f45,&f46,&f47,&f48,&f49,&f50,&f51,&f52,&f53,&f54,&f55,&f56,&f57,&f58,&f59,&f60,&f61,&f62,&f63); }
  // clang-format on
}

/// The I-th of a pack of pointers, in one instantiation.
template <class Indices>
struct Nth;
template <std::size_t... J>
struct Nth<std::index_sequence<J...>> {
  template <std::size_t>
  using skipped = const volatile void*;
  template <class R, class... Rest>
  static constexpr R* get(skipped<J>..., R* wanted, Rest*...) {
    return wanted;
  }
};

// The name of a field is in the text of a template argument that points to it.
template <class T>
struct Holder {
  const T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class T>
extern const Holder<T> nowhere;  // never defined; only addresses within it are taken

/// clang before version 18 takes no pointer to a subobject as a template argument, but takes a struct that holds one.
template <class P>
struct Boxed {
  P pointer;
};
template <class P>
Boxed(P) -> Boxed<P>;

template <auto P>
consteval auto text_of() {
  return std::string_view{__PRETTY_FUNCTION__};
}
template <class T, std::size_t I>
consteval auto field_box() {
  return with_fields(nowhere<T>.value, [](auto*... p) { return Boxed{Nth<std::make_index_sequence<I>>::get(p...)}; });
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// Cuts the name out of g++'s "...{(& nowhere<X>.Holder<X>::value.X::NAME)}]" and clang's "...{&nowhere.value.NAME}]". nvcc's own
/// evaluation lists all fields, "...value.F0.F1.F2) -5)}]": there the index says which one it is.
consteval std::string_view cut_name(std::string_view text, std::size_t index) {
  auto in_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c < 0; };
  text = text.substr(0, text.rfind('}'));
  if (const std::size_t list = text.rfind(") -"); list != text.npos) {
    text = text.substr(0, list);
    std::size_t begin = text.rfind(".value.") + 7;
    for (; index > 0; --index) begin = text.find('.', begin) + 1;
    std::size_t end = begin;
    while (end < text.size() && in_name(text[end])) ++end;
    return text.substr(begin, end - begin);
  }
  std::size_t end = text.size();
  while (end > 0 && !in_name(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && in_name(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

template <class T, std::size_t I>
inline constexpr std::string_view field_name = cut_name(text_of<field_box<T, I>()>(), I);

/// The name of a class, without namespaces and template arguments.
template <class T>
consteval std::string_view class_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  const std::size_t begin = text.find("T = ") + 4;
  text = text.substr(begin);
  std::size_t end = 0, start = 0;
  if (text.substr(0, 11) == "<unnamed>::") text = text.substr(11);
  for (; end < text.size() && text[end] != '<' && text[end] != ';' && text[end] != ']'; ++end) {
    if (text[end] == ':' || text[end] == ' ' || text[end] == ')') start = end + 1;
    const char open = text[end];
    if (open == '(' || open == '{') {  // "(anonymous namespace)::", "{anonymous}::", "main()::"
      const char close = open == '(' ? ')' : '}';
      while (end < text.size() && text[end] != close) ++end;
      start = end + 1;
    }
  }
  return text.substr(start, end - start);
}

}  // namespace torchlite::inline TORCHLITE_ABI::nn::reflect
