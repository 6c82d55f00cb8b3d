// SPDX-License-Identifier: BSD-3-Clause
// Kernel sizes, strides and paddings of recorded calls.
#pragma once
#include <ops/samples.hpp>
#include <torchlite/ops/conv/pair.hpp>
#include <torchlite/ops/conv/triple.hpp>
#include <torchlite/ops/reduce/sum_to_size.hpp>

namespace samples {

/// `count` integers: an argument given as one number (all alike), as a list (null in it is `missing`), as an empty list or not at
/// all (`fallback`).
inline std::vector<std::int64_t> sizes_of(const Call& c, std::size_t position, const char* name, std::size_t count, std::int64_t fallback,
                                          std::int64_t missing = 0) {
  if (!c.has(position, name)) return std::vector<std::int64_t>(count, fallback);
  const golden::Json& j = c.argument(position, name);
  std::vector<std::int64_t> list;
  if (j.is_number()) list.assign(count, j.get<std::int64_t>());
  else
    for (const golden::Json& size : j) list.push_back(size.is_null() ? missing : size.get<std::int64_t>());
  if (list.empty() && missing == 0) list.assign(count, fallback);
  if (list.size() == 1) list.resize(count, list[0]);
  if (list.size() != count) throw NotOffered{"a type holds as many sizes as there are dimensions"};
  if (std::string(name) == "stride" && fallback == 0 && list == std::vector<std::int64_t>(count, 0) && c.has(position, name) && !j.empty())
    throw NotOffered{"stride 0 is how the kernel's size is asked for"};
  return list;
}
inline std::int64_t one(const Call& c, std::size_t position, const char* name, std::int64_t fallback, std::int64_t missing = 0) {
  return sizes_of(c, position, name, 1, fallback, missing)[0];
}
inline tl::Pair pair(const Call& c, std::size_t position, const char* name, std::int64_t fallback, std::int64_t missing = 0) {
  const auto s = sizes_of(c, position, name, 2, fallback, missing);
  return {s[0], s[1]};
}
inline tl::Triple triple(const Call& c, std::size_t position, const char* name, std::int64_t fallback, std::int64_t missing = 0) {
  const auto s = sizes_of(c, position, name, 3, fallback, missing);
  return {s[0], s[1], s[2]};
}

/// Numbers in [-2, 2), the same in every run.
inline Real numbers(const tl::Shape& shape, std::uint64_t seed) {
  std::vector<double> v(static_cast<std::size_t>(shape.numel()));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = golden::uniform(seed, i) * 4 - 2;
  return Real::from(v, shape);
}

}  // namespace samples
