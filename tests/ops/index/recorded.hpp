// SPDX-License-Identifier: BSD-3-Clause
// The argument `index` of recorded calls.
#pragma once
#include <ops/samples.hpp>

namespace samples {

inline Index index_of(const Call& c, std::size_t position) {
  const golden::Array& a = c.array(position, "index");
  if (a.dtype == "int32" || a.floating()) throw NotOffered{"int32 is allowed here, and a floating index does not compile"};
  return index(a);
}

}  // namespace samples
